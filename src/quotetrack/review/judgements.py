"""Judgements about two sightings: record what a person decided, then link them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quotetrack.core.settings import Settings
from quotetrack.review.apply import Effect, Recorded, apply_decision
from quotetrack.store import Session, Sessions
from quotetrack.store.decisions import (
    judged_pairs,
    put_judgement,
    read_judgements,
    revoke_judgement,
    revoke_judgements,
    urls_of_judgements,
)
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
    for two equal ids and for a judgement that contradicts others: nobody but a person can say which of them is wrong.
    """
    with sessions.begin() as session:
        if reasons := _contradicting(session, left, right, same=same):
            raise ValueError(_contradiction(left, right, reasons, same=same))
        judgement_id = put_judgement(
            session, left, right, same=same, decided_by=decided_by, now=now, reason=reason or None
        )
        (judgement,) = read_judgements(session, [judgement_id])
    is_applied = _apply(sessions, [judgement_id], settings, now)
    return Recorded(judgement_id, is_applied, is_agreement=judgement.decided_by != decided_by)


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


def _contradicting(session: Session, left: int, right: int, *, same: bool) -> list[tuple[int, int]]:
    """Return the judgements in force that exclude a new one, as pairs of sightings; empty if there are none.

    For "same" they are those that tell apart what would be joined; for "different" those that join the two by way of
    others. The judgement about the two themselves is not among them: the new one replaces it.
    """
    ends = {left: {left}, right: {right}}
    joined: dict[int, list[tuple[int, int]]] = {left: [], right: []}
    apart: set[tuple[int, int]] = set()
    for end, members in ends.items():
        fresh = {end}
        while fresh:
            pairs = [pair for pair in judged_pairs(session, fresh) if {*pair[:2]} != {left, right}]
            joined[end] += [(one, other) for one, other, is_same in pairs if is_same]
            apart |= {(one, other) for one, other, is_same in pairs if not is_same}
            fresh = {each for one, other, is_same in pairs if is_same for each in (one, other)} - members
            members |= fresh
    if not same:
        return sorted(set(joined[left])) if right in ends[left] else []
    together = ends[left] | ends[right]
    return sorted(pair for pair in apart if together.issuperset(pair))


def _contradiction(left: int, right: int, reasons: Sequence[tuple[int, int]], *, same: bool) -> str:
    verdict, other_verdict = ("the same", "different") if same else ("different", "the same")
    pairs = ", ".join(f"{one} and {other}" for one, other in reasons)
    return (
        f"sightings {left} and {right} cannot be {verdict}: "
        f"this contradicts what was judged {other_verdict} ({pairs}). Undo one of these judgements first"
    )


def _apply(sessions: Sessions, ids: Sequence[int], settings: Settings, now: datetime) -> bool:
    with sessions() as session:
        urls = urls_of_judgements(session, ids)
    return apply_decision(sessions, settings, now, Touched(articles=urls), Effect.PAIRS)
