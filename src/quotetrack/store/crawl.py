"""The state of the crawl: sources, listings, the work queue of pages, server responses, and read positions of files."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer

from quotetrack.core.crawling import (
    CachedResponse,
    Fetch,
    ListedPage,
    ListingState,
    PageState,
    Validators,
    WaitingPage,
)
from quotetrack.store.backends.statements import insert_absent
from quotetrack.store.tables import (
    ArticleVersionRow,
    FetchRow,
    FileRow,
    KeptAnswerRow,
    ListingRow,
    PageRow,
    SourceRow,
)

REVISITED = timedelta(days=7)  # how long a listed page is fetched again: newspapers edit in the first days
MOST_TRIES = 4  # runs in a row in which a page may fail before it is given up
KEYS_A_STATEMENT = 5_000  # SQLite takes 32,766 parameters


@dataclass(frozen=True, slots=True)
class FileState:
    """A file when it was last read: its size, and the hash of as many bytes.

    Reading goes on at `offset` (bytes) and `line` (from 1).
    """

    size: int
    changed_ns: int
    sha256: str
    offset: int
    line: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class SourceState:
    """The history of a source. Both times are None for a source that no run has read."""

    first_read_at: datetime | None = None
    last_gave_at: datetime | None = None
    pages: Mapping[str, int] = field(default_factory=dict)  # numbers of pages by state

    @property
    def silent_since(self) -> datetime | None:
        """Return when the source last gave an article; where it never did, when it was first read."""
        return self.last_gave_at or self.first_read_at


# Sources and their listings


def put_source(session: Session, name: str, now: datetime) -> None:
    """Store a source with the time of its first run, unless it is stored already."""
    if session.get(SourceRow, name) is None:
        session.add(SourceRow(name=name, first_read_at=now))
        session.flush()


def put_last_gave(session: Session, name: str, now: datetime) -> None:
    """Store that a source has just given an article that is new or edited."""
    put_source(session, name, now)
    session.get_one(SourceRow, name).last_gave_at = now
    session.flush()


def read_source_states(session: Session) -> dict[str, SourceState]:
    """Return the state of each source by its name, also of sources that the settings no longer have."""
    pages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_state = select(PageRow.source, PageRow.state, func.count()).group_by(PageRow.source, PageRow.state)
    for source, state, number in session.execute(by_state):
        pages[source][state] = number
    return {
        row.name: SourceState(row.first_read_at, row.last_gave_at, pages[row.name])
        for row in session.scalars(select(SourceRow))
    }


def read_listing_states(session: Session) -> dict[str, ListingState]:
    """Return each feed and sitemap as it was last read, by its address."""
    return {
        row.url: ListingState(Validators(row.etag, row.last_modified), row.body_sha256)
        for row in session.scalars(select(ListingRow))
    }


def put_listing(session: Session, fetch: Fetch, now: datetime) -> None:
    """Store the validators and hash of a listing, by which the next run sees whether it changed.

    Call this in the transaction that stores the listing's pages, or later: an unchanged listing is not read again.
    """
    row = session.scalars(select(ListingRow).where(ListingRow.url == fetch.url)).one_or_none()
    if row is None:
        row = ListingRow(url=fetch.url)
        session.add(row)
    row.etag, row.last_modified = fetch.validators.etag, fetch.validators.last_modified
    row.body_sha256, row.read_at = fetch.body_sha256, now
    session.flush()


def read_cached_responses(session: Session) -> dict[str, CachedResponse]:
    """Return the cached responses by their address."""
    return {
        row.url: CachedResponse(Validators(row.etag, row.last_modified), zlib.decompress(row.packed))
        for row in session.scalars(select(KeptAnswerRow))
    }


def put_cached_response(session: Session, url: str, response: CachedResponse) -> None:
    """Cache a response, in place of an earlier one from this address."""
    etag, last_modified = response.validators.etag, response.validators.last_modified
    packed = zlib.compress(response.body)
    session.merge(KeptAnswerRow(url=url, etag=etag, last_modified=last_modified, packed=packed))
    session.flush()


# Pages


def put_new_pages(
    session: Session, source: str, pages: Sequence[ListedPage], now: datetime, sources: Collection[str] = ()
) -> int:
    """Add the pages that are not stored yet to the work queue, and return their number.

    A page that another one of the `sources` listed first stays with that source. A page of a source that is no longer
    among them, because it was renamed or removed, goes to the source that lists it now.
    """
    known = _pages_by_key(session, [page.key for page in pages])
    for row in known.values():
        if sources and row.source not in sources:
            row.source = source
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
    """Return stored pages to the work queue where they changed since they were fetched, or are young.

    The day of publication is that of this listing: a column has a new one at its old address.
    """
    rows = _pages_by_key(session, [page.key for page in pages])
    for page in pages:
        row = rows.get(page.key)
        if row is not None and _is_due(row, page, now):
            row.state, row.url = PageState.WAITING, page.url
            row.listed_published = page.published_at or row.listed_published
    session.flush()


def _pages_by_key(session: Session, keys: Sequence[str]) -> dict[str, PageRow]:
    rows: dict[str, PageRow] = {}
    for start in range(0, len(keys), KEYS_A_STATEMENT):
        wanted = select(PageRow).where(PageRow.key.in_(keys[start : start + KEYS_A_STATEMENT]))
        rows |= {row.key: row for row in session.scalars(wanted)}
    return rows


def _is_due(row: PageRow, page: ListedPage, now: datetime) -> bool:
    """Return whether the page changed after its last fetch; where the listing gives no change, whether it is young.

    A fetch in the future, by a clock that has gone back since, tells neither.
    """
    if row.state == PageState.REMOVED:
        return False
    if row.fetched_at is not None and row.fetched_at <= now and page.changed_at is not None:
        return _is_later(page.changed_at, row.fetched_at)
    return row.state != PageState.GIVEN_UP and now - row.listed_at < REVISITED


def _is_later(changed: datetime | date, fetched_at: datetime) -> bool:
    """Return whether a change may be later than a fetch; a day without a time may be later on the same day."""
    if not isinstance(changed, datetime):
        return changed >= fetched_at.date()
    return (changed if changed.tzinfo else changed.replace(tzinfo=UTC)) > fetched_at


def adopt_pages(session: Session, hosts: Mapping[str, str], sources: Collection[str]) -> dict[str, int]:
    """Give the waiting pages of sources that are gone to the source of their host.

    `hosts` maps hosts to sources, `sources` are all that there are. Returns how many pages still wait, by the name of
    their source.
    """
    left: Counter[str] = Counter()
    orphans = select(PageRow).where(PageRow.source.not_in(sources), PageRow.state == PageState.WAITING)
    for row in session.scalars(orphans):
        new = hosts.get(urlsplit(row.url).hostname or "")
        if new is None:
            left[row.source] += 1
        else:
            row.source = new
    session.flush()
    return dict(left)


def read_known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Return those of the keys whose page is stored."""
    return set(_pages_by_key(session, keys))


