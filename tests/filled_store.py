"""A store with the sample newsroom, made once for all tests that name this plugin.

Not a conftest.py: pytest-alembic claims the one of this folder.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder, load_embedder
from quotetrack.sample import folder


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database, for tests that only read it."""
    database = tmp_path_factory.mktemp("newsroom") / "newsroom.db"
    result = quotetrack("ingest", folder(), "--database", database)
    assert result.exit_code == 0, result.output
    return database


@pytest.fixture
def newsroom(ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a copy of the database that the test may change, with its own evidence: who erases takes that too."""
    evidence = Settings().evidence
    assert evidence is not None
    shutil.copytree(evidence, tmp_path / "evidence")
    monkeypatch.setenv("QUOTETRACK_EVIDENCE", str(tmp_path / "evidence"))
    return Path(shutil.copy(ingested, tmp_path / "newsroom.db"))


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder(Settings().embedding_model)
