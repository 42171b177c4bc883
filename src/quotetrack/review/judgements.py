"""Judgements about two sightings: record what a person decided, then link them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quotetrack.core.settings import Settings
from quotetrack.review.apply import Effect, Recorded, apply_decision
from quotetrack.store import Sessions
from quotetrack.store.decisions import put_judgement, revoke_judgement, revoke_judgements, urls_of_judgements
from quotetrack.store.worklists import Touched


def judge(
    sessions: Sessions,
    left: int,
    right: int,
    *,
    same: bool,
    decided_by: str,
    now: datetime,
    settings: Settings,
    reason: str | None = None,
) -> Recorded:
    """Record that two sightings are the same utterance or not, and link them again. A judgement overrides the linker.

    The opposite judgement about the two is revoked. Raises LookupError for an id that is no sighting, and ValueError
    for two equal ids.
    """
    with sessions.begin() as session:
        judgement_id = put_judgement(
            session, left, right, same=same, decided_by=decided_by, now=now, reason=reason or None
        )
    return Recorded(judgement_id, _apply(sessions, [judgement_id], settings, now))


def revoke(sessions: Sessions, left: int, right: int, *, now: datetime, settings: Settings) -> list[Recorded]:
    """Revoke the judgements about two sightings, link these again, and return what was revoked."""
    with sessions.begin() as session:
        revoked = revoke_judgements(session, left, right, now)
    if not revoked:
        return []
    is_applied = _apply(sessions, revoked, settings, now)
    return [Recorded(judgement_id, is_applied) for judgement_id in revoked]


def undo(sessions: Sessions, judgement_id: int, *, now: datetime, settings: Settings) -> Recorded | None:
    """Revoke a judgement, and link its sightings again. None if no judgement with this id is in force."""
    with sessions.begin() as session:
        if not revoke_judgement(session, judgement_id, now):
            return None
    return Recorded(judgement_id, _apply(sessions, [judgement_id], settings, now))


def _apply(sessions: Sessions, ids: Sequence[int], settings: Settings, now: datetime) -> bool:
    with sessions() as session:
        urls = urls_of_judgements(session, ids)
    return apply_decision(sessions, settings, now, Touched(articles=urls), Effect.PAIRS)
