"""Articles and their versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial

from sqlalchemy import ColumnElement, Executable, Select, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, defer

from quotetrack.core.calendar import read_printed_moment
from quotetrack.core.domain import UNKNOWN_OUTLET, Article, ArticleField, day_of
from quotetrack.core.editions import Edition, Relation, relate
from quotetrack.core.normalize import version_sha256
from quotetrack.core.texts import gettext
from quotetrack.core.urls import article_key
from quotetrack.store.backends.statements import batches, insert_absent, texts
from quotetrack.store.tables import (
    ArticleDecisionRow,
    ArticleRow,
    ArticleVersionRow,
    NoteRow,
    OutletRow,
    QuotationRow,
)

COPY_NOTE, ADDRESS_NOTE, KEPT_NOTE, SHRUNK_NOTE = "copy", "address", "kept", "shrunk"  # kinds of notes
PAYWALL_NOTE = "paywall"
TOLD_NOTES = ("marks", "characters", "cut", ADDRESS_NOTE, KEPT_NOTE, SHRUNK_NOTE)
NO_URL = "file:"  # the beginning of what stands for the URL of an article without one: the path of its file


class Taking(StrEnum):
    """The outcome of storing an article.

    `edited`: a new version of a stored article. `completed`: the outlet or the day of publication was unknown and now
    is not. `kept`: less than the article stood at its address, or something else, and only a note was stored.
    `removed`: a person removed the article, and nothing was stored.
    """

    NEW = "new"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    COMPLETED = "completed"
    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Taken:
    """The version that holds an article, and the outcome of storing it. `version_id` is None if it was removed.

    `is_of_unknown_outlet`: neither the article nor a person names its outlet. `reason`: why the text was kept.
    `notice`: what of the article may be missing, or why it became another one.
    """

    version_id: int | None
    taking: Taking
    is_of_unknown_outlet: bool = False
    reason: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """Facts about an outlet that its articles do not give."""

    name: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str | None = None


NOTHING_KNOWN = OutletFacts()


def put_article(
    session: Session,
    article: Article,
    run_id: int,
    now: datetime,
    outlet: OutletFacts = NOTHING_KNOWN,
    *,
    is_live: bool = False,
) -> Taken:
    """Store an article: each title and text once, as a version.

    Articles at one address are one if their contents agree, in all forms of the address (`www.`, AMP, http), and where
    a person decided the URL. Contents that do not agree are two articles, the second with a note and with `#` and its
    day behind the URL. Without a URL (`file:`), articles of one title and text are one, unless their outlets, days of
    publication or ids are known and differ.

    The version seen last is the current one, so that storing two editions twice, in any order, changes nothing. With
    `is_live` this is what stands at the address now: it was seen last, also where the clock has gone back since. A stub
    of the current version, or what is no article, does not take its place: a note says what was there. An article
    without `fetched_at` counts as seen now if its text is new. If its text is that of an older version, nothing tells
    whether the outlet went back to it, and nothing changes. The metadata of a version stay as they were first, but an
    unknown outlet or day of publication is filled in: then the words wait to be extracted again. An article that a
    person removed is not stored. Raises ValueError for a `fetched_at` without a time zone.
    """
    seen_at = _utc(article.fetched_at or now)
    match = _find(session, article)
    row = match.row
    if _is_removed(session, article, row):
        return Taken(None, Taking.REMOVED)
    is_now = is_live or article.fetched_at is None
    if row is not None and match.relation in (Relation.STUB, Relation.NO_ARTICLE):
        kept = _keep(session, row, article, match.relation, seen_at, is_now)
        if kept is not None:
            return kept
    outlet_id = put_outlet(session, article.outlet, outlet)
    notes = list(article.notes)
    if row is None:
        row = _put_new_article(session, article, outlet_id)
        notes += [_second_article(article.url)] if match.is_address_taken else []
    elif row.url != article.url and not article.url.startswith(NO_URL):
        notes.append((COPY_NOTE, f"also found at {article.url}"))
    is_outlet_new = _complete_outlet(session, row, article.outlet, outlet_id)
    shown_outlet = session.get_one(OutletRow, row.decided_outlet_id or row.outlet_id).slug
    notice = _notice(notes)
    taken = partial(Taken, is_of_unknown_outlet=shown_outlet == UNKNOWN_OUTLET, notice=notice)
    versions = _versions(session, row.id)
    if not versions:
        version_id = _put_version(session, row.id, article, run_id, seen_at, is_current=True)
        put_notes(session, version_id, notes)
        return taken(version_id, Taking.NEW)
    current = next(v for v in versions if v.is_current)
    known = next((v for v in versions if v.content_sha256 == content_sha256(article)), None)
    if known is None:
        is_current = is_now or seen_at >= current.last_seen_at
        if is_current:
            notes += _shrunk(current, article)
            _make_not_current(session, current)
        version_id = _put_version(session, row.id, article, run_id, seen_at, is_current)
        put_notes(session, version_id, notes)
        return taken(version_id, Taking.EDITED)
    is_completed = _complete_version(session, known, article) or is_outlet_new
    if known is current:
        known.last_seen_at = max(known.last_seen_at, seen_at)
    elif is_live or (article.fetched_at is not None and seen_at > current.last_seen_at):
        _make_not_current(session, current)
        known.is_current, known.last_seen_at = True, seen_at
    session.flush()
    put_notes(session, known.id, notes)
    return taken(known.id, Taking.COMPLETED if is_completed else Taking.UNCHANGED)


def put_notes(session: Session, version_id: int, notes: Iterable[tuple[str, str]]) -> None:
    """Store the quality flags of a version, as kind and detail; of one kind the first flag stays."""
    rows = [{"version_id": version_id, "kind": kind, "detail": detail} for kind, detail in notes]
    insert_absent(session, NoteRow, rows, ("version_id", "kind"))


def _keep(
    session: Session, row: ArticleRow, article: Article, relation: Relation, seen_at: datetime, is_now: bool
) -> Taken | None:
    """Note that less than the article, or something else, stood at its address; None if a later text is stored."""
    current = next((version for version in _versions(session, row.id) if version.is_current), None)
    if current is None or not (is_now or seen_at >= current.last_seen_at):
        return None
    if relation is Relation.STUB:
        words, all_words = len(article.text.split()), len(current.text.split())
        reason = f"on {seen_at:%Y-%m-%d} the page showed {words} of {all_words} words: the longer text is kept"
    else:
        reason = f"on {seen_at:%Y-%m-%d} the page showed something else, “{article.title or article.text[:60]}”"
    put_notes(session, current.id, [(KEPT_NOTE, reason)])
    return Taken(current.id, Taking.KEPT, reason=reason, notice=reason)


def _second_article(url: str) -> tuple[str, str]:
    return ADDRESS_NOTE, f"another article was found at {url} before, and nothing says that the two are editions of one"


def _shrunk(current: ArticleVersionRow, article: Article) -> list[tuple[str, str]]:
    """Return a note if a version has less than half of the words of the one before."""
    before, now = len(current.text.split()), len(article.text.split())
    return [(SHRUNK_NOTE, f"{now} words, where the version before had {before}")] if now < before / 2 else []


def _notice(notes: Iterable[tuple[str, str]]) -> str | None:
    """Return what a user is told of the notes: what of the article may be missing."""
    return "; ".join(detail for kind, detail in notes if kind in TOLD_NOTES) or None


def content_sha256(article: Article) -> str:
    """Return the hash that identifies the article's version."""
    return version_sha256(article.title, article.text)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"fetched at {moment}, but in which time zone?")
    return moment.astimezone(UTC)


