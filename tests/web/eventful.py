"""A store in which everything has happened that the pages tell of: decisions, merges, fact-checks, failures, edits.

Not a conftest.py: one below the top level may not name a plugin. All articles and people are invented.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.claims_articles import ARTICLES, ingest
from tests.cli_runner import quotetrack

import quotetrack as api
from quotetrack import Database
from quotetrack.core.settings import Settings
from quotetrack.store import open_store, url_of
from quotetrack.store.crawl import put_last_gave

FERRY = (
    "Council votes on the ferry\n\n"
    "Orla Venn, the harbour master, said the law was “cruel” and would fail.\n\n"
    "Tadeo Brisk of the dockers’ union said on Friday that the ferry would sail again before the winter.\n\n"
    "“Promises float, boats do not,” said Brisk.\n"
)
CLAIM = "The Saltmere storm barrier will not hold another winter like the last one."
CHECKS = (
    "url,claim,claimant,verdict,publisher,published\n"
    f"https://checks.example/barrier,{CLAIM},Ragna Telle,Half true,Varland Checks,2026-03-13\n"
)
SPEAKERS = "name,alias,wikidata,role,since,until\nRagna Telle,,,mayor of Saltmere,2024-01-02,2028-01-01\n"


@pytest.fixture(scope="session")
def eventful_store(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database, for tests that only read it.

    It has its own evidence: an article is removed, and other tests need what the sample newsroom has.
    """
    folder = tmp_path_factory.mktemp("eventful")
    evidence = Settings().evidence
    assert evidence is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTETRACK_EVIDENCE", str(shutil.copytree(evidence, folder / "evidence")))
        return _filled(Path(shutil.copy(ingested, folder / "news.db")))


def _filled(database: Path) -> Path:
    folder = database.parent
    for name, text in (("ferry.txt", FERRY), ("checks.csv", CHECKS), ("people.csv", SPEAKERS), ("empty.html", "")):
        (folder / name).write_text(text, "utf-8")
    ferry = ("--published", "2031-03-09", "--outlet", "harbourpost", "--reported")
    for command in (
        ("ingest", folder / "ferry.txt", *ferry),
        ("ingest", folder / "empty.html"),
        ("checks", "import", folder / "checks.csv"),
        ("speakers", "import", folder / "people.csv"),
    ):
        done = quotetrack(*command, "--database", database)
        assert done.exit_code in (0, 3), done.output
    ingest(list(ARTICLES), database)
    assert quotetrack("claims", "update", "--database", database).exit_code == 0
    with open_store(url_of(database)).begin() as session:
        put_last_gave(session, "courier", datetime(2026, 3, 1, tzinfo=UTC))
    with api.open(database) as opened:
        _decide(opened)
    return database


def _decide(db: Database) -> None:
    """Make decisions of every kind, two by another person who agrees or does not."""
    reported, *_ = db.ask("what did Tadeo Brisk say about the ferry", reported=None).reported
    speaker, day, *_ = (each.sighting for each in db.review.queue(50))
    for name, by in (("Nils Aker", "ines"), ("Nils Aker", "otto")):
        db.review.correct(speaker.id, speaker=name, by=by, reason="heard it")
    db.review.correct(day.id, day="2026-03-07..2026-03-09", by="ines")
    db.review.correct(reported.best.id, speaker="unknown", by="otto")
    (checked,) = (each.id for each in db.utterances(limit=1000) if db.show(each.id).checks)
    db.review.check(checked, 1, right=True, by="ines")
    left, right, *_ = (each.id for each in db.show(1).utterance.sightings)
    for by in ("ines", "otto"):
        db.review.judge(int(left), int(right), same=True, by=by)
    db.speakers.merge("Tadeo Brisk", "Lucia Quill", by="ines")
    db.speakers.rename("Ragna Telle", "Ragna B. Telle", by="otto")
    *_, removed, retitled = db.articles.list(limit=100)
    db.articles.set(retitled.id, title="Another title", by="ines")
    db.articles.remove(removed.id, reason="twice", by="otto")
