"""What sources list, what became of each page, what servers answered, and how far files were read."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer

from quotetrack.store.backends.sqlite import insert_absent
from quotetrack.store.tables import (
    ArticleVersionRow,
    FetchRow,
    FileRow,
    KeptAnswerRow,
    ListingRow,
    NoteRow,
    PageRow,
    SourceRow,
)

REVISITED = timedelta(days=7)  # while a listing goes on naming a page: newspapers edit in the first days
MOST_TRIES = 4  # runs in which a page may fail before it is given up
KEYS_A_STATEMENT = 5_000  # SQLite takes 32,766 parameters


class PageState(StrEnum):
    """What became of a page."""

    WAITING = "waiting"  # on the work-list
    TAKEN = "taken"  # its article is on file
    UNREAD = "unread"  # it came, and no article was found on it
    GONE = "gone"
    DISALLOWED = "disallowed"  # by its site's robots.txt
    NOT_A_PAGE = "not_a_page"
    GIVEN_UP = "given_up"  # failed in MOST_TRIES runs in a row


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as a listing names it; `key` is what all addresses of one article share."""

    key: str
    url: str
    published_at: datetime | date | None = None
    changed_at: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class ListingOnFile:
    """What a server gave with a feed or sitemap, and the hash of its bytes: many servers give nothing else."""

    etag: str | None
    last_modified: str | None
    body_sha256: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a server gave with a robots.txt or a sitemap index, and its bytes."""

    etag: str | None
    last_modified: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page to fetch, with what its server gave last time."""

    id: int
    url: str
    source: str
    published_at: datetime | date | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered about a page; `body_sha256` is of the unpacked bytes."""

    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body_sha256: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class FileOnFile:
    """How far a file was read, and what it was then; `offset` in bytes, `line` from 1: where to go on."""

    size: int
    changed_ns: int
    head_sha256: str
    offset: int
    line: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class SourceOnFile:
    """What a source has given; both moments are None for one that no run has looked at."""

    first_read_at: datetime | None = None
    last_gave_at: datetime | None = None
    pages: Mapping[str, int] = field(default_factory=dict)  # by state

    @property
    def silent_since(self) -> datetime | None:
        """When it last gave an article; where it never did, since when it is watched."""
        return self.last_gave_at or self.first_read_at


# Sources and their listings


def put_source(session: Session, name: str, now: datetime) -> None:
    """Say that a source is watched from now on, where it is not yet."""
    if session.get(SourceRow, name) is None:
        session.add(SourceRow(name=name, first_read_at=now))
        session.flush()


def put_gave(session: Session, name: str, now: datetime) -> None:
    """Say that a source has given an article that was not on file as it is."""
    put_source(session, name, now)
    session.get_one(SourceRow, name).last_gave_at = now
    session.flush()


def sources_on_file(session: Session) -> dict[str, SourceOnFile]:
    """What each source has given, by its name; also of those that the settings have no more."""
    pages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_state = select(PageRow.source, PageRow.state, func.count()).group_by(PageRow.source, PageRow.state)
    for source, state, number in session.execute(by_state):
        pages[source][state] = number
    return {
        row.name: SourceOnFile(row.first_read_at, row.last_gave_at, pages[row.name])
        for row in session.scalars(select(SourceRow))
    }


def listings_on_file(session: Session) -> dict[str, ListingOnFile]:
    """Each feed and sitemap as it was last read, by its address."""
    return {
        row.url: ListingOnFile(row.etag, row.last_modified, row.body_sha256)
        for row in session.scalars(select(ListingRow))
    }


def put_listing(session: Session, url: str, listing: ListingOnFile, now: datetime) -> None:
    """Keep by what to tell whether a listing has changed.

    To be called in the transaction of its pages, or after it: who keeps this is not told the pages again.
    """
    row = session.scalars(select(ListingRow).where(ListingRow.url == url)).one_or_none()
    if row is None:
        row = ListingRow(url=url)
        session.add(row)
    row.etag, row.last_modified, row.body_sha256 = listing.etag, listing.last_modified, listing.body_sha256
    row.read_at = now
    session.flush()


def kept_answers(session: Session) -> dict[str, KeptAnswer]:
    """The answers whose bytes are needed although they have not changed, by their address."""
    return {
        row.url: KeptAnswer(row.etag, row.last_modified, zlib.decompress(row.packed))
        for row in session.scalars(select(KeptAnswerRow))
    }


def put_kept_answer(session: Session, url: str, answer: KeptAnswer) -> None:
    """Keep an answer, in place of what was kept of this address."""
    packed = zlib.compress(answer.body)
    session.merge(KeptAnswerRow(url=url, etag=answer.etag, last_modified=answer.last_modified, packed=packed))
    session.flush()


# Pages


def put_new_pages(session: Session, source: str, pages: Sequence[ListedPage], now: datetime) -> int:
    """Put pages on the work-list that are not on file; how many these are.

    A page that another source has listed stays that source's.
    """
    known = keys_on_file(session, [page.key for page in pages])
    rows = [
        {
            "key": page.key,
            "url": page.url,
            "source": source,
            "listed_at": now,
            "listed_published": page.published_at,
            "state": PageState.WAITING.value,
            "tries": 0,
        }
        for page in pages
        if page.key not in known
    ]
    insert_absent(session, PageRow, rows, ("key",))
    return len(rows)


def wake_pages(session: Session, pages: Sequence[ListedPage], now: datetime) -> None:
    """Put pages on the work-list again that have changed since they were fetched, or are young."""
    for page, row in _on_file(session, pages):
        if _is_to_be_asked_again(row, page, now):
            row.state, row.url = PageState.WAITING, page.url
    session.flush()


def _on_file(session: Session, pages: Sequence[ListedPage]) -> list[tuple[ListedPage, PageRow]]:
    rows = _pages_by_key(session, [page.key for page in pages])
    return [(page, rows[page.key]) for page in pages if page.key in rows]


def _pages_by_key(session: Session, keys: Sequence[str]) -> dict[str, PageRow]:
    found: dict[str, PageRow] = {}
    for start in range(0, len(keys), KEYS_A_STATEMENT):
        wanted = select(PageRow).where(PageRow.key.in_(keys[start : start + KEYS_A_STATEMENT]))
        found |= {row.key: row for row in session.scalars(wanted)}
    return found


def _is_to_be_asked_again(row: PageRow, page: ListedPage, now: datetime) -> bool:
    """Whether its listing says that it has changed; where it does not say, whether the page is young."""
    if row.fetched_at is not None and page.changed_at is not None:
        return _is_later(page.changed_at, row.fetched_at)
    return row.state != PageState.GIVEN_UP and now - row.listed_at < REVISITED


def _is_later(changed: datetime | date, fetched_at: datetime) -> bool:
    """A day without an hour may be later on that day."""
    if not isinstance(changed, datetime):
        return changed >= fetched_at.date()
    return (changed if changed.tzinfo else changed.replace(tzinfo=UTC)) > fetched_at


def keys_on_file(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these keys under which there is a page."""
    return set(_pages_by_key(session, keys))


