"""Find quotations by speaker, day and outlet in SQL, and by words in full text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from quotetrack.core.calendar import DAY_LENGTH
from quotetrack.core.domain import ArticleField, DateBasis, SaidOn, doubt_of_said
from quotetrack.store.articles import decided_articles, outlet_of_article
from quotetrack.store.backends import backend_of
from quotetrack.store.backends.statements import batches, numbers
from quotetrack.store.sightings import is_sighting, is_unsure
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    OutletRow,
    QuotationRow,
    SpeakerRow,
    StatementTable,
    published_day,
)

# Best full-text hits that are narrowed first: where a topic has many hits, narrowing all of them in SQL takes long.
TRIED = 5_000

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Conditions on sightings other than their topic. None sets no condition; windows include both their days.

    `speakers` are ids; an empty sequence finds nothing. `since` and `until` are about the day of speaking, which must
    possibly be in the window. Where it is unknown, the article must have been published in the window: everything may
    have been said long before it was published.

    `without_speakers` are ids of speakers whose sightings are left out, as are those without a speaker.

    `unsure_of` are names: it finds sightings of utterances without any speaker that have one of them as an alternative.
    """

    speakers: Sequence[int] | None = None
    since: date | None = None
    until: date | None = None
    published_since: date | None = None
    published_until: date | None = None
    outlet: str | None = None
    min_confidence: float = 0.0
    unsure_of: Sequence[str] | None = None
    without_speakers: Sequence[int] | None = None


EVERYTHING = Narrowing()


def candidates(session: Session, narrowing: Narrowing = EVERYTHING, *, most: int) -> list[int] | None:
    """Return the ids of the sightings in order; None if there are more than `most`."""
    wanted = _narrowed(session, select(QuotationRow.id), narrowing)
    if narrowing.speakers is None and session.scalar(wanted.limit(1).offset(most)) is not None:
        return None  # to fetch so many takes longer than to count them
    ids = sorted(session.scalars(wanted.limit(most + 1)))
    return ids if len(ids) <= most else None


def full_text(
    session: Session, topic: str, narrowing: Narrowing = EVERYTHING, *, limit: int
) -> list[tuple[int, float]]:
    """Return ids of sightings with any word of the topic in words, passage or title, and their scores, best first.

    The score is BM25, higher is better; of equal scores the lower id comes first. Any text is safe as a topic.
    """
    hits = backend_of(session).full_text_hits(session, topic, None)
    if hits is None:
        return []
    best = _best(session, select(hits.c.id, hits.c.score), hits, TRIED)
    narrowed = set(
        session.scalars(_narrowed(session, select(QuotationRow.id), narrowing).where(_is_one_of(i for i, _ in best)))
    )
    kept = [(quotation_id, score) for quotation_id, score in best if quotation_id in narrowed][:limit]
    if len(kept) == limit or len(best) < TRIED:
        return kept
    wanted = select(QuotationRow.id, hits.c.score).join_from(hits, QuotationRow, QuotationRow.id == hits.c.id)
    return _best(session, _narrowed(session, wanted, narrowing), hits, limit)


def full_text_among(session: Session, topic: str, ids: Sequence[int], *, limit: int) -> list[tuple[int, float]]:
    """Return the same as `full_text` among these sightings; if they are few, far faster than narrowing all hits."""
    hits = backend_of(session).full_text_hits(session, topic, ids)
    if hits is None:
        return []
    return _best(session, select(hits.c.id, hits.c.score), hits, limit)


def _best(session: Session, wanted: Select[int, float], hits: FromClause, limit: int) -> list[tuple[int, float]]:
    best = wanted.order_by(hits.c.score.desc(), hits.c.id).limit(limit)
    return [(quotation_id, score) for quotation_id, score in session.execute(best)]


def _is_one_of(ids: Iterable[int]) -> ColumnElement[bool]:
    return QuotationRow.id.in_(select(numbers(ids).c.value))


def utterance_days(session: Session, narrowing: Narrowing) -> dict[int, date | None]:
    """Return for each utterance of these sightings the last day on which it may have been said, else was published."""
    wanted = _select_days(session).where(QuotationRow.utterance_id.is_not(None))
    return _days(session, _narrowed(session, wanted, narrowing).group_by(QuotationRow.utterance_id))


