"""Related statements: the same speaker making the same point in other words, or on another occasion.

Embeddings propose, and nothing is merged: a cosine cannot tell a paraphrase of one utterance from the same point made
on another day (AUC .54 on judged pairs), nor "will" from "will not".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.versions import RELATER
from quotetrack.pipeline.progress import OnProgress
from quotetrack.store import Sessions
from quotetrack.store.related import (
    forget_other_relaters,
    put_related,
    put_relater,
    statements_of,
    waiting_by_speaker,
)

NEAR = 0.6  # cosine from which a statement is shown; docs/quality.md, "Related statements"
MOST_SHOWN = 5  # of one statement: the nearest
LEAST_CHARACTERS = 25  # some five words
ROWS_AT_ONCE = 1_000  # new statements of one speaker, each against all that the speaker said


def relate(sessions: Sessions, model: str, on_progress: OnProgress) -> None:
    """File for every new statement the nearest of its speaker's others, by the stored vectors of this model.

    One transaction a speaker. What has no vector yet waits for the next time.
    """
    maker = f"{RELATER} {model}"
    with sessions.begin() as session:
        forget_other_relaters(session, maker)
        waiting = waiting_by_speaker(session)
    for done, (speaker, ids) in enumerate(waiting.items()):
        on_progress("relating", done, len(waiting))
        with sessions.begin() as session:
            statements, vectors = statements_of(session, speaker, model, LEAST_CHARACTERS)
            put_relater(session, ids, maker)
            put_related(session, list(_nearest(statements, vectors, set(ids))), maker)
    if waiting:
        on_progress("relating", len(waiting), len(waiting))


def _nearest(
    statements: Sequence[tuple[int, int]], vectors: NDArray[np.float16], new: set[int]
) -> Iterator[tuple[int, int, float]]:
    """For each new statement the MOST_SHOWN nearest of another utterance, from NEAR on: two quotations, the cosine."""
    rows = vectors.astype(np.float32)
    utterances = np.array([utterance for _, utterance in statements])
    places = [place for place, (quotation, _) in enumerate(statements) if quotation in new]
    for start in range(0, len(places), ROWS_AT_ONCE):
        some = places[start : start + ROWS_AT_ONCE]
        for place, cosines in zip(some, rows[some] @ rows.T, strict=True):
            cosines[utterances == utterances[place]] = -1.0
            for other in np.argsort(-cosines, kind="stable")[:MOST_SHOWN]:
                if cosines[other] >= NEAR:
                    yield statements[place][0], statements[other][0], round(float(cosines[other]), 4)
