"""Judgements about two sightings: record what a person decided, then link them again."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from quotetrack.core.domain import Judgement
from quotetrack.core.settings import Settings
from quotetrack.core.texts import gettext
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


def contradictions(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements in force that contradict one another: A is B, B is C, and A is not C.

    Each that tells two sightings apart is followed by the fewest that join the two. Such judgements are refused today;
    stored ones come from an older version, or from sightings that have become one since.
    """
    in_force = [judgement for judgement in judgements if not judgement.is_revoked]
    joined: defaultdict[int, dict[int, Judgement]] = defaultdict(dict)
    for judgement in in_force:
        for left, right, is_same in judgement.pairs:
            if is_same:
                joined[left].setdefault(right, judgement)
                joined[right].setdefault(left, judgement)
    found: list[Judgement] = []
    for judgement in in_force:
        ways = [_way(joined, left, right) for left, right, is_same in judgement.pairs if not is_same]
        joining = min(filter(None, ways), key=len, default=[])
        found += [judgement, *joining] if joining else []
    return list(dict.fromkeys(found))


def _way(joined: Mapping[int, Mapping[int, Judgement]], start: int, end: int) -> list[Judgement]:
    """Return the fewest judgements that join two sightings; empty if nothing does. Breadth first."""
    came: dict[int, int] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        at = waiting.popleft()
        for neighbour in joined.get(at, {}):
            if neighbour not in came:
                came[neighbour] = at
                waiting.append(neighbour)
    way: list[Judgement] = []
    while end in came and end != start:
        way.append(joined[came[end]][end])
        end = came[end]
    return way[::-1]


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
    pairs = ", ".join(gettext("%(one)s and %(other)s", one=one, other=other) for one, other in reasons)
    if same:
        return gettext(
            "sightings %(left)s and %(right)s cannot be the same: "
            "this contradicts what was judged different (%(pairs)s). Undo one of these judgements first",
            left=left,
            right=right,
            pairs=pairs,
        )
    return gettext(
        "sightings %(left)s and %(right)s cannot be different: "
        "this contradicts what was judged the same (%(pairs)s). Undo one of these judgements first",
        left=left,
        right=right,
        pairs=pairs,
    )


def _apply(sessions: Sessions, ids: Sequence[int], settings: Settings, now: datetime) -> bool:
    with sessions() as session:
        urls = urls_of_judgements(session, ids)
    return apply_decision(sessions, settings, now, Touched(articles=urls), Effect.PAIRS)
