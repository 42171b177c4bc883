"""What each person decided about each quotation or pair, with decisions that others superseded or agreed with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.domain import CorrectionFault
from quotetrack.store.tables import CorrectionRow, JudgementRow

NOT_A_QUOTATION = "(not a quotation)"
# What a fault is an answer to. Corrected and missed words have too many answers to agree on by chance.
_QUESTIONS = {
    CorrectionFault.SPEAKER: "speaker",
    CorrectionFault.NOT_A_QUOTATION: "speaker",
    CorrectionFault.DAY: "day",
}
SAME_UTTERANCE = "same utterance"

Item: TypeAlias = tuple[str, int, int]  # the question, and the anchor or the two anchors that it is about


@dataclass(frozen=True, slots=True)
class Opinion:
    """The last answer of one person to one question: a name, days, or whether two are the same."""

    item: Item
    decided_by: str
    answer: str
    decided_at: datetime


def read_opinions(session: Session) -> list[Opinion]:
    """Return the last answer of each person to each question, without those that were undone."""
    return [*_last(_of_corrections(session)), *_last(_of_judgements(session))]


Row: TypeAlias = tuple[Item, str, str, datetime, datetime | None]  # in order of their ids


def _of_corrections(session: Session) -> list[Row]:
    wanted = select(
        CorrectionRow.anchor_id,
        CorrectionRow.fault,
        CorrectionRow.value,
        CorrectionRow.decided_by,
        CorrectionRow.decided_at,
        CorrectionRow.revoked_at,
    ).order_by(CorrectionRow.id)
    return [
        ((_QUESTIONS[CorrectionFault(fault)], anchor, 0), by, value or NOT_A_QUOTATION, decided_at, revoked_at)
        for anchor, fault, value, by, decided_at, revoked_at in session.execute(wanted)
        if fault in _QUESTIONS
    ]


def _of_judgements(session: Session) -> list[Row]:
    wanted = select(
        JudgementRow.left_anchor_id,
        JudgementRow.right_anchor_id,
        JudgementRow.same,
        JudgementRow.decided_by,
        JudgementRow.decided_at,
        JudgementRow.revoked_at,
    ).order_by(JudgementRow.id)
    return [
        ((SAME_UTTERANCE, min(left, right), max(left, right)), by, "yes" if same else "no", decided_at, revoked_at)
        for left, right, same, by, decided_at, revoked_at in session.execute(wanted)
    ]


def _last(rows: Sequence[Row]) -> Iterator[Opinion]:
    """Yield the last row of each person and item, unless it was undone.

    A row that another superseded was revoked at the moment at which that one was decided. One that agrees with a row in
    force was revoked at its own moment.
    """
    moments = {(item, decided_at) for item, _, _, decided_at, _ in rows}
    last = {(item, by): (answer, decided_at, revoked_at) for item, by, answer, decided_at, revoked_at in rows}
    for (item, by), (answer, decided_at, revoked_at) in last.items():
        if revoked_at is None or (item, revoked_at) in moments:
            yield Opinion(item, by, answer, decided_at)
