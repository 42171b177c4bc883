"""Which quotations a question is about: by who, when and where in SQL, by words in full text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from quotetrack.store.dialect import full_text_hits
from quotetrack.store.read import is_sighting
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, OutletRow, QuotationRow, published_day


def candidates(
    session: Session,
    *,
    speakers: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
) -> list[int]:
    """Ids of the sightings by one of these names, in this outlet, that may have been said in the window, in order.

    None narrows nothing; no names at all (an empty sequence) find nothing. The window includes both its days. Where
    the day of speaking is not known, the article has to be published within the window.
    """
    wanted = select(QuotationRow.id).join_from(QuotationRow, ArticleVersionRow).join(ArticleRow).join(OutletRow)
    wanted = wanted.where(_narrowed(speakers, since, until, outlet))
    return list(session.scalars(wanted.order_by(QuotationRow.id)))


def full_text(
    session: Session,
    topic: str,
    *,
    speakers: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    outlet: str | None = None,
    limit: int,
) -> list[tuple[int, float]]:
    """Ids of sightings with any word of the topic in words, paragraph or title, with their score, best first.

    Narrowed as `candidates` does. The higher the better (BM25); of equals the lower id. Any topic is harmless.
    """
    hits = full_text_hits(topic)
    if hits is None:
        return []
    wanted = (
        select(QuotationRow.id, hits.c.score)
        .join_from(hits, QuotationRow, QuotationRow.id == hits.c.id)
        .join(ArticleVersionRow)
        .join(ArticleRow)
        .join(OutletRow)
        .where(_narrowed(speakers, since, until, outlet))
        .order_by(hits.c.score.desc(), QuotationRow.id)
        .limit(limit)
    )
    return [(quotation_id, score) for quotation_id, score in session.execute(wanted)]


def _narrowed(
    speakers: Sequence[str] | None, since: date | None, until: date | None, outlet: str | None
) -> ColumnElement[bool]:
    conditions = [is_sighting()]
    if speakers is not None:
        conditions.append(QuotationRow.speaker_name.in_(speakers))
    if outlet is not None:
        conditions.append(OutletRow.slug == outlet)
    if since is not None or until is not None:
        conditions.append(_may_be_said(since, until))
    return and_(*conditions)


def _may_be_said(since: date | None, until: date | None) -> ColumnElement[bool]:
    first, last = QuotationRow.said_first, QuotationRow.said_last
    published = published_day(ArticleVersionRow.published_at)
    told: list[ColumnElement[bool]] = [or_(first.is_not(None), last.is_not(None))]
    printed: list[ColumnElement[bool]] = [first.is_(None), last.is_(None)]
    if since is not None:
        told.append(or_(last.is_(None), last >= since))
        printed.append(published >= since.isoformat())
    if until is not None:
        told.append(or_(first.is_(None), first <= until))
        printed.append(published <= until.isoformat())
    return or_(and_(*told), and_(*printed))
