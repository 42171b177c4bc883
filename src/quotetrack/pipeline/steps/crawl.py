"""Crawl the sources on the web: read their listings, then fetch the pages in the work queue, several hosts at once.

A listing is stored in one transaction with its pages. So are a page's article, the response that held it, and the
page's new state. A run that is stopped at any moment loses nothing: the next run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from typing import TypeAlias
from urllib.parse import urlsplit

from quotetrack.core.crawling import CachedResponse, Fetch, ListingState, PageState, WaitingPage
from quotetrack.core.domain import Failure, LeftOut
from quotetrack.core.settings import Source, SourceKind
from quotetrack.core.urls import article_key
from quotetrack.ingest.crawl.client import Client, Skipped
from quotetrack.ingest.crawl.concurrency import interleave
from quotetrack.ingest.crawl.crawler import Listing, NoArticle, Page, fetch_page, list_pages
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.ingest.formats.detect import unforeseen
from quotetrack.pipeline.intake import Outcome, OutcomeKind, RunContext, failure_of, outcome_of, outcome_of_left_out
from quotetrack.store.articles import is_removed
from quotetrack.store.crawl import (
    adopt_pages,
    put_cached_response,
    put_failed_try,
    put_listing,
    put_new_pages,
    put_page,
    put_skipped,
    put_source,
    put_unchanged,
    read_cached_responses,
    read_listing_states,
    read_waiting_pages,
    wake_pages,
)

REMOVED = "a person removed this article"
HOSTS_AT_ONCE = 8  # threads; one thread at a time sends requests to a host

FetchedPage: TypeAlias = Page | NoArticle | Fetch | Skipped | Failure


def fetch_sources(
    context: RunContext,
    sources: Sequence[Source],
    client: Client,
    *,
    since: date | None = None,
    limit: int | None = None,
) -> Iterator[Outcome]:
    """List the pages of the sources since a day, then fetch the waiting pages, at most `limit` of each source.

    Yield each outcome after it is stored.
    """
    with context.sessions() as session:
        stored = read_cached_responses(session)
    client.cache.update(stored)
    yield from _list_sources(context, sources, client, since)
    yield from _adopt_pages(context, sources)
    _store_cache(context, client, stored)
    yield from _fetch_pages(context, sources, client, limit)
    _store_cache(context, client, stored)


def _store_cache(context: RunContext, client: Client, stored: dict[str, CachedResponse]) -> None:
    """Store the responses that the client has cached since the last call, and add them to `stored`."""
    new = {url: response for url, response in client.cache.items() if response != stored.get(url)}
    if new:
        with context.sessions.begin() as session:
            for url, response in sorted(new.items()):
                put_cached_response(session, url, response)
    stored |= new


# The listings


def _list_sources(
    context: RunContext, sources: Sequence[Source], client: Client, since: date | None
) -> Iterator[Outcome]:
    with context.sessions.begin() as session:
        for source in sources:
            put_source(session, source.name, context.now())
        # With a first day, a listing is read even if it is unchanged: its older pages may not be stored.
        known = {} if since else read_listing_states(session)
    streams = [_list_source(source, client, known, since) for source in sources]
    for source, listing in interleave(streams, HOSTS_AT_ONCE):
        if isinstance(listing, Listing):
            yield from _store_listing(context, source, listing)
        elif isinstance(listing, LeftOut):
            yield outcome_of_left_out(source.name, listing)
        else:
            yield context.record_failure(source.name, _as_failure(listing))


def _list_source(
    source: Source, client: Client, known: Mapping[str, ListingState], since: date | None
) -> Iterator[tuple[Source, Listing | Skipped | Failure | LeftOut]]:
    try:
        for listing in list_pages(source, client, known=known, since=since):
            yield source, listing
    except ImportError:
        raise
    except Exception as error:  # the other sources are still read
        yield source, Failure(source.place, unforeseen(error))


def _store_listing(context: RunContext, source: Source, listing: Listing) -> Iterator[Outcome]:
    """Put the new and changed pages of a listing into the work queue; an unchanged listing writes nothing."""
    if listing.pages is None:
        return
    with context.sessions.begin() as session:
        now = context.now()
        if listing.fetch is not None:
            wake_pages(session, listing.pages, now)
            put_listing(session, listing.fetch, now)
        new = put_new_pages(session, source.name, listing.pages, now, _names_of_all(context, source))
    if new:
        yield Outcome(source.name, OutcomeKind.LISTED, source.place, number=new)


def _as_failure(problem: Skipped | Failure) -> Failure:
    return problem if isinstance(problem, Failure) else Failure(problem.url, problem.reason)


def _adopt_pages(context: RunContext, sources: Sequence[Source]) -> Iterator[Outcome]:
    """Take over the waiting pages of renamed sources, by their host; tell of those that nothing takes over."""
    on_web = [source for source in (*sources, *context.settings.source) if source.kind.is_web]
    hosts = {urlsplit(source.url or "").hostname or "": source.name for source in reversed(on_web)}
    with context.sessions.begin() as session:
        left = adopt_pages(session, hosts, _names_of_all(context, *sources))
    for name, number in left.items():
        reason = "pages wait for a source that the settings no longer have: name it there again to fetch them"
        yield Outcome(name, OutcomeKind.LEFT_OUT, name, reason, number)


def _names_of_all(context: RunContext, *sources: Source) -> set[str]:
    return {source.name for source in (*sources, *context.settings.source)}


# The pages


def _fetch_pages(
    context: RunContext, sources: Sequence[Source], client: Client, limit: int | None
) -> Iterator[Outcome]:
    waiting = sorted(_read_work_queue(context, sources, limit), key=_host)
    outlets = {source.name: source.outlet for source in sources}
    streams = [_fetch_host(list(pages), client, outlets, context) for _, pages in groupby(waiting, key=_host)]
    for page, fetched in interleave(streams, HOSTS_AT_ONCE):
        yield _store_page(context, page, fetched)


def _read_work_queue(context: RunContext, sources: Sequence[Source], limit: int | None) -> list[WaitingPage]:
    """Return the waiting pages, by source; the page of a source that is one page is always fetched."""
    always = [article_key(source.url) for source in sources if source.kind is SourceKind.PAGE and source.url]
    with context.sessions() as session:
        waiting = read_waiting_pages(session, [source.name for source in sources], always)
    pages: list[WaitingPage] = []
    for _, of_source in groupby(sorted(waiting, key=attrgetter("source")), key=attrgetter("source")):
        pages += islice(of_source, limit)
    return pages


def _host(page: WaitingPage) -> str:
    return urlsplit(page.url).hostname or ""


def _fetch_host(
    waiting: Sequence[WaitingPage], client: Client, outlets: Mapping[str, str | None], context: RunContext
) -> Iterator[tuple[WaitingPage, FetchedPage]]:
    for page in waiting:
        try:
            fetched = fetch_page(
                page.url,
                client,
                outlets=context.outlets,
                outlet=outlets[page.source],
                published_at=page.published_at,
                validators=page.validators,
            )
        except ImportError:
            raise
        except Exception as error:  # the other pages are still fetched
            fetched = Failure(page.url, unforeseen(error))
        yield page, fetched


def _store_page(context: RunContext, page: WaitingPage, fetched: FetchedPage) -> Outcome:
    """Archive the body first; then store the response, the article and the page's state in one transaction."""
    match fetched:
        case Failure():
            return _store_failure(context, page, fetched)
        case Skipped():
            return _store_skipped(context, page, fetched)
        case Page():
            return _store_article(context, page, fetched)
        case NoArticle():
            _archive_body(context, fetched.fetch)
            with context.sessions.begin() as session:
                put_page(session, context.run_id, page.id, fetched.fetch, fetched.state, fetched.reason)
            return Outcome(page.source, OutcomeKind(fetched.state.value), page.url, fetched.reason)
        case Fetch():
            with context.sessions.begin() as session:
                put_unchanged(session, page.id, fetched.fetched_at)
            return Outcome(page.source, OutcomeKind.UNCHANGED, page.url)


