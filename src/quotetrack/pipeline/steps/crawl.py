"""What newspapers' sites have tonight: read the listings, then fetch the pages that wait, site beside site.

A listing's pages and that it was read are filed in one transaction, and so are a page's article, the answer that held
it, and that the page waits no longer: stopped anywhere, the next night goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TypeAlias
from urllib.parse import urlsplit

from quotetrack.core.domain import Failure
from quotetrack.core.settings import Source, SourceKind
from quotetrack.ingest.crawl.client import Client, Fetched, Kept, Skip, Skipped, Validators
from quotetrack.ingest.crawl.concurrency import interleave
from quotetrack.ingest.crawl.crawler import Listing, Page, Unread, list_pages, read_pages
from quotetrack.ingest.crawl.listings import Listed, once_each
from quotetrack.ingest.crawl.page_archive import keep
from quotetrack.pipeline.intake import Outcome, OutcomeKind, RunContext, outcome_of
from quotetrack.store.crawl import (
    Answer,
    KeptAnswer,
    ListedPage,
    ListingOnFile,
    PageState,
    WaitingPage,
    kept_answers,
    listings_on_file,
    put_failed_try,
    put_kept_answer,
    put_listing,
    put_new_pages,
    put_page,
    put_refused,
    put_source,
    put_unchanged,
    waiting_pages,
    wake_pages,
)

HOSTS_AT_ONCE = 8  # threads; each host is asked by one of them at a time

Told: TypeAlias = Listed | Listing | Skipped | Failure
Event: TypeAlias = Page | Unread | Fetched | Skipped | Failure

_REFUSED = {
    Skip.ROBOTS: (PageState.DISALLOWED, OutcomeKind.DISALLOWED),
    Skip.NOT_A_PAGE: (PageState.NOT_A_PAGE, OutcomeKind.NOT_A_PAGE),
}


def fetch_sources(
    context: RunContext,
    sources: Sequence[Source],
    client: Client,
    *,
    since: date | None = None,
    limit: int | None = None,
) -> Iterator[Outcome]:
    """Read what the sources list from a day on, and fetch what waits, at most `limit` pages of each source."""
    with context.sessions() as session:
        on_file = kept_answers(session)
    client.remember({url: Kept(Validators(k.etag, k.last_modified), k.body) for url, k in on_file.items()})
    yield from _list_sources(context, sources, client, since)
    _file_learned(context, client)
    yield from _fetch_pages(context, sources, client, limit)
    _file_learned(context, client)


def _file_learned(context: RunContext, client: Client) -> None:
    """What is asked for on condition next time."""
    learned = client.learned()
    if learned:
        with context.sessions.begin() as session:
            for url, kept in sorted(learned.items()):
                tags = kept.validators
                put_kept_answer(session, url, KeptAnswer(tags.etag, tags.last_modified, kept.body))


# The listings


def _list_sources(
    context: RunContext, sources: Sequence[Source], client: Client, since: date | None
) -> Iterator[Outcome]:
    with context.sessions.begin() as session:
        for source in sources:
            put_source(session, source.name, context.now())
        # With a day to begin at, a listing is read even if it has not changed: its older pages may not be on file.
        on_file = {} if since else listings_on_file(session)
    known = {url: Validators(listing.etag, listing.last_modified) for url, listing in on_file.items()}
    streams = [_told_of(source, client, known, since) for source in sources]
    named: dict[str, list[Listed]] = {source.name: [] for source in sources}
    for source, told in interleave(streams, HOSTS_AT_ONCE):
        if isinstance(told, Listed):
            named[source.name].append(told)
            if source.kind is not SourceKind.PAGE:
                continue
        if not _is_as_it_was(told, on_file):
            yield from _file_listing(context, source, told, named[source.name])
        named[source.name] = []


def _told_of(
    source: Source, client: Client, known: Mapping[str, Validators], since: date | None
) -> Iterator[tuple[Source, Told]]:
    return ((source, told) for told in list_pages(source, client, known=known, since=since))


def _is_as_it_was(told: Told, on_file: Mapping[str, ListingOnFile]) -> bool:
    """Whether it is a listing that has not changed, by its server's word or by its bytes."""
    if not isinstance(told, Listing):
        return False
    before = on_file.get(told.fetched.url)
    return told.fetched.is_unchanged or (before is not None and before.body_sha256 == told.fetched.body_sha256)


def _file_listing(context: RunContext, source: Source, told: Told, pages: Sequence[Listed]) -> Iterator[Outcome]:
    """The pages, and by what to ask the next time; of a single page, that it is to be asked for."""
    if isinstance(told, Skipped | Failure):
        yield context.record_failure(source.name, _as_failure(told))
        return
    listed = [_listed_page(page) for page in once_each(pages)]
    with context.sessions.begin() as session:
        now = context.now()
        if isinstance(told, Listing):
            wake_pages(session, listed, now)
            put_listing(session, told.fetched.url, _listing_on_file(told.fetched), now)
        new = put_new_pages(session, source.name, listed, now)
    if new:
        yield Outcome(source.name, OutcomeKind.LISTED, source.place, number=new)


