"""The pages that read: what they show is what the command line prints, and the lit characters are the quoted ones."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cli_runner import quotetrack

from quotetrack import Database
from quotetrack import open as quotetrack_open
from quotetrack.core.settings import Settings, Source, SourceKind
from quotetrack.export import COLUMNS
from quotetrack.store import open_store, url_of
from quotetrack.store.crawl import put_last_gave
from quotetrack.store.speakers import StoredSpeaker
from quotetrack.web import reading
from quotetrack.web.app import create_app

pytest_plugins = ("tests.filled_store", "tests.web.page")

BARRIER = "What did Ragna Telle say about the storm barrier?"


def text_of(page: str) -> str:
    """Return the text of a page without its elements."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "What did"),
        ("/speakers", "Ragna Telle"),
        ("/speakers?name=Telle", "Ragna Telle"),
        ("/articles", "Sea barrier cracks known since October"),
        ("/articles?without_quotations=true", "Articles without quotations"),
        ("/review", "is right"),
        ("/decisions", "0 corrections in force"),
        ("/runs", "ingest"),
        ("/runs/1", "Run 1"),
    ],
)
def test_every_page_opens(client: TestClient, path: str, shown: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert shown in text_of(answer.text)


def test_an_answer_shows_words_speaker_day_and_every_source(client: TestClient) -> None:
    page = text_of(client.get("/", params={"q": BARRIER}).text)
    assert "“The barrier will not hold another winter" in page
    assert re.search(r"Ragna Telle, 10 Mar 2026 \(from “Tuesday”, paragraph 2\)", page)
    assert "Printed as: “The barrier will hold another winter" in page
    for outlet in ("Saltmere Courier", "Northern Post", "Ember Daily", "Varland Tribune"):
        assert outlet in page


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("did Ragna Telle ever mention kitchens", "Yes: 1 utterance, 10 Mar 2026."),
        ("did Ragna Telle mention jam", "Nothing on file says so."),
        ("is it true that Telle said the barrier will hold", "A “not” differs"),
        ("most quoted people", "Lucia Quill, 8 Mar 2026 to 13 Mar 2026"),
        ("compare Lucia Quill and Anders Quill on the ferry", "Lucia Quill:"),
    ],
)
def test_each_form_of_question_is_answered_in_its_own_way(client: TestClient, question: str, told: str) -> None:
    assert told in text_of(client.get("/", params={"q": question}).text)


def test_words_of_the_topic_are_marked(client: TestClient) -> None:
    assert "<mark>barrier</mark>" in client.get("/", params={"q": BARRIER}).text


def test_what_was_understood_can_be_changed(client: TestClient) -> None:
    page = client.get("/", params={"q": BARRIER}).text
    assert 'name="speaker" value="Ragna Telle"' in page
    changed = client.get("/", params={"q": BARRIER, "speaker": "Lucia Quill", "about": "jam"}).text
    assert 'name="speaker" value="Lucia Quill"' in changed


def test_json_and_csv_are_those_of_the_command_line(client: TestClient, page_store: str) -> None:
    printed = quotetrack("ask", BARRIER, "--json", "--database", page_store)
    assert client.get("/ask.json", params={"q": BARRIER}).json() == json.loads(printed.stdout)
    shown = quotetrack("show", 1, "--json", "--database", page_store)
    assert client.get("/utterances/1.json").json() == json.loads(shown.stdout)
    article = client.get("/articles/1.json").json()
    assert article["id"] == 1 and article["quotations"]
    rows = list(csv.DictReader(io.StringIO(client.get("/ask.csv", params={"q": BARRIER}).text)))
    assert tuple(rows[0]) == tuple(COLUMNS)
    assert {row["speaker"] for row in rows} == {"Ragna Telle"}


def test_every_form_of_an_answer_is_narrowed_alike(client: TestClient) -> None:
    params: dict[str, str | float] = {"speaker": "Ragna Telle", "published_until": "2026-03-12"}
    params |= {"min_words": 8, "min_confidence": 0.5}
    rows = list(csv.DictReader(io.StringIO(client.get("/ask.csv", params=params).text)))
    keys = [f"quotetrack-{row['sighting']}" for row in rows]
    assert keys and all(len(row["words"].split()) >= 8 and float(row["confidence"]) >= 0.5 for row in rows)
    assert [item["id"] for item in client.get("/ask.csl.json", params=params).json()] == keys
    assert client.get("/ask.bib", params=params).text.count("@misc{") == len(keys)
    records = client.get("/ask.ris", params=params)
    assert records.text.count("TY  - NEWS") == len(keys) and "quotations.ris" in records.headers["content-disposition"]
    linked = client.get("/ask.jsonld", params=params).json()["@graph"]
    assert [f"quotetrack-{node['id'].split('-')[1]}" for node in linked if node["id"].startswith("#sighting-")] == keys
    longer = client.get("/ask.csv", params=params | {"min_words": 20}).text
    assert 0 < len(list(csv.DictReader(io.StringIO(longer)))) < len(rows)
    assert client.get("/ask.csv", params={"q": "Telle", "min_confidence": 2}).status_code == 400


