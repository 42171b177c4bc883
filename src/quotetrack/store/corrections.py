"""Corrections of people to single quotations: appended or revoked, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from quotetrack.core.anchors import parts_at
from quotetrack.core.corrections import nearest
from quotetrack.core.domain import Anchor, Correction, CorrectionFault, Span, hull_of, number_of_reported, reported_id
from quotetrack.store.backends.statements import among, ids_of, insert_one, numbers
from quotetrack.store.decisions import (
    AppliedKind,
    ImportResult,
    anchor_of,
    apply_later,
    put_anchor,
    sightings_at,
    texts_of_article,
)
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    AnchorRow,
    ArticleRow,
    ArticleVersionRow,
    CorrectionRow,
    FactCheckMatchRow,
    QuotationRow,
    ReportedStatementRow,
)


def put_correction(
    session: Session,
    article_url: str,
    anchor: Anchor,
    fault: CorrectionFault,
    value: str | None,
    *,
    decided_by: str,
    now: datetime,
    reason: str | None = None,
    target: Anchor | None = None,
) -> int:
    """Store a correction, and return its id. It waits to be applied.

    An older one of the same fault about the same characters is revoked; of decisions about a fact-check, one about the
    same fact-check. If that says the same, it stands, and its id is
    returned; somebody else's agreement is stored beside it, as a correction that was never in force.
    """
    anchor_id = put_anchor(session, article_url, anchor)
    target_id = put_anchor(session, article_url, target) if target else None
    values = {
        "anchor_id": anchor_id,
        "fault": str(fault),
        "value": value,
        "target_anchor_id": target_id,
        "reason": reason,
        "decided_by": decided_by,
        "decided_at": now,
    }
    for row in _about(session, anchor_id, fault, value):
        if row.revoked_at is None and (row.fault, row.value, row.target_anchor_id) == (fault, value, target_id):
            if row.decided_by != decided_by:
                insert_one(session, CorrectionRow, values | {"revoked_at": now})
            return row.id
        revoke_correction(session, row.id, now)
    correction_id = insert_one(session, CorrectionRow, values)
    apply_later(session, AppliedKind.CORRECTION, [correction_id])
    return correction_id


def import_correction(
    session: Session,
    article_url: str,
    anchor: Anchor,
    fault: CorrectionFault,
    value: str | None,
    *,
    decided_by: str,
    at: datetime,
    reason: str | None,
    target: Anchor | None,
) -> ImportResult:
    """Store a correction of another database. The article may come later.

    Of two corrections of one fault of the same characters the later one stands, and the other is revoked.
    """
    anchor_id = put_anchor(session, article_url, anchor)
    target_id = put_anchor(session, article_url, target) if target else None
    others = _about(session, anchor_id, fault, value)
    if any(
        (row.fault, row.value, row.target_anchor_id) == (fault, value, target_id)
        and (row.revoked_at is None or (row.decided_by, row.decided_at) == (decided_by, at))
        for row in others
    ):
        return ImportResult.KNOWN
    if any(row.revoked_at is None and row.decided_at > at for row in others):
        return ImportResult.OVERRULED
    put_correction(
        session, article_url, anchor, fault, value, decided_by=decided_by, now=at, reason=reason, target=target
    )
    return ImportResult.NEW


def _about(session: Session, anchor_id: int, fault: CorrectionFault, value: str | None) -> list[CorrectionRow]:
    """Return the corrections of a fault of these characters, in force or not, oldest first.

    Of decisions about a fact-check, those about the same one, whatever they say.
    """
    if fault.is_of_fact_check:
        of_check = [
            row
            for each in (CorrectionFault.FACT_CHECK, CorrectionFault.NOT_FACT_CHECK)
            for row in session.scalars(_of_anchor(), {"anchor": anchor_id, "fault": str(each)})
            if row.value == value
        ]
        return sorted(of_check, key=lambda row: row.id)
    return list(session.scalars(_of_anchor(), {"anchor": anchor_id, "fault": str(fault)}))


@cache
def _of_anchor() -> Select[CorrectionRow]:
    of_anchor = (CorrectionRow.anchor_id == bindparam("anchor"), CorrectionRow.fault == bindparam("fault"))
    return select(CorrectionRow).where(*of_anchor).order_by(CorrectionRow.id)


def revoke_correction(session: Session, correction_id: int, now: datetime) -> bool:
    """Revoke a correction. Return False if there is none with this id in force."""
    row = session.get(CorrectionRow, correction_id)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    session.flush()
    apply_later(session, AppliedKind.CORRECTION, [correction_id])
    return True


def read_corrections(session: Session, ids: Sequence[int] | None = None) -> list[Correction]:
    """Return the corrections in force, oldest first; or those of these ids, revoked or not."""
    if ids is None:
        rows = session.execute(_with_anchors().where(CorrectionRow.revoked_at.is_(None))).all()
    else:
        rows = session.execute(_of_ids(), ids_of(ids)).all()
    return [_correction(session, row) for row, _ in rows]


def corrections_on(session: Session, article_url: str) -> list[Correction]:
    """Return the corrections in force about the quotations of an article, oldest first."""
    return [_correction(session, row) for row, _ in session.execute(_on_article(), {"url": article_url}).all()]


@cache
def _on_article() -> Select[CorrectionRow, AnchorRow]:
    return _with_anchors().where(AnchorRow.article_url == bindparam("url"), CorrectionRow.revoked_at.is_(None))


@cache
def _of_ids() -> Select[CorrectionRow, AnchorRow]:
    return _with_anchors().where(CorrectionRow.id.in_(among()))


def _with_anchors() -> Select[CorrectionRow, AnchorRow]:
    """Return the statement for corrections, oldest first, each with its anchor: the session then holds all anchors."""
    wanted = select(CorrectionRow, AnchorRow).join_from(
        CorrectionRow, AnchorRow, AnchorRow.id == CorrectionRow.anchor_id
    )
    return wanted.order_by(CorrectionRow.id)


def corrections_of_sightings(
    session: Session, quotation_ids: Sequence[int]
) -> list[tuple[Correction, tuple[int, ...]]]:
    """Return the corrections in force of any of these sightings, with all sightings that each is about.

    With them are the decisions about their fact-checks.
    """
    urls = select(ArticleRow.url).join_from(QuotationRow, ArticleVersionRow).join(ArticleRow).distinct()
    of_match = (FactCheckMatchRow.quotation_id == QuotationRow.id, FactCheckMatchRow.decided.is_not(None))
    is_decided = or_(QuotationRow.correction_id.is_not(None), exists().where(*of_match))
    shaped = QuotationRow.id.in_(select(numbers(quotation_ids).c.value)) & is_decided
    placed = [
        (correction, sightings_of_correction(session, correction))
        for url in session.scalars(urls.where(shaped)).all()
        for correction in corrections_on(session, url)
    ]
    wanted = set(quotation_ids)
    return sorted((each for each in placed if wanted & set(each[1])), key=lambda each: each[0].id)


def sightings_of_correction(session: Session, correction: Correction) -> tuple[int, ...]:
    """Return the sightings that a correction is about today; for words that a person took out, the rows they were.

    None for a correction of a reported statement.
    """
    if correction.fault.is_of_reported:
        return ()
    wanted = select(AnchorRow).join(CorrectionRow, AnchorRow.id == CorrectionRow.anchor_id)
    row = session.scalars(wanted.where(CorrectionRow.id == correction.id)).one()
    applied = select(QuotationRow.id).where(QuotationRow.correction_id == correction.id)
    return sightings_at(session, row) or tuple(session.scalars(applied.order_by(QuotationRow.id)))


def places_of_correction(session: Session, correction: Correction) -> tuple[int | str, ...]:
    """Return the same, and of a correction of reported statements their ids, such as "r12"."""
    if not correction.fault.is_of_reported:
        return sightings_of_correction(session, correction)
    ids = []
    for version_id, text in session.execute(texts_of_article(), {"url": correction.article_url}):
        parts = parts_at(text, correction.anchor)
        is_kept = or_(ReportedStatementRow.extracted.is_not(None), is_sighting(ReportedStatementRow))
        wanted = select(ReportedStatementRow.id, ReportedStatementRow.start, ReportedStatementRow.end)
        wanted = wanted.join(ArticleVersionRow).where(ReportedStatementRow.version_id == version_id, is_kept)
        rows = session.execute(wanted.order_by(ReportedStatementRow.id)).all()
        at = nearest([Span(start, end) for _, start, end in rows], hull_of(parts)) if parts else None
        ids += [reported_id(rows[at][0])] if at is not None else []
    return tuple(ids)


def corrections_of_reported(
    session: Session, ids: Sequence[str]
) -> dict[str, list[tuple[Correction, tuple[int | str, ...]]]]:
    """Return for each of these reported statements the corrections in force that shaped it, with what each is about.

    A correction of a quotation that stands inside a statement is also about the statement, where people decided nothing
    else about the statement itself.
    """
    found: dict[str, list[tuple[Correction, tuple[int | str, ...]]]] = {each: [] for each in ids}
    asked = [number_of_reported(each) for each in ids]
    decided = select(ReportedStatementRow, ArticleRow.url).join_from(ReportedStatementRow, ArticleVersionRow)
    decided = decided.join(ArticleRow).where(ReportedStatementRow.id.in_(select(numbers(asked).c.value)))
    of_article: defaultdict[str, list[ReportedStatementRow]] = defaultdict(list)
    for row, url in session.execute(decided.where(ReportedStatementRow.decided.is_not(None))).all():
        of_article[url].append(row)
    for url, rows in of_article.items():
        placed = [(each, places_of_correction(session, each)) for each in corrections_on(session, url)]
        for row in rows:
            own_id = reported_id(row.id)
            own = {correction.fault for correction, places in placed if own_id in places}
            inherited = [fault for fault in row.decided or () if f"reported_{fault}" not in own]
            inside = set(session.scalars(_quotations_inside(row)))
            found[own_id] = [
                (correction, tuple(dict.fromkeys((*places, own_id))))
                for correction, places in placed
                if own_id in places or (correction.fault in inherited and inside & set(places))
            ]
    return found


def _quotations_inside(statement: ReportedStatementRow) -> Select[int]:
    is_inside = (QuotationRow.start < statement.end, QuotationRow.end > statement.start)
    return select(QuotationRow.id).where(QuotationRow.version_id == statement.version_id, *is_inside)


def _correction(session: Session, row: CorrectionRow) -> Correction:
    anchor = session.get_one(AnchorRow, row.anchor_id)
    target = session.get_one(AnchorRow, row.target_anchor_id) if row.target_anchor_id else None
    return Correction(
        id=row.id,
        article_url=anchor.article_url,
        anchor=anchor_of(anchor),
        fault=CorrectionFault(row.fault),
        value=row.value,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        target=anchor_of(target) if target else None,
        reason=row.reason,
        revoked_at=row.revoked_at,
    )
