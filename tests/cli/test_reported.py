"""Stored reported statements reach every output, marked, and never in quotation marks. All of it is invented."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.cli_runner import quotetrack
from tests.web.page import HOST

import quotetrack as api
from quotetrack.api.database import UtteranceNotFound
from quotetrack.render.reported import MARK
from quotetrack.web.app import create_app

pytestmark = pytest.mark.slow

ARTICLE = (
    "Council votes on the ferry\n\n"
    "Orla Venn, the harbour master, said the law was “cruel” and would fail.\n\n"
    "Tadeo Brisk of the dockers’ union said on Friday that the ferry would sail again before the winter.\n\n"
    "“Promises float, boats do not,” said Brisk.\n"
)
LAW, FERRY = "the law was “cruel” and would fail", "that the ferry would sail again before the winter"
QUESTION = "what did Tadeo Brisk say about the ferry"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reported")
    article = folder / "ferry.txt"
    article.write_text(ARTICLE, "utf-8")
    done = quotetrack(
        "ingest", article, "--published", "2031-03-09", "--outlet", "harbourpost", "--reported",
        "--database", folder / "news.db",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "; 2 reported statements" in done.stdout
    return folder / "news.db"


def run(database: Path, *arguments: str | Path) -> str:
    done = quotetrack(*arguments, "--database", database)
    assert done.exit_code == 0, done.output
    return done.stdout


def in_marks(text: str) -> list[str]:
    """Return where reported words stand in quotation marks of ours."""
    return re.findall(rf"[“\"'‘](?:{re.escape(LAW)}|{re.escape(FERRY)})", html.unescape(text))


def pages(database: Path) -> dict[str, str]:
    with api.open(database) as opened:
        client = TestClient(create_app(opened, decided_by="ines"), base_url=HOST)
        speaker = opened.speakers.show("Tadeo Brisk").id
        paths = ("/articles/1", f"/speakers/{speaker}", f"/?q={QUESTION}", f"/?q={QUESTION}&reported=true")
        return {path: client.get(path).text for path in paths}


def texts(database: Path) -> dict[str, str]:
    """Return what each output for people says."""
    with api.open(database) as opened:
        answer = opened.ask(QUESTION)
    return pages(database) | {
        "ask": run(database, "ask", QUESTION),
        "ask --reported": run(database, "ask", QUESTION, "--reported"),
        "show": run(database, "show", "r2"),
        "articles show": run(database, "articles", "show", "1"),
        "python": str(answer),
        "notebook": answer._repr_html_(),
    }


def test_every_output_marks_reported_words_and_none_puts_them_in_quotation_marks(database: Path) -> None:
    assert in_marks(f"“{FERRY}”"), "the test would find them"
    for name, text in texts(database).items():
        assert FERRY in html.unescape(text), name
        assert in_marks(text) == [], name
        marks = [line for line in html.unescape(text).splitlines() if re.search(rf"{re.escape(FERRY)}$", line.strip())]
        assert all(f"{MARK} (said)" in line or "  r2  Tadeo Brisk (said): " in line for line in marks), name
        assert re.search("reported", text, re.IGNORECASE), name


def test_they_stand_below_the_quotations_unless_they_are_asked_for(database: Path) -> None:
    below, first, without = (
        run(database, "ask", QUESTION, *more) for more in ((), ("--reported",), ("--no-reported",))
    )
    assert below.index("“Promises float") < below.index(MARK)
    assert first.index(MARK) < first.index("“Promises float")
    assert MARK not in without


def test_json_calls_them_reported(database: Path) -> None:
    answer = json.loads(run(database, "ask", QUESTION, "--json"))
    (ferry, *_) = answer["reported"]
    assert (ferry["kind"], ferry["id"], ferry["words"], ferry["speaker"]) == ("reported", "r2", FERRY, "Tadeo Brisk")
    assert (ferry["said"]["first"], ferry["sightings"][0]["kind"]) == ("2031-03-07", "reported")
    assert json.loads(run(database, "show", "r2", "--json")) == ferry
    assert "reported" not in json.loads(run(database, "ask", QUESTION, "--no-reported", "--json"))
    record = json.loads(run(database, "articles", "show", "1", "--json"))
    assert [each["words"] for each in record["reported"]] == [LAW, FERRY]


def test_the_csv_has_them_only_when_they_are_asked_for(database: Path, tmp_path: Path) -> None:
    plain = run(database, "export", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(run(database, "export", "--csv", "-", "--reported"))))
    assert "reported" not in {row["kind"] for row in csv.DictReader(io.StringIO(plain))}
    found = {row["words"]: row for row in rows if row["kind"] == "reported"}
    assert set(found) == {LAW, FERRY}
    assert (found[FERRY]["sighting"], found[FERRY]["utterance"], found[FERRY]["speaker"]) == ("r2", "", "Tadeo Brisk")
    file = tmp_path / "all.csv"
    run(database, "export", "--csv", file, "--reported")
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    fields = {field["name"]: field for field in package["resources"][0]["schema"]["fields"]}
    assert fields["sighting"]["type"] == "string"
    assert not fields["utterance"]["constraints"]["required"]
    asked = list(csv.DictReader(io.StringIO(run(database, "ask", QUESTION, "--csv", "-", "--reported"))))
    assert "reported" in {row["kind"] for row in asked}


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (("--speaker", "Tadeo Brisk"), [FERRY]),
        (("--about", "the ferry"), [LAW, FERRY]),
        (("--about", "the winter"), [FERRY]),
        (("--since", "2031-03-09"), []),
        (("--since", "2031-03-07", "--until", "2031-03-08", "--certain"), [LAW, FERRY]),
        (("--min-words", "9"), [FERRY]),
        (("--outlet", "harbourpost", "--min-words", "7"), [LAW, FERRY]),
    ],
)
def test_the_filters_of_an_export_choose_them_as_well(
    database: Path, chosen: tuple[str, ...], found: list[str]
) -> None:
    exported = quotetrack("export", "--csv", "-", "--reported", *chosen, "--database", database)
    rows = list(csv.DictReader(io.StringIO(exported.stdout)))
    assert [row["words"] for row in rows if row["kind"] == "reported"] == found
    assert exported.stderr.splitlines()[0] == f"Wrote {len(rows)} of 4 rows."


def test_every_form_of_an_export_has_them_outside_quotation_marks(database: Path, tmp_path: Path) -> None:
    for form in ("csv", "csl", "bibtex", "ris", "jsonld"):
        text = run(database, "export", f"--{form}", "-", "--reported")
        assert FERRY in text and not (in_marks(text) if form not in ("csv", "jsonld") else [])


def test_python_gives_and_exports_them(database: Path) -> None:
    with api.open(database) as opened:
        assert [each.words for each in opened.ask(QUESTION, reported=1).reported] == [FERRY]
        assert opened.ask(QUESTION, reported=0).reported == ()
        assert opened.ask(QUESTION, since="2031-05-01", until="2031-01-01").reported == ()
        for since, words in (("2031-03-07", [FERRY]), ("2031-03-08", [])):  # said on the 7th
            found = opened.ask(QUESTION, since=since, until="2031-03-08", certain=True).reported
            assert [each.words for each in found] == words
        assert opened.show_reported("r1").words == LAW
        with pytest.raises(UtteranceNotFound):
            opened.show_reported("r99")
        out = io.StringIO(newline="")
        assert opened.export(out, reported=True) == 4


def test_an_ingest_without_them_stores_none_and_stale_adds_them(tmp_path: Path) -> None:
    article, database = tmp_path / "ferry.txt", tmp_path / "news.db"
    article.write_text(ARTICLE, "utf-8")
    ingest = ("ingest", article, "--published", "2031-03-09", "--outlet", "harbourpost")
    assert "reported" not in run(database, *ingest)
    assert "reported" not in run(database, "ask", QUESTION, "--json")
    assert "2 reported statements" in run(database, *ingest, "--stale", "--reported")
    run(database, "articles", "set", "1", "--published", "2031-03-16")  # extracted again, with the statements
    assert json.loads(run(database, "show", "r2", "--json"))["said"]["first"] == "2031-03-14"


def test_a_correction_of_a_statement_reaches_every_output_and_another_database(database: Path, tmp_path: Path) -> None:
    copy, other = (Path(shutil.copy(database, tmp_path / name)) for name in ("copy.db", "other.db"))
    why = ("--by", "ines", "--reason", "she was asked, not he")
    done = quotetrack("review", "correct", "r2", "--speaker", "Ada Roth", *why, "--database", copy)
    assert done.exit_code == 0, done.output
    assert "reported statement r2" in done.stderr
    decisions = tmp_path / "decisions.json"
    run(copy, "review", "export", decisions)
    run(other, "review", "import", decisions)
    for each in (copy, other):
        assert FERRY in run(each, "ask", "what did Ada Roth say about the ferry")
        assert FERRY not in run(each, "ask", QUESTION)
        assert f"r2, reported, not quoted: {FERRY}" in run(each, "review", "list")
        assert in_marks(run(each, "review", "list")) == []
        assert re.search(r"- c\d+\. speaker: Ada Roth, by ines, .*: she was asked, not he", run(each, "show", "r2"))
    with api.open(copy) as opened:
        client = TestClient(create_app(opened, decided_by="ines"), base_url=HOST)
        token = re.search(r'name="token" value="([^"]+)"', client.get("/articles/1").text)[1]
        form = {"token": token, "sighting": "r1", "not_a_quotation": "true", "back": "/articles/1"}
        led = client.post("/corrections", data=form, follow_redirects=False)
        assert (led.status_code, led.headers["location"].split("?")[0]) == (303, "/articles/1")
        assert LAW not in [each.words for each in opened.articles.show(1).reported]
        assert "Undo" in client.get(led.headers["location"]).text
        decided = html.unescape(client.get("/decisions").text)
        assert re.search(rf"reported, not quoted: {FERRY}: speaker: Ada Roth, by ines", decided)
        assert "nobody is reported to have said so, by ines" in decided
        assert in_marks(decided) == []
    wrong = quotetrack("review", "correct", "r2", "--words", "the ferry", "--database", copy)
    assert wrong.exit_code == 2


def test_the_same_words_of_another_year_are_another_statement(tmp_path: Path) -> None:
    file = tmp_path / "ferry.jsonl"
    said = "Tadeo Brisk of the dockers’ union said on {} that the ferry would sail again before the winter."
    rest = "Nothing else was decided, and the council of {} went home."
    lines = [
        {"id": day, "published": day, "text": f"{said.format(weekday)}\n\n{rest.format(day[:4])}"}
        for day, weekday in (("2031-03-09", "Friday"), ("2033-05-12", "Tuesday"))
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    database = tmp_path / "news.db"
    run(database, "ingest", file, "--outlet", "harbourpost", "--reported")
    reported = json.loads(run(database, "ask", QUESTION, "--reported", "--json"))["reported"]
    assert sorted(each["said"]["first"] for each in reported) == ["2031-03-07", "2033-05-10"]


def test_a_number_that_no_database_holds_is_told_in_one_line(database: Path) -> None:
    done = quotetrack("show", "9" * 20, "--database", database)
    assert done.exit_code == 1
    assert "There is nothing with this number" in done.stderr