def _store_failure(context: RunContext, page: WaitingPage, failure: Failure) -> Outcome:
    with context.sessions.begin() as session:
        put_failed_try(session, page.id, failure.reason)
        return context.put_failure(session, page.source, failure)


def _store_skipped(context: RunContext, page: WaitingPage, skipped: Skipped) -> Outcome:
    if skipped.state is PageState.WAITING:  # its host is left for the next run
        return Outcome(page.source, OutcomeKind.LATER, page.url, skipped.reason)
    with context.sessions.begin() as session:
        put_skipped(session, page.id, skipped.state, skipped.reason)
    return Outcome(page.source, OutcomeKind(skipped.state.value), page.url, skipped.reason)


def _store_article(context: RunContext, page: WaitingPage, fetched: Page) -> Outcome:
    with context.sessions() as session:
        is_kept_out = is_removed(session, fetched.article)
    if is_kept_out:
        with context.sessions.begin() as session:
            put_page(session, context.run_id, page.id, fetched.fetch, PageState.REMOVED, REMOVED)
        return Outcome(page.source, OutcomeKind.REMOVED, page.url, REMOVED)
    _archive_body(context, fetched.fetch)
    try:
        with context.sessions.begin() as session:
            taken = context.put_source_article(session, page.source, fetched.article, fetched.notes, is_live=True)
            put_page(session, context.run_id, page.id, fetched.fetch, PageState.TAKEN, version_id=taken.version_id)
    except Exception as error:
        return _store_failure(context, page, failure_of(page.url, error))
    return outcome_of(page.source, taken, page.url)


def _archive_body(context: RunContext, fetch: Fetch) -> None:
    if context.settings.evidence is not None and fetch.body:
        archive(context.settings.evidence, fetch.body)
