"""What the store holds about articles, for a person who looks them up: metadata as printed and as decided, versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from quotetrack.core.domain import ArticleDecision, ArticleField, Sighting
from quotetrack.store.article_decisions import read_article_decisions
from quotetrack.store.articles import NO_URL, outlet_of_article, published_at_of
from quotetrack.store.backends.statements import contains, numbers
from quotetrack.store.reported_search import reported_of_article
from quotetrack.store.sightings import UtteranceSighting, is_sighting, read_rows, select_sightings
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    FetchRow,
    NoteRow,
    OutletRow,
    PageRow,
    QuotationRow,
    published_day,
)


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in a list, as outputs show it. `versions` and `quotations` count; `quotations` are sightings."""

    id: int
    url: str
    outlet: str
    title: str | None
    published_at: datetime | date | None
    versions: int
    quotations: int
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticleFieldValue:
    """A field of an article as printed, and as a person decided it; `decided` is None where nobody did."""

    field: ArticleField
    printed: str | None
    decided: str | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of an article. `characters` is the length of its text, `error` why its extraction failed.

    `notes` are the kind and detail of its quality flags.
    """

    sha256: str
    is_current: bool
    first_seen_at: datetime
    last_seen_at: datetime
    published_at: datetime | date | None
    modified_at: datetime | date | None
    title: str | None
    characters: int
    extractor: str | None
    error: str | None
    evidence_sha256: str | None
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoredFetch:
    """An answer of a server that held the article, or said something about its page."""

    url: str
    status: int
    fetched_at: datetime
    body_sha256: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """Everything that is stored about an article.

    Versions are newest first; fetches and decisions in order of time; quotations, which are sightings with the id of
    their utterance, and reported statements in the order of the text.
    """

    id: int
    url: str
    external_id: str | None
    removed_at: datetime | None
    fields: tuple[ArticleFieldValue, ...]
    versions: tuple[StoredVersion, ...]
    fetches: tuple[StoredFetch, ...]
    quotations: tuple[UtteranceSighting, ...]
    reported: tuple[Sighting, ...]
    decisions: tuple[ArticleDecision, ...]


_ListedRows = Select[ArticleRow, str, str | None, date]


def list_articles(
    session: Session,
    *,
    outlet: str | None = None,
    since: date | None = None,
    until: date | None = None,
    without_quotations: bool = False,
    limit: int,
) -> list[ListedArticle]:
    """Return articles as outputs show them, the last published first, those without a day at the end.

    `outlet` is a slug, `since` and `until` are days of publication. `without_quotations` leaves out articles that have
    a sighting, and removed ones.
    """
    published = published_day(published_at_of())
    wanted = _select_listed(without_quotations=without_quotations)
    if outlet is not None:
        wanted = wanted.where(OutletRow.slug == outlet)
    if since is not None:
        wanted = wanted.where(published >= since.isoformat())
    if until is not None:
        wanted = wanted.where(published <= until.isoformat())
    return _listed(session, wanted.order_by(published.desc().nulls_last(), ArticleRow.id.desc()).limit(limit))


def articles_behind(
    session: Session, article_id: int | None = None, *, without_quotations: bool = False, limit: int
) -> list[ListedArticle]:
    """Return the articles that were taken in last, or before this one, the latest first.

    It reads no more rows than it returns, however many are stored: it needs no sort.
    """
    wanted = _select_listed(without_quotations=without_quotations).order_by(ArticleRow.id.desc()).limit(limit)
    return _listed(session, wanted if article_id is None else wanted.where(ArticleRow.id < article_id))


def _select_listed(*, without_quotations: bool) -> _ListedRows:
    wanted = select(ArticleRow, OutletRow.slug, ArticleVersionRow.title, published_at_of())
    wanted = wanted.join_from(ArticleRow, OutletRow, OutletRow.id == outlet_of_article())
    wanted = wanted.outerjoin(
        ArticleVersionRow, (ArticleVersionRow.article_id == ArticleRow.id) & ArticleVersionRow.is_current
    )
    return wanted.where(~_has_quotation(), ArticleRow.removed_at.is_(None)) if without_quotations else wanted


def _listed(session: Session, wanted: _ListedRows) -> list[ListedArticle]:
    rows = session.execute(wanted).all()
    versions, quotations = _counts(session, [row.id for row, *_ in rows])
    return [
        ListedArticle(
            id=row.id,
            url=row.decided_url or row.url,
            outlet=slug,
            title=row.decided_title or title,
            published_at=published_at,
            versions=versions.get(row.id, 0),
            quotations=quotations.get(row.id, 0),
            removed_at=row.removed_at,
        )
        for row, slug, title, published_at in rows
    ]


def is_article(session: Session, article_id: int) -> bool:
    """Return whether an article has this id."""
    return session.get(ArticleRow, article_id) is not None


def find_articles(session: Session, name: str, limit: int = 10) -> list[tuple[int, str]]:
    """Return the id and URL of the article that has this id, URL or file; else of those whose URL has it as a part."""
    wanted = select(ArticleRow.id, func.coalesce(ArticleRow.decided_url, ArticleRow.url)).order_by(ArticleRow.id)
    urls = (ArticleRow.url, ArticleRow.decided_url)
    file = f"{NO_URL}{Path(name).resolve().as_posix()}"
    exact = or_(*(url.in_([name, file]) for url in urls), ArticleRow.id == (int(name) if name.isdecimal() else None))
    part = or_(*(contains(url, name) for url in urls))
    found = session.execute(wanted.where(exact)).all() or session.execute(wanted.where(part).limit(limit)).all()
    return [(article_id, url) for article_id, url in found]


def read_article_record(session: Session, article_id: int) -> ArticleRecord:
    """Return everything that is stored about an article. Raises sqlalchemy.exc.NoResultFound for an unknown id."""
    row = session.get_one(ArticleRow, article_id)
    versions = _versions(session, article_id)
    sightings = read_rows(session, select_sightings().where(ArticleRow.id == article_id))
    return ArticleRecord(
        id=row.id,
        url=row.url,
        external_id=row.external_id,
        removed_at=row.removed_at,
        fields=tuple(_fields(session, row, next((v for v, *_ in versions if v.is_current), None))),
        versions=tuple(_stored_version(session, version, characters) for version, characters in versions),
        fetches=tuple(_fetches(session, row, [version.id for version, _ in versions])),
        quotations=tuple(sorted(sightings, key=lambda each: (each[1].parts, each[1].id))),
        reported=tuple(reported_of_article(session, article_id)),
        decisions=tuple(read_article_decisions(session, row.url)),
    )


def version_texts(session: Session, article_id: int) -> list[str]:
    """Return the texts of an article's versions, newest first, as `ArticleRecord.versions`."""
    wanted = select(ArticleVersionRow.text).where(ArticleVersionRow.article_id == article_id)
    return list(session.scalars(wanted.order_by(ArticleVersionRow.id.desc())))


