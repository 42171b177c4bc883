"""Load the model that reads days: a small network over states of the encoder (`models/pointer.py`).

One layer brings the states and features of a quotation together, one those of a date; a second says how well both fit.
Fitted several times from different beginnings; the answer is the mean. `quotetrack.training.day_reader` fits it and
writes `weights/day_reader.npz`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import torch
from torch import Tensor, nn

from quotetrack.models.day_question import DayQuestion, Floats

WIDTH = 96  # of the space in which quotations and dates are compared
DROPPED_STATES, DROPPED = 0.2, 0.3  # dropout rates in training
NETS = 2
IMPOSSIBLE = -20.0  # log-odds of an answer that is out of the question


class DayNet(nn.Module):
    """The network: what is known of quotations and dates in, log-odds of the answers out."""

    def __init__(self, words: int, of_words: int, dates: int, of_dates: int) -> None:
        """Make an unfitted network for questions with so many numbers in each of their fields."""
        super().__init__()
        self.words = nn.Linear(words, WIDTH)
        self.of_words = nn.Linear(of_words, WIDTH)
        self.dates = nn.Linear(dates, WIDTH)
        self.of_dates = nn.Linear(of_dates, WIDTH)
        self.fit = nn.Sequential(
            nn.GELU(), nn.Dropout(DROPPED), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Dropout(DROPPED), nn.Linear(WIDTH, 1)
        )
        self.undated = nn.Sequential(nn.GELU(), nn.Dropout(DROPPED), nn.Linear(WIDTH, 2))
        self.drop = nn.Dropout(DROPPED_STATES)

    def forward(self, questions: Sequence[DayQuestion]) -> list[Tensor]:
        """Return the log-odds of each date, then of "fresh news" and "unknown"; shape (dates + 2,) each."""
        words = self.words(self.drop(_tensor([q.words for q in questions])))
        words = words + self.of_words(_squash(_tensor([q.of_words for q in questions])))
        sizes = [len(q.dates) for q in questions]
        of_question = torch.repeat_interleave(torch.arange(len(questions)), torch.tensor(sizes))
        dates = self.dates(self.drop(torch.from_numpy(np.concatenate([q.dates for q in questions]))))
        dates = dates + self.of_dates(_squash(torch.from_numpy(np.concatenate([q.of_dates for q in questions]))))
        fits = self.fit(words[of_question] + dates).squeeze(-1).split(sizes)
        undated = self.undated(words)
        answers = [torch.cat([own, rest]) for own, rest in zip(fits, undated, strict=True)]
        return [_without_fresh(own, question) for own, question in zip(answers, questions, strict=True)]


class DayReader:
    """The fitted networks."""

    def __init__(self, nets: Sequence[DayNet]) -> None:
        self._nets = list(nets)

    def read(self, questions: Sequence[DayQuestion]) -> list[Floats]:
        """Return the mean log-probability of each date, then of "fresh news" and "unknown"; shape (dates + 2,) each."""
        if not questions:
            return []
        with torch.inference_mode():
            by_net = [[answer.log_softmax(-1) for answer in net(questions)] for net in self._nets]
            means = [torch.stack(answers).mean(0) for answers in zip(*by_net, strict=True)]
        return [np.asarray(mean.numpy(), dtype=np.float32) for mean in means]


@cache
def load_day_reader() -> DayReader:
    """Load the fitted networks, once."""
    nets = []
    with as_file(files("quotetrack.models").joinpath("weights", "day_reader.npz")) as path, np.load(path) as stored:
        for number in range(NETS):
            own = {
                name.removeprefix(f"{number}."): torch.from_numpy(stored[name].astype(np.float32))
                for name in stored.files
                if name.startswith(f"{number}.")
            }
            net = DayNet(*(own[f"{name}.weight"].shape[1] for name in ("words", "of_words", "dates", "of_dates")))
            net.load_state_dict(own)
            nets.append(net.train(False))
    return DayReader(nets)


def _tensor(rows: Sequence[Floats]) -> Tensor:
    return torch.from_numpy(np.stack(rows))


def _squash(values: Tensor) -> Tensor:
    """Return values on a logarithmic scale that keeps their sign."""
    return values.sign() * values.abs().log1p()


def _without_fresh(answer: Tensor, question: DayQuestion) -> Tensor:
    if question.may_be_fresh:
        return answer
    allowed = torch.ones_like(answer, dtype=torch.bool)
    allowed[-2] = False
    return torch.where(allowed, answer, torch.full_like(answer, IMPOSSIBLE))
