"""Read a source on the web: list its pages, then fetch each page and read its article.

These are two steps, so that a job can keep a work queue of pages between them: `list_pages` reads feeds and sitemaps,
`fetch_page` fetches one page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from quotetrack.core.crawling import NO_VALIDATORS, Fetch, ListedPage, ListingState, PageState, Validators
from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.settings import Source, SourceKind
from quotetrack.core.urls import canonical_url
from quotetrack.ingest.crawl.client import Client, Skipped
from quotetrack.ingest.crawl.feeds import parse_feed
from quotetrack.ingest.crawl.listings import deduplicate, listed_page
from quotetrack.ingest.crawl.sitemaps import LARGEST_SITEMAP, Sitemap, parse_sitemap
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.html.article import read_flagged_page
from quotetrack.ingest.html.quality_flags import FlagKind, QualityFlag
from quotetrack.ingest.outlets import Outlets

MOST_BY_NUMBER = 40  # of the sitemaps without a day, taken for the latest ones by their numbers
MOST_SITEMAPS = 50  # of an index, the latest ones; news sitemaps have a handful, archives thousands
PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")

Known = Mapping[str, ListingState]
"""The feeds and sitemaps as they were last read, by the requested address."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed or sitemap that was read, with the pages that it lists; a source of one page is a listing without `fetch`.

    `pages` is None where the listing is unchanged: by the server's word (304), or by its bytes. Store the pages before
    or together with the listing's state: once its state is stored, its pages are not listed again.
    """

    fetch: Fetch | None
    pages: tuple[ListedPage, ...] | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its article, its quality flags, and the response, which is the evidence."""

    article: Article
    fetch: Fetch
    notes: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class NoArticle:
    """A response without an article. `state` is GONE or UNREAD; in both cases the same bytes need not be read again."""

    fetch: Fetch
    state: PageState
    reason: str


def list_pages(
    source: Source, client: Client, *, known: Known, since: date | None = None
) -> Iterator[Listing | Skipped | Failure | LeftOut]:
    """Yield the listings of a source with their pages since a day; of a sitemap index, one listing a sitemap.

    To list pages of an earlier day than last time, leave the listing out of `known`.
    """
    url = canonical_url(source.url or "")
    if url is None:
        yield Failure(source.place, "not an address that can be fetched")
    elif source.kind is SourceKind.FEED:
        yield from _list_feed(url, client, known, since)
    elif source.kind is SourceKind.SITEMAP:
        yield from _list_sitemap(url, client, known, since)
    else:
        yield Listing(None, (listed_page(url),))


def fetch_page(
    url: str,
    client: Client,
    *,
    outlets: Outlets,
    outlet: str | None = None,
    published_at: datetime | date | None = None,
    validators: Validators = NO_VALIDATORS,
) -> Page | NoArticle | Fetch | Skipped | Failure:
    """Fetch a page and read its article. A bare `Fetch` is a page that has not changed since its validators.

    `outlet` is used where neither page nor address names one, and `published_at` where the page has no date.
    """
    fetch = client.fetch(url, validators)
    if not isinstance(fetch, Fetch) or fetch.is_unchanged:
        return fetch
    if fetch.is_gone:
        return NoArticle(fetch, PageState.GONE, f"the server answered {fetch.status}")
    if fetch.content_type is not None and fetch.content_type not in PAGE_TYPES:
        return Skipped(url, PageState.NOT_A_PAGE, f"not a page but {fetch.content_type}")
    if _is_front_page(fetch.final_url) and not _is_front_page(url):
        reason = "the address leads to the front page: the article is no longer there"
        return NoArticle(fetch, PageState.UNREAD, reason)
    try:
        article, notes = read_flagged_page(
            fetch.body,
            url=fetch.final_url,
            outlet=outlet,
            published=published_at,
            outlets=outlets,
            header_charset=fetch.charset,
        )
    except UnreadableFile as problem:
        return NoArticle(fetch, PageState.UNREAD, str(problem))
    moved = (QualityFlag(FlagKind.MOVED, f"moved for good to {fetch.moved_to}"),) if fetch.moved_to else ()
    return Page(replace(article, fetched_at=fetch.fetched_at), fetch, (*notes, *moved))


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _list_feed(
    url: str, client: Client, known: Known, since: date | None
) -> Iterator[Listing | Skipped | Failure | LeftOut]:
    fetch = _fetch_listing(url, client, known)
    if not isinstance(fetch, Fetch):
        yield fetch
        return
    if _is_unchanged(fetch, known):
        yield Listing(fetch, None)
        return
    try:
        feed = parse_feed(fetch.body, fetch.final_url)
    except UnreadableFile as problem:
        yield Failure(url, str(problem))
        return
    yield Listing(fetch, _pages_since(feed.pages, since))
    yield from _without_address(url, feed.without_address)


