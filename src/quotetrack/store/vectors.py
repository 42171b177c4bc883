"""Vectors of texts, and their cosines to a given vector: an exact scan over the float16 vectors of given quotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.store.backends import backend_of
from quotetrack.store.backends.statements import insert_absent, numbers, texts
from quotetrack.store.tables import EmbeddingRow, QuotationRow, StatementTable

ROWS_A_BATCH = 5_000  # 8 MB: for each quotation two vectors of 384 float16


@dataclass(frozen=True, slots=True)
class Cosines:
    """Statement ids, ascending, and the cosines of their words and of their passages; each of shape (ids,)."""

    ids: NDArray[np.int64]
    words: NDArray[np.float32]
    passage: NDArray[np.float32]


def cosines(
    session: Session,
    vector: NDArray[np.floating],
    model: str,
    ids: Sequence[int],
    table: StatementTable = QuotationRow,
) -> Cosines:
    """Return the cosines of the words and passages of these statements to a unit vector; 0 for a text without a vector.

    A statement is left out if neither of its texts has a vector of this model. Raises ValueError if the vector has
    another length than the model's.
    """
    found_ids: list[int] = []
    near: list[NDArray[np.float32]] = []
    ordered, wanted = sorted(ids), vector.astype(np.float32)
    for start in range(0, len(ordered), ROWS_A_BATCH):
        some = ordered[start : start + ROWS_A_BATCH]
        ids_of_some, cosines_of_some = backend_of(session).cosines(session, table, wanted, model, some)
        found_ids += ids_of_some
        near.append(cosines_of_some)
    both = np.concatenate([np.zeros((0, 2), np.float32), *near])
    return Cosines(np.array(found_ids, dtype=np.int64), both[:, 0], both[:, 1])


def read_vectors(session: Session, model: str, text_keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return the vector of each of these text keys that has one of this model."""
    found: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(text_keys), ROWS_A_BATCH):
        among = select(texts(text_keys[start : start + ROWS_A_BATCH]).c.value)
        stored = select(EmbeddingRow.text_key, EmbeddingRow.vector)
        for key, vector in session.execute(stored.where(EmbeddingRow.text_key.in_(among), EmbeddingRow.model == model)):
            found[key] = np.frombuffer(vector, dtype="<f2").astype(np.float32)
    return found


def read_vectors_of_words(session: Session, model: str, ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    """Return the vector of the words of each of these quotations that has one of this model."""
    stored = select(QuotationRow.id, EmbeddingRow.vector)
    stored = stored.join(EmbeddingRow, EmbeddingRow.text_key == QuotationRow.words_sha256)
    stored = stored.where(EmbeddingRow.model == model, QuotationRow.id.in_(select(numbers(ids).c.value)))
    return {
        quotation_id: np.frombuffer(vector, dtype="<f2").astype(np.float32)
        for quotation_id, vector in session.execute(stored)
    }


def put_vectors(session: Session, model: str, vectors: Mapping[str, NDArray[np.floating]]) -> None:
    """Store one unit vector for each text key (`normalize.sha256`). A key that has one keeps it. Raises ValueError."""
    rows = [{"text_key": key, "model": model, "vector": _half(vector)} for key, vector in vectors.items()]
    insert_absent(session, EmbeddingRow, rows, ("text_key", "model"))


def _half(vector: NDArray[np.floating]) -> bytes:
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError(f"no vector: shape {vector.shape}")
    return vector.astype("<f2").tobytes()
