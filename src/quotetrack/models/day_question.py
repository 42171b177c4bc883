"""What the model that reads days (`models/day_reader.py`) is asked; without torch, so that extraction can import it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """When were these words said? What the model sees of one quotation and of its dates.

    `words` are states of the encoder, one after the other, and `of_words` features, each of shape (numbers,); `dates`
    and `of_dates` are the same of each date, of shape (dates, numbers). Without `may_be_fresh` the answer "fresh news"
    is out of the question.
    """

    words: Floats
    of_words: Floats
    dates: Floats
    of_dates: Floats
    may_be_fresh: bool
