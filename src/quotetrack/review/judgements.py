"""Judgements about two sightings: record what a person decided, then link again, under the run lock."""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.domain import Judgement
from quotetrack.pipeline.steps import link
from quotetrack.store import Sessions
from quotetrack.store.decisions import put_judgement, read_judgements, revoke_judgements
from quotetrack.store.lock import lock_of


def judge(
    sessions: Sessions, left: int, right: int, *, same: bool, decided_by: str, now: datetime, reason: str | None = None
) -> Judgement:
    """Record that two sightings are the same utterance or not, and link again. A judgement overrides the linker.

    The opposite judgement about the two is revoked. Raises LookupError for an id that is no sighting, ValueError for
    two equal ids, and StoreLocked while another run holds the lock; then nothing is recorded.
    """
    with lock_of(sessions):
        with sessions.begin() as session:
            judgement_id = put_judgement(
                session, left, right, same=same, decided_by=decided_by, now=now, reason=reason or None
            )
            judgement = read_judgements(session, [judgement_id])[0]
        link.run(sessions)
    return judgement


def revoke(sessions: Sessions, left: int, right: int, *, now: datetime) -> int:
    """Revoke the judgements about two sightings, link again, and return how many were revoked.

    Raises StoreLocked while another run holds the lock; then nothing is revoked.
    """
    with lock_of(sessions):
        with sessions.begin() as session:
            revoked = revoke_judgements(session, left, right, now)
        if revoked:
            link.run(sessions)
    return len(revoked)