# The article


@dataclass(frozen=True, slots=True)
class _Match:
    """The stored article that an article is, if any, and how its text stands to the current version.

    `is_address_taken`: another article was found at its address before.
    """

    row: ArticleRow | None
    relation: Relation = Relation.EDITION
    is_address_taken: bool = False


def _find(session: Session, article: Article) -> _Match:
    """Return the stored article that this one is: by its address and its content, which have to agree."""
    decided = _at_decided_url(session, article.url)
    if decided is not None:
        return _Match(decided)
    rows = _at_address(session, article.url)
    removed = next((row for row in rows if row.removed_at is not None), None)
    if removed is not None:
        return _Match(removed)
    current = {row.id: version for row in rows for version in _versions(session, row.id) if version.is_current}
    hashes = {row.id: {version.content_sha256 for version in _versions(session, row.id)} for row in rows}
    for row in rows:
        if content_sha256(article) in hashes[row.id] or row.id not in current:
            return _Match(row)
    is_marked_stub = any(kind == PAYWALL_NOTE for kind, _ in article.notes)
    now = Edition(article.title, article.text, article.published_on, is_marked_stub)
    related = [(relate(_edition(current[row.id]), now), row) for row in rows]
    for wanted in (Relation.EDITION, Relation.STUB, Relation.NO_ARTICLE):
        for relation, row in related:
            if relation is wanted:
                return _Match(row, relation)
    same = _of_same_content(session, article) if article.url.startswith(NO_URL) else None
    return _Match(same, is_address_taken=same is None and bool(rows))


