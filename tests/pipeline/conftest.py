from collections.abc import Iterator

import pytest

from quotetrack.store import Sessions, close_store, open_store


@pytest.fixture
def sessions(either_url: str) -> Iterator[Sessions]:
    opened = open_store(either_url)
    yield opened
    close_store(opened)
