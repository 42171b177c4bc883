"""A store with the sample newsroom, made once for all tests that name this plugin.

Not a conftest.py: pytest-alembic claims the one of this folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.postgres import Server

from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder, load_embedder
from quotetrack.sample import folder
from quotetrack.store import url_of
from quotetrack.store.copying import copy_database


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database, for tests that only read it."""
    database = tmp_path_factory.mktemp("newsroom") / "newsroom.db"
    result = quotetrack("ingest", folder(), "--database", database)
    assert result.exit_code == 0, result.output
    return database


@pytest.fixture
def own_evidence(ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence that the test may change: who erases an article takes its evidence too."""
    evidence = Settings().evidence
    assert evidence is not None
    shutil.copytree(evidence, tmp_path / "evidence")
    monkeypatch.setenv("QUOTETRACK_EVIDENCE", str(tmp_path / "evidence"))


@pytest.fixture
def newsroom(ingested: Path, tmp_path: Path, own_evidence: None) -> Path:
    """The path of a copy of the database that the test may change."""
    return Path(shutil.copy(ingested, tmp_path / "newsroom.db"))


@pytest.fixture(scope="session")
def ingested_in_postgresql(ingested: Path, postgres: Server) -> Iterator[str]:
    """The URL of the same database in PostgreSQL, ids included, for tests that only read it."""
    with postgres.empty_database() as url:
        copy_database(url_of(ingested), url, lambda _table: None)
        yield url


@pytest.fixture
def newsroom_in_postgresql(ingested_in_postgresql: str, postgres: Server, own_evidence: None) -> Iterator[str]:
    with postgres.copy_of(ingested_in_postgresql) as url:
        yield url


@pytest.fixture(params=["newsroom", "newsroom_in_postgresql"], ids=["sqlite", "postgresql"])
def either_newsroom(request: pytest.FixtureRequest) -> str:
    """A copy of the database that the test may change, by path or URL: one test for each system."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder(Settings().embedding_model)
