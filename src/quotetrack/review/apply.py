"""Run the steps that apply what a person decided, and only what the decision touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quotetrack.core.settings import Settings
from quotetrack.models.embedder import embedder_name
from quotetrack.pipeline.steps import correct, embed, link, relate, resolve_speakers
from quotetrack.store import Sessions
from quotetrack.store.errors import StoreLocked
from quotetrack.store.lock import lock_of
from quotetrack.store.worklists import Touched


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that is stored: its id, or that of the speaker it is about, and whether it is applied already.

    It is not where another run holds the lock: that run applies it before it ends.
    """

    id: int
    is_applied: bool


def apply_decision(
    sessions: Sessions, settings: Settings, now: datetime, touched: Touched, *, has_new_words: bool = False
) -> bool:
    """Apply what was decided, then link and relate again what it touches. Return False if another run holds the lock.

    With `has_new_words` the words are embedded too: raises EmbeddingModelMissing without a model.
    """
    try:
        with lock_of(sessions):
            correct.run(sessions, now)
            resolve_speakers.run(sessions)
            link.run(sessions, touched=touched)
            model = embed.run(sessions, settings) if has_new_words else embedder_name(settings.embedding_model)
            if model is not None:
                relate.run(sessions, model, touched=touched)
    except StoreLocked:
        return False
    return True
