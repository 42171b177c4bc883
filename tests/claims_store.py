"""A store of the articles in `claims_articles.py`, made once for all tests that name this plugin.

Not a conftest.py: pytest-alembic claims the one of this folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.claims_articles import ARTICLES, ingest
from tests.cli_runner import quotetrack


@pytest.fixture(scope="session")
def claims_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the database with its talking point, for tests that only read it."""
    database = tmp_path_factory.mktemp("claims") / "news.db"
    ingest(list(ARTICLES), database)
    assert quotetrack("claims", "update", "--database", database).exit_code == 0
    return database
