"""The nearest texts to a vector: an exact scan over the float16 rows of the candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.store.dialect import numbers
from quotetrack.store.read import is_sighting
from quotetrack.store.tables import ArticleVersionRow, EmbeddingRow, QuotationRow

ROWS_A_BATCH = 10_000  # 8 MB of 384 float16

TextKind = Literal["words", "context"]


def nearest(
    session: Session,
    vector: NDArray[np.floating],
    model: str,
    text_kind: TextKind,
    ids: Sequence[int] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """Ids of quotations with the cosine of their words, or of their paragraph, to a unit vector; nearest first.

    Among `ids`, or among all sightings. A quotation whose text this model has not embedded is left out. Of equals
    the lower id comes first. Raises ValueError where the vector is not of the model's length.
    """
    wanted = vector.astype(np.float32)
    found_ids: list[int] = []
    scores: list[NDArray[np.float32]] = []
    for batch_ids, vectors in _vectors(session, model, text_kind, ids):
        found_ids += batch_ids
        scores.append(vectors.astype(np.float32) @ wanted)
    if not found_ids:
        return []
    return _best(np.array(found_ids), np.concatenate(scores), limit)


def _vectors(
    session: Session, model: str, text_kind: TextKind, ids: Sequence[int] | None
) -> Iterator[tuple[list[int], NDArray[np.float16]]]:
    key = QuotationRow.words_sha256 if text_kind == "words" else QuotationRow.context_sha256
    rows = (
        select(QuotationRow.id, EmbeddingRow.vector)
        .join_from(QuotationRow, EmbeddingRow, EmbeddingRow.text_key == key)
        .where(EmbeddingRow.model == model)
    )
    if ids is None:
        version = QuotationRow.version_id == ArticleVersionRow.id
        statements = [rows.join(ArticleVersionRow, version).where(is_sighting())]
    else:
        batches = (ids[start : start + ROWS_A_BATCH] for start in range(0, len(ids), ROWS_A_BATCH))
        statements = [rows.where(QuotationRow.id.in_(select(numbers(batch).c.value))) for batch in batches]
    for statement in statements:
        for batch in session.execute(statement).partitions(ROWS_A_BATCH):
            yield [quotation_id for quotation_id, _ in batch], _matrix([stored for _, stored in batch])


def _matrix(stored: Sequence[bytes]) -> NDArray[np.float16]:
    return np.frombuffer(b"".join(stored), dtype="<f2").reshape(len(stored), -1)


def _best(ids: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
    best = np.lexsort((ids, -scores))[:limit]
    return [(int(ids[i]), float(scores[i])) for i in best]