def _has_quotation() -> ColumnElement[bool]:
    version = aliased(ArticleVersionRow)
    live = (QuotationRow.version_id == version.id) & QuotationRow.retired_at.is_(None)
    return exists().where(version.article_id == ArticleRow.id, live)


def _counts(session: Session, ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return the numbers of versions and of sightings of each article."""
    of_articles = ArticleVersionRow.article_id.in_(select(numbers(ids).c.value))
    versions = select(ArticleVersionRow.article_id, func.count()).where(of_articles)
    sightings = select(ArticleVersionRow.article_id, func.count()).join_from(QuotationRow, ArticleVersionRow)
    sightings = sightings.where(of_articles, is_sighting())
    by_article = (statement.group_by(ArticleVersionRow.article_id) for statement in (versions, sightings))
    counted, quoted = (dict(session.execute(statement).tuples().all()) for statement in by_article)
    return counted, quoted


def _versions(session: Session, article_id: int) -> list[tuple[ArticleVersionRow, int]]:
    """Return the versions with the length of their texts, newest first."""
    wanted = select(ArticleVersionRow, func.length(ArticleVersionRow.text)).options(defer(ArticleVersionRow.text))
    wanted = wanted.where(ArticleVersionRow.article_id == article_id)
    return list(session.execute(wanted.order_by(ArticleVersionRow.id.desc())).tuples())


def _fields(session: Session, row: ArticleRow, current: ArticleVersionRow | None) -> Iterator[ArticleFieldValue]:
    slugs = select(OutletRow.id, OutletRow.slug).where(OutletRow.id.in_([row.outlet_id, row.decided_outlet_id]))
    slug_of = dict(session.execute(slugs).tuples().all())
    printed_at, decided_at = current.published_at if current else None, row.decided_published_at
    yield ArticleFieldValue(ArticleField.URL, row.url, row.decided_url)
    yield ArticleFieldValue(ArticleField.OUTLET, slug_of[row.outlet_id], slug_of.get(row.decided_outlet_id or 0))
    yield ArticleFieldValue(
        ArticleField.PUBLISHED,
        printed_at.isoformat() if printed_at else None,
        decided_at.isoformat() if decided_at else None,
    )
    yield ArticleFieldValue(ArticleField.TITLE, current.title if current else None, row.decided_title)
    yield ArticleFieldValue(ArticleField.AUTHOR, current.byline if current else None, row.decided_byline)


def _stored_version(session: Session, version: ArticleVersionRow, characters: int) -> StoredVersion:
    notes = session.scalars(select(NoteRow).where(NoteRow.version_id == version.id).order_by(NoteRow.id))
    return StoredVersion(
        sha256=version.content_sha256,
        is_current=version.is_current,
        first_seen_at=version.first_seen_at,
        last_seen_at=version.last_seen_at,
        published_at=version.published_at,
        modified_at=version.modified_at,
        title=version.title,
        characters=characters,
        extractor=version.extracted_by,
        error=version.extract_error,
        evidence_sha256=version.evidence_sha256,
        notes=tuple((note.kind, note.detail) for note in notes),
    )


def _fetches(session: Session, row: ArticleRow, version_ids: Sequence[int]) -> Iterator[StoredFetch]:
    pages = select(PageRow.id).where(PageRow.article_id == row.id)
    of_article = or_(FetchRow.page_id.in_(pages), FetchRow.version_id.in_(version_ids))
    for fetch in session.scalars(select(FetchRow).where(of_article).order_by(FetchRow.id)):
        yield StoredFetch(fetch.final_url, fetch.status, fetch.fetched_at, fetch.body_sha256)
