"""What people decide reaches every output: at once, after a new extraction or an edit, and in another database."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from tests.cli_runner import quotetrack
from tests.postgres import Server

import quotetrack as api
from quotetrack.sample import folder
from quotetrack.store import close_store, open_store, url_of

pytestmark = pytest.mark.slow

Fact: TypeAlias = tuple[str, str, str | None, str | None, str]
"""The last part of the URL, words, speaker, first day, and what a person decided."""

EXTRA = (
    "Pumps of Kelmouth stand still\nBy Hester Lowe\nMarch 16, 2026\n\n"
    "“The pumps will hold until the ferry is back,” said O. Brandt, an accountant from Kelmouth, on Sunday.\n\n"
    "The council asked for calm. “Two of the five pumps are new,” he said.\n\n"
    "A sign on the gate reads: nobody enters without a permit.\n"
)
PUMPS, NEW_PUMPS = "The pumps will hold until the ferry is back,", "Two of the five pumps are new,"
SIGN = "nobody enters without a permit."
CRACKS, BARRIER = "We knew about the cracks in October", "The barrier will"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The sample newsroom and one article more."""
    copied = Path(shutil.copytree(folder(), tmp_path / "newsroom"))
    (copied / "extra.txt").write_text(EXTRA, encoding="utf-8")
    return copied


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Three databases that are not there yet, by path or URL: one test for each system."""
    if request.param == "sqlite":
        yield str(tmp_path / "news.db"), str(tmp_path / "other.db"), str(tmp_path / "empty.db")
    else:
        server: Server = request.getfixturevalue("postgres")
        with server.empty_database() as one, server.empty_database() as two, server.empty_database() as three:
            yield one, two, three


@contextmanager
def session_on(database: str) -> Iterator[Session]:
    sessions = open_store(url_of(database))
    with sessions.begin() as session:
        yield session
    close_store(sessions)


def run(database: str, *arguments: object) -> str:
    done = quotetrack(*arguments, "--database", database)
    assert done.exit_code == 0, done.output
    return done.stdout


def exported(database: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(database, "export", "--csv", "-"))))


def sighting(database: str, words: str, url: str) -> str:
    """Return the id of the sighting whose words begin so in the article whose URL has this part."""
    (row,) = [row for row in exported(database) if row["words"].startswith(words) and url in row["url"]]
    return row["sighting"]


def facts(rows: Iterable[Mapping[str, Any]]) -> set[Fact]:
    """Return what rows of any output say, without those of no speaker, whom no question names."""
    return {
        (
            row["url"].rsplit("/", 1)[-1],
            row["words"],
            row["speaker"],
            str(row["said_first"]) if row["said_first"] else None,
            row["decided"] if isinstance(row["decided"], str) else " ".join(row["decided"] or ()),
        )
        for row in rows
        if row["speaker"]
    }


def facts_by_output(database: str) -> dict[str, set[Fact]]:
    rows = exported(database)
    utterances = sorted({row["utterance"] for row in rows})
    pages = [json.loads(run(database, "show", i, "--json")) for i in utterances]
    shown = [row for page in pages for row in page["sightings"]]
    related = {other["speaker"] for page in pages for other in page["related"]}
    assert related and related <= {row["speaker"] for row in rows}
    with session_on(database) as session:
        viewed = [dict(row) for row in session.execute(text("SELECT * FROM sightings_v")).mappings()]
    asked: list[Mapping[str, Any]] = []
    answered: list[Mapping[str, Any]] = []
    with api.open(database) as opened:
        for speaker in sorted({row["speaker"] for row in rows if row["speaker"]}):
            question = ("ask", f"what did {speaker} say", "--speaker", speaker, "--limit", 100, "--json")
            asked += [row for each in json.loads(run(database, *question))["utterances"] for row in each["sightings"]]
            answer = opened.ask(f"what did {speaker} say", speaker=speaker, limit=100)
            answered += answer.rows()
            assert speaker in str(answer) and escape(speaker, quote=False) in unquoted(answer._repr_html_())
    return {name: facts(rows) for name, rows in (
        ("csv", rows), ("show", shown), ("view", viewed), ("ask", asked), ("rows", answered)
    )}  # fmt: skip


def unquoted(html: str) -> str:
    return html.replace("&#39;", "'").replace("&#x27;", "'")


def said_everywhere(database: str) -> set[Fact]:
    """Return what every output says. Fails where two outputs differ."""
    by_output = facts_by_output(database)
    for name, its_facts in by_output.items():
        assert its_facts == by_output["csv"], name
    return by_output["csv"]


def decide(database: str, articles: Path) -> None:
    """Merge, rename, split, import, correct and judge; take a merge and a correction back."""
    run(database, "speakers", "split", "O. Brandt")
    run(database, "speakers", "merge", "Dot Whelan", "Bram Oster")
    run(database, "speakers", "rename", "Ragna Telle", "Minister Ragna Telle")
    aliases = articles.with_name("aliases.csv")
    aliases.write_text("name,alias,wikidata\nOluwaseun Brandt,Olu Brandt,Q4711\n", encoding="utf-8")
    run(database, "speakers", "import", aliases)
    merged = json.loads(run(database, "speakers", "show", "Petra Vance", "--json"))["id"]
    run(database, "speakers", "merge", "Petra Vance", "Lene Akers")
    run(database, "speakers", "merge", merged, "--revoke")
    run(database, "review", "correct", sighting(database, CRACKS, "1173"), "--speaker", "Nila Sarr")
    run(database, "review", "correct", sighting(database, CRACKS, "storm-barrier"), "--day", "2026-03-08..2026-03-09")
    run(database, "review", "correct", sighting(database, "supper pact", "two-quills"), "--not-a-quotation")
    run(database, "review", "correct", sighting(database, NEW_PUMPS, "extra"), "--words", "Two of the five pumps")
    run(
        database,
        "review",
        "correct",
        "--missed",
        f"file:{articles}/extra.txt",
        SIGN,
        "--speaker",
        "a sign",
    )
    wrong = ("review", "correct", sighting(database, "You cannot lay bricks", "rates"), "--speaker", "Dagny Moor")
    undone = quotetrack(*wrong, "--database", database).stderr.split()[-1]
    run(database, "review", "undo", undone)
    barrier = [sighting(database, BARRIER, url) for url in ("1173", "lindqvist-barrier-row")]
    run(database, "review", "judge", *barrier, "different")


def utterance_of(database: str, words: str, url: str) -> str:
    return next(row["utterance"] for row in exported(database) if row["words"].startswith(words) and url in row["url"])


def check(database: str) -> set[Fact]:
    """Check the decisions of `decide` in every output, and return what all outputs say."""
    everything = said_everywhere(database)
    by_words = {(url, words[:20]): (speaker, first, decided) for url, words, speaker, first, decided in everything}
    assert by_words["extra.txt", PUMPS[:20]][0] == "O. Brandt"  # split off, and not Olu
    speakers = {speaker for _, _, speaker, _, _ in everything}
    assert speakers >= {"Oluwaseun Brandt", "Minister Ragna Telle", "Petra Vance", "Lene Akers", "Nila Sarr"}
    assert not speakers & {"Olu Brandt", "Ragna Telle", "Dot Whelan", "Party workers"}
    assert {speaker for (url, _), (speaker, _, _) in by_words.items() if url == "kelmouth-ferry"} == {
        "Bram Oster",
        "Sunniva Rask",
    }
    assert by_words["barrier-cracks-1173", CRACKS[:20]][::2] == ("Nila Sarr", "speaker")
    assert by_words["storm-barrier-cracks", CRACKS[:20]] == ("Minister Ragna Telle", "2026-03-08", "day")
    assert by_words["extra.txt", "Two of the five pumps"[:20]][2] == "words"
    assert ("extra.txt", SIGN, "a sign", None, "missed") in everything
    assert by_words["20260315-rates", "You cannot lay bricks"[:20]] == ("Petra Vance", "2026-03-14", "")
    assert utterance_of(database, BARRIER, "1173") != utterance_of(database, BARRIER, "lindqvist-barrier-row")
    assert utterance_of(database, CRACKS, "1173") != utterance_of(database, CRACKS, "storm-barrier")
    return everything


def test_decisions_reach_every_output(articles: Path, databases: tuple[str, str, str], tmp_path: Path) -> None:
    database, other, empty = databases
    run(database, "ingest", articles)
    decide(database, articles)
    at_once = check(database)

    with session_on(database) as session:
        session.execute(text("UPDATE article_versions SET extracted_by = 'an older one'"))
    run(database, "ingest", "--stale", articles)
    assert check(database) == at_once

    decisions = tmp_path / "decisions.json"
    run(database, "review", "export", decisions)
    run(other, "ingest", articles)
    run(other, "review", "import", decisions)
    assert check(other) == at_once
    run(empty, "review", "import", decisions)
    run(empty, "ingest", articles)
    assert check(empty) == at_once

    edited = EXTRA.replace("The council asked for calm.", "Updated on Monday. The town council asked for calm.")
    (articles / "extra.txt").write_text(edited, encoding="utf-8")
    run(database, "ingest", articles)
    assert "Updated on Monday" in str([row["context_before"] for row in exported(database)])
    assert check(database) == at_once
