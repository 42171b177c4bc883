from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from quotetrack.store import Sessions, close_store, open_store


@pytest.fixture
def url(either_url: str) -> str:
    return either_url


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    opened = open_store(url, busy_seconds=0.1)
    yield opened
    close_store(opened)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    with sessions() as opened:
        yield opened
