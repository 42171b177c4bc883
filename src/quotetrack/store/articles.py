"""Articles and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, defer

from quotetrack.core.domain import Article
from quotetrack.core.normalize import version_sha256
from quotetrack.store.backends.sqlite import batches, texts
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, OutletRow, QuotationRow


class Taking(StrEnum):
    """The outcome of storing an article. `edited`: a new version of a stored article."""

    NEW = "new"
    UNCHANGED = "unchanged"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Taken:
    """The version that holds an article, and the outcome of storing it."""

    version_id: int
    taking: Taking


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """Facts about an outlet that its articles do not give."""

    name: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str | None = None


def put_article(
    session: Session, article: Article, run_id: int, now: datetime, outlet: OutletFacts | None = None
) -> Taken:
    """Store an article under its URL: each title and text once, as a version.

    The version seen last is the current one, so that storing two editions twice, in any order, changes nothing. An
    article without `fetched_at` counts as seen now if its text is new. If its text is that of an older version, nothing
    tells whether the outlet went back to it, and nothing changes. The metadata of a version stay as they were first.
    Raises ValueError for a `fetched_at` without a time zone.
    """
    seen_at = _utc(article.fetched_at or now)
    outlet_id = _put_outlet(session, article.outlet, outlet or OutletFacts())
    article_id = session.scalar(select(ArticleRow.id).where(ArticleRow.url == article.url))
    if article_id is None:
        article_id = _put_new_article(session, article, outlet_id)
        return Taken(_put_version(session, article_id, article, run_id, seen_at, is_current=True), Taking.NEW)
    versions = _versions(session, article_id)
    current = next(v for v in versions if v.is_current)
    known = next((v for v in versions if v.content_sha256 == content_sha256(article)), None)
    if known is None:
        is_current = seen_at >= current.last_seen_at
        if is_current:
            _make_not_current(session, current)
        return Taken(_put_version(session, article_id, article, run_id, seen_at, is_current), Taking.EDITED)
    if known is current:
        known.last_seen_at = max(known.last_seen_at, seen_at)
    elif article.fetched_at is not None and seen_at > current.last_seen_at:
        _make_not_current(session, current)
        known.is_current, known.last_seen_at = True, seen_at
    session.flush()
    return Taken(known.id, Taking.UNCHANGED)


def content_sha256(article: Article) -> str:
    """Return the hash that identifies the article's version."""
    return version_sha256(article.title, article.text)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"fetched at {moment}, but in which time zone?")
    return moment.astimezone(UTC)


def _put_outlet(session: Session, slug: str, facts: OutletFacts) -> int:
    """Fill in only what was unknown: the stored articles used the other facts."""
    row = session.scalars(select(OutletRow).where(OutletRow.slug == slug)).one_or_none()
    if row is None:
        row = OutletRow(slug=slug)
        session.add(row)
    row.name = row.name or facts.name
    row.country = row.country or facts.country
    row.language = row.language or facts.language
    row.timezone = row.timezone or facts.timezone
    session.flush()
    return row.id


def _put_new_article(session: Session, article: Article, outlet_id: int) -> int:
    row = ArticleRow(outlet_id=outlet_id, url=article.url, external_id=article.external_id)
    session.add(row)
    session.flush()
    return row.id


def _versions(session: Session, article_id: int) -> Sequence[ArticleVersionRow]:
    wanted = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    return session.scalars(wanted.options(defer(ArticleVersionRow.text))).all()


def _make_not_current(session: Session, current: ArticleVersionRow) -> None:
    current.is_current = False
    relink_versions_of(session, current.article_id)
    session.flush()  # before another version becomes current: the table allows one for each article


