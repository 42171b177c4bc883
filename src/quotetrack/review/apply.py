"""Run the steps that apply what a person decided, and only what the decision touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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

    It is not where another run holds the lock: that run applies it before it ends. `is_agreement`: somebody else had
    decided the same, that decision stands, and who agrees is noted beside it.
    """

    id: int
    is_applied: bool
    is_agreement: bool = False


class Effect(StrEnum):
    """What a decision changes, and thereby the steps that apply it."""

    PAIRS = "pairs"  # which sightings are one utterance
    NAMES = "names"  # under which name a speaker is shown
    SPEAKERS = "speakers"  # which names are one speaker's
    DAYS = "days"  # when something was said
    QUOTATIONS = "quotations"  # who said something, and when
    WORDS = "words"  # which characters are a quotation


def apply_decision(sessions: Sessions, settings: Settings, now: datetime, touched: Touched, effect: Effect) -> bool:
    """Apply what was decided, then link and relate again what it touches. Return False if another run holds the lock.

    Raises EmbeddingModelMissing if there are new words and no model.
    """
    try:
        with lock_of(sessions):
            if effect in (Effect.DAYS, Effect.QUOTATIONS, Effect.WORDS):
                correct.run(sessions, now)
            if effect not in (Effect.PAIRS, Effect.NAMES):
                resolve_speakers.run(sessions)
            link.run(sessions, touched=touched)
            if effect is Effect.WORDS:
                embed.run(sessions, settings)
            if effect not in (Effect.PAIRS, Effect.NAMES, Effect.DAYS):
                model = embedder_name(settings.embedding_model)
                if model is not None:
                    relate.run(sessions, model, touched=touched)
    except StoreLocked:
        return False
    return True