def test_an_article_is_lit_at_the_very_characters(client: TestClient, db: Database) -> None:
    for listed in db.articles.list():
        page = client.get(f"/articles/{listed.id}").text
        text = db.articles.text(listed.id)
        lit = [
            html.unescape(piece) for piece in re.findall(r'<span class="[^"]*\bwords n[^"]*"[^>]*>([^<]*)</span>', page)
        ]
        parts = [p.of(text) for _, s in db.articles.show(listed.id).quotations if s.is_current for p in s.parts]
        assert sorted("".join(lit)) == sorted("".join(parts))
        body = re.search(r'<div class="article"[^>]*>(.*?)</div>', page, re.S)
        assert body is not None
        assert html.unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", body[1])).strip() == text.strip()


def test_a_source_leads_to_the_very_words_in_its_article(client: TestClient, db: Database) -> None:
    sighting = db.show(1).utterance.sightings[0]
    values = {"url": str(sighting.url), "sighting": str(sighting.id)}
    answer = client.get("/article", params=values, follow_redirects=False)
    assert answer.status_code == 303
    path, _, place = answer.headers["location"].partition("#")
    _, _, behind = client.get(path).text.partition(f'<a id="{place}"></a>')
    assert text_of(behind).startswith(sighting.words[:40])


def test_an_article_says_in_words_why_it_is_taken_so(client: TestClient) -> None:
    page = text_of(client.get("/articles/1").text)
    assert "The article says “she” and “said”, which is taken to mean Ragna Telle. The probability that" in page


def test_two_versions_stand_side_by_side_with_what_the_newspaper_changed(client: TestClient, db: Database) -> None:
    (edited,) = (each.id for each in db.articles.list() if each.versions > 1)
    page = client.get(f"/articles/{edited}").text
    assert "<ins>An earlier statement by the company, which said that nobody had been in danger, was withdrawn" in page
    assert re.search(r"cancelled until </?[^<]*<del>Monday,</del>|<del>Monday,</del>", page)
    (other, *_) = (each.id for each in db.articles.list() if each.versions == 1)
    assert "What changed" not in client.get(f"/articles/{other}").text


def test_an_utterance_is_cited_by_reference_managers(client: TestClient, db: Database) -> None:
    sightings = db.show(1).utterance.sightings
    assert [item["id"] for item in client.get("/utterances/1.csl.json").json()] == [
        f"quotetrack-{sighting.id}" for sighting in sightings
    ]
    assert client.get("/utterances/1.bib").text.count("@misc{") == len(sightings)
    assert client.get("/utterances/1.ris").text.count("TY  - NEWS") == len(sightings)
    assert client.get("/utterances/9999.ris").status_code == 404
    assert "@misc{quotetrack-" in text_of(client.get("/utterances/1").text)


def test_an_utterance_shows_who_carried_it_and_when(client: TestClient) -> None:
    page = text_of(client.get("/utterances/1").text)
    assert "11 Mar 2026 to 12 Mar 2026" in page
    assert "are one utterance: nearly the same words (1.00), but one has “not”." in page


@pytest.mark.parametrize("asked", ["speaker=Ragna+Telle", "outlet=saltmere-courier", "since=2026-03-01"])
def test_a_choice_leads_to_as_many_utterances_as_it_says(client: TestClient, asked: str) -> None:
    page = client.get(f"/?{asked}").text
    choices = re.findall(r'<a href="/(\?[^"]*)"[^>]*>[^<]+</a>&nbsp;(\d+)', page)
    assert choices
    for address, number in choices:
        assert client.get("/ask.json" + html.unescape(address)).json()["total"] == int(number), address


def test_all_of_a_speaker_leaves_out_another_one_of_the_same_name(client: TestClient, db: Database) -> None:
    one, other = db.speakers.list(limit=2)
    db.speakers.rename(other.id, one.name, by="ines")
    (address,) = re.findall(r'href="/(\?speaker_id=\d+)">all of them', client.get(f"/speakers/{other.id}").text)
    found = client.get(f"/ask.json{address}").json()
    assert found["total"] == db.speakers.newest(other.id, limit=1).total > 0
    said_by = {each["speaker_id"] for utterance in found["utterances"] for each in utterance["sightings"]}
    assert said_by == {other.id}
    assert f'name="speaker" value="{one.name}"' in client.get(f"/{address}").text


