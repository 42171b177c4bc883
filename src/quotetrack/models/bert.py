"""Encode a few texts with the weights of a BERT sentence encoder, in numpy.

To import sentence-transformers takes seconds, most of them for torch; here the tokenizer and the weights of MiniLM are
ready in a fifth of a second. The vectors are the same (cosine .9999 and more). Texts are encoded one by one: for
thousands of them sentence-transformers, which computes batches, is faster.

The layers are those of "BERT: Pre-training of Deep Bidirectional Transformers" (Devlin et al., 2018): embeddings, then
in each layer self-attention and a feed-forward network, each added to its input and normalised.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from quotetrack.models.threads import one_blas_thread

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array = NDArray[np.float32]

WEIGHTS, TOKENIZER, CONFIG = "model.safetensors", "tokenizer.json", "config.json"
WINDOW, MODULES, POOLING = "sentence_bert_config.json", "modules.json", "1_Pooling/config.json"
PROMPTS = "config_sentence_transformers.json"
WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"

# The error function by formula 7.1.26 in Abramowitz and Stegun, "Handbook of Mathematical Functions": it is off by at
# most 1.5e-7, and numpy has none.
_ERF_STEP = np.float32(0.3275911)
_ERF_FACTORS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


@dataclass(frozen=True, slots=True)
class Bert:
    """A loaded model: the weights by their names in the file, the tokenizer, and the numbers of the configuration."""

    weights: dict[str, Array]
    tokenizer: Tokenizer
    dimensions: int
    layers: int
    heads: int
    epsilon: float

    def encode(self, texts: Sequence[str]) -> Array:
        """Return one row a text, the mean of the vectors of its tokens; shape (texts, dimensions)."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        with one_blas_thread():
            for row, text in zip(rows, texts, strict=True):
                row[:] = self._through_layers(self._embeddings(self.tokenizer.encode(text).ids)).mean(axis=0)
        return rows

    def _embeddings(self, ids: Sequence[int]) -> Array:
        words = self.weights[WORD_EMBEDDINGS][list(ids)]
        positions = self.weights["embeddings.position_embeddings.weight"][: len(ids)]
        first_sentence = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalised("embeddings.LayerNorm", words + positions + first_sentence)

    def _through_layers(self, tokens: Array) -> Array:
        for layer in (f"encoder.layer.{number}" for number in range(self.layers)):
            attended = self._dense(f"{layer}.attention.output.dense", self._attention(layer, tokens))
            tokens = self._normalised(f"{layer}.attention.output.LayerNorm", tokens + attended)
            inner = _gelu(self._dense(f"{layer}.intermediate.dense", tokens))
            tokens = self._normalised(f"{layer}.output.LayerNorm", tokens + self._dense(f"{layer}.output.dense", inner))
        return tokens

    def _attention(self, layer: str, tokens: Array) -> Array:
        query, key, value = (
            self._dense(f"{layer}.attention.self.{part}", tokens).reshape(len(tokens), self.heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        nearness = query @ key.swapaxes(1, 2) / np.sqrt(np.float32(query.shape[-1]))
        weighed: Array = (_softmax(nearness) @ value).swapaxes(0, 1).reshape(len(tokens), -1)
        return weighed

    def _dense(self, name: str, tokens: Array) -> Array:
        dense: Array = tokens @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return dense

    def _normalised(self, name: str, tokens: Array) -> Array:
        centred = tokens - tokens.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.epsilon))
        normalised: Array = centred / deviation * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return normalised


def _gelu(numbers: Array) -> Array:
    """Return x times the share of a normal distribution below x."""
    size = np.abs(numbers) / np.sqrt(np.float32(2))
    step = 1 / (1 + _ERF_STEP * size)
    erf = 1 - np.polyval(np.array([*_ERF_FACTORS, 0], np.float32), step) * np.exp(-size * size)
    gelu: Array = numbers * (1 + np.sign(numbers) * erf) / 2
    return gelu


def _softmax(numbers: Array) -> Array:
    powers = np.exp(numbers - numbers.max(axis=-1, keepdims=True))
    softmax: Array = powers / powers.sum(axis=-1, keepdims=True)
    return softmax


# Loading


def load_bert(folder: Path) -> Bert | None:
    """Load the sentence encoder in a folder; None for a kind of model that is not computed here.

    Raises OSError and ValueError for files that cannot be read.
    """
    if not _is_computed_here(folder):
        return None
    weights = _read_weights(folder / WEIGHTS)
    if WORD_EMBEDDINGS not in weights:
        return None
    config = _settings_of(folder, CONFIG)
    return Bert(
        weights,
        _read_tokenizer(folder),
        config["hidden_size"],
        config["num_hidden_layers"],
        config["num_attention_heads"],
        config["layer_norm_eps"],
    )


def _is_computed_here(folder: Path) -> bool:
    """Return whether a model is a BERT of the usual kind, whose vector of a text is the mean of those of its tokens."""
    if not all((folder / file).is_file() for file in (WEIGHTS, TOKENIZER, CONFIG, WINDOW, MODULES, POOLING)):
        return False
    config, window = _settings_of(folder, CONFIG), _settings_of(folder, WINDOW)
    modules = [module["type"].rpartition(".")[2] for module in _settings_of(folder, MODULES)]
    pooling = [name for name, is_on in _settings_of(folder, POOLING).items() if is_on is True]
    return (
        config["model_type"] == "bert"
        and config["hidden_act"] == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and window == {"max_seq_length": window.get("max_seq_length"), "do_lower_case": False}
        and modules in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and pooling == ["pooling_mode_mean_tokens"]
        and not _settings_of(folder, PROMPTS).get("default_prompt_name")
    )


def _read_weights(path: Path) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return {name: weights.astype(np.float32, copy=False) for name, weights in load_file(path).items()}
    except SafetensorError as error:
        raise ValueError(f"{path}: {error}") from error


def _read_tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # tokenizers has no narrower one
        raise ValueError(f"{folder / TOKENIZER}: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(_settings_of(folder, WINDOW)["max_seq_length"])
    return tokenizer


def _settings_of(folder: Path, file: str) -> Any:
    """Return the settings in a file of a model; none where there is no such file."""
    path = folder / file
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}
