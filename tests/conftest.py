"""What all tests share: ids that every worker agrees on, which tests are slow, and where their data is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.postgres import Server, running_server

NEVER_FAST = ("gate", "gate_full", "bench")


def pytest_configure(config: pytest.Config) -> None:
    """Put the default database and evidence in a temporary folder, before our settings are imported."""
    folder = TemporaryDirectory(prefix="quotetrack-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_DATA_HOME"] = folder.name


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their length: packed bytes differ from run to run, and all workers must agree on the ids."""
    return f"{argname}-{len(val)}" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what reads the measuring data or measures speed, so that `-m "not slow"` is the fast loop."""
    for item in items:
        if any(item.get_closest_marker(marker) for marker in NEVER_FAST):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the tests of this worker."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """The URL of a database of its own, with empty tables, in PostgreSQL."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of its own: one test for each system."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'news.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
