"""A database is copied between SQLite and PostgreSQL whole: every row with its id, full text, and where ids go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select
from tests.cli_runner import quotetrack
from tests.postgres import Server
from tests.store.newsroom import NOW, a_run, ferry, ferry_quotations, filed, filed_unsure

from quotetrack.core.domain import ArticleField
from quotetrack.core.normalize import sha256
from quotetrack.core.users import UserRole
from quotetrack.store import Sessions, close_store, open_store, speakers
from quotetrack.store.article_decisions import put_article_decision
from quotetrack.store.lock import run_lock
from quotetrack.store.search import full_text
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import Base, UtteranceRow
from quotetrack.store.users import put_user, remove_user
from quotetrack.store.vectors import put_vectors


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A database in SQLite with rows that point at later ones, and with an id that nobody has any more."""
    path = str(tmp_path / "news.db")
    sessions = open_store(f"sqlite:///{path}")
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
        filed_unsure(session)
        put_vectors(session, "mini", {sha256("a"): np.array([0.6, 0.8, 1e-7])})
        put_article_decision(session, ferry().url, ArticleField.TITLE, "Walrus", decided_by="ada", at=NOW)
        one, other = (speakers.put_speaker(session, name, speakers.SpeakerKind.PERSON) for name in ("O. V.", "Orla V."))
        speakers.merge(session, one, other, "ada", NOW)
        put_user(session, "ada", UserRole.READER, "hash", NOW)
        session.add_all([UtteranceRow(), UtteranceRow(), UtteranceRow()])
        session.flush()
        session.execute(delete(UtteranceRow).where(UtteranceRow.id == 3))
        put_user(session, "bo", UserRole.READER, "hash", NOW)
        remove_user(session, "bo")
    close_store(sessions)
    return path


@pytest.fixture
def empty_url(postgres: Server) -> Iterator[str]:
    with postgres.empty_database() as url:
        yield url


def content(sessions: Sessions) -> dict[str, list[object]]:
    """Return all rows, what is found by words, and the sightings."""
    with sessions() as session:
        found = {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
        hits = [[hit for hit, _ in full_text(session, word, limit=9)] for word in ("ferry", "walrus", "winter")]
        return {**found, "hits": hits, "sightings": read_sightings(session)}


def test_there_and_back_nothing_is_lost(path: str, empty_url: str, tmp_path: Path) -> None:
    back = str(tmp_path / "back.db")
    for source, target in ((path, empty_url), (empty_url, back)):
        result = quotetrack("db", "copy", source, target)
        assert result.exit_code == 0, result.output
        assert "rows from" in result.stdout
    opened = [open_store(url) for url in (f"sqlite:///{path}", empty_url, f"sqlite:///{back}")]
    first, second, third = map(content, opened)
    assert first == second == third
    assert first["hits"][1] == [1, 2]  # the title that a person decided
    for sessions in opened:
        with sessions.begin() as session:
            session.add(utterance := UtteranceRow())
            session.flush()
            assert utterance.id == 4  # the id of the deleted one is not given again
            assert put_user(session, "cy", UserRole.READER, "hash", NOW) is not None
            assert a_run(session) == len(first["runs"]) + 1
        close_store(sessions)


def test_a_database_with_rows_is_not_written_over(path: str, empty_url: str) -> None:
    assert quotetrack("db", "copy", path, empty_url).exit_code == 0
    again = quotetrack("db", "copy", path, empty_url)
    assert again.exit_code == 1
    assert "is not empty (" in again.stderr
    missing = quotetrack("db", "copy", f"{path}.not", empty_url)
    assert missing.exit_code == 1
    assert "there is no database at" in missing.stderr


def test_no_run_may_write_meanwhile(path: str, empty_url: str) -> None:
    with run_lock(empty_url):
        assert quotetrack("db", "copy", path, empty_url).exit_code == 75
    with run_lock(f"sqlite:///{path}"):
        assert quotetrack("db", "copy", path, empty_url).exit_code == 75


def test_a_mistyped_source_leaves_no_file(tmp_path: Path) -> None:
    result = quotetrack("db", "copy", tmp_path / "nope" / "news.db", tmp_path / "copy.db")
    assert result.exit_code == 1
    assert "there is no database at" in result.stderr
    assert list(tmp_path.iterdir()) == []
