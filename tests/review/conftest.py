"""A store with two articles and three quotations for the tests of decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.store.newsroom import ferry, ferry_quotations, filed, quoted

from quotetrack.core.settings import Settings
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Sessions, close_store, open_store

OTHER = "Nobody on the island believes a word of that."
QUAY = f"“{OTHER}” said O. Venn on the quay."
BY_ADA: dict[str, Any] = {
    "decided_by": "ada",
    "now": datetime(2031, 3, 12, 22, 0, tzinfo=UTC),
    "settings": Settings(),
}


@pytest.fixture
def url(either_url: str) -> str:
    return either_url


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """Three quotations that wait to be linked: 1 of Orla Venn, 2 of Tadeo Brisk, 3 of O. Venn in another article."""
    opened = open_store(url)
    with opened.begin() as session:
        filed(session, ferry(), ferry_quotations())
        filed(session, ferry(QUAY, url="https://islandecho.example/quay"), [quoted(QUAY, OTHER, speaker="O. Venn")])
    resolve_speakers.run(opened)
    yield opened
    close_store(opened)
