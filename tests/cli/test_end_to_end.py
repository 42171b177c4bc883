"""Ingest, ask and export the sample newsroom, and all of it a second time."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import article_text

from quotetrack.linking.compare import compare
from quotetrack.sample import folder
from quotetrack.store import open_store
from quotetrack.store.sightings import read_sightings
from quotetrack.store.utterances import iter_utterances

pytest_plugins = ("tests.filled_store",)

CHANGED = {"last_seen_at"}  # by a second night
LOG_TABLES = {"runs", "failures", "sqlite_sequence"}  # get rows from a second night


def tables(database: Path) -> dict[str, list[tuple]]:
    """Return every row of every table, without the traces of another run."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = {}
        for name in sorted(set(names) - LOG_TABLES):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})") if row[1] not in CHANGED]
            listed = ", ".join(f'"{column}"' for column in columns)
            kept[name] = sorted(connection.execute(f"SELECT {listed} FROM {name}").fetchall(), key=repr)
    return kept


def rows_of(database: Path, path: Path) -> list[dict[str, str]]:
    assert quotetrack("export", "--csv", path, "--database", database).exit_code == 0
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_second_night_changes_nothing(newsroom: Path) -> None:
    before = tables(newsroom)
    assert len(before["articles"]) == 12
    assert len(before["article_versions"]) == 13
    assert len(before["quotations"]) > 40
    assert len(before["embeddings"]) > 40
    result = quotetrack("ingest", folder(), "--json", "--database", newsroom)
    counts = json.loads(result.stdout)
    assert (counts["new"], counts["unchanged"], counts["edited"], counts["failed"]) == (0, 13, 0, 0)
    assert tables(newsroom) == before


def test_the_words_of_each_part_are_the_text_at_its_offsets(newsroom: Path) -> None:
    with open_store(f"sqlite:///{newsroom}", read_only=True)() as session:
        sightings = read_sightings(session)
        for sighting in sightings:
            text = article_text(session, sighting)
            assert sighting.words == " ".join(part.of(text) for part in sighting.parts)
    assert len(sightings) > 40


def test_the_csv_has_every_sighting_once(newsroom: Path, tmp_path: Path) -> None:
    rows = rows_of(newsroom, tmp_path / "quotations.csv")
    with open_store(f"sqlite:///{newsroom}", read_only=True)() as session:
        utterances = list(iter_utterances(session))
    assert Counter(row["utterance"] for row in rows) == Counter(
        str(utterance.id) for utterance in utterances for _ in utterance.sightings
    )
    assert sum(row["link_kind"] == "itself" for row in rows) == len(utterances)
    assert all(row["version_sha256"] and row["link"] and row["outlet"] for row in rows)


def test_a_wire_report_in_four_outlets_has_one_wire_credit(newsroom: Path, tmp_path: Path) -> None:
    barrier = [row for row in rows_of(newsroom, tmp_path / "q.csv") if row["words"].startswith("The barrier will")]
    assert len({row["utterance"] for row in barrier}) == 1
    assert len({row["outlet"] for row in barrier}) == 5
    assert {row["wire_credit"] for row in barrier} == {"AFP", ""}


def test_a_misquote_is_flagged(newsroom: Path, tmp_path: Path) -> None:
    rows = rows_of(newsroom, tmp_path / "q.csv")
    assert [row["words"][:21] for row in rows if "not" in row["link_flags"].split()] == ["The barrier will hold"]


def test_a_stump_line_said_twice_is_two_utterances(newsroom: Path, tmp_path: Path) -> None:
    stump = [row for row in rows_of(newsroom, tmp_path / "q.csv") if row["words"].startswith("A province that")]
    assert len({(row["utterance"], row["said_first"]) for row in stump}) == len(stump) == 2


def test_a_removed_quotation_is_kept_and_marked_as_not_current(newsroom: Path, tmp_path: Path) -> None:
    rows = rows_of(newsroom, tmp_path / "q.csv")
    assert [row["speaker"] for row in rows if row["current"] == "no"] == ["Bram Oster"]


def test_the_answer_names_all_five_outlets(newsroom: Path) -> None:
    question = "What did Ragna Telle say about the storm barrier?"
    answer = json.loads(quotetrack("ask", question, "--json", "--database", newsroom).stdout)
    best = answer["utterances"][0]
    assert len({sighting["outlet"] for sighting in best["sightings"]}) == 5
    assert len({sighting["words"] for sighting in best["sightings"]}) == 4
    assert answer["utterances"][1]["words"].startswith("We knew about the cracks")


def test_an_edited_article_is_a_new_version(newsroom: Path, tmp_path: Path) -> None:
    lines = (folder() / "evening.jsonl").read_text(encoding="utf-8").splitlines()
    article = next(article for article in map(json.loads, lines) if article["id"] == "ember-rates")
    removed = "You cannot lay bricks with patience,"
    assert removed in article["text"]
    article["text"] = article["text"].replace(f'"{removed}"', "The builders were not pleased,")
    article["fetched"] = "2026-03-17T08:00:00+01:00"
    (tmp_path / "edited.jsonl").write_text(json.dumps(article), encoding="utf-8")
    before = {row["words"]: row["utterance"] for row in rows_of(newsroom, tmp_path / "before.csv")}
    counts = json.loads(quotetrack("ingest", tmp_path / "edited.jsonl", "--json", "--database", newsroom).stdout)
    assert (counts["new"], counts["edited"], counts["quotations"]) == (0, 1, len(rows_of(newsroom, tmp_path / "q.csv")))
    after = rows_of(newsroom, tmp_path / "after.csv")
    assert {row["words"]: row["utterance"] for row in after} == before
    assert [row["current"] for row in after if row["words"] == removed] == ["no"]


def test_the_demo_runs_twice_and_changes_nothing(ingested: Path, tmp_path: Path) -> None:
    shutil.copy(ingested, tmp_path / "newsroom.db")
    first = quotetrack("demo", "--folder", tmp_path)
    csv_before, rows_before = (tmp_path / "quotations.csv").read_bytes(), tables(tmp_path / "newsroom.db")
    second = quotetrack("demo", "--folder", tmp_path)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    for command in ("$ quotetrack ingest ", "$ quotetrack ask ", "$ quotetrack export ", "$ quotetrack serve "):
        assert command in first.stdout
    assert (tmp_path / "quotations.csv").read_bytes() == csv_before
    assert tables(tmp_path / "newsroom.db") == rows_before


def test_every_link_in_the_csv_is_the_one_that_compare_finds(newsroom: Path) -> None:
    with open_store(f"sqlite:///{newsroom}", read_only=True)() as session:
        for utterance in iter_utterances(session):
            for sighting in utterance.sightings:
                if sighting is not utterance.longest:
                    assert compare(utterance.longest, sighting) is not None


@pytest.mark.slow
@pytest.mark.parametrize("order", [("morning.jsonl", "evening.jsonl"), ("evening.jsonl", "morning.jsonl")])
def test_the_later_edition_is_current_in_any_order_of_ingest(tmp_path: Path, order: tuple[str, ...]) -> None:
    database = tmp_path / "news.db"
    for name in order:
        assert quotetrack("ingest", folder() / name, "--database", database).exit_code == 0
    rows = rows_of(database, tmp_path / "q.csv")
    assert [row["speaker"] for row in rows if row["current"] == "no"] == ["Bram Oster"]
