"""Embed the texts that have no vector yet."""

from __future__ import annotations

from quotetrack.core.settings import Settings
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.vectors import put_vectors
from quotetrack.store.worklists import texts_without_vector

TEXTS_A_COMMIT = 256  # some seconds of embedding: the most that a crash can lose


def run(sessions: Sessions, settings: Settings, on_progress: OnProgress = ignore_progress) -> str:
    """Store a vector for every text of a live statement. Return the name under which the model's vectors are stored.

    Raises EmbeddingModelMissing if there is work and no model.
    """
    from quotetrack.models.embedder import embed, embedder_name, load_embedder

    name = embedder_name(settings.embedding_model)
    if name is not None and not _texts_to_embed(sessions, name):
        return name
    embedder = load_embedder(settings.embedding_model, half_precision=settings.embedding_bfloat16)
    # Sorted by length, because a batch is padded to its longest text.
    waiting = sorted(_texts_to_embed(sessions, embedder.name), key=lambda key_and_text: len(key_and_text[1]))
    for start in range(0, len(waiting), TEXTS_A_COMMIT):
        on_progress("embedding", start, len(waiting))
        batch = waiting[start : start + TEXTS_A_COMMIT]
        vectors = embed([text for _, text in batch], embedder)
        with sessions.begin() as session:
            put_vectors(session, embedder.name, {key: vector for (key, _), vector in zip(batch, vectors, strict=True)})
    on_progress("embedding", len(waiting), len(waiting))
    return embedder.name


def _texts_to_embed(sessions: Sessions, model: str) -> list[tuple[str, str]]:
    with sessions() as session:
        return texts_without_vector(session, model)
