"""Articles that print an office, with the quotations that may tell who holds it; offices that people entered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from quotetrack.core.domain import day_of
from quotetrack.store.articles import outlet_of_article, published_at_of, texts_of
from quotetrack.store.backends import backend_of
from quotetrack.store.backends.statements import contains, numbers
from quotetrack.store.speakers import DecisionKind, record_decision
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    OutletRow,
    QuotationRow,
    SpeakerDecisionRow,
    SpeakerRow,
    published_day,
)

HITS_READ = 2_000  # newest quotations of an office that are read where no days are asked for
TEXTS_SEARCHED = 2_000  # newest articles whose whole text is searched for an office: some 12 MB, a tenth of a second
OPEN = ".."  # in place of a day
_DAY = r"\d{4}-\d{2}-\d{2}|\.\."
_WITH_DAYS = re.compile(rf"\A(?P<role>.+), (?P<first>{_DAY})/(?P<last>{_DAY})")
MOST_ARTICLES = 120  # articles whose text is read for one office: a tenth of a second


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quotation of an article that may tell who holds an office: its speaker, and where it is mentioned."""

    speaker_id: int
    name: str
    start: int | None
    end: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class RoleText:
    """An article in which an office may be printed, with its day and the quotations that have a speaker.

    `outlet` is the name of the outlet, or its slug where it has no name. All is as outputs show it.
    """

    title: str
    text: str
    published: date | None
    quoted: tuple[Quoted, ...]
    outlet: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class EnteredRole:
    """An office that a person entered for a speaker, with its first and last day; None is open."""

    speaker_id: int
    role: str
    since: date | None
    until: date | None


def articles_with_words(
    session: Session,
    alternatives: Sequence[Iterable[str]],
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[RoleText]:
    """Return the current articles with a word of each of these sets around a quotation or in the title, newest first.

    At most `MOST_ARTICLES`, published in these days if there are any.
    """
    hits = backend_of(session).all_terms_hits(session, alternatives, None, in_words=False)
    if hits is None:
        return []
    found = select(hits.c.id)
    if since is None and until is None:
        found = found.order_by(hits.c.id.desc()).limit(HITS_READ)
    newest = func.max(QuotationRow.id)
    wanted: Select[int, int] = (
        select(QuotationRow.version_id, newest)
        .join(ArticleVersionRow)
        .where(QuotationRow.id.in_(found), QuotationRow.retired_at.is_(None), ArticleVersionRow.is_current)
        .group_by(QuotationRow.version_id)
        .order_by(newest.desc())
        .limit(MOST_ARTICLES)
    )
    day = published_day(ArticleVersionRow.published_at)
    if since is not None:
        wanted = wanted.where(day >= since.isoformat())
    if until is not None:
        wanted = wanted.where(day <= until.isoformat())
    return _read(session, [version_id for version_id, _ in session.execute(wanted)])


def articles_printing(session: Session, phrases: Iterable[str]) -> list[RoleText]:
    """Return the current articles with one of these phrases anywhere, newest first; of many only the newest are read.

    An article may tell an office far from the words of its holder, where full text does not reach.
    """
    newest = select(ArticleVersionRow.id).where(ArticleVersionRow.is_current).order_by(ArticleVersionRow.id.desc())
    text = func.lower(ArticleVersionRow.text)
    has_phrase = or_(*(contains(text, phrase) for phrase in phrases))
    wanted = select(ArticleVersionRow.id).where(ArticleVersionRow.id.in_(newest.limit(TEXTS_SEARCHED)), has_phrase)
    found = session.scalars(wanted.order_by(ArticleVersionRow.id.desc()).limit(MOST_ARTICLES))
    return _read(session, list(found))


def _read(session: Session, version_ids: Sequence[int]) -> list[RoleText]:
    chosen = select(numbers(version_ids).c.value)
    title = func.coalesce(ArticleRow.decided_title, ArticleVersionRow.title)
    outlet, url = func.coalesce(OutletRow.name, OutletRow.slug), func.coalesce(ArticleRow.decided_url, ArticleRow.url)
    versions = select(ArticleVersionRow.id, title, published_at_of(), outlet, url).join_from(
        ArticleVersionRow, ArticleRow
    )
    versions = versions.join(OutletRow, OutletRow.id == outlet_of_article()).where(ArticleRow.removed_at.is_(None))
    canonical = func.coalesce(SpeakerRow.canonical_id, SpeakerRow.id)
    place = (QuotationRow.mention_start, QuotationRow.mention_end, QuotationRow.attribution_confidence)
    quotations = (
        select(QuotationRow.version_id, canonical, QuotationRow.speaker_name, *place)
        .join(SpeakerRow, SpeakerRow.id == QuotationRow.speaker_id)
        .where(QuotationRow.version_id.in_(chosen), QuotationRow.retired_at.is_(None))
    )
    quoted: defaultdict[int, list[Quoted]] = defaultdict(list)
    for version_id, speaker_id, name, start, end, confidence in session.execute(quotations):
        quoted[version_id].append(Quoted(speaker_id, name or "", start, end, confidence or 0.0))
    texts = texts_of(session, version_ids)
    found = {
        version_id: RoleText(title or "", texts[version_id], day_of(day), tuple(quoted[version_id]), outlet, url)
        for version_id, title, day, outlet, url in session.execute(versions.where(ArticleVersionRow.id.in_(chosen)))
    }
    return [found[version_id] for version_id in version_ids if version_id in found]


def entered_roles(session: Session) -> list[EnteredRole]:
    """Return the offices that people entered, merges followed, oldest decision first."""
    wanted = (
        select(func.coalesce(SpeakerRow.canonical_id, SpeakerRow.id), SpeakerDecisionRow.value)
        .join(SpeakerRow, SpeakerRow.id == SpeakerDecisionRow.speaker_id)
        .where(SpeakerDecisionRow.decision == DecisionKind.ROLE)
        .order_by(SpeakerDecisionRow.id)
    )
    return [EnteredRole(speaker_id, *read_role(value)) for speaker_id, value in session.execute(wanted)]


def put_role(session: Session, speaker_id: int, entered: EnteredRole, decided_by: str, now: datetime) -> None:
    """Store an office that a person entered for a speaker, unless it is stored already with the same days."""
    value = role_value(entered)
    same = select(SpeakerDecisionRow.id).where(
        SpeakerDecisionRow.speaker_id == speaker_id,
        SpeakerDecisionRow.decision == DecisionKind.ROLE,
        SpeakerDecisionRow.value == value,
    )
    if session.scalar(same.limit(1)) is None:
        record_decision(session, speaker_id, DecisionKind.ROLE, value, decided_by, now)


def role_value(entered: EnteredRole) -> str:
    """Return an office as the value of a decision: "governor of Indiana, 2013-01-14/..", with days if it has any."""
    if entered.since is None and entered.until is None:
        return entered.role
    first, last = (day.isoformat() if day else OPEN for day in (entered.since, entered.until))
    return f"{entered.role}, {first}/{last}"


def read_role(value: str) -> tuple[str, date | None, date | None]:
    """Return the office, and its first and last day, of the value of a decision."""
    match = _WITH_DAYS.fullmatch(value)
    if match is None:
        return value, None, None
    since, until = (None if day == OPEN else date.fromisoformat(day) for day in (match["first"], match["last"]))
    return match["role"], since, until