def _listing_on_file(fetched: Fetched) -> ListingOnFile:
    return ListingOnFile(fetched.validators.etag, fetched.validators.last_modified, fetched.body_sha256)


def _listed_page(page: Listed) -> ListedPage:
    return ListedPage(page.key, page.url, page.published_at, page.changed_at)


def _as_failure(told: Skipped | Failure) -> Failure:
    return told if isinstance(told, Failure) else Failure(told.url, told.reason)


# The pages


def _fetch_pages(
    context: RunContext, sources: Sequence[Source], client: Client, limit: int | None
) -> Iterator[Outcome]:
    waiting = _waiting(context, sources, limit)
    outlet_of = {source.name: source.outlet for source in sources}
    by_host = groupby(sorted(waiting, key=_host), key=_host)
    streams = [_read_host(list(pages), client, outlet_of, context) for _, pages in by_host]
    for page, event in interleave(streams, HOSTS_AT_ONCE):
        yield _file_page(context, page, event)


def _waiting(context: RunContext, sources: Sequence[Source], limit: int | None) -> list[WaitingPage]:
    """What is to be fetched; a source that is a single page always is."""
    single = [Listed(source.url).key for source in sources if source.kind is SourceKind.PAGE and source.url]
    with context.sessions() as session:
        waiting = waiting_pages(session, [source.name for source in sources], single)
    by_source = groupby(sorted(waiting, key=attrgetter("source")), key=attrgetter("source"))
    return list(chain.from_iterable(islice(pages, limit) for _, pages in by_source))


def _host(page: WaitingPage) -> str:
    return urlsplit(page.url).hostname or ""


def _read_host(
    waiting: Sequence[WaitingPage], client: Client, outlet_of: Mapping[str, str | None], context: RunContext
) -> Iterator[tuple[WaitingPage, Event]]:
    """Each page of a host with what became of it."""
    for source, pages in groupby(waiting, key=attrgetter("source")):
        some = list(pages)
        known = {page.url: Validators(page.etag, page.last_modified) for page in some}
        listed = [Listed(page.url, published_at=page.published_at) for page in some]
        events = read_pages(listed, client, outlet=outlet_of[source], outlets=context.outlets, known=known)
        yield from zip(some, events, strict=True)


def _file_page(context: RunContext, page: WaitingPage, event: Event) -> Outcome:
    """One page: its evidence first, then in one transaction all that is known of it now."""
    match event:
        case Failure():
            return _file_failure(context, page, event)
        case Skipped():
            return _file_refusal(context, page, event)
        case Page():
            return _file_article(context, page, event)
        case Unread():
            return _file_answer(context, page, event.fetched, PageState.UNREAD, OutcomeKind.UNREAD, event.reason)
        case Fetched(is_gone=True):
            reason = f"the server answered {event.status}"
            return _file_answer(context, page, event, PageState.GONE, OutcomeKind.GONE, reason)
        case Fetched():
            with context.sessions.begin() as session:
                put_unchanged(session, page.id, event.fetched_at)
            return Outcome(page.source, OutcomeKind.UNCHANGED, page.url)


def _file_article(context: RunContext, page: WaitingPage, event: Page) -> Outcome:
    _keep(context, event.fetched)
    try:
        with context.sessions.begin() as session:
            taken = context.put_source_article(session, page.source, event.article, event.notes)
            answer = _answer(event.fetched)
            put_page(session, context.run_id, page.id, answer, PageState.TAKEN, version_id=taken.version_id)
    except ValueError as error:  # what the page tells cannot be
        return _file_failure(context, page, Failure(page.url, str(error)))
    return outcome_of(page.source, event.article, taken, page.url)


def _file_answer(
    context: RunContext, page: WaitingPage, fetched: Fetched, state: PageState, what: OutcomeKind, reason: str
) -> Outcome:
    _keep(context, fetched)
    with context.sessions.begin() as session:
        put_page(session, context.run_id, page.id, _answer(fetched), state, reason)
    return Outcome(page.source, what, page.url, reason)


def _file_refusal(context: RunContext, page: WaitingPage, skipped: Skipped) -> Outcome:
    if skipped.why is Skip.LATER:
        return Outcome(page.source, OutcomeKind.LATER, page.url, skipped.reason)
    state, what = _REFUSED[skipped.why]
    with context.sessions.begin() as session:
        put_refused(session, page.id, state, skipped.reason)
    return Outcome(page.source, what, page.url, skipped.reason)


def _file_failure(context: RunContext, page: WaitingPage, failure: Failure) -> Outcome:
    with context.sessions.begin() as session:
        put_failed_try(session, page.id, failure.reason)
        return context.put_failure(session, page.source, failure)


def _keep(context: RunContext, fetched: Fetched) -> None:
    if context.settings.evidence is not None and fetched.body:
        keep(context.settings.evidence, fetched.body)


def _answer(fetched: Fetched) -> Answer:
    validators = fetched.validators
    return Answer(
        final_url=fetched.final_url,
        status=fetched.status,
        headers=fetched.headers,
        body_sha256=fetched.body_sha256,
        fetched_at=fetched.fetched_at,
        etag=validators.etag,
        last_modified=validators.last_modified,
        moved_to=fetched.moved_to,
    )
