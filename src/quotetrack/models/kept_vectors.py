"""Vectors of many texts, kept in a folder under the hash of the texts: the second time they are there at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.normalize import sha256
from quotetrack.models.embedder import Vectors, embed, embedder_name, load_embedder, load_question_embedder

FEW = 200  # texts, up to which numpy is faster than to load sentence-transformers
TEXTS_AT_ONCE = 256

OnTexts = Callable[[str, int, int | None], None]
"""Called with "embedding", the number of texts that are done, and the number of all."""


def kept_vectors(
    texts: Sequence[str],
    model: str,
    folder: Path,
    *,
    half_precision: bool = False,
    on_progress: OnTexts = lambda _step, _done, _of: None,
) -> Vectors:
    """Return one unit row a text, as `embed` does, from the folder if they are kept there; else they are kept now.

    They have the precision of float16. A folder that cannot be written keeps none. Raises EmbeddingModelMissing.
    """
    key = sha256("\0".join([embedder_name(model) or model, str(half_precision), *texts]))
    file = folder / f"{key}.npy"
    with suppress(OSError, ValueError, EOFError):  # not there, or cut short: made anew
        return np.asarray(np.load(file, allow_pickle=False), dtype=np.float32)
    vectors = _embedded(texts, model, half_precision, on_progress).astype(np.float16)
    with suppress(OSError):
        _write_whole(file, vectors)
    return vectors.astype(np.float32)


def _embedded(texts: Sequence[str], model: str, half_precision: bool, on_progress: OnTexts) -> Vectors:
    if len(texts) <= FEW:
        return embed(texts, load_question_embedder(model))
    embedder = load_embedder(model, half_precision=half_precision)
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # a batch is padded to its longest text
    vectors = np.empty((len(texts), embedder.dimensions), dtype=np.float32)
    for start in range(0, len(order), TEXTS_AT_ONCE):
        on_progress("embedding", start, len(order))
        places = order[start : start + TEXTS_AT_ONCE]
        vectors[places] = embed([texts[place] for place in places], embedder)
    return vectors


def _write_whole(file: Path, vectors: NDArray[np.float16]) -> None:
    """Write a file that is whole or not there, whenever the process ends."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(number, "wb") as out:
            np.save(out, vectors)
        os.replace(name, file)
    finally:
        Path(name).unlink(missing_ok=True)
