"""Decisions of people about quotations: appended or revoked, never changed.

A decision points at characters. They are found again in every version of their article, so that the decision survives a
new extractor and an edited article. If they are found in none, the decision is an orphan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from quotetrack.core.anchors import locate, surroundings
from quotetrack.core.domain import Anchor, Judgement, Span
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    AnchorRow,
    ArticleRow,
    ArticleVersionRow,
    JudgementLinkedRow,
    JudgementRow,
    QuotationRow,
)

LEAST_COMMON = 0.5  # share of the shorter of two spans: a quotation that has it in common is the one pointed at


def put_judgement(
    session: Session, left: int, right: int, *, same: bool, decided_by: str, now: datetime, reason: str | None = None
) -> int:
    """Store that two sightings are the same utterance or not, and return the id of the judgement.

    If the same judgement is in force, its id is returned. The opposite judgement is revoked. Raises LookupError for an
    id that is no sighting, and ValueError for two equal ids.
    """
    if left == right:
        raise ValueError(f"sighting {left} was given twice: give two different sightings")
    anchors = [_put_anchor(session, each) for each in sorted((left, right))]
    for judgement in _between(session, left, right):
        if judgement.same == same:
            return judgement.id
        session.get_one(JudgementRow, judgement.id).revoked_at = now
    row = JudgementRow(
        left_anchor_id=anchors[0],
        right_anchor_id=anchors[1],
        same=same,
        decided_by=decided_by,
        decided_at=now,
        reason=reason,
    )
    session.add(row)
    session.flush()
    return row.id


def revoke_judgements(session: Session, left: int, right: int, now: datetime) -> list[int]:
    """Revoke the judgements in force between two sightings, and return their ids."""
    revoked = [judgement.id for judgement in _between(session, left, right)]
    for judgement_id in revoked:
        session.get_one(JudgementRow, judgement_id).revoked_at = now
    session.flush()
    return revoked


def judgements_in_force(session: Session) -> list[Judgement]:
    """Return the judgements that are not revoked, oldest first, orphans included."""
    rows = session.scalars(select(JudgementRow).where(JudgementRow.revoked_at.is_(None)).order_by(JudgementRow.id))
    return [_judgement(session, row) for row in rows]


def judgements_to_link(session: Session, linker: str) -> list[Judgement]:
    """Return the judgements that are new to this linker, or were revoked since it saw them."""
    seen = aliased(JudgementLinkedRow)
    is_new = or_(
        seen.judgement_id.is_(None) & JudgementRow.revoked_at.is_(None),
        seen.in_force & JudgementRow.revoked_at.is_not(None),
        seen.linker != linker,
    )
    wanted = select(JudgementRow).outerjoin(seen, seen.judgement_id == JudgementRow.id).where(is_new)
    return [_judgement(session, row) for row in session.scalars(wanted.order_by(JudgementRow.id))]


def _put_anchor(session: Session, quotation_id: int) -> int:
    wanted = select(QuotationRow, ArticleVersionRow).join_from(QuotationRow, ArticleVersionRow)
    rows = session.execute(wanted.where(QuotationRow.id == quotation_id, is_sighting())).one_or_none()
    if rows is None:
        raise LookupError(f"there is no sighting {quotation_id}")
    quotation, version = rows
    exact = version.text[quotation.start : quotation.end]
    known = select(AnchorRow.id).where(
        AnchorRow.version_id == version.id, AnchorRow.start == quotation.start, AnchorRow.exact == exact
    )
    anchor_id = session.scalar(known)
    if anchor_id is None:
        prefix, suffix = surroundings(version.text, quotation.start, quotation.end)
        row = AnchorRow(version_id=version.id, start=quotation.start, exact=exact, prefix=prefix, suffix=suffix)
        session.add(row)
        session.flush()
        anchor_id = row.id
    return anchor_id


def _between(session: Session, left: int, right: int) -> Iterator[Judgement]:
    for judgement in judgements_in_force(session):
        if any({one, other} == {left, right} for one, other, _ in judgement.pairs):
            yield judgement


def _judgement(session: Session, row: JudgementRow) -> Judgement:
    left, left_where, left_ids = _find(session, row.left_anchor_id)
    right, right_where, right_ids = _find(session, row.right_anchor_id)
    return Judgement(
        id=row.id,
        anchors=(left, right),
        where=(left_where, right_where),
        left=left_ids,
        right=right_ids,
        same=row.same,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        is_revoked=row.revoked_at is not None,
    )


def _find(session: Session, anchor_id: int) -> tuple[Anchor, str, tuple[int, ...]]:
    """Return an anchor, the URL of its article, and the sightings that its characters are in the stored versions."""
    wanted = select(AnchorRow, ArticleRow).join_from(AnchorRow, ArticleVersionRow).join(ArticleRow)
    row, article = session.execute(wanted.where(AnchorRow.id == anchor_id)).one()
    anchor = Anchor(row.start, row.exact, row.prefix, row.suffix)
    versions = select(ArticleVersionRow.id, ArticleVersionRow.text).where(ArticleVersionRow.article_id == article.id)
    places = {
        version_id: locate(anchor.start, anchor.exact, anchor.prefix, anchor.suffix, text)
        for version_id, text in session.execute(versions)
    }
    spans = {version_id: Span(*place) for version_id, place in places.items() if place}
    ids = (_sighting_at(session, version_id, span) for version_id, span in sorted(spans.items()))
    return anchor, article.url, tuple(quotation_id for quotation_id in ids if quotation_id is not None)


def _sighting_at(session: Session, version_id: int, span: Span) -> int | None:
    """Return the sighting that shares most characters with a span of a version; None if it shares too few."""
    wanted = select(QuotationRow.id, QuotationRow.start, QuotationRow.end).join_from(QuotationRow, ArticleVersionRow)
    near = wanted.where(QuotationRow.version_id == version_id, is_sighting())
    near = near.where(QuotationRow.start < span.end, QuotationRow.end > span.start)
    common = {
        quotation_id: span.overlap(Span(start, end)) / min(len(span), end - start)
        for quotation_id, start, end in session.execute(near.order_by(QuotationRow.id))
    }
    best = max(common, key=lambda quotation_id: common[quotation_id], default=None)
    return best if best is not None and common[best] >= LEAST_COMMON else None
