"""Saved questions, and the utterances that answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from quotetrack.core.domain import Watch
from quotetrack.store.backends.statements import insert_absent
from quotetrack.store.tables import WatchHitRow, WatchRow
from quotetrack.store.utterances import follow


def put_watch(session: Session, question: str, *, added_by: str, now: datetime) -> Watch:
    """Save a question. A question that is saved already is returned as it is."""
    saved = next((watch for watch in read_watches(session) if watch.question == question), None)
    if saved is not None:
        return saved
    row = WatchRow(question=question, added_by=added_by, added_at=now)
    session.add(row)
    session.flush()
    return Watch(row.id, question, added_by, now)


def read_watches(session: Session) -> list[Watch]:
    """Return the saved questions, the oldest first."""
    new = (
        select(func.count())
        .where(WatchHitRow.watch_id == WatchRow.id, WatchHitRow.reported_at.is_(None))
        .correlate(WatchRow)
        .scalar_subquery()
    )
    wanted = select(WatchRow.id, WatchRow.question, WatchRow.added_by, WatchRow.added_at, new)
    return [Watch(*row) for row in session.execute(wanted.where(WatchRow.removed_at.is_(None)).order_by(WatchRow.id))]


def remove_watch(session: Session, watch_id: int, now: datetime) -> Watch | None:
    """Remove a saved question, and return it; None if there is none with this id."""
    watch = next((each for each in read_watches(session) if each.id == watch_id), None)
    if watch is not None:
        session.execute(update(WatchRow).where(WatchRow.id == watch_id).values(removed_at=now))
    return watch


def known_utterances(session: Session, watch_id: int) -> set[int]:
    """Return the utterances that are known to answer a question, under the ids into which they were merged."""
    return {follow(session, utterance_id) for utterance_id in session.scalars(_hits_of(watch_id))}


def put_hits(
    session: Session, watch_id: int, utterance_ids: Iterable[int], *, found_at: datetime, reported_at: datetime | None
) -> None:
    """Store that these utterances answer a question; what is stored stays as it is."""
    times = {"found_at": found_at, "reported_at": reported_at}
    hits = [{"watch_id": watch_id, "utterance_id": utterance_id, **times} for utterance_id in utterance_ids]
    insert_absent(session, WatchHitRow, hits, ("watch_id", "utterance_id"))


def unreported(session: Session) -> dict[int, list[int]]:
    """Return for each saved question the utterances that no report has listed, in the order in which they were found.

    They have the ids into which they were merged, each once.
    """
    wanted = select(WatchHitRow.watch_id, WatchHitRow.utterance_id).where(WatchHitRow.reported_at.is_(None))
    found: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for watch_id, utterance_id in session.execute(wanted.order_by(WatchHitRow.id)):
        found[watch_id][follow(session, utterance_id)] = None
    return {watch_id: list(ids) for watch_id, ids in found.items()}


def mark_reported(session: Session, now: datetime, found_until: datetime) -> None:
    """Mark everything that was found until a moment as reported."""
    hits = update(WatchHitRow).where(WatchHitRow.reported_at.is_(None), WatchHitRow.found_at <= found_until)
    session.execute(hits.values(reported_at=now))


def _hits_of(watch_id: int) -> Select[int]:
    return select(WatchHitRow.utterance_id).where(WatchHitRow.watch_id == watch_id)
