"""Talking points: ids that last, and the statements that make each point or contradict it. Each row names its maker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from quotetrack.core.domain import Sighting, number_of_reported
from quotetrack.store.backends.statements import among, ids_of
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    ArticleVersionRow,
    QuotationRow,
    ReportedStatementRow,
    RunRow,
    TalkingPointMemberRow,
    TalkingPointRow,
    UtteranceRow,
)

MEMBERS_AT_ONCE = 1_000  # rows in one statement
COMMAND = "claims update"  # of the runs that find talking points


@dataclass(frozen=True, slots=True)
class Member:
    """A statement of a talking point: the id of an utterance, or that of a reported statement with a minus.

    `words_sha256` is the hash of the words that were compared.
    """

    statement: int
    chance: float
    words_sha256: str
    contradicts: bool = False


@dataclass(frozen=True, slots=True)
class PointsState:
    """Whether talking points are stored, when the last update began, and whether statements were stored since then.

    `updated_at` is None before the first update, and where the last one was made by a version that stored no run of it.
    """

    has_points: bool
    updated_at: datetime | None
    has_newer: bool


def points_state(session: Session) -> PointsState:
    """Return what there is to say about the stored talking points beside their list."""
    finished = select(RunRow.id, RunRow.started_at).where(RunRow.command == COMMAND, RunRow.finished_at.is_not(None))
    run = session.execute(finished.order_by(RunRow.id.desc()).limit(1)).one_or_none()
    has_points = session.scalar(select(exists(select(TalkingPointMemberRow.point_id)))) is True
    if run is None:
        return PointsState(has_points, None, False)
    newer = [
        exists(select(table.id).where(table.run_id > run.id, table.retired_at.is_(None)))
        for table in (QuotationRow, ReportedStatementRow)
    ]
    return PointsState(has_points, run.started_at, session.scalar(select(or_(*newer))) is True)


def utterance_words(session: Session, least_characters: int) -> list[tuple[int, str, str]]:
    """Return for each utterance, in order of id, its id, its longest words, and the key of their vector."""
    wanted = (
        select(QuotationRow.utterance_id, QuotationRow.words, QuotationRow.words_sha256)
        .join(ArticleVersionRow)
        .where(is_sighting(), QuotationRow.utterance_id.is_not(None))
        .where(QuotationRow.end - QuotationRow.start >= least_characters)
        .order_by(QuotationRow.utterance_id, QuotationRow.id)
    )
    longest: dict[int, tuple[str, str]] = {}
    for utterance_id, words, key in session.execute(wanted):
        if utterance_id is not None and len(words) > len(longest.get(utterance_id, ("",))[0]):
            longest[utterance_id] = words, key
    return [(utterance_id, words, key) for utterance_id, (words, key) in longest.items()]


def statement_of(sighting: Sighting) -> int:
    """Return the id of a reported statement with a minus, as members have it."""
    return -number_of_reported(sighting.id)


def put_points(
    session: Session,
    points: Sequence[Sequence[Member]],
    ids: Sequence[int | None],
    redirects: Mapping[int, int],
    grouper: str,
) -> list[int]:
    """Store these talking points in place of all that are stored, and return their ids.

    `ids` and `redirects` are those of `clusters.keep_utterance_ids`: None in `ids` stands for an id that no point had
    before. The members of a point are stored in their order.
    """
    session.execute(delete(TalkingPointMemberRow))
    for absorbed, kept in redirects.items():
        session.execute(update(TalkingPointRow).where(TalkingPointRow.id == absorbed).values(merged_into_id=kept))
    new = [TalkingPointRow() for each in ids if each is None]
    session.add_all(new)
    session.flush()
    minted = iter(new)
    named = [next(minted).id if each is None else each for each in ids]
    rows = [
        TalkingPointMemberRow(
            point_id=point_id,
            place=place,
            utterance_id=member.statement if member.statement > 0 else None,
            reported_id=-member.statement if member.statement < 0 else None,
            words_sha256=member.words_sha256,
            contradicts=member.contradicts,
            chance=round(member.chance, 4),
            grouped_by=grouper,
        )
        for point_id, members in zip(named, points, strict=True)
        for place, member in enumerate(members)
    ]
    session.add_all(rows)
    session.flush()
    session.expire_all()
    return named


def points_of_statements(session: Session) -> dict[int, int]:
    """Return the point of each statement that makes one, for `clusters.keep_utterance_ids`."""
    return {
        member.statement: point_id
        for point_id, members in read_points(session).items()
        for member in members
        if member and not member.contradicts
    }


def read_points(session: Session, ids: Sequence[int] | None = None) -> dict[int, list[Member | None]]:
    """Return the members of these points, or of all, in their order, by the id of the point: the centre first.

    An erased member is None, and an absorbed utterance the one that absorbed it. Redirects of points are not followed.
    """
    row = TalkingPointMemberRow
    absorbed = _absorbed(session)
    wanted = select(
        row.point_id, row.place, row.utterance_id, row.reported_id, row.chance, row.words_sha256, row.contradicts
    ).order_by(row.point_id, row.place)
    if ids is not None:
        rows = session.execute(wanted.where(row.point_id.in_(among())), ids_of(ids))
    else:
        rows = session.execute(wanted)
    points: defaultdict[int, list[Member | None]] = defaultdict(list)
    for point_id, place, utterance_id, reported_id, chance, key, contradicts in rows:
        statement = utterance_id if utterance_id is not None else -(reported_id or 0)
        while statement in absorbed:
            statement = absorbed[statement]
        members = points[point_id]
        members += [None] * (place - len(members))
        members.append(Member(statement, chance, key, contradicts))
    return dict(points)


def _absorbed(session: Session) -> dict[int, int]:
    """Return the utterance that absorbed another, by the id of the other."""
    wanted = select(UtteranceRow.id, UtteranceRow.merged_into_id).where(UtteranceRow.merged_into_id.is_not(None))
    return {absorbed: kept for absorbed, kept in session.execute(wanted) if kept is not None}


def follow_point(session: Session, point_id: int) -> int:
    """Return the id that this id was merged into; the id itself if it was not merged."""
    merged_into = select(TalkingPointRow.merged_into_id)
    while (kept := session.scalar(merged_into.where(TalkingPointRow.id == point_id))) is not None:
        point_id = kept
    return point_id
