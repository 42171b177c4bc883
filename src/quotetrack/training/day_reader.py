"""Fit the model that reads days. `quotetrack.training.dating` runs this, and holds the folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from quotetrack.models.day_question import DayQuestion
from quotetrack.models.day_reader import NETS, DayNet

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "day_reader.npz"
EPOCHS = 8
BATCH = 32
PEAK_RATE, WARM_UP, LAST_SHARE = 1e-3, 50, 0.02  # learning rate, steps up to it, and its share at the end
DECAY = 0.05


@dataclass(frozen=True, slots=True)
class DayExample:
    """One question with the answers that are right, shape (dates + 2,), and its weight."""

    question: DayQuestion
    is_right: tuple[bool, ...]
    weight: float


def fit_nets(examples: Sequence[DayExample]) -> list[DayNet]:
    """Fit the networks, each from another beginning, on the questions that have a right answer."""
    answered = [example for example in examples if any(example.is_right)]
    return [_fit(answered, seed) for seed in range(NETS)]


def _fit(examples: Sequence[DayExample], seed: int) -> DayNet:
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    first = examples[0].question
    net = DayNet(len(first.words), len(first.of_words), first.dates.shape[1], first.of_dates.shape[1])
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=DECAY)
    batches = len(examples) // BATCH
    for step in range(EPOCHS * batches):
        if step % batches == 0:
            order = draw.permutation(len(examples))
        chosen = [examples[i] for i in order[step % batches * BATCH :][:BATCH]]
        for group in optimiser.param_groups:
            rise, fall = min(1.0, (step + 1) / WARM_UP), max(LAST_SHARE, 1 - step / (EPOCHS * batches))
            group["lr"] = PEAK_RATE * rise * fall
        loss = _loss(net, chosen)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return net.train(False)


def _loss(net: nn.Module, examples: Sequence[DayExample]) -> Tensor:
    """Return the weighed mean of the negative log-probability of all right answers together."""
    losses = []
    for example, answer in zip(examples, net([example.question for example in examples]), strict=True):
        right = torch.tensor(example.is_right)
        losses.append(example.weight * (answer.logsumexp(-1) - answer[right].logsumexp(-1)))
    return torch.stack(losses).mean()


def write_nets(nets: Sequence[DayNet]) -> None:
    """Write the weights of the networks in half precision."""
    stored = {
        f"{number}.{name}": weights.numpy().astype(np.float16)
        for number, net in enumerate(nets)
        for name, weights in net.state_dict().items()
    }
    np.savez_compressed(WEIGHTS, allow_pickle=False, **stored)