def utterances_in(session: Session, narrowing: Narrowing) -> list[int]:
    """Return the ids of the utterances with one of these sightings, in order."""
    wanted = select(QuotationRow.utterance_id).where(QuotationRow.utterance_id.is_not(None)).distinct()
    found = session.scalars(_narrowed(session, wanted, narrowing).order_by(QuotationRow.utterance_id))
    return [utterance_id for utterance_id in found if utterance_id is not None]


def days_of_utterances(session: Session, utterance_ids: Sequence[int]) -> dict[int, date | None]:
    """Return the same as `utterance_days` for these utterances."""
    wanted = _select_days(session).join(ArticleVersionRow)
    wanted = wanted.where(QuotationRow.retired_at.is_(None)).group_by(QuotationRow.utterance_id)
    return _days(session, wanted.where(QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value))))


def _select_days(session: Session) -> Select[int | None, str]:
    return select(QuotationRow.utterance_id, func.max(latest_day(session))).select_from(QuotationRow)


def said_of_utterances(session: Session, utterance_ids: Sequence[int]) -> dict[int, SaidOn]:
    """Return for each of these utterances when it was said, at the latest on the day of publication.

    That is by the sighting that tells it best, as `Utterance.said`.
    """
    columns = (QuotationRow.said_first, latest_day(session), QuotationRow.said_basis, QuotationRow.said_confidence)
    wanted = select(QuotationRow.utterance_id, *columns).join_from(QuotationRow, ArticleVersionRow).where(is_sighting())
    found: defaultdict[int, list[tuple[SaidOn, float | None]]] = defaultdict(list)
    for batch in batches(utterance_ids):
        rows = session.execute(wanted.where(QuotationRow.utterance_id.in_(batch)))
        for utterance_id, first, latest, basis, confidence in rows:
            found[utterance_id or 0].append((_said_by(first, latest, basis), confidence))
    return {each: min(found[each], key=lambda said: doubt_of_said(*said))[0] for each in found}


