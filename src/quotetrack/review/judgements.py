"""What people say about quotations: recorded here, honoured by the jobs. Nothing derived is written."""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.domain import Judgement
from quotetrack.store import Sessions
from quotetrack.store.decisions import judgements_in_force, put_judgement, revoke_judgements


def judge(
    sessions: Sessions, left: int, right: int, *, same: bool, decided_by: str, now: datetime, reason: str | None = None
) -> Judgement:
    """Record that two sightings are the same utterance, or not; linking honours it from then on, whatever the score.

    The opposite judgement about the two, if any, is revoked. Raises LookupError where there is no such sighting, and
    ValueError where both are one.
    """
    with sessions.begin() as session:
        judgement_id = put_judgement(
            session, left, right, same=same, decided_by=decided_by, now=now, reason=reason or None
        )
        return next(judgement for judgement in judgements_in_force(session) if judgement.id == judgement_id)


def revoke(sessions: Sessions, left: int, right: int, *, now: datetime) -> int:
    """Take back what was judged of two sightings; how many judgements that were."""
    with sessions.begin() as session:
        return len(revoke_judgements(session, left, right, now))
