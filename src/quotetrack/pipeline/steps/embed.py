"""Embed the texts that have no vector yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.vectors import put_vectors
from quotetrack.store.worklists import texts_without_vector

if TYPE_CHECKING:
    pass

TEXTS_A_COMMIT = 256  # some seconds of embedding: what a crash may cost


def embed_texts(
    sessions: Sessions, model: str, on_progress: OnProgress = ignore_progress, *, half_precision: bool = False
) -> str:
    """Give every text of a live quotation its vector of this model; the name under which the vectors are stored.

    Raises EmbeddingModelMissing if there is work.
    """
    from quotetrack.models.embedder import embed, embedder_name, load_embedder

    name = embedder_name(model)
    if name is not None and not _texts_to_embed(sessions, name):
        return name
    embedder = load_embedder(model, half_precision=half_precision)
    # By length, so that texts of a batch are of a length: what is shorter is padded to the longest.
    waiting = sorted(_texts_to_embed(sessions, embedder.name), key=lambda waits: len(waits[1]))
    for start in range(0, len(waiting), TEXTS_A_COMMIT):
        on_progress("embedding", start, len(waiting))
        batch = waiting[start : start + TEXTS_A_COMMIT]
        vectors = embed([text for _, text in batch], embedder)
        with sessions.begin() as session:
            put_vectors(session, embedder.name, {key: row for (key, _), row in zip(batch, vectors, strict=True)})
    on_progress("embedding", len(waiting), len(waiting))
    return embedder.name


# Embedding, and the end


def _texts_to_embed(sessions: Sessions, model: str) -> list[tuple[str, str]]:
    with sessions() as session:
        return texts_without_vector(session, model)