def form_of_answer(page: str) -> dict[str, str]:
    """Return what the form of an answer sends if nothing is changed in it."""
    form = re.search(r'<form class="chips".*?</form>', page, re.S)
    assert form is not None
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])
    return {name: html.unescape(value) for name, value in fields}


@pytest.fixture
def namesake(db: Database) -> StoredSpeaker:
    """Return a speaker who has the name of another one."""
    one, other = db.speakers.list(limit=2)
    return db.speakers.rename(other.id, one.name, by="ines")


@pytest.mark.parametrize("changed", [{}, {"about": "barrier"}, {"since": "2026-03-01"}, {"outlet": "ember-daily"}])
def test_a_speaker_asked_for_by_id_stays_while_other_fields_change(
    client: TestClient, db: Database, namesake: StoredSpeaker, changed: dict[str, str]
) -> None:
    page = client.get("/", params={"speaker_id": namesake.id, "newest": "true", "page": 2}).text
    answer = client.get("/", params=form_of_answer(page) | changed)
    expected = {"speaker_id": str(namesake.id), "newest": "True"} | changed
    assert dict(answer.url.params) == expected
    assert f'name="speaker" value="{namesake.name}"' in answer.text
    assert f'<a href="/speakers/{namesake.id}">speaker {namesake.id}</a> is asked for' in answer.text


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("Olu Brandt", {"speaker": "Olu Brandt", "about": "ferry"}), ("", {"about": "ferry"}), (" ", {"about": "ferry"})],
)
def test_another_name_in_the_field_drops_the_id(
    client: TestClient, namesake: StoredSpeaker, typed: str, asked: dict[str, str]
) -> None:
    page = client.get("/", params={"speaker_id": namesake.id, "about": "ferry"}).text
    answer = client.get("/", params=form_of_answer(page) | {"speaker": typed})
    assert dict(answer.url.params) == asked
    assert "is asked for" not in answer.text


def test_an_id_beside_another_name_means_the_same_in_every_form(client: TestClient, namesake: StoredSpeaker) -> None:
    def speakers(**params: str) -> set[int]:
        found = client.get("/ask.json", params={"speaker_id": str(namesake.id)} | params).json()["utterances"]
        return {each["speaker_id"] for utterance in found for each in utterance["sightings"]}

    assert speakers() == speakers(speaker=namesake.name) == {namesake.id}
    assert namesake.id not in speakers(speaker="Olu Brandt")
    assert speakers(speaker="Nobody Known") == set()


@pytest.mark.parametrize("path", ["/ask.json", "/api/v1/ask"])
def test_a_field_of_blanks_is_an_empty_one(client: TestClient, path: str) -> None:
    blank = client.get(path, params={"q": BARRIER, "speaker": " ", "about": " "})
    assert blank.json() == client.get(path, params={"q": BARRIER}).json()


def test_a_speaker_whom_the_store_does_not_have_is_told(client: TestClient) -> None:
    assert "No speaker is called speaker 999999." in text_of(client.get("/?speaker_id=999999").text)


def test_a_bar_leads_to_all_that_may_have_been_said_in_its_days(client: TestClient) -> None:
    page = client.get("/?since=2026-03-01").text
    bars = re.findall(r'<a href="/(\?[^"]*)" aria-label="[^"]*: (\d+) utterances?"', page)
    assert sum(int(number) for _, number in bars) == client.get("/ask.json?since=2026-03-01").json()["total"]
    for address, number in bars:
        assert client.get("/ask.json" + html.unescape(address)).json()["total"] >= int(number), address