def _edition(version: ArticleVersionRow) -> Edition:
    return Edition(version.title, version.text, day_of(version.published_at))


def _at_address(session: Session, url: str) -> Sequence[ArticleRow]:
    """Return the articles that were found at an address, in any of its forms; the one of this exact URL first."""
    wanted = select(ArticleRow).where(or_(ArticleRow.url == url, ArticleRow.address_key == _address_key(url)))
    return sorted(session.scalars(wanted), key=lambda row: (row.url != url, row.id))


def _address_key(url: str) -> str:
    return article_key(url) or url


def article_at(session: Session, url: str) -> ArticleRow | None:
    """Return the article that is stored under a URL, or to which a person gave it."""
    row = session.scalars(select(ArticleRow).where(ArticleRow.url == url)).one_or_none()
    return row or _at_decided_url(session, url)


def _at_decided_url(session: Session, url: str) -> ArticleRow | None:
    decided = select(ArticleDecisionRow.article_url).where(
        ArticleDecisionRow.field == ArticleField.URL,
        ArticleDecisionRow.value == url,
        ArticleDecisionRow.revoked_at.is_(None),
    )
    return session.scalars(select(ArticleRow).where(ArticleRow.url.in_(decided)).order_by(ArticleRow.id)).first()


def url_of_article(session: Session, article_id: int) -> str:
    """Return the URL under which an article is stored. Raises LookupError if there is none, or it is removed."""
    row = session.get(ArticleRow, article_id)
    if row is None or row.removed_at is not None:
        was_removed = gettext("article %(id)s was removed", id=article_id)
        raise LookupError(was_removed if row else gettext("there is no article %(id)s", id=article_id))
    return row.url


def _of_same_content(session: Session, article: Article) -> ArticleRow | None:
    """Return the article without a URL that has this title and text, if what is known of both agrees.

    Of several, one of the same outlet comes before one of an unknown outlet, then the lowest id.
    """
    wanted = select(ArticleRow, OutletRow.slug, published_at_of()).join_from(ArticleRow, ArticleVersionRow)
    wanted = wanted.join(OutletRow, OutletRow.id == outlet_of_article())
    same = ArticleVersionRow.content_sha256 == content_sha256(article)
    found = session.execute(wanted.where(same, ArticleRow.url.startswith(NO_URL)).order_by(ArticleRow.id)).all()
    agreeing = [
        (row, slug)
        for row, slug, published_at in found
        if UNKNOWN_OUTLET in (slug, article.outlet) or slug == article.outlet
        if _agree(day_of(published_at), article.published_on)
        if _agree(row.external_id, article.external_id)
    ]
    return min(agreeing, key=lambda pair: (pair[1] != article.outlet, pair[0].id))[0] if agreeing else None


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def is_removed(session: Session, article: Article) -> bool:
    """Return whether a person removed the article, or another one of the same title and text if it is not stored."""
    return _is_removed(session, article, _find(session, article).row)


def _is_removed(session: Session, article: Article, row: ArticleRow | None) -> bool:
    if row is not None:
        return row.removed_at is not None
    removed = select(ArticleDecisionRow.id).where(
        ArticleDecisionRow.article_url == article.url,
        ArticleDecisionRow.field == ArticleField.REMOVED,
        ArticleDecisionRow.revoked_at.is_(None),
    )
    same = select(ArticleVersionRow.id).join(ArticleRow).where(ArticleRow.removed_at.is_not(None))
    same = same.where(ArticleVersionRow.content_sha256 == content_sha256(article))
    return session.scalar(select(or_(exists(removed), exists(same)))) or False


def put_outlet(session: Session, slug: str, facts: OutletFacts) -> int:
    """Store an outlet, and return its id. Fills in only what was unknown: the stored articles used the other facts."""
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


def _put_new_article(session: Session, article: Article, outlet_id: int) -> ArticleRow:
    row = ArticleRow(
        outlet_id=outlet_id,
        url=_free_url(session, article),
        external_id=article.external_id,
        address_key=_address_key(article.url),
    )
    session.add(row)
    session.flush()
    follow_decisions(session, row)
    return row