def _list_sitemap(
    url: str, client: Client, known: Known, since: date | None
) -> Iterator[Listing | Skipped | Failure | LeftOut]:
    """Yield the listing of a sitemap; of an index, those of its latest sitemaps, which may be indexes as well."""
    waiting, asked = [url], {url}
    for _ in range(1 + MOST_SITEMAPS):
        if not waiting:
            return
        read = _read_sitemap(waiting.pop(0), client, known)
        if not isinstance(read, _FetchedSitemap):
            yield read
            continue
        fetch, sitemap = read.fetch, read.sitemap
        if sitemap.sitemaps:
            # An index is no Listing: its sitemaps may change while it does not. So it is cached and read each time.
            client.put_in_cache(fetch)
            parts = [part.url for part in _latest_sitemaps(sitemap, since) if part.url not in asked]
            waiting[:0] = parts
            asked.update(parts)
        if sitemap.pages or not sitemap.sitemaps:
            yield Listing(fetch, _pages_since(sitemap.pages, since))
        yield from _without_address(fetch.url, sitemap.without_address)
        if sitemap.problem:
            yield Failure(fetch.url, sitemap.problem)
    if waiting:
        yield LeftOut(url, f"older sitemaps of the index; the latest {MOST_SITEMAPS} were read", len(waiting))


@dataclass(frozen=True, slots=True)
class _FetchedSitemap:
    """A sitemap that has changed, with the response that held it."""

    fetch: Fetch
    sitemap: Sitemap


def _read_sitemap(url: str, client: Client, known: Known) -> _FetchedSitemap | Listing | Skipped | Failure:
    """Fetch and parse a sitemap, which may be a feed: the protocol allows both. A Listing is one without changes."""
    fetch = _fetch_listing(url, client, known, largest=LARGEST_SITEMAP)
    if not isinstance(fetch, Fetch):
        return fetch
    if _is_unchanged(fetch, known):
        return Listing(fetch, None)
    try:
        return _FetchedSitemap(fetch, parse_sitemap(fetch.body, fetch.final_url))
    except UnreadableFile as problem:
        try:
            feed = parse_feed(fetch.body, fetch.final_url)
        except UnreadableFile:
            return Failure(url, str(problem))
        return _FetchedSitemap(fetch, Sitemap(feed.pages, without_address=feed.without_address))


def _without_address(url: str, number: int) -> Iterator[LeftOut]:
    if number:
        yield LeftOut(url, "entries without an address that can be fetched", number)


def _latest_sitemaps(sitemap: Sitemap, since: date | None) -> list[ListedPage]:
    """Return the sitemaps of an index that may list pages since a day, the latest ones first.

    Where the index gives no days, those with the highest numbers in their addresses come first: most sites number
    their sitemaps by year, month or age. Some do it the other way round, so a share of the first ones follows.
    """
    parts = [part for part in sitemap.sitemaps if part.is_since(since)]
    undated = [part for part in parts if part.latest_day is None]
    highest = sorted(undated, key=lambda part: _numbers(part.url), reverse=True)[:MOST_BY_NUMBER]
    dated = sorted((part for part in parts if part.latest_day), key=lambda part: str(part.latest_day), reverse=True)
    return [*highest, *(part for part in undated if part not in highest), *dated]


def _numbers(url: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,18}", urlsplit(url).path))


def _pages_since(pages: Sequence[ListedPage], since: date | None) -> tuple[ListedPage, ...]:
    return tuple(deduplicate(page for page in pages if page.is_since(since)))


def _fetch_listing(url: str, client: Client, known: Known, largest: int | None = None) -> Fetch | Skipped | Failure:
    """Fetch a feed or sitemap. One that is gone is a Failure: a person has to find its new address."""
    validators = known[url].validators if url in known else NO_VALIDATORS
    fetch = client.fetch(url, validators, largest)
    if isinstance(fetch, Fetch) and fetch.is_gone:
        return Failure(url, f"the server answered {fetch.status}: there is no such feed or sitemap any more")
    return fetch


def _is_unchanged(fetch: Fetch, known: Known) -> bool:
    """Return whether a listing is as it was: by the server's word, or by its bytes."""
    before = known.get(fetch.url)
    return fetch.is_unchanged or (before is not None and before.body_sha256 == fetch.body_sha256)