def read_waiting_pages(session: Session, sources: Sequence[str], always: Sequence[str] = ()) -> list[WaitingPage]:
    """Return the pages of these sources in the work queue, and those with the keys `always`, in order of listing."""
    wanted = select(PageRow).where(
        PageRow.source.in_(sources), or_(PageRow.state == PageState.WAITING, PageRow.key.in_(always))
    )
    return [
        WaitingPage(
            id=row.id,
            url=row.moved_to or row.url,
            source=row.source,
            published_at=row.listed_published,
            validators=Validators(row.etag, row.last_modified),
        )
        for row in session.scalars(wanted.order_by(PageRow.id))
    ]


def put_page(
    session: Session,
    run_id: int,
    page_id: int,
    fetch: Fetch,
    state: PageState,
    reason: str | None = None,
    version_id: int | None = None,
) -> None:
    """Store a response as evidence, and the new state of its page. `version_id` is the version with its article."""
    session.add(
        FetchRow(
            page_id=page_id,
            run_id=run_id,
            version_id=version_id,
            final_url=fetch.final_url,
            status=fetch.status,
            headers=[list(header) for header in fetch.headers],
            body_sha256=fetch.body_sha256,
            fetched_at=fetch.fetched_at,
        )
    )
    row = session.get_one(PageRow, page_id)
    row.state, row.reason, row.tries, row.fetched_at = state, reason, 0, fetch.fetched_at
    row.etag, row.last_modified = fetch.validators.etag, fetch.validators.last_modified
    row.moved_to = fetch.moved_to or row.moved_to
    if version_id is not None:
        version = session.get_one(ArticleVersionRow, version_id, options=[defer(ArticleVersionRow.text)])
        row.article_id, version.evidence_sha256 = version.article_id, version.evidence_sha256 or fetch.body_sha256
    session.flush()


def put_unchanged(session: Session, page_id: int, at: datetime) -> None:
    """Take an unchanged page out of the work queue; nothing is written about a page that is not in it."""
    row = session.get_one(PageRow, page_id)
    if row.state != PageState.WAITING:
        return
    row.state = PageState.UNREAD if row.article_id is None else PageState.TAKEN
    row.reason, row.tries, row.fetched_at = None, 0, at
    is_current = (ArticleVersionRow.article_id == row.article_id) & ArticleVersionRow.is_current
    versions = session.scalars(select(ArticleVersionRow).where(is_current).options(defer(ArticleVersionRow.text)))
    for version in versions:
        version.last_seen_at = max(version.last_seen_at, at)
    session.flush()


def fetch_again(session: Session, article_id: int) -> None:
    """Put the pages of an article into the work queue, to be fetched whether they have changed or not."""
    for row in session.scalars(select(PageRow).where(PageRow.article_id == article_id)):
        row.state, row.reason, row.etag, row.last_modified = PageState.WAITING, None, None, None
    session.flush()


def put_skipped(session: Session, page_id: int, state: PageState, reason: str) -> None:
    """Take a page out of the work queue that was not fetched or not read; a second time changes nothing."""
    row = session.get_one(PageRow, page_id)
    row.state, row.reason = state, reason
    session.flush()


def put_failed_try(session: Session, page_id: int, reason: str) -> None:
    """Leave a page that failed in the work queue for the next run, or give it up after MOST_TRIES runs."""
    row = session.get_one(PageRow, page_id)
    row.reason, row.tries = reason, row.tries + 1
    row.state = PageState.GIVEN_UP if row.tries >= MOST_TRIES else PageState.WAITING
    session.flush()


# Files


def read_file_state(session: Session, path: str) -> FileState | None:
    """Return the state of a file; None where it was never read."""
    row = session.scalars(select(FileRow).where(FileRow.path == path)).one_or_none()
    if row is None:
        return None
    return FileState(row.size, row.changed_ns, row.head_sha256, row.next_offset, row.next_line, row.is_done)


def put_file(session: Session, path: str, source: str, file: FileState) -> None:
    """Store the state of a file. Call this in the transaction that stores its articles: none is lost or read twice."""
    row = session.scalars(select(FileRow).where(FileRow.path == path)).one_or_none()
    if row is None:
        row = FileRow(path=path)
        session.add(row)
    row.source = source
    row.size, row.changed_ns, row.head_sha256 = file.size, file.changed_ns, file.sha256
    row.next_offset, row.next_line, row.is_done = file.offset, file.line, file.is_done
    session.flush()