def _said_by(first: date | None, latest: str | None, basis: str) -> SaidOn:
    last = date.fromisoformat(latest) if latest else None
    return SaidOn(first, max(first, last) if first and last else last, DateBasis(basis))


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A sighting that was found: its utterance, words, version, and first character there."""

    utterance_id: int
    words: str
    version_id: int
    start: int


def hits(session: Session, ids: Sequence[int]) -> dict[int, SearchHit]:
    """Return these sightings in order of id; sightings that wait to be linked are left out."""
    columns = (QuotationRow.utterance_id, QuotationRow.words, QuotationRow.version_id, QuotationRow.start)
    wanted = select(QuotationRow.id, *columns).where(_is_one_of(ids))
    return {
        quotation_id: SearchHit(utterance_id, words, version_id, start)
        for quotation_id, utterance_id, words, version_id, start in session.execute(wanted.order_by(QuotationRow.id))
        if utterance_id is not None
    }


def utterances_with_words(
    session: Session, alternatives: Sequence[Iterable[str]], utterance_ids: Iterable[int], *, in_words: bool = False
) -> set[int]:
    """Return those of these utterances that have a word of each of the sets in words, passage or title.

    `in_words`: in the words alone.

    Words are compared by their stems; without any set, none is returned.
    """
    chosen = QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value))
    sightings = select(QuotationRow.id, QuotationRow.utterance_id).where(chosen, QuotationRow.retired_at.is_(None))
    utterance_of = {each: its for each, its in session.execute(sightings) if its is not None}
    # A common word is in half of all quotations: the index is asked about these only.
    hits = backend_of(session).all_terms_hits(session, alternatives, sorted(utterance_of), in_words=in_words)
    if hits is None:
        return set()
    return {utterance_of[each] for each in session.scalars(select(hits.c.id))}


@dataclass(frozen=True, slots=True)
class Counted:
    """A speaker or an outlet, the number of its sightings, and the first and last day on which they were published."""

    name: str
    quotations: int
    first: date | None = None
    last: date | None = None


def most_quoted(
    session: Session, narrowing: Narrowing, utterance_ids: Iterable[int] | None = None, *, limit: int
) -> list[Counted]:
    """Return the people with the most sightings, of these utterances if they are given; of equals in order of name."""
    times, day = func.count(), _published_day(session)
    canonical = aliased(SpeakerRow)
    wanted = (
        select(canonical.name, times, func.min(day), func.max(day))
        .select_from(QuotationRow)
        .join(ArticleVersionRow, ArticleVersionRow.id == QuotationRow.version_id)
        .join(SpeakerRow, SpeakerRow.id == QuotationRow.speaker_id)
        .join(canonical, canonical.id == SpeakerRow.canonical_id)
        .where(canonical.kind == "person", *conditions_of(session, narrowing))
        .group_by(canonical.id)
        .order_by(times.desc(), canonical.name)
        .limit(limit)
    )
    if utterance_ids is not None:
        wanted = wanted.where(QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value)))
    return [
        Counted(name, number, _as_day(first), _as_day(last)) for name, number, first, last in session.execute(wanted)
    ]


def by_their_outlets(wanted: Select[*Columns], utterance_ids: Iterable[int]) -> Select[*Columns]:
    """Return a statement about the sightings of these utterances, with their versions, articles and outlets."""
    return (
        wanted.select_from(QuotationRow)
        .join(ArticleVersionRow, ArticleVersionRow.id == QuotationRow.version_id)
        .join(ArticleRow, ArticleRow.id == ArticleVersionRow.article_id)
        .join(OutletRow, OutletRow.id == outlet_of_article())
        .where(is_sighting(), QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value)))
    )


def outlets_of(session: Session, utterance_ids: Iterable[int]) -> list[Counted]:
    """Return the outlets that carry these utterances, in the order in which they first did."""
    day = _published_day(session)
    first = func.min(day)
    moment = func.min(
        type_coerce(ArticleVersionRow.published_at, String)
    )  # a day without a time comes behind the times
    columns = select(func.coalesce(OutletRow.name, OutletRow.slug), func.count(), first, func.max(day))
    wanted = (
        by_their_outlets(columns, utterance_ids)
        .group_by(OutletRow.id)
        .order_by(first.is_(None), first, func.length(moment) <= DAY_LENGTH, moment, OutletRow.slug)
    )
    return [Counted(name, number, _as_day(one), _as_day(last)) for name, number, one, last in session.execute(wanted)]


def utterances_of_speakers(session: Session, speaker_ids: Iterable[int], utterance_ids: Iterable[int]) -> set[int]:
    """Return those of these utterances that one of the speakers said."""
    wanted = select(QuotationRow.utterance_id).where(
        QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value)),
        QuotationRow.speaker_id.in_(select(numbers(speaker_ids).c.value)),
        QuotationRow.retired_at.is_(None),
    )
    return {utterance_id for utterance_id in session.scalars(wanted.distinct()) if utterance_id is not None}


def lengths_of(session: Session, utterance_ids: Iterable[int]) -> dict[int, int]:
    """Return the number of characters of the longest wording of each of these utterances."""
    wanted = (
        select(QuotationRow.utterance_id, func.max(func.length(QuotationRow.words)))
        .where(QuotationRow.retired_at.is_(None))
        .where(QuotationRow.utterance_id.in_(select(numbers(utterance_ids).c.value)))
        .group_by(QuotationRow.utterance_id)
    )
    return {utterance_id: length for utterance_id, length in session.execute(wanted) if utterance_id is not None}


def _as_day(printed: str | None) -> date | None:
    return date.fromisoformat(printed) if printed else None


def count_mentions(session: Session, phrase: str) -> int:
    """Return the number of utterances in whose passage these words stand in a row."""
    hits = backend_of(session).phrase_hits(phrase)
    if hits is None:
        return 0
    utterances = select(func.count(func.distinct(QuotationRow.utterance_id)))
    utterances = utterances.join_from(hits, QuotationRow, QuotationRow.id == hits.c.id)
    return session.scalars(utterances.where(QuotationRow.retired_at.is_(None))).one()


def outlet_names(session: Session) -> list[tuple[str, str | None]]:
    """Return the slug and the name of each outlet."""
    return [(slug, name) for slug, name in session.execute(select(OutletRow.slug, OutletRow.name))]


def _narrowed(session: Session, statement: Select[*Columns], narrowing: Narrowing) -> Select[*Columns]:
    statement = statement.join(ArticleVersionRow, ArticleVersionRow.id == QuotationRow.version_id)
    return statement.where(*conditions_of(session, narrowing))


def conditions_of(
    session: Session, narrowing: Narrowing, table: StatementTable = QuotationRow
) -> list[ColumnElement[bool]]:
    """Return the conditions of a narrowing, for a statement over this table joined with its ArticleVersionRow."""
    conditions = [is_sighting(table)]
    if narrowing.speakers is not None:
        conditions.append(table.speaker_id.in_(narrowing.speakers))
    if narrowing.without_speakers is not None:
        conditions.append(table.speaker_id.not_in(narrowing.without_speakers))
    if narrowing.outlet is not None:
        conditions.append(_of_outlet(narrowing.outlet))
    if narrowing.since is not None or narrowing.until is not None:
        conditions.append(_may_be_said(session, table, narrowing.since, narrowing.until))
    if narrowing.published_since is not None:
        conditions.append(_published_day(session) >= narrowing.published_since.isoformat())
    if narrowing.published_until is not None:
        conditions.append(_published_day(session) <= narrowing.published_until.isoformat())
    if narrowing.min_confidence:
        conditions.append(table.attribution_confidence >= narrowing.min_confidence)
    if narrowing.unsure_of is not None:
        conditions.append(_is_unsure_of(session, narrowing.unsure_of))
    return conditions


def _is_unsure_of(session: Session, names: Sequence[str]) -> ColumnElement[bool]:
    named = aliased(QuotationRow)
    has_speaker = exists().where(
        named.utterance_id == QuotationRow.utterance_id, named.speaker_id.is_not(None), named.retired_at.is_(None)
    )
    return and_(is_unsure(), backend_of(session).has_first(QuotationRow.alternatives, names), ~has_speaker)


def _may_be_said(
    session: Session, table: StatementTable, since: date | None, until: date | None
) -> ColumnElement[bool]:
    first, last = table.said_first, table.said_last
    is_unknown = and_(first.is_(None), or_(last.is_(None), table.said_basis == DateBasis.UNKNOWN))
    by_said, by_published = [~is_unknown], [is_unknown]
    latest = latest_day(session, table)
    if since is not None:
        by_said.append(or_(last.is_(None), last >= since))
        by_published.append(latest >= since.isoformat())
    if until is not None:
        by_said.append(or_(first.is_(None), first <= until))
        by_published.append(latest <= until.isoformat())
    return or_(and_(*by_said), and_(*by_published))


def latest_day(session: Session, table: StatementTable = QuotationRow) -> ColumnElement[str]:
    """Return the last day on which it may have been said: that of publication where nothing else is known."""
    return func.coalesce(cast(table.said_last, String), _published_day(session))


def _published_day(session: Session) -> ColumnElement[str]:
    """Return the day of publication: by a person's decision, else as printed.

    Only the few decided articles are read: reading the article of every quotation takes half as long again. Where there
    is none, even asking takes a quarter longer.
    """
    if session.scalar(decided_articles(ArticleField.PUBLISHED).limit(1)) is None:
        return published_day(ArticleVersionRow.published_at)
    decided = select(ArticleRow.decided_published_at).where(ArticleRow.id == ArticleVersionRow.article_id)
    is_decided = ArticleVersionRow.article_id.in_(decided_articles(ArticleField.PUBLISHED))
    decided_at = decided.correlate(ArticleVersionRow).scalar_subquery()
    return published_day(case((is_decided, decided_at), else_=ArticleVersionRow.published_at))


def _of_outlet(slug: str) -> ColumnElement[bool]:
    """Return whether an article is of an outlet: by a person's decision, else as printed."""
    outlet_id = select(OutletRow.id).where(OutletRow.slug == slug).scalar_subquery()
    printed = select(ArticleRow.id).where(ArticleRow.outlet_id == outlet_id, ArticleRow.decided_outlet_id.is_(None))
    decided = decided_articles(ArticleField.OUTLET).where(ArticleRow.decided_outlet_id == outlet_id)
    return ArticleVersionRow.article_id.in_(union_all(printed, decided))


def _days(session: Session, wanted: Select[int | None, str]) -> dict[int, date | None]:
    return {
        utterance_id: date.fromisoformat(day) if day else None
        for utterance_id, day in session.execute(wanted)
        if utterance_id is not None
    }
