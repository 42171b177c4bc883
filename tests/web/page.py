"""The page over the sample newsroom, as a browser on this machine sees it.

Not a conftest.py: one below the top level may not name a plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

import quotetrack
from quotetrack import Database
from quotetrack.api import database as database_module
from quotetrack.models.embedder import Embedder
from quotetrack.web.app import create_app

HOST = "http://127.0.0.1:8710"


@pytest.fixture
def page_store(either_newsroom: str) -> str:
    """The database of the page, by path or URL."""
    return either_newsroom


@pytest.fixture
def db(page_store: str, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(database_module, "load_question_embedder", lambda _name: embedder)
    with quotetrack.open(page_store) as opened:
        yield opened


@pytest.fixture
def client(db: Database) -> TestClient:
    return TestClient(create_app(db, decided_by="ines"), base_url=HOST)


@pytest.fixture
def token(client: TestClient) -> str:
    """The secret that the forms of the page carry."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/review").text)
    assert found is not None
    return found[1]
