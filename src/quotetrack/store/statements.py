"""Statements over many ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.store.tables import ArticleVersionRow


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, so many at a time as one statement takes well."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def texts_of(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    """The text of each version."""
    wanted = select(ArticleVersionRow.id, ArticleVersionRow.text)
    return {
        version_id: text
        for batch in batches(sorted(set(version_ids)))
        for version_id, text in session.execute(wanted.where(ArticleVersionRow.id.in_(batch)))
    }


BATCH = 500  # ids in one statement, and utterances in memory at once
