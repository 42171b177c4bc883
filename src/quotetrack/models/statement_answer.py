"""What a reading model says about one cue (`models/statement_reader.py`), without the libraries that it needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CueAnswer:
    """The chance that a cue reports something, and of each piece of its window to belong to the answer.

    `first` and `last` are the chances of the pieces that open and close what is reported, `source` those of the
    mention of who says it; all of one length, for the pieces from number `offset` of the text on.
    """

    reports: float
    first: Floats
    last: Floats
    source: Floats
    offset: int

    def inside(self) -> Floats:
        """Return the chance of each piece to be inside what is reported: it has begun, and has not ended before."""
        begun = np.minimum(np.cumsum(self.first), 1.0)
        ended = np.minimum(np.cumsum(self.last) - self.last, 1.0)
        return np.asarray(begun * (1.0 - ended), dtype=np.float32)
