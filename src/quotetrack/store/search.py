"""Which quotations a question is about: by who, when and where in SQL, by words in full text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, FromClause, Select, String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from quotetrack.store.backends.sqlite import full_text_hits, numbers, phrase_hits
from quotetrack.store.sightings import is_sighting
from quotetrack.store.statements import batches
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, OutletRow, QuotationRow, published_day

# The best hits of full text that are narrowed before all are: where many hit, a search in SQL for each takes long.
TRIED = 5_000

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What sightings have to be besides being about a topic. None narrows nothing; windows include both their days.

    `speakers` are ids; none at all (an empty sequence) find nothing. `since` and `until` are about the day of speaking:
    it may lie in the window; where it is not known, the article has to be published there.
    """

    speakers: Sequence[int] | None = None
    since: date | None = None
    until: date | None = None
    published_since: date | None = None
    published_until: date | None = None
    outlet: str | None = None
    min_confidence: float = 0.0


EVERYTHING = Narrowing()


def candidates(session: Session, narrowing: Narrowing = EVERYTHING, *, limit: int | None = None) -> list[int]:
    """Ids of the sightings, in order; no more than `limit`."""
    wanted = _narrowed(select(QuotationRow.id), narrowing).order_by(QuotationRow.id).limit(limit)
    return list(session.scalars(wanted))


def full_text(
    session: Session, topic: str, narrowing: Narrowing = EVERYTHING, *, limit: int
) -> list[tuple[int, float]]:
    """Ids of sightings with any word of the topic in words, passage or title, with their score, best first.

    The higher the better (BM25); of equals the lower id. Any topic is harmless.
    """
    hits = full_text_hits(topic)
    if hits is None:
        return []
    best = _best(session, select(hits.c.id, hits.c.score), hits, TRIED)
    narrowed = set(session.scalars(_narrowed(select(QuotationRow.id), narrowing).where(_is_one_of(i for i, _ in best))))
    kept = [(quotation_id, score) for quotation_id, score in best if quotation_id in narrowed][:limit]
    if len(kept) == limit or len(best) < TRIED:
        return kept
    wanted = select(QuotationRow.id, hits.c.score).join_from(hits, QuotationRow, QuotationRow.id == hits.c.id)
    return _best(session, _narrowed(wanted, narrowing), hits, limit)


def full_text_among(session: Session, topic: str, ids: Sequence[int], *, limit: int) -> list[tuple[int, float]]:
    """The same among sightings that are known: where they are few, far quicker than to narrow all that hit."""
    hits = full_text_hits(topic, ids)
    if hits is None:
        return []
    return _best(session, select(hits.c.id, hits.c.score), hits, limit)


def _best(session: Session, wanted: Select[int, float], hits: FromClause, limit: int) -> list[tuple[int, float]]:
    best = wanted.order_by(hits.c.score.desc(), hits.c.id).limit(limit)
    return [(quotation_id, score) for quotation_id, score in session.execute(best)]


def _is_one_of(ids: Iterable[int]) -> ColumnElement[bool]:
    return QuotationRow.id.in_(select(numbers(ids).c.value))


def utterance_days(session: Session, narrowing: Narrowing) -> dict[int, date | None]:
    """The utterances of these sightings with the last day on which each may have been said, else was published."""
    wanted = select(QuotationRow.utterance_id, _day()).where(QuotationRow.utterance_id.is_not(None))
    return _days(session, _narrowed(wanted, narrowing).group_by(QuotationRow.utterance_id))


def days_of_utterances(session: Session, utterance_ids: Sequence[int]) -> dict[int, date | None]:
    """The same for utterances by their ids."""
    wanted = select(QuotationRow.utterance_id, _day()).join_from(QuotationRow, ArticleVersionRow)
    wanted = wanted.where(QuotationRow.retired_at.is_(None)).group_by(QuotationRow.utterance_id)
    days: dict[int, date | None] = {}
    for batch in batches(utterance_ids):
        days |= _days(session, wanted.where(QuotationRow.utterance_id.in_(batch)))
    return days


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A sighting that was found: its utterance, its words, and where it stands in which version."""

    utterance_id: int
    words: str
    version_id: int
    start: int


def hits(session: Session, ids: Sequence[int]) -> dict[int, SearchHit]:
    """These sightings, in order of id; those that nobody has linked yet are left out."""
    columns = (QuotationRow.utterance_id, QuotationRow.words, QuotationRow.version_id, QuotationRow.start)
    wanted = select(QuotationRow.id, *columns).where(_is_one_of(ids))
    return {
        quotation_id: SearchHit(utterance_id, words, version_id, start)
        for quotation_id, utterance_id, words, version_id, start in session.execute(wanted.order_by(QuotationRow.id))
        if utterance_id is not None
    }


def speakers_around(session: Session, phrase: str, limit: int) -> list[tuple[int, int]]:
    """Ids of the speakers who are quoted in passages with these very words, and how often; most first.

    A guess at whom an office means: "the harbour master" is named beside her words.
    """
    hits = phrase_hits(phrase)
    if hits is None:
        return []
    times = func.count()
    wanted = (
        select(QuotationRow.speaker_id, times)
        .join_from(hits, QuotationRow, QuotationRow.id == hits.c.id)
        .where(QuotationRow.speaker_id.is_not(None), QuotationRow.retired_at.is_(None))
        .group_by(QuotationRow.speaker_id)
        .order_by(times.desc(), QuotationRow.speaker_id)
        .limit(limit)
    )
    return [(speaker_id, number) for speaker_id, number in session.execute(wanted) if speaker_id is not None]


def outlet_names(session: Session) -> list[tuple[str, str | None]]:
    """The slug and the name of each outlet on file."""
    return [(slug, name) for slug, name in session.execute(select(OutletRow.slug, OutletRow.name))]


def _narrowed(statement: Select[*Columns], narrowing: Narrowing) -> Select[*Columns]:
    statement = statement.join(ArticleVersionRow, ArticleVersionRow.id == QuotationRow.version_id)
    if narrowing.outlet is not None:
        statement = statement.join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        statement = statement.join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
    return statement.where(*_conditions(narrowing))


def _conditions(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    conditions = [is_sighting()]
    published = published_day(ArticleVersionRow.published_at)
    if narrowing.speakers is not None:
        conditions.append(QuotationRow.speaker_id.in_(narrowing.speakers))
    if narrowing.outlet is not None:
        conditions.append(OutletRow.slug == narrowing.outlet)
    if narrowing.since is not None or narrowing.until is not None:
        conditions.append(_may_be_said(narrowing.since, narrowing.until))
    if narrowing.published_since is not None:
        conditions.append(published >= narrowing.published_since.isoformat())
    if narrowing.published_until is not None:
        conditions.append(published <= narrowing.published_until.isoformat())
    if narrowing.min_confidence:
        conditions.append(QuotationRow.attribution_confidence >= narrowing.min_confidence)
    return conditions


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


def _day() -> ColumnElement[str]:
    said = type_coerce(QuotationRow.said_last, String)
    return func.max(func.coalesce(said, published_day(ArticleVersionRow.published_at)))


def _days(session: Session, wanted: Select[int | None, str]) -> dict[int, date | None]:
    return {
        utterance_id: date.fromisoformat(day) if day else None
        for utterance_id, day in session.execute(wanted)
        if utterance_id is not None
    }
