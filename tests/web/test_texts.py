"""Every text of the page can be translated, and stands in the catalogue."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from html import unescape
from itertools import chain
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from jinja2 import nodes
from starlette.testclient import TestClient
from tests.cli_runner import quotetrack
from tests.web import catalogue
from tests.web.page import HOST
from tests.web.pseudo import TAG, pseudo_language, strings_of, unmarked

import quotetrack as api
from quotetrack import Database
from quotetrack.core.settings import Settings, Source, SourceKind
from quotetrack.core.texts import ENGLISH, Language
from quotetrack.render.quotations import attributing_sentence
from quotetrack.render.text import one_line, without_last_comma
from quotetrack.store.roles import read_role
from quotetrack.store.speakers import DecisionKind
from quotetrack.web.app import create_app
from quotetrack.web.language import LanguageUnknown, load_language

pytest_plugins = ("tests.filled_store", "tests.web.eventful")

TEMPLATES = catalogue.PACKAGE / "render" / "templates" / "pages"
NAMES = {"quotetrack", "JSON", "CSV", "BibTeX", "RIS", "CSL-JSON"}  # the same in every language
ATTRIBUTES = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-copied)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

QUESTIONS = (
    "did Ragna Telle ever mention kitchens",
    "did Ragna Telle mention jam",
    "is it true that Telle said the barrier will hold",
    "most quoted people",
    "compare Lucia Quill and Anders Quill on the ferry",
    "how many times did Lucia Quill mention the ferry",
    "which outlets carried the barrier will not hold another winter",
    "what did Quill say",
    "what did Lusia Quill say",
    "what did Zork Blat say about ferries",
    "who else said the barrier will not hold",
    "how did Ragna Telle change on the barrier",
    "what about her",
    "jam tarts",
    "what did the mayor say",
    "what did the pope of Rome say",
    "what did Lucia Quill say in March 2026",
    "what did Tadeo Brisk say about the ferry",
    "who said the barrier will not hold another winter",
)
ASKED = (
    "kitchens",
    "the mayor",
    "the pope of Rome",
    "Zork Blat",
    "Lusia Quill",
    "courier",
    "ines",
    "yesterday",
    "nowhere",
)
PAGES = (
    "/",
    *(f"/?q={question.replace(' ', '+')}" for question in QUESTIONS),
    "/?since=2026-03-01&until=2026-03-31&outlet=Northern+Post&newest=true",
    "/?speaker_id=1",
    *(f"/review?at={place}" for place in range(1, 15)),
    "/review?done=judgement-1",
    "/review/progress",
    "/utterances/1?done=correction-1",
    "/utterances/1?done=agreement-1",
    "/articles?without_quotations=true",
    "/claims?about=kitchens",
    "/account",
)
IS_FILE = re.compile(r"\.(?:json|bib|ris)(?:\?|$)|/evidence/").search
ERRORS = {
    "/nothing": 404,
    "/utterances/99999": 404,
    "/sightings/99999": 404,
    "/articles/99999": 404,
    "/speakers/99999": 404,
    "/claims/99999": 404,
    "/runs/99999": 404,
    f"/runs/{10**30}": 404,
    "/?since=yesterday": 400,
    "/?outlet=nowhere": 400,
    f"/articles/1/evidence/{'0' * 64}": 404,
}


def test_the_catalogue_is_up_to_date() -> None:
    assert catalogue.FILE.read_text("utf-8") == catalogue.catalogue_text(), "run: make texts"


def test_every_text_that_the_code_looks_up_is_in_the_catalogue() -> None:
    """Babel does not see calls inside of f-strings."""
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue.catalogue()}
    for file in sorted(catalogue.PACKAGE.rglob("*.py")):
        for call in (each for each in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(each, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in catalogue.KEYWORDS:
                texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
                given = texts[1:2] if call.func.id.startswith("pgettext") else texts[:1]
                assert known.issuperset(given), f"{file}:{call.lineno}"


# Templates


def bare_texts(source: str) -> list[str]:
    """Return the words of a template that are not marked: between elements, in attributes, and in expressions."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"])
    written = "".join(value if kind == "data" else "" for _line, kind, value in environment.lex(source))
    texts = [
        re.sub("<kbd>.*?</kbd>|<[^>]*>", " ", written),
        *ATTRIBUTES.findall(written),
        *_constants(environment.parse(source)),
    ]
    return [word for text in texts for word in LETTERS.findall(unescape(text)) if word not in NAMES]


