"""Statements over many ids, in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.store.tables import ArticleVersionRow

BATCH = 500  # ids in one statement, and utterances in memory at once


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Return the ids in batches of at most BATCH."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def texts_of(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    """Return the text of each version."""
    wanted = select(ArticleVersionRow.id, ArticleVersionRow.text)
    return {
        version_id: text
        for batch in batches(sorted(set(version_ids)))
        for version_id, text in session.execute(wanted.where(ArticleVersionRow.id.in_(batch)))
    }
