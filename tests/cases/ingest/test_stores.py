"""The files of this folder taken in: how many articles and utterances they are, and what goes out again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.cli_runner import quotetrack

FILES = Path(__file__).parent / "formats"
DUPS, QUERY = FILES / "dups", FILES / "query/q.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


def taken_in(database: Path, *paths: Path) -> dict[str, int]:
    """Take files in, unless the database has them already, and return the counts."""
    return json.loads(quotetrack("ingest", *paths, "--database", database, "--json").stdout)


def exported(database: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(quotetrack("export", "--csv", "-", "--database", database).stdout)))


# Copies and templates


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "articles", "utterances"),
    [
        ("du_01_archives.jsonl", 1, 2),  # an article and three copies of it in web archives
        ("du_02_template.jsonl", 3, 3),  # one template, three councils and councillors
        ("du_03_initials.jsonl", 2, 2),  # the same words in two outlets
        ("du_04_staff_and_agencies.jsonl", 2, 2),
        ("du_06_two_speakers.jsonl", 4, 4),  # stock phrases of two people each
        ("du_07_two_speakers_same_day.jsonl", 6, 6),
    ],
)
def test_a_file_gives_as_many_articles_and_utterances_as_there_are(
    folder: Path, name: str, articles: int, utterances: int
) -> None:
    counts = taken_in(folder / f"{name}.db", DUPS / name)
    assert (counts["new"], counts["failed"]) == (articles, 0)
    assert len({row["utterance"] for row in exported(folder / f"{name}.db")}) == utterances
    assert sum(taken_in(folder / f"{name}.db", DUPS / name)[kind] for kind in ("new", "edited", "completed")) == 0


@pytest.mark.slow
def test_a_saved_page_and_archived_copies_of_one_article_are_one(folder: Path) -> None:
    counts = taken_in(folder / "both.db", DUPS / "du_05/slash.html", DUPS / "du_01_archives.jsonl")
    assert (counts["new"], counts["utterances"]) == (1, 2)
    assert {row["outlet"] for row in exported(folder / "both.db")} == {"dunmere-echo.example"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["du_03_initials.jsonl", "du_04_staff_and_agencies.jsonl"])
def test_initials_are_no_agency_and_an_agency_that_is_not_named_is_none(folder: Path, name: str) -> None:
    taken_in(folder / f"{name}.db", DUPS / name)
    rows = exported(folder / f"{name}.db")
    assert {row["wire_credit"] for row in rows} == {""}
    shown = json.loads(quotetrack("show", rows[0]["utterance"], "--database", folder / f"{name}.db", "--json").stdout)
    assert sorted(shown["origins"]) == ["brackwater-post.example", "dunmere-echo.example"]


# What goes out


@pytest.mark.slow
def test_no_cell_of_a_csv_is_a_formula_and_every_cell_is_the_printed_text_again(folder: Path) -> None:
    taken_in(folder / "csv.db", FILES / "csv/csv.jsonl")
    rows = exported(folder / "csv.db")
    assert len(rows) == 5
    for row in rows:
        assert not [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r＝"]
    printed = [json.loads(line) for line in (FILES / "csv/csv.jsonl").read_text("utf-8").splitlines()]
    assert {row["title"].lstrip("'") for row in rows} == {line["title"] for line in printed}


@pytest.mark.slow
def test_the_link_of_a_sighting_leads_to_its_words_and_nowhere_else(folder: Path) -> None:
    counts = taken_in(folder / "frag.db", FILES / "frag/frag.jsonl")
    assert counts["failed"] == 0
    rows = exported(folder / "frag.db")
    for row in rows:
        if row["url"].startswith("http"):
            parts = urlsplit(row["link"])
            assert parts.hostname == "dunmere-echo.example"
            assert parts.fragment.startswith(":~:text=") and parts.fragment.count(":~:") == 1
            assert not set(row["link"]) & set(' \n\t"<>'), row["link"]
        else:  # an address that is none of the web: the line of the file
            assert row["link"] == row["url"]


# Questions


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What did June Hart say about the harbour?", ["The harbour light was dark", "Every mooring in the harbour"]),
        ("What did June Hart say about moorings?", ["Every mooring in the harbour"]),
        ("quotes by June Hart", ["The harbour light was dark", "Every mooring in the harbour"]),
        ("What did Ansel May say?", ["The ferry contract will be signed", "I never promised a tunnel"]),
        ("What did Ansel May say about the tunnel?", ["I never promised a tunnel"]),
        ("What did Ansel May say in 2026?", ["The ferry contract will be signed"]),
        ("What did April O'Neil say?", ["My flour arrived wet"]),
        ("What did April O’Neil say about flour?", ["My flour arrived wet"]),
        ("What did Theo March say?", ["The flood of that winter"]),
        ("What did Theo March say about the flood?", ["The flood of that winter"]),
        ("What did Zoe Bruckner say?", ["A piano left in a cold church"]),
        ("What did ZOË BRÜCKNER say?", ["A piano left in a cold church"]),
        ("What did Soren Angstrom say about the café?", ["The café roof will stand"]),
        ("What did Iris Toll say in The Sun Dial?", ["The hives on the dyke"]),
        ("What did Marta Sund say in May?", []),  # in the month; her words are of March
        ("What did Hale Brannock say about poetry?", ["Rain has been falling"]),
        ("What did Wade On say about bridges?", ["No bridge stands on wishes"]),
        ("What did Who Lim say?", ["The sheep knew"]),
        ("What did Tamsin Rook say about AT&T?", ["Nobody should pay twice"]),
        ("What did May Ansel say?", []),
    ],
)
def test_a_question_is_answered_with_these_words(folder: Path, question: str, words: list[str]) -> None:
    if not (folder / "query.db").exists():
        taken_in(folder / "query.db", QUERY)
    answer = json.loads(quotetrack("ask", question, "--database", folder / "query.db", "--json").stdout)
    found = sorted(each["words"].replace("\u00ad", "") for each in answer["utterances"])
    assert [one.startswith(other) for one, other in zip(found, sorted(words), strict=True)] == [True] * len(words), (
        found
    )
