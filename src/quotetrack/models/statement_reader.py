"""Load the model that reads reported statements: one attention layer and three heads over the states of the encoder.

The encoder (`models/pointer.py`) has read the text for the quotations already, so that only one more layer is computed.
Asked about a cue ("said"), it answers whether it reports anything, and the heads say which piece opens what it reports,
which piece closes it, and which pieces mention who says it. `quotetrack.training.reported` fits them and writes
`weights/statement_reader.npz`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.models.pointer import DISTANCES, distance_buckets
from quotetrack.models.statement_answer import CueAnswer, Floats

SIZE, STRIDE = 320, 224  # pieces of a window, and from the start of one to that of the next
STATES = 384  # width of the states of the encoder
WIDTH = 96  # of the space in which a piece is compared with the cue
NARROW, ATTENTION_HEADS, INNER = 192, 6, 384  # of the attention layer
REPORTS_WIDTH = 64
FIRST, LAST, SOURCE = range(3)  # the heads
LEAST_REPORTING = 0.03  # chance below which a cue is not looked at
DROPPED, DROPPED_STATES = 0.1, 0.15  # dropout rates in training


class StatementNet(nn.Module):
    """The layer and the heads."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Linear(STATES, NARROW)
        self.layer = nn.TransformerEncoderLayer(
            NARROW, ATTENTION_HEADS, INNER, DROPPED, activation="gelu", batch_first=True, norm_first=True
        )
        self.drop = nn.Dropout(DROPPED_STATES)
        both = STATES + NARROW
        self.cues = nn.ModuleList(nn.Linear(both, WIDTH) for _ in range(3))
        self.pieces = nn.ModuleList(nn.Linear(both, WIDTH) for _ in range(3))
        self.distances = nn.ModuleList(nn.Embedding(DISTANCES, WIDTH) for _ in range(3))
        self.out = nn.ModuleList(nn.Linear(WIDTH, 1) for _ in range(3))
        self.reporting = nn.Sequential(nn.Linear(both, REPORTS_WIDTH), nn.GELU(), nn.Linear(REPORTS_WIDTH, 1))
        for embedding in self.distances:
            nn.init.normal_(embedding.weight, std=0.02)  # type: ignore[arg-type]

    def forward(self, states: Tensor, is_padding: Tensor) -> Tensor:
        """Return the states with those of the layer beside them, shape (windows, pieces, STATES + NARROW)."""
        layer = self.layer(self.narrow(states), src_key_padding_mask=is_padding)
        read: Tensor = self.drop(torch.cat([states, layer], -1))
        return read

    def reports(self, states: Tensor, cues: Tensor) -> Tensor:
        """Return the log-odds that each of some cues reports something, shape (cues,)."""
        odds: Tensor = self.reporting(states[cues]).squeeze(-1)
        return odds

    def answers(self, states: Tensor, head: int, cues: Tensor) -> Tensor:
        """Return the log-odds of each piece of one window for some cues, shape (cues, pieces)."""
        distances = distance_buckets(torch.arange(len(states))[None] - cues[:, None])
        asked = self.cues[head](states[cues])[:, None]
        compared = asked + self.pieces[head](states)[None] + self.distances[head](distances)
        odds: Tensor = self.out[head](nn.functional.gelu(compared)).squeeze(-1)
        return odds


class StatementReader:
    """The fitted network."""

    def __init__(self, net: StatementNet) -> None:
        self._net = net

    def read(self, states: Floats, cues: Sequence[int]) -> list[CueAnswer | None]:
        """Return the answer for each cue, given by the number of its piece; `states` are those of the whole text.

        None for a cue that hardly reports anything.
        """
        answers: dict[int, CueAnswer] = {}
        with torch.inference_mode():
            for window, asked in windows_of(len(states), cues).items():
                own = torch.from_numpy(np.ascontiguousarray(states[window.start : window.stop]))
                read = self._net(own[None], torch.zeros(1, len(window), dtype=torch.bool))[0]
                numbers = torch.tensor([cue - window.start for cue in asked])
                chances = self._net.reports(read, numbers).sigmoid()
                likely = chances >= LEAST_REPORTING
                shown = numbers[likely]
                first, last, source = (
                    self._net.answers(read, head, shown).softmax(-1).numpy() for head in (FIRST, LAST, SOURCE)
                )
                chosen = [cue for cue, is_likely in zip(asked, likely.tolist(), strict=True) if is_likely]
                for row, (cue, chance) in enumerate(zip(chosen, chances[likely].tolist(), strict=True)):
                    answers[cue] = CueAnswer(chance, first[row], last[row], source[row], window.start)
        return [answers.get(cue) for cue in cues]


def windows_of(length: int, cues: Sequence[int], shift: int = 0) -> dict[range, list[int]]:
    """Return the cues by the window of a text in whose middle each stands; windows begin every `STRIDE` pieces."""
    windows: dict[range, list[int]] = {}
    for cue in dict.fromkeys(cues):
        nearest = round((cue - SIZE // 2 - shift) / STRIDE) * STRIDE + shift
        first = min(max(0, nearest), max(0, length - SIZE))
        windows.setdefault(range(first, min(length, first + SIZE)), []).append(cue)
    return windows


@cache
def load_statement_reader() -> StatementReader:
    """Load the fitted network, once."""
    with as_file(files("quotetrack.models").joinpath("weights", "statement_reader.npz")) as path, np.load(path) as kept:
        return StatementReader(restored({name: kept[name] for name in kept.files}))


def restored(weights: Mapping[str, NDArray[np.float16]]) -> StatementNet:
    """Return a network with these weights, ready to answer."""
    net = StatementNet()
    net.load_state_dict({name: torch.from_numpy(values.astype(np.float32)) for name, values in weights.items()})
    net.train(False)
    return net