def relink_versions_of(session: Session, article_id: int, but_for: int | None = None) -> None:
    """Mark the quotations of an article's versions to be linked again: which are sightings may have changed.

    Leaves out those of the version `but_for`.
    """
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == article_id)
    of_article = QuotationRow.version_id.in_(versions.where(ArticleVersionRow.id != (but_for or 0)))
    statement = update(QuotationRow).where(of_article, QuotationRow.linked_by.is_not(None)).values(linked_by=None)
    session.execute(statement.execution_options(synchronize_session="fetch"))


def _put_version(
    session: Session, article_id: int, article: Article, run_id: int, seen_at: datetime, is_current: bool
) -> int:
    row = ArticleVersionRow(
        article_id=article_id,
        run_id=run_id,
        content_sha256=content_sha256(article),
        is_current=is_current,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        title=article.title,
        byline=article.byline,
        language=article.language,
        wire_credit=article.wire_credit,
        published_at=article.published_at,
        evidence_sha256=article.evidence_sha256,
        text=article.text,
        modified_at=article.modified_at,
    )
    session.add(row)
    session.flush()
    return row.id


def read_version(session: Session, version_id: int) -> Article:
    """Return the article as this version has it. Raises sqlalchemy.exc.NoResultFound for an unknown id."""
    wanted = select(ArticleVersionRow, ArticleRow, OutletRow).join_from(ArticleVersionRow, ArticleRow)
    wanted = wanted.join(OutletRow, OutletRow.id == outlet_of_article())
    version, article, outlet = session.execute(wanted.where(ArticleVersionRow.id == version_id)).one()
    return Article(
        url=article.url,
        outlet=outlet.slug,
        timezone=outlet.timezone,
        text=version.text,
        title=article.decided_title or version.title,
        language=version.language,
        published_at=article.decided_published_at or version.published_at,
        fetched_at=version.first_seen_at,
        byline=article.decided_byline or version.byline,
        wire_credit=version.wire_credit,
        external_id=article.external_id,
        modified_at=version.modified_at,
        evidence_sha256=version.evidence_sha256,
    )


def outlet_of_article() -> ColumnElement[int]:
    """Return the id of an article's outlet: that of a person's decision, else that of the article."""
    return func.coalesce(ArticleRow.decided_outlet_id, ArticleRow.outlet_id)


def published_at_of() -> ColumnElement[date]:
    """Return when an article was published: by a person's decision, else as the version prints it."""
    return func.coalesce(ArticleRow.decided_published_at, ArticleVersionRow.published_at)


def find_article(session: Session, named: str) -> str:
    """Return the URL of the article with this URL or file. Raises LookupError if there is none."""
    file = f"file:{Path(named).resolve().as_posix()}"
    url = session.scalar(select(ArticleRow.url).where(ArticleRow.url.in_([named, file])))
    if url is None:
        raise LookupError(f"there is no article {named}")
    return url


def stored_urls(session: Session, urls: Iterable[str]) -> set[str]:
    """Return those of these URLs under which an article is stored."""
    return set(session.scalars(select(ArticleRow.url).where(ArticleRow.url.in_(select(texts(urls).c.value)))))


def text_of_article(session: Session, url: str) -> str:
    """Return the text of the current version. Raises LookupError for an article that the store does not have."""
    wanted = select(ArticleVersionRow.text).join(ArticleRow)
    text = session.scalar(wanted.where(ArticleRow.url == url, ArticleVersionRow.is_current))
    if text is None:
        raise LookupError(f"there is no article {url}")
    return text


def put_evidence(session: Session, version_id: int, sha256: str) -> bool:
    """Name the bytes from which a version was read, unless others are named; return whether they are the named ones."""
    version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
    version.evidence_sha256 = version.evidence_sha256 or sha256
    session.flush()
    return version.evidence_sha256 == sha256


def texts_of(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    """Return the text of each version."""
    wanted = select(ArticleVersionRow.id, ArticleVersionRow.text)
    return {
        version_id: text
        for batch in batches(sorted(set(version_ids)))
        for version_id, text in session.execute(wanted.where(ArticleVersionRow.id.in_(batch)))
    }