def _free_url(session: Session, article: Article) -> str:
    """Return the URL of an article, with its day or a hash behind it if another article has that URL."""
    urls = [article.url, f"{article.url}#{article.published_on or content_sha256(article)[:8]}"]
    taken = stored_urls(session, urls)
    return next((url for url in urls if url not in taken), f"{article.url}#{content_sha256(article)[:16]}")


def follow_decisions(session: Session, row: ArticleRow) -> None:
    """Bring what people decided about an article to its row. The full-text index still has the title before."""
    wanted = select(ArticleDecisionRow).where(ArticleDecisionRow.article_url == row.url)
    wanted = wanted.where(ArticleDecisionRow.revoked_at.is_(None)).order_by(ArticleDecisionRow.id)
    decided = {ArticleField(decision.field): decision for decision in session.scalars(wanted)}
    value = {field: decision.value for field, decision in decided.items()}
    outlet, removed = value.get(ArticleField.OUTLET), decided.get(ArticleField.REMOVED)
    row.decided_outlet_id = put_outlet(session, outlet, NOTHING_KNOWN) if outlet else None
    row.decided_url = value.get(ArticleField.URL)
    row.decided_title = value.get(ArticleField.TITLE)
    row.decided_byline = value.get(ArticleField.AUTHOR)
    row.decided_published_at = read_printed_moment(value.get(ArticleField.PUBLISHED))
    row.removed_at = removed.decided_at if removed else None
    session.flush()


def _complete_outlet(session: Session, row: ArticleRow, outlet: str, outlet_id: int) -> bool:
    """Give an article of an unknown outlet this one. Return whether that changed it."""
    if outlet == UNKNOWN_OUTLET or session.get_one(OutletRow, row.outlet_id).slug != UNKNOWN_OUTLET:
        return False
    row.outlet_id = outlet_id
    extract_again(session, row.id)  # "yesterday" is resolved in the time zone of the outlet
    return True


# Its versions


def _versions(session: Session, article_id: int) -> Sequence[ArticleVersionRow]:
    wanted = select(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    return session.scalars(wanted.options(defer(ArticleVersionRow.text))).all()


def _complete_version(session: Session, version: ArticleVersionRow, article: Article) -> bool:
    """Fill in the day of publication where it is unknown. Return whether that changed the version."""
    if version.published_at is not None or article.published_at is None:
        return False
    version.published_at = article.published_at
    extract_again(session, version.article_id)
    return True


def extract_again(session: Session, article_id: int) -> None:
    """Let the versions of an article wait to be extracted again, and their quotations to be linked again."""
    statement = update(ArticleVersionRow).where(ArticleVersionRow.article_id == article_id)
    statement = statement.values(extracted_by=None, extract_error=None)
    session.execute(statement.execution_options(synchronize_session="fetch"))
    relink_versions_of(session, article_id)


def _make_not_current(session: Session, current: ArticleVersionRow) -> None:
    current.is_current = False
    relink_versions_of(session, current.article_id)
    session.flush()  # before another version becomes current: the table allows one for each article


def relink_versions_of(session: Session, article_id: int, but_for: int | None = None) -> None:
    """Mark the quotations of an article's versions to be linked again: which are sightings may have changed.

    Leaves out those of the version `but_for`.
    """
    session.execute(_relink_versions(), {"article": article_id, "but_for": but_for or 0})


@cache
def _relink_versions() -> Executable:
    versions = select(ArticleVersionRow.id).where(ArticleVersionRow.article_id == bindparam("article"))
    of_article = QuotationRow.version_id.in_(versions.where(ArticleVersionRow.id != bindparam("but_for")))
    statement = update(QuotationRow).where(of_article, QuotationRow.linked_by.is_not(None)).values(linked_by=None)
    return statement.execution_options(synchronize_session="fetch")


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


def decided_articles(field: ArticleField) -> Select[int]:
    """Return the statement that selects the articles of which a person decided this field.

    They are few, and found through the decisions: a statement that reads every article takes far longer.
    """
    in_force = (ArticleDecisionRow.field == field) & ArticleDecisionRow.revoked_at.is_(None)
    wanted = select(ArticleRow.id).join(ArticleDecisionRow, ArticleDecisionRow.article_url == ArticleRow.url)
    return wanted.where(in_force)


def texts_of(session: Session, version_ids: Iterable[int]) -> dict[int, str]:
    """Return the text of each version."""
    wanted = select(ArticleVersionRow.id, ArticleVersionRow.text)
    return {
        version_id: text
        for batch in batches(sorted(set(version_ids)))
        for version_id, text in session.execute(wanted.where(ArticleVersionRow.id.in_(batch)))
    }