def test_of_a_large_answer_the_first_are_counted_and_all_by_month(
    client: TestClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotetrack.search.facets.MOST_COUNTED", 5)
    everything = db.ask("", since="2026-01-01", limit=None)
    facets = db.facets(everything)
    assert (facets.counted, facets.is_by_month) == (5, True)
    assert facets.days == tuple((date.fromisoformat(f"{month}-01"), number) for month, number in everything.months)
    assert sum(each.utterances for each in facets.speakers) <= 5
    assert "Counted among the first 5 utterances." in client.get("/?since=2026-01-01").text


def test_a_narrowed_answer_can_be_widened_again(client: TestClient) -> None:
    page = client.get("/", params={"q": "ferry", "outlet": "saltmere-courier", "since": "2026-03-01"}).text
    assert '<a href="/?q=ferry&amp;since=2026-03-01">any outlet</a>' in page
    assert '<a href="/?q=ferry&amp;outlet=saltmere-courier">all days</a>' in page


def test_the_articles_are_paged_in_the_order_in_which_they_came(
    client: TestClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ARTICLES", 3)
    shown: list[int] = []
    place: str | None = "/articles"
    while place is not None:
        page = client.get(place).text
        shown += [int(number) for number in re.findall(r'href="/articles/(\d+)"', page)]
        earlier = re.search(r'href="(/articles\?behind=\d+)" rel="next"', page)
        place = earlier[1] if earlier else None
    assert shown == sorted((each.id for each in db.articles.list()), reverse=True)


@pytest.mark.parametrize("name", ["The minister", "Nobody Known", "Ragna Telle", "March 2031"])
def test_a_speaker_has_the_same_page_under_every_name(client: TestClient, db: Database, name: str) -> None:
    quill = db.speakers.show("Lucia Quill")
    before = re.findall(r'href="(/utterances/\d+)"', client.get(f"/speakers/{quill.id}").text)
    db.speakers.rename(quill.id, name, by="ines")
    page = client.get(f"/speakers/{quill.id}").text
    assert before and re.findall(r'href="(/utterances/\d+)"', page) == before


def test_a_speaker_has_words_outlets_and_what_people_decided(client: TestClient, db: Database) -> None:
    quill = db.speakers.show("Lucia Quill")
    db.speakers.rename(quill.id, "Lucia Moe", by="ines")
    db.speakers.merge("Olu Brandt", quill.id, by="ines")
    page = text_of(client.get(f"/speakers/{quill.id}").text)
    for shown in ("Also called: ", "Frequent words", "Outlets ", "ines on ", ": renamed Lucia Moe"):
        assert shown in page
    assert re.search(r"Merged into this speaker\s+Olu Brandt", page)


def test_runs_show_counts_and_failures_with_their_reasons(client: TestClient, page_store: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("not JSON\n", encoding="utf-8")
    quotetrack("ingest", broken, "--database", page_store)
    page = text_of(client.get("/runs").text)
    assert "12 new, 0 unchanged, 1 edited, 0 failed" in page and "1 failure" in page
    assert "Quiet sources" not in page
    failed = text_of(client.get("/runs/2").text)
    assert "broken.jsonl" in failed and "1 failure" in failed


def test_a_source_that_has_given_nothing_for_days_is_quiet(page_store: str) -> None:
    settings = Settings(
        source=[Source(name="courier", kind=SourceKind.FEED, url="https://saltmere-courier.example/feed")]
    )
    with open_store(url_of(page_store)).begin() as session:
        put_last_gave(session, "courier", datetime(2026, 3, 1, tzinfo=UTC))
    with quotetrack_open(page_store, settings=settings) as opened:
        page = text_of(TestClient(create_app(opened), base_url="http://127.0.0.1").get("/runs").text)
    assert "courier has given no article since 1 Mar 2026." in page


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nothing", 404, "There is no such page."),
        ("/utterances/9999", 404, "there is no utterance 9999"),
        ("/articles/9999", 404, "There is no article 9999"),
        ("/speakers/9999", 404, "9999"),
        ("/runs/9999", 404, "there is no run 9999"),
        *((f"/{kind}/{2**63}", 404, "nothing with this number") for kind in ("utterances", "articles", "runs")),
        ("/articles/one", 400, "number"),
        ("/?q=Telle&since=soon", 400, "'soon' is not a date"),
        ("/?q=Telle&outlet=nope", 400, "No stored outlet is called 'nope'"),
        ("/?q=Telle&page=0", 400, "page"),
        (f"/?q={'a' * 600}", 400, "q"),
    ],
)
def test_what_cannot_be_shown_is_said(client: TestClient, path: str, status: int, told: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert told in text_of(answer.text)
    assert "Traceback" not in answer.text


def test_an_error_of_json_is_json(client: TestClient) -> None:
    answer = client.get("/utterances/9999.json")
    assert (answer.status_code, answer.json()) == (404, {"error": "there is no utterance 9999"})


def test_an_unknown_speaker_is_said_and_nobody_else_is_quoted(client: TestClient) -> None:
    page = text_of(client.get("/", params={"q": "What did Nobody Known say about the ferry?"}).text)
    assert "No speaker is called Nobody Known." in page
    assert "“" not in page.split("CSV")[1]
