"""Ask the reading model about the cues of a text: it sees the states of all word pieces around each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.windows import Pieces, Questions
from quotetrack.models.statement_answer import CueAnswer


@runtime_checkable
class StatementModel(Protocol):
    """A model that answers such questions (implemented by `models/pointer.py: Pointer`)."""

    def read_cues(self, states: NDArray[np.float32], cues: Sequence[int]) -> list[CueAnswer | None]:
        """Return what each cue reports; a cue is the number of its piece, `states` are those of all pieces.

        None for a cue that hardly reports anything.
        """
        ...


def answers_for(questions: Questions, cues: Sequence[Span]) -> tuple[Pieces, list[CueAnswer | None]]:
    """Return the pieces of a text and the answer for each cue; None for one that hardly reports anything.

    Raises TypeError where the encoder is no `StatementModel`.
    """
    if not isinstance(questions.encoder, StatementModel):
        raise TypeError("the encoder cannot read reported statements")
    pieces, states = questions.whole()
    numbers = [piece_of(pieces, cue) for cue in cues]
    shown = [number for number in numbers if number is not None]
    answers = dict(zip(shown, questions.encoder.read_cues(states, shown), strict=True))
    return pieces, [answers[number] if number is not None else None for number in numbers]


def piece_of(pieces: Pieces, cue: Span) -> int | None:
    """Return the number of the first piece of a cue; None where no piece shows it."""
    inside = pieces.inside(cue)
    return inside.start if inside.start < inside.stop else None
