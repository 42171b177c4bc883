"""Decisions go from one database to another, before or after its articles, and every output is then the same."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import NOW, ferry, ferry_quotations, filed

from quotetrack.core.domain import Anchor, ArticleField, CorrectionFault, Judgement, Span
from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.steps import correct as correct_step
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.review.annotations import JudgementAnnotation, read_json, write_json
from quotetrack.review.corrections import correct
from quotetrack.review.exchange import export_decisions, import_decisions
from quotetrack.review.speakers import Alias, import_speakers, rename
from quotetrack.sample import folder
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.article_decisions import put_article_decision
from quotetrack.store.corrections import read_corrections
from quotetrack.store.decisions import ImportResult, read_judgements
from quotetrack.store.lock import run_lock
from quotetrack.store.sightings import read_sightings
from quotetrack.store.speakers import speakers_by_key
from quotetrack.store.utterances import iter_utterances

pytest_plugins = ("tests.filled_store",)

OF_THE_DATABASE = {"utterance", "sighting", "speaker_id", "fetched_at"}  # ids, and when it took the article in
BARRIER = "https://vartribune.example/politics/lindqvist-barrier-row"
FERRY = "https://capitalledger.example/news/kelmouth-ferry"
SCHOOL = "https://harbourradio.example/news/school-reopens-1181"
NEVER_SENT = "the ministry had never sent the committee a single page about the cracks"
PEOPLE = "name,alias,wikidata\nYusuf Daley,Joe Daley,Q11\nAna Pardo,a spokesman,\nThe Harbour Seals,Seal Club,\n"


def run(database: Path, *arguments: str | Path | int) -> str:
    result = quotetrack(*map(str, arguments), "--database", database)
    assert result.exit_code == 0, result.output
    return result.output


def sighting(database: Path, words: str, outlet: str | None = None) -> int:
    """Return the id of the sighting whose words begin so."""
    with open_store(f"sqlite:///{database}", read_only=True)() as session:
        found = [s for s in read_sightings(session) if s.words.startswith(words) and outlet in (None, s.outlet)]
    return int(found[0].id)


def outputs(database: Path) -> tuple[list[str], list[str]]:
    """Return what readers see, without ids: utterances with their sightings, and the rows of the CSV."""
    with open_store(f"sqlite:///{database}", read_only=True)() as session:
        utterances = [
            (
                utterance.speaker,
                utterance.said,
                sorted(
                    (
                        s.words,
                        str(s.url),
                        str(s.speaker),
                        str(s.speaker_as_printed),
                        str(s.wikidata_id),
                        s.said,
                        s.decided,
                    )
                    for s in utterance.sightings
                ),
            )
            for utterance in iter_utterances(session)
        ]
    text = quotetrack("export", "--csv", "-", "--database", database).stdout
    listed = csv.DictReader(io.StringIO(text))
    rows = [{name: cell for name, cell in row.items() if name not in OF_THE_DATABASE} for row in listed]
    return sorted(map(repr, utterances)), sorted(map(repr, rows))


def decisions(database: Path) -> list[tuple[Any, ...]]:
    """Return every decision that is stored, without ids."""
    with closing(sqlite3.connect(database)) as connection:
        statements = (
            "SELECT decision, value, decided_by, decided_at FROM speaker_decisions",
            "SELECT fault, value, reason, decided_by, decided_at, revoked_at FROM corrections",
            "SELECT same, reason, decided_by, decided_at, revoked_at FROM judgements",
            "SELECT article_url, field, value, reason, decided_by, decided_at, revoked_at FROM article_decisions",
            "SELECT article_url, start, exact, prefix, suffix, parts FROM anchors",
            "SELECT name, key FROM speaker_names",
        )
        return [row for statement in statements for row in sorted(connection.execute(statement).fetchall(), key=repr)]


def exported(database: Path) -> dict[str, Any]:
    collection: dict[str, Any] = json.loads(quotetrack("review", "export", "-", "--database", database).stdout)
    return collection


@pytest.fixture
def decided(newsroom: Path, tmp_path: Path) -> Path:
    """A newsroom in which a person has made a decision of every kind, and revoked one of every kind."""
    by = ("--by", "M. K.", "--reason", "heard it myself")
    clinics = sighting(newsroom, "The clinics were never")
    run(newsroom, "review", "correct", clinics, "--speaker", "Corin Vale", *by)
    run(newsroom, "review", "correct", sighting(newsroom, "Fish do not carry"), "--day", "2026-03-14", *by)
    run(newsroom, "review", "correct", sighting(newsroom, "colder than"), "--words", "than we expected", *by)
    run(newsroom, "review", "correct", sighting(newsroom, "supper pact"), "--not-a-quotation", *by)
    run(newsroom, "review", "correct", "--missed", BARRIER, NEVER_SENT, "--speaker", "Peter Lindqvist", *by)
    run(newsroom, "review", "correct", clinics, "--day", "unknown", *by)
    run(newsroom, "review", "undo", "c6")
    stump, again = (sighting(newsroom, "A province that", each) for each in ("Northern Post", "Saltmere Courier"))
    run(newsroom, "review", "judge", stump, again, "same", *by)
    hold, misquoted = (sighting(newsroom, "The barrier will hold"), sighting(newsroom, "The barrier will not hold"))
    run(newsroom, "review", "judge", hold, misquoted, "different")
    known, herring = sighting(newsroom, "We knew about"), sighting(newsroom, "Nobody signs")
    run(newsroom, "review", "judge", known, herring, "same")
    run(newsroom, "review", "judge", known, herring, "--revoke")
    run(newsroom, "speakers", "merge", "Treasury", "a spokeswoman for the Treasury", "--by", "M. K.")
    run(newsroom, "speakers", "rename", "Olu Brandt", "Oluwaseun Brandt")
    run(newsroom, "speakers", "rename", "Bram Oster", "Captain Oster of the Kelmouth Line")
    run(newsroom, "speakers", "split", "Bram Oster")
    run(newsroom, "speakers", "merge", "Dot Whelan", "Gwen Aldous")
    with open_store(f"sqlite:///{newsroom}", read_only=True)() as session:
        dot = next(s.speaker_id for s in read_sightings(session) if s.speaker_as_printed == "Dot Whelan")
    assert dot is not None
    with closing(sqlite3.connect(newsroom)) as connection:
        (absorbed,) = connection.execute("SELECT speaker_id FROM speaker_names WHERE name = 'Dot Whelan'").fetchone()
    run(newsroom, "speakers", "merge", absorbed, "--revoke")
    _decide_about_articles(newsroom, *by)
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    run(newsroom, "speakers", "import", tmp_path / "people.csv")
    return newsroom


def _decide_about_articles(database: Path, *by: str) -> None:
    named = ("--title", "The cracks", "--author", "W. T.", "--published", "2026-03-13")
    run(database, "articles", "set", BARRIER, *named, *by)
    run(database, "articles", "set", FERRY, "--outlet", "northernpost", *by)
    run(database, "articles", "set", FERRY, "--title", "Set by mistake")
    with closing(sqlite3.connect(database)) as connection:
        (mistake,) = connection.execute("SELECT id FROM article_decisions WHERE value = 'Set by mistake'").fetchone()
    run(database, "articles", "undo", mistake)
    run(database, "articles", "remove", SCHOOL, *by)


@pytest.mark.slow
def test_every_output_is_the_same_in_another_database(decided: Path, ingested: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.json"
    run(decided, "review", "export", file)
    after = tmp_path / "after.db"
    after.write_bytes(ingested.read_bytes())
    assert "20 decisions imported, 0 already there." in run(after, "review", "import", file)
    assert outputs(after) == outputs(decided)
    assert outputs(after) != outputs(ingested)
    assert exported(after) == exported(decided)
    stored = decisions(after)
    assert "0 decisions imported, 20 already there." in run(after, "review", "import", file)
    assert decisions(after) == stored


@pytest.mark.slow
def test_decisions_wait_for_their_articles(decided: Path, tmp_path: Path) -> None:
    file, before = tmp_path / "decisions.json", tmp_path / "before.db"
    run(decided, "review", "export", file)
    report = run(before, "review", "import", file)
    assert "20 decisions imported, 0 already there." in report
    assert "12 of them wait for an article" in report
    assert exported(before) == exported(decided)
    run(before, "ingest", folder())
    assert outputs(before) == outputs(decided)
    assert exported(before) == exported(decided)
    assert "0 decisions imported, 20 already there." in run(before, "review", "import", file)


# A small store, without models


URL = ferry().url
BY_ADA: dict[str, Any] = {"decided_by": "ada", "now": NOW, "settings": Settings()}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Sessions]:
    """A store with one article, in which two decisions were made: sightings 1 and 2 are Venn's and Brisk's."""
    sessions = open_store(f"sqlite:///{tmp_path / 'small.db'}")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
    resolve_speakers.run(sessions)
    link.run(sessions)
    correct(sessions, 2, CorrectionFault.SPEAKER, "Simon Vale", **BY_ADA)
    with sessions() as session:
        venn = speakers_by_key(session, ["orla venn"])["orla venn"]
    rename(sessions, venn, "Mayor Venn", **BY_ADA)
    yield sessions
    close_store(sessions)


def speakers(sessions: Sessions) -> list[str | None]:
    with sessions() as session:
        return [sighting.speaker for sighting in read_sightings(session)]


def file_of(sessions: Sessions) -> bytes:
    with sessions() as session:
        return write_json(export_decisions(session)).encode()


def test_with_a_night_running_decisions_are_imported_and_applied_later(small: Sessions, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    other = open_store(url)
    with other.begin() as session:
        filed(session, ferry(), ferry_quotations())
    resolve_speakers.run(other)
    with run_lock(url):
        done = import_decisions(other, read_json(file_of(small)), load_outlets(None), now=NOW, settings=Settings())
    assert (done.counts[ImportResult.NEW], done.is_applied) == (2, False)
    assert speakers(other) == ["Mayor Venn", "Tadeo Brisk"]
    correct_step.run(other, NOW)
    resolve_speakers.run(other)
    assert speakers(other) == ["Mayor Venn", "Simon Vale"]
    close_store(other)


def test_a_wrong_file_changes_nothing(small: Sessions, tmp_path: Path) -> None:
    collection = json.loads(file_of(small))
    collection["first"]["items"][1]["target"]["selector"][1]["start"] += 1
    wrong, database = tmp_path / "wrong.json", tmp_path / "other.db"
    wrong.write_text(json.dumps(collection), "utf-8")
    result = quotetrack("review", "import", wrong, "--database", database)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"quotetrack: {wrong}: annotation 2: target: the position has ")
    assert result.stderr.endswith(". Nothing was imported.\n")
    assert not database.exists()


def test_what_cannot_be_stored_is_reported_and_the_rest_is_imported(small: Sessions, tmp_path: Path) -> None:
    database = tmp_path / "other.db"
    other = open_store(f"sqlite:///{database}")
    people = [Alias("Orla Venn", wikidata_id="Q1"), Alias("Tadeo Brisk", wikidata_id="Q2")]
    import_speakers(small, people, **BY_ADA)
    import_speakers(other, [Alias("Simon Vale", wikidata_id="Q2")], **BY_ADA)
    close_store(other)
    result = quotetrack("review", "import", "-", "--database", database, given=file_of(small))
    assert result.exit_code == 3
    assert "failed: -: annotation 3: Q2 is already Simon Vale, not Tadeo Brisk" in result.stderr
    assert "3 decisions imported, 0 already there, 1 refused." in result.stderr
    assert "1 of them waits for an article that is not stored yet." in result.stderr


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ([(1, 2, "same"), (2, 3, "same")], (1, 3, "different")),
        ([(1, 2, "same"), (2, 3, "different")], (1, 3, "same")),
    ],
)
@pytest.mark.parametrize("is_in_one_file", [True, False])
def test_a_judgement_that_contradicts_others_is_told_and_not_imported(
    tmp_path: Path, here: list[tuple[int, int, str]], told: tuple[int, int, str], is_in_one_file: bool
) -> None:
    database = tmp_path / "other.db"
    files = [[*here, told]] if is_in_one_file else [here, [told]]
    for judged in files:
        result = quotetrack("review", "import", "-", "--database", database, given=judgements(judged))
    assert result.exit_code == 3
    assert f"failed: -: annotation {len(files[-1])}: two quotations cannot be " in result.stderr
    assert "this contradicts what was judged here (j" in result.stderr
    with open_store(f"sqlite:///{database}")() as session:
        assert [each.same for each in read_judgements(session)] == [verdict == "same" for _, _, verdict in here]


def judgements(judged: list[tuple[int, int, str]]) -> str:
    """Return a file of judgements about three quotations, each in an article of its own."""

    def anchor(number: int) -> Anchor:
        words = f"Line {number} will carry no more crates"
        return Anchor(1, words, "“", ",” said Bo.", (Span(0, len(words)),))

    decided = [
        Judgement(
            id=minute,
            anchors=(anchor(left), anchor(right)),
            where=(f"https://quay.example/{left}", f"https://quay.example/{right}"),
            left=(),
            right=(),
            same=verdict == "same",
            decided_by="bo",
            decided_at=NOW + timedelta(minutes=minute),
        )
        for minute, (left, right, verdict) in enumerate(judged)
    ]
    return write_json([JudgementAnnotation.of(each) for each in decided])


def test_words_of_a_removed_article_are_not_imported(small: Sessions, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    other = open_store(url)
    with other.begin() as session:
        put_article_decision(session, ferry().url, ArticleField.REMOVED, None, decided_by="bo", at=NOW)
    done = import_decisions(other, read_json(file_of(small)), load_outlets(None), now=NOW, settings=Settings())
    assert done.counts == {ImportResult.NEW: 1, ImportResult.KNOWN: 0, ImportResult.OVERRULED: 1}
    with other() as session:
        assert read_corrections(session) == []
    close_store(other)