def _constants(node: nodes.Node) -> Iterator[str]:
    """Yield the strings that expressions print as they are; not the arguments of calls and filters."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Output):
            yield from (each for printed in child.nodes for each in _printed(printed))
        yield from _constants(child)


def _printed(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr(expr1=one, expr2=other) | nodes.Or(left=one, right=other):
            yield from _printed(one)
            yield from _printed(other) if other is not None else ()


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.stem)
def test_no_template_has_a_text_that_is_not_marked(template: Path) -> None:
    assert bare_texts(template.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Nothing here.</p>", ["Nothing", "here"]),
        ('<svg aria-label="Two bars"></svg>', ["Two", "bars"]),
        ('<p>{{ day or "undated" }}</p>', ["undated"]),
        ('<p>{{ "older" if is_old else day }}</p>', ["older"]),
        ('<p class="small">{{ _("Nothing here.") }} {{ "%.2f" | format(n) }}: 7 <a href="/x">JSON</a></p>', []),
    ],
)
def test_a_bare_text_is_found(source: str, found: list[str]) -> None:
    assert bare_texts(source) == found


# Pages


@pytest.fixture
def db(eventful_store: Path, tmp_path: Path) -> Iterator[Database]:
    settings = Settings(
        source=[Source(name="courier", kind=SourceKind.FEED, url="https://saltmere-courier.example/feed")]
    )
    copy = shutil.copy(eventful_store, tmp_path / "news.db")
    with api.open(copy, settings=settings) as opened:
        yield opened


def client(db: Database, language: Language, **options: object) -> TestClient:
    app = create_app(db, decided_by="ines", language=language, **options)
    return TestClient(app, base_url=HOST, raise_server_exceptions=False)


def data_of(db: Database) -> tuple[set[str], set[str]]:
    """Return the strings of the store: those that may stand anywhere, and those that stand only in quotation marks."""
    utterances = db.utterances(limit=10_000)
    shown = [db.show(each.id) for each in utterances]
    articles = [db.articles.show(each.id) for each in db.articles.list(limit=10_000)]
    doubts = db.review.queue(100)
    runs = [db.runs.show(each.id) for each in db.runs.list()]
    speakers = [(each, db.speakers.decisions(each.id)) for each in db.speakers.list()]
    held = [each for doubt in doubts for each in (doubt.sighting, doubt.other)]
    points = db.claims.list()
    decided = (db.review.corrections(), db.review.judgements())
    parts = [(each.utterance, each.links, each.related, each.checks) for each in shown]
    strings = {each.strip() for each in strings_of([*parts, articles, held, runs, speakers, points, decided])}
    strings |= {f"{kind}: {detail}" for each in articles for version in each.versions for kind, detail in version.notes}
    strings |= {attributing_sentence(each) or "" for each in utterances}
    strings |= {without_last_comma(one_line(each)) for each in strings}
    always = {name for speaker, _ in speakers for name in speaker.names}
    decisions = [decision for _, each in speakers for decision in each]
    always |= {read_role(each.value)[0] for each in decisions if each.deciding is DecisionKind.ROLE}
    always |= {each.decided_by for each in (*decisions, *chain(*decided))} | {run.command for run, _ in runs}
    sightings = [sighting for each in utterances for sighting in each.sightings]
    always |= {name for each in sightings for name in (each.outlet, each.wire_credit, each.occasion) if name}
    always |= {(each.outlet or "").casefold() for each in sightings}  # near ones are given so
    strings = {each for each in strings if any(map(str.isalpha, each))}
    short = {each for each in strings if re.fullmatch("[a-z]+(?: [a-z]+)?", each)} - always
    always.discard("")
    return (strings - short) | always | {*QUESTIONS, *ASKED}, short | {"unknown"}


def crawled(asked: TestClient) -> dict[str, str]:
    """Return the pages by their addresses: those in `PAGES`, and all to which they lead but other questions."""
    waiting, pages = list(PAGES), {}
    while waiting:
        path = waiting.pop()
        if path not in pages:
            answer = asked.get(path)
            pages[path] = answer.text
            links = map(unescape, re.findall(r'href="(/[^"#]*)', pages[path]))
            waiting += [link for link in links if not link.startswith(("/?", "/static/", "/ask")) and not IS_FILE(link)]
    return pages


@pytest.mark.slow
def test_every_text_of_every_page_is_translated(db: Database, tmp_path: Path) -> None:
    pages = crawled(client(db, pseudo_language(tmp_path)))
    data, quoted = data_of(db)
    assert {path: left for path, page in pages.items() if (left := unmarked(page, data, quoted))} == {}
    assert len(pages) > 100
    assert all(f'<html lang="{TAG}">' in page for page in pages.values())


MISSING = {  # a text without a translation looks as one that nobody marked
    "Who said what, and when": "/",  # in a title
    "To the content": "/runs",
    "Narrow the answer": "/?q=what+did+Quill+say",  # in an attribute
    "from “%(phrase)s”, paragraph %(number)s": "/utterances/1",  # in the code
    "%(num)s outlet, wordings, evidence, footnotes, corrections": "/?q=what+did+Quill+say",  # a plural
    "%(decision)s, by %(name)s on %(day)s": "/decisions",  # between values
    "Apr": "/claims/1",
    "%(num)s correction in force": "/decisions",  # a plural of the template
    "the field Speaker": "/?q=what+did+Quill+say",  # in a value
    "merged": "/speakers/",
}


@pytest.mark.slow
def test_a_text_that_is_forgotten_is_found_on_each_page(db: Database, tmp_path: Path) -> None:
    data = data_of(db)
    asked = client(db, pseudo_language(tmp_path, without=MISSING))
    absorbed = db.speakers.show("Tadeo Brisk").id
    for text, path in MISSING.items():
        found = unmarked(asked.get(f"{path}{absorbed}" if path == "/speakers/" else path).text, *data)
        first = next(filter(str.strip, re.split(r"%\(\w+\)s", text))).split()[0].rstrip(",")
        assert any(first in each for each in found), (text, found)


@pytest.mark.slow
def test_every_error_is_translated(db: Database, tmp_path: Path) -> None:
    asked, data = client(db, pseudo_language(tmp_path)), data_of(db)
    answers = {path: asked.get(path) for path in ERRORS}
    assert {path: answer.status_code for path, answer in answers.items()} == ERRORS
    assert {path: left for path, answer in answers.items() if (left := unmarked(answer.text, *data))} == {}


@pytest.mark.slow
def test_what_a_form_answers_is_translated(db: Database, tmp_path: Path) -> None:
    asked = client(db, pseudo_language(tmp_path))
    token = token_in(asked.get("/review").text)
    sighting, other = (each.id for each in db.show(1).utterance.sightings[:2])
    data = data_of(db)
    for path, form in (
        ("/corrections", {"sighting": sighting, "day": "yesterday"}),
        ("/corrections", {"sighting": sighting}),
        ("/corrections", {"sighting": "99999", "speaker": "Orla Venn"}),
        ("/corrections", {"sighting": "r99999", "speaker": "Orla Venn"}),
        ("/corrections", {"sighting": sighting, "words": "Nowhere is this written"}),
        ("/fact-checks", {"utterance": "1", "fact_check": "99999", "right": "true"}),
        ("/fact-checks", {"utterance": "99999", "fact_check": "1", "right": "true"}),
        ("/judgements", {"left": sighting, "right": sighting, "same": "true"}),
        ("/undo", {"kind": "correction", "number": "99999"}),
        ("/undo", {"kind": "judgement", "number": "99999"}),
        ("/undo", {"kind": "else", "number": "1"}),
        ("/speakers/1/rename", {"name": " "}),
        ("/speakers/1/merge", {"into": "Zork Blat"}),
        ("/speakers/1/split", {"name": "Zork Blat"}),
        ("/speakers/1/revoke-merge", {}),
    ):
        answer = asked.post(path, data={"token": token, **form})
        assert (answer.status_code >= 400, unmarked(answer.text, *data)) == (True, []), (path, form)
    assert unmarked(asked.post("/undo", data={"kind": "correction", "number": "1"}).text, *data) == []
    judged = asked.post("/judgements", data={"token": token, "left": sighting, "right": other, "same": "false"})
    assert (judged.status_code, unmarked(judged.text, *data_of(db))) == (200, [])


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_an_unforeseen_error_is_translated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with api.open(tmp_path / "news.db", create=True) as empty:
        monkeypatch.setattr(type(empty.runs), "list", lambda *_args, **_options: 1 / 0)
        answer = client(empty, pseudo_language(tmp_path)).get("/runs")
    assert (answer.status_code, unmarked(answer.text, (), ())) == (500, [])
    assert "⟦Something unforeseen went wrong;" in answer.text


def test_empty_pages_are_translated(tmp_path: Path) -> None:
    paths = ("/", "/speakers", "/articles", "/claims", "/runs", "/account", "/review", "/review/progress", "/decisions")
    with api.open(tmp_path / "news.db", create=True) as empty:
        asked = client(empty, pseudo_language(tmp_path))
        pages = {path: asked.get(path).text for path in (*paths, "/?speaker=Zork")}
    assert {
        path: left for path, page in pages.items() if (left := unmarked(page, ("ines", "Zork", "claims update"), ()))
    } == {}


def test_the_sign_in_is_translated(tmp_path: Path) -> None:
    password = "a long enough password"
    with api.open(tmp_path / "news.db", create=True) as db:
        for name, role in (("tadeo", "reader"), ("ines", "reviewer"), ("otto", "reader")):
            db.users.add(name, password, role)
        asked = client(db, pseudo_language(tmp_path), has_sign_in=True)
        form = asked.get("/sign-in").text
        given = {"token": token_in(form), "next": "/account"}
        wrong = [asked.post("/sign-in", data={"name": "otto", "password": "wrong", **given}).text for _ in range(6)]
        in_order = [asked.post("/sign-in", data={"name": "ines", "password": password, **given}).text]
        given["token"] = token_in(asked.get("/sign-in").text)
        in_order.append(asked.post("/sign-in", data={"name": "tadeo", "password": password, **given}).text)
        forged = asked.post("/sign-in", data={"name": "otto", "password": password, "token": "forged"}).text
    assert "⟦The name or the password is wrong.⟧" in wrong[0]
    assert "⟦Too many tries. Wait ⟧15⟦ minutes, and try again.⟧" in wrong[-1]
    assert "⟦You are signed in as ⟧<b>ines</b>⟦, and may decide.⟧" in in_order[0]
    assert "⟦You are signed in as ⟧<b>tadeo</b>⟦, a reader:" in in_order[1]
    assert "⟦This form is too old" in forged
    assert [unmarked(page, ("ines", "tadeo"), ()) for page in (form, *wrong, *in_order, forged)] == [[]] * 10


# Languages


def made(folder: Path, name: str, texts: dict[str, str]) -> Path:
    """Compile a translation as its tools do, and return the folder of all."""
    catalog = Catalog(locale="de")
    for text, translation in texts.items():
        catalog.add(text, translation)
    file = folder / name / "LC_MESSAGES" / "quotetrack.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_mo(out, catalog)
    return folder


def test_a_text_without_a_translation_is_english_and_markup_in_one_is_text(tmp_path: Path) -> None:
    language = load_language("de", made(tmp_path, "de", {"Speakers": "Sprecher & <b>Innen</b>"}))
    with api.open(tmp_path / "news.db", create=True) as empty:
        page = client(empty, language).get("/").text
    assert '<html lang="de">' in page and ">Sprecher &amp; &lt;b&gt;Innen&lt;/b&gt;</a>" in page
    assert ">Articles</a>" in page


def test_a_value_in_a_translated_text_is_escaped(tmp_path: Path) -> None:
    text = "This page is for the owner of this machine, without a sign-in. Decisions are made as %(name)s."
    language = load_language("de", made(tmp_path, "de", {text: "%(name)s entscheidet."}))
    with api.open(tmp_path / "news.db", create=True) as empty:
        app = create_app(empty, decided_by="<i>", language=language)
        assert "<p>&lt;i&gt; entscheidet.</p>" in TestClient(app, base_url=HOST).get("/account").text


_MOMENT = re.compile(r"T\d\d:\d\d:\d\d\+00:00")


@pytest.mark.slow
def test_files_json_and_python_are_the_same_in_every_language(db: Database, tmp_path: Path) -> None:
    english, other = client(db, ENGLISH), client(db, pseudo_language(tmp_path))
    for path in (
        *("/ask.json?q=Quill", "/ask.csv?q=Quill", "/ask.bib?q=Quill", "/ask.ris?q=Quill", "/ask.csl.json?q=Quill"),
        *("/ask.jsonld?q=Quill", "/utterances/1.json", "/utterances/1.bib", "/articles/1.json", "/claims.json"),
        *("/review.json", "/runs.json", "/api/v1/ask?q=Quill", "/api/v1/speakers/99999", "/api/v1/x", "/health"),
    ):
        ours, theirs = (_MOMENT.sub("", each.get(path).text) for each in (other, english))  # JSON-LD tells when
        assert ours == theirs, path
    copied = re.compile(r'<pre id="[^"]*">.*?</pre>', re.DOTALL)
    page, in_english = (each.get("/utterances/1").text for each in (other, english))
    assert copied.findall(page) == copied.findall(in_english) and len(copied.findall(page)) == 20
    assert "⟦" in page and "⟦" not in str(db.show(1))


@pytest.mark.slow
def test_words_of_articles_are_said_to_be_english(db: Database, tmp_path: Path) -> None:
    german = load_language("de", made(tmp_path, "de", {}))
    for language, mark in ((german, ' lang="en"'), (ENGLISH, "")):
        asked = client(db, language)
        assert f'<p class="said"{mark}>“' in asked.get("/utterances/1").text
        assert f'<div class="article"{mark} tabindex' in asked.get("/articles/2").text


@pytest.mark.parametrize(
    ("tag", "shown"), [("de", "de"), ("de-AT", "de-AT"), ("de_AT", "de-AT"), ("en", "en"), ("pt-BR", "pt-BR")]
)
def test_a_language_is_found_by_its_tag(tmp_path: Path, tag: str, shown: str) -> None:
    made(made(tmp_path, "de", {"Ask": "Fragen"}), "pt_BR", {"Ask": "Perguntar"})
    assert load_language(tag, tmp_path).tag == shown


def test_the_setting_and_the_option_choose_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = []
    monkeypatch.setattr("quotetrack.web.app.serve", lambda _db, **options: served.append(options["language"].tag))
    monkeypatch.setenv("QUOTETRACK_PAGE_TRANSLATIONS", str(made(made(tmp_path, "de", {}), "fr", {})))
    with api.open(tmp_path / "news.db", create=True):
        pass
    serve = ("serve", "--database", tmp_path / "news.db", "--port", "18710")
    assert quotetrack(*serve).exit_code == 0
    monkeypatch.setenv("QUOTETRACK_PAGE_LANGUAGE", "de")
    assert quotetrack(*serve).exit_code == 0
    assert quotetrack(*serve, "--language", "fr").exit_code == 0
    assert served == ["en", "de", "fr"]


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("xx", "quotetrack: The page has no translation to 'xx': there is no file "),
        ("../de", "quotetrack: '../de' is not a language: write de or pt-BR."),
        ("", "quotetrack: '' is not a language"),
        ("br", "quotetrack.mo is no compiled translation"),
    ],
)
def test_a_bad_language_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, told: str) -> None:
    folder = made(tmp_path, "de", {})
    (folder / "br" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "br" / "LC_MESSAGES" / "quotetrack.mo").write_bytes(b"msgid")
    monkeypatch.setenv("QUOTETRACK_PAGE_TRANSLATIONS", str(folder))
    monkeypatch.setenv("QUOTETRACK_PAGE_LANGUAGE", tag)
    done = quotetrack("serve", "--database", tmp_path / "news.db")
    assert (done.exit_code, done.stdout) == (1, "") and told in done.stderr


def test_a_folder_of_translations_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LanguageUnknown, match="There is no folder"):
        load_language("de", tmp_path / "nowhere")
