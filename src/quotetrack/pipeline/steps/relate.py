"""Find related statements: the same speaker making the same point in other words, or on another occasion.

Embeddings propose, and nothing is merged: a cosine cannot tell a paraphrase of one utterance from the same point made
on another day (AUC .54 on judged pairs), nor "will" from "will not".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.versions import RELATER
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.related import (
    forget_other_relaters,
    put_related,
    put_relater,
    statements_of,
    waiting_by_speaker,
)
from quotetrack.store.worklists import Touched

LEAST_COSINE = 0.6  # docs/quality.md, "Related statements"
MOST_RELATED = 5  # of one statement: the nearest
LEAST_CHARACTERS = 25  # some five words
ROWS_AT_ONCE = 1_000  # new statements of one speaker, each compared with all statements of the speaker


def run(
    sessions: Sessions, model: str, on_progress: OnProgress = ignore_progress, touched: Touched | None = None
) -> None:
    """Store for every new statement the nearest other statements of its speaker, by the vectors of this model.

    Only the statements that a decision touches, if it is given. One transaction a speaker. Statements without a vector
    wait for the next run.
    """
    maker = f"{RELATER} {model}"
    with sessions.begin() as session:
        forget_other_relaters(session, maker)
        waiting = waiting_by_speaker(session, model, touched)
    for done, (speaker, ids) in enumerate(waiting.items()):
        on_progress("relating", done, len(waiting))
        with sessions.begin() as session:
            put_relater(session, ids, maker)  # first, so that what a person decides meanwhile takes the mark away
            statements, vectors = statements_of(session, speaker, model, LEAST_CHARACTERS)
            put_related(session, list(_nearest(statements, vectors, set(ids))), maker)
    if waiting:
        on_progress("relating", len(waiting), len(waiting))


def _nearest(
    statements: Sequence[tuple[int, int]], vectors: NDArray[np.float16], new: set[int]
) -> Iterator[tuple[int, int, float]]:
    """Yield for each new statement the nearest ones of other utterances, as two quotation ids and their cosine.

    `statements` are pairs of quotation id and utterance id; `vectors` has a row for each. At most MOST_RELATED for each
    statement, with a cosine of at least LEAST_COSINE.
    """
    matrix = vectors.astype(np.float32)
    utterances = np.array([utterance for _, utterance in statements])
    new_rows = [row for row, (quotation, _) in enumerate(statements) if quotation in new]
    for start in range(0, len(new_rows), ROWS_AT_ONCE):
        batch = new_rows[start : start + ROWS_AT_ONCE]
        for row, cosines in zip(batch, matrix[batch] @ matrix.T, strict=True):
            cosines[utterances == utterances[row]] = -1.0
            for other in np.argsort(-cosines, kind="stable")[:MOST_RELATED]:
                if cosines[other] >= LEAST_COSINE:
                    yield statements[row][0], statements[other][0], round(float(cosines[other]), 4)