def waiting_pages(session: Session, sources: Sequence[str], always: Sequence[str] = ()) -> list[WaitingPage]:
    """The pages of these sources on the work-list, and those with the keys `always`, in the order of their listing."""
    wanted = select(PageRow).where(
        PageRow.source.in_(sources), or_(PageRow.state == PageState.WAITING, PageRow.key.in_(always))
    )
    return [
        WaitingPage(row.id, row.moved_to or row.url, row.source, row.listed_published, row.etag, row.last_modified)
        for row in session.scalars(wanted.order_by(PageRow.id))
    ]


def put_page(
    session: Session,
    run_id: int,
    page_id: int,
    answer: Answer,
    state: PageState,
    reason: str | None = None,
    version_id: int | None = None,
) -> None:
    """File what a server answered as evidence, and what became of the page; `version_id` holds its article."""
    session.add(
        FetchRow(
            page_id=page_id,
            run_id=run_id,
            version_id=version_id,
            final_url=answer.final_url,
            status=answer.status,
            headers=[list(header) for header in answer.headers],
            body_sha256=answer.body_sha256,
            fetched_at=answer.fetched_at,
        )
    )
    row = session.get_one(PageRow, page_id)
    row.state, row.reason, row.tries, row.fetched_at = state, reason, 0, answer.fetched_at
    row.etag, row.last_modified, row.moved_to = answer.etag, answer.last_modified, answer.moved_to or row.moved_to
    if version_id is not None:
        version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
        row.article_id, version.raw_ref = version.article_id, version.raw_ref or answer.body_sha256
    session.flush()


def put_unchanged(session: Session, page_id: int, at: datetime) -> None:
    """Take a page off the work-list that is as it was; nothing is written of one that is not on it."""
    row = session.get_one(PageRow, page_id)
    if row.state != PageState.WAITING:
        return
    row.state = PageState.UNREAD if row.article_id is None else PageState.TAKEN
    row.reason, row.tries, row.fetched_at = None, 0, at
    is_current = (ArticleVersionRow.article_id == row.article_id) & ArticleVersionRow.is_current
    version = session.scalars(select(ArticleVersionRow).where(is_current).options(defer(ArticleVersionRow.text)))
    for current in version:
        current.last_seen_at = max(current.last_seen_at, at)
    session.flush()


def put_refused(session: Session, page_id: int, state: PageState, reason: str) -> None:
    """Take a page off the work-list that we may not have, or do not want; nothing is written the second time."""
    row = session.get_one(PageRow, page_id)
    row.state, row.reason = state, reason
    session.flush()


def put_failed_try(session: Session, page_id: int, reason: str) -> None:
    """Leave a page that could not be had for the next run, or give it up."""
    row = session.get_one(PageRow, page_id)
    row.reason, row.tries = reason, row.tries + 1
    row.state = PageState.GIVEN_UP if row.tries >= MOST_TRIES else PageState.WAITING
    session.flush()


def put_notes(session: Session, version_id: int, notes: Iterable[tuple[str, str]]) -> None:
    """File what to know about a version, as kind and detail; the first of a kind stays."""
    rows = [{"version_id": version_id, "kind": kind, "detail": detail} for kind, detail in notes]
    insert_absent(session, NoteRow, rows, ("version_id", "kind"))


# Files


def file_on_file(session: Session, path: str) -> FileOnFile | None:
    """How far a file was read; None where it is new."""
    row = session.scalars(select(FileRow).where(FileRow.path == path)).one_or_none()
    if row is None:
        return None
    return FileOnFile(row.size, row.changed_ns, row.head_sha256, row.next_offset, row.next_line, row.is_done)


def put_file(session: Session, path: str, source: str, file: FileOnFile) -> None:
    """Say how far a file was read: in the transaction of what was read, so that nothing is lost or read twice."""
    row = session.scalars(select(FileRow).where(FileRow.path == path)).one_or_none()
    if row is None:
        row = FileRow(path=path)
        session.add(row)
    row.source = source
    row.size, row.changed_ns, row.head_sha256 = file.size, file.changed_ns, file.head_sha256
    row.next_offset, row.next_line, row.is_done = file.offset, file.line, file.is_done
    session.flush()
