"""Fit the model that reads reported statements (`models/statement_reader.py`); called by `training/reported.py`."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.evaluation.gold import GoldStatement
from quotetrack.extract.windows import Pieces
from quotetrack.models.statement_reader import FIRST, LAST, SOURCE, STATES, STRIDE, StatementNet, windows_of

EPOCHS = 4
BATCH = 8  # windows
PEAK_RATE = 1e-3  # learning rate after the warm-up
WARM_UP = 60  # steps
LAST_SHARE = 0.02  # of the peak rate, at the end
DECAY = 0.05
MOST_GRADIENT = 1.0  # norm at which gradients are clipped
CUE_WEIGHT = 2.0  # of the question whether a cue reports anything, beside one about its content
IMPOSSIBLE = -1e9


@dataclass(frozen=True, slots=True)
class CueQuestion:
    """A cue, by the number of its piece, and the pieces of the right answers; none where it reports nothing."""

    cue: int
    first: tuple[int, ...]
    last: tuple[int, ...]
    source: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReaderExample:
    """The states of an article, and the questions about its cues."""

    states: NDArray[np.float16]
    questions: list[CueQuestion]


@dataclass(frozen=True, slots=True)
class ReaderWindow:
    """A window of an article with the questions about its cues."""

    states: NDArray[np.float16]
    window: range
    questions: list[CueQuestion]


def question_of(cue: int, pieces: Pieces, statements: Sequence[GoldStatement]) -> CueQuestion:
    """Return the question about a cue that reports these statements."""
    inside = [(pieces.inside(s.content[0]).start, pieces.inside(s.content[-1]).stop - 1) for s in statements]
    mentions = [pieces.inside(span) for statement in statements for span in statement.source]
    return CueQuestion(
        cue,
        tuple(first for first, _ in inside),
        tuple(last for _, last in inside),
        tuple(number for mention in mentions for number in range(mention.start, mention.stop)),
    )


def fit_reader(examples: Sequence[ReaderExample]) -> StatementNet:
    """Return a fitted network. The same examples give the same network."""
    torch.manual_seed(0)
    draw = random.Random(0)
    net = StatementNet()
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=DECAY)
    steps = EPOCHS * len(_windows(examples, 0)) // BATCH
    step = 0
    net.train(True)
    for epoch in range(EPOCHS):
        windows = _windows(examples, draw.randrange(STRIDE))
        draw.shuffle(windows)
        losses = []
        for start in range(0, len(windows), BATCH):
            rate = PEAK_RATE * min(1.0, (step + 1) / WARM_UP) * max(LAST_SHARE, 1 - step / steps)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(net, windows[start : start + BATCH])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), MOST_GRADIENT)
            optimiser.step()
            losses.append(loss.item())
            step += 1
        print(f"epoch {epoch + 1} of {EPOCHS}, loss {np.mean(losses):.3f}", file=sys.stderr, flush=True)
    net.train(False)
    return net


def _windows(examples: Sequence[ReaderExample], shift: int) -> list[ReaderWindow]:
    """Return the windows of all articles that have a cue."""
    windows = []
    for example in examples:
        by_cue = {question.cue: question for question in example.questions}
        for window, cues in windows_of(len(example.states), list(by_cue), shift).items():
            own = example.states[window.start : window.stop]
            windows.append(ReaderWindow(own, window, [by_cue[cue] for cue in cues]))
    return windows


def _loss(net: StatementNet, batch: Sequence[ReaderWindow]) -> Tensor:
    """Return the mean over the questions of the negative log-probability of all right pieces together."""
    longest = max(len(window.states) for window in batch)
    states, is_padding = torch.zeros(len(batch), longest, STATES), torch.ones(len(batch), longest, dtype=torch.bool)
    for row, window in enumerate(batch):
        states[row, : len(window.states)] = torch.from_numpy(window.states.astype(np.float32))
        is_padding[row, : len(window.states)] = False
    losses = []
    for window, read in zip(batch, net(states, is_padding), strict=True):
        own = read[: len(window.states)]
        losses += [
            _loss_of_cues(net, own, window),
            *(_loss_of(net, own, window, head) for head in (FIRST, LAST, SOURCE)),
        ]
    return torch.cat(losses).mean()


def _loss_of_cues(net: StatementNet, states: Tensor, window: ReaderWindow) -> Tensor:
    """Return the loss of each cue: does it report anything?"""
    odds = net.reports(states, torch.tensor([question.cue - window.window.start for question in window.questions]))
    is_reporting = torch.tensor([float(bool(question.first)) for question in window.questions])
    return CUE_WEIGHT * nn.functional.binary_cross_entropy_with_logits(odds, is_reporting, reduction="none")


def _loss_of(net: StatementNet, states: Tensor, window: ReaderWindow, head: int) -> Tensor:
    """Return the loss of each question of one head that has an answer in the window."""
    answers = [(question, _inside(window.window, _pieces_of(question, head))) for question in window.questions]
    asked = [(question, pieces) for question, pieces in answers if pieces]
    if not asked:
        return torch.zeros(0)
    odds = net.answers(states, head, torch.tensor([question.cue - window.window.start for question, _ in asked]))
    is_right = torch.zeros(odds.shape, dtype=torch.bool)
    for row, (_, pieces) in enumerate(asked):
        is_right[row, pieces] = True
    return odds.logsumexp(1) - odds.masked_fill(~is_right, IMPOSSIBLE).logsumexp(1)


def _pieces_of(question: CueQuestion, head: int) -> tuple[int, ...]:
    return (question.first, question.last, question.source)[head]


def _inside(window: range, pieces: Sequence[int]) -> list[int]:
    """Return the numbers of pieces in a window."""
    return [piece - window.start for piece in pieces if piece in window]
