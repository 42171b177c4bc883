"""The commands `review queue`, `review export` and `review import`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.store import close_store, open_store, url_of
from quotetrack.store.decisions import put_judgement
from quotetrack.store.sightings import read_sightings

pytest_plugins = ("tests.filled_store",)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    database = tmp_path / "empty.db"
    close_store(open_store(f"sqlite:///{database}"))
    return database


def test_the_queue_says_why_and_what_to_do(ingested: Path) -> None:
    text = quotetrack("review", "queue", "--database", ingested).stdout
    (first, *_) = queue = json.loads(quotetrack("review", "queue", "--json", "--database", ingested).stdout)
    assert [entry["kind"] for entry in queue] == sorted((e["kind"] for e in queue), key=["name", "day"].index)
    assert first["kind"] == "name" and first["sighting"]["speaker"] == "Treasury"
    assert first["sighting"]["mention"] == "The Treasury"
    assert first["command"][:2] == ["review", "correct"]
    for entry in queue:
        assert entry["sighting"]["words"][:20] in text and entry["why"] in text
    assert text.startswith(quotetrack("review", "queue", "--limit", "1", "--database", ingested).stdout)


def test_the_command_of_the_queue_corrects(either_newsroom: str) -> None:
    (first, *others) = json.loads(quotetrack("review", "queue", "--json", "--database", either_newsroom).stdout)
    assert quotetrack(*first["command"], "--database", either_newsroom).exit_code == 0
    assert json.loads(quotetrack("review", "queue", "--json", "--database", either_newsroom).stdout) == others


def test_an_empty_store_has_nothing_to_look_at_or_to_export(empty: Path, tmp_path: Path) -> None:
    queue = quotetrack("review", "queue", "--database", empty)
    assert (queue.exit_code, queue.stdout, queue.stderr) == (0, "", "There is nothing to look at.\n")
    file = tmp_path / "decisions.json"
    exported = quotetrack("review", "export", file, "--database", empty)
    assert (exported.exit_code, exported.stdout) == (0, "")
    assert exported.stderr == f"Wrote 0 decisions to {file}.\n"
    imported = quotetrack("review", "import", file, "--database", empty)
    assert (imported.exit_code, imported.stderr) == (0, "0 decisions imported, 0 already there.\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "quotetrack: -: Invalid JSON: EOF while parsing a value at line 1 column 0. Nothing was imported.\n"),
        ("[]", "quotetrack: -: Input should be an object. Nothing was imported.\n"),
    ],
)
def test_another_file_is_refused_in_one_line(empty: Path, given: str, message: str) -> None:
    result = quotetrack("review", "import", "-", "--database", empty, given=given)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


def test_a_missing_file_is_an_error(empty: Path, tmp_path: Path) -> None:
    result = quotetrack("review", "import", tmp_path / "none.json", "--database", empty)
    assert result.exit_code == 1 and "none.json: No such file" in result.stderr


def test_decisions_about_articles_are_listed_and_undone_with_the_others(either_newsroom: str) -> None:
    database = ("--database", either_newsroom)
    done = quotetrack("articles", "set", "herring", "--author", "Nila Sarr", "--by", "ada", *database)
    assert done.exit_code == 0, done.output
    listed = quotetrack("review", "list", *database).stdout
    assert "a1. author: Nila Sarr, by ada" in listed and "herring_talks.txt" in listed
    (decision,) = json.loads(quotetrack("review", "list", "--json", *database).stdout)["articles"]
    assert (decision["id"], decision["field"], decision["value"]) == (1, "author", "Nila Sarr")
    assert quotetrack("review", "undo", "a1", *database).exit_code == 0
    assert quotetrack("review", "list", *database).stdout == ""
    assert quotetrack("review", "undo", "a1", *database).exit_code == 1


def test_judgements_that_contradict_one_another_are_listed(either_newsroom: str) -> None:
    assert "no such decisions" in quotetrack("review", "list", "--contradictions", "--database", either_newsroom).stderr
    sessions = open_store(url_of(either_newsroom))
    with sessions.begin() as session:
        one, two, three, other = (int(sighting.id) for sighting in read_sightings(session)[:4])
        for left, right, same in ((one, two, True), (two, three, True), (one, three, False), (one, other, False)):
            put_judgement(session, left, right, same=same, decided_by="ines", now=datetime(2031, 3, 4, tzinfo=UTC))
    close_store(sessions)
    listed = quotetrack("review", "list", "--contradictions", "--database", either_newsroom)
    assert [line[:2] for line in listed.stdout.splitlines() if line.startswith("j")] == ["j3", "j1", "j2"]
    both = quotetrack("review", "list", "--contradictions", "--orphans", "--database", either_newsroom)
    assert both.exit_code == 2
