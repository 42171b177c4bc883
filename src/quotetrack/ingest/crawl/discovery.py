"""Find the feeds and news sitemaps of a site, for `sources add URL`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from quotetrack.core.crawling import Fetch
from quotetrack.core.domain import Failure
from quotetrack.core.settings import SourceKind
from quotetrack.ingest.crawl.client import Client, Skipped
from quotetrack.ingest.crawl.feeds import COMMON_PATHS, find_feeds, parse_feed
from quotetrack.ingest.crawl.sitemaps import LARGEST_SITEMAP, parse_sitemap
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.lang.en.feed_names import NEWS_SITEMAP


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed or sitemap that was fetched and parsed. `pages` is the number of pages (or sitemaps) that it lists."""

    kind: SourceKind
    url: str
    pages: int


def discover(url: str, client: Client) -> Iterator[Offer | Skipped | Failure]:
    """Yield the feeds and sitemaps found at an address.

    An address that is a feed or sitemap is the only offer. Otherwise the feeds that the page names come first, or
    those at common paths where it names none; then the news sitemaps of the site's robots.txt. Yields a Failure or
    Skipped where the address cannot be fetched, and a Failure where nothing is found.
    """
    fetch = client.fetch(url, largest=LARGEST_SITEMAP)
    if not isinstance(fetch, Fetch):
        yield fetch
        return
    if fetch.is_gone:
        yield Failure(url, f"the server answered {fetch.status}: there is no such page")
        return
    offer = _parse_offer(fetch)
    if offer:
        yield offer
        return
    offers = [*_find_feeds(fetch, client), *_find_news_sitemaps(fetch, client)]
    yield from offers
    if not offers:
        yield Failure(url, "no feed and no news sitemap was found: find one on the site, and add its address")


def _find_feeds(page: Fetch, client: Client) -> list[Offer]:
    """Return the feeds that the page names; where none of them works, the first one at a common path."""
    named = [offer for address in find_feeds(page.body, page.final_url) if (offer := _fetch_offer(address, client))]
    if named:
        return named
    for path in COMMON_PATHS:
        if offer := _fetch_offer(urljoin(page.final_url, path), client):
            return [offer]
    return []


def _find_news_sitemaps(page: Fetch, client: Client) -> list[Offer]:
    addresses = [address for address in client.robots(page.final_url).sitemaps if NEWS_SITEMAP in address.lower()]
    return [offer for address in addresses if (offer := _fetch_offer(address, client))]


def _fetch_offer(url: str, client: Client) -> Offer | None:
    fetch = client.fetch(url, largest=LARGEST_SITEMAP)
    return _parse_offer(fetch) if isinstance(fetch, Fetch) and fetch.body else None


def _parse_offer(fetch: Fetch) -> Offer | None:
    """Return the feed or sitemap in a response; None where it is neither."""
    try:
        return Offer(SourceKind.FEED, fetch.final_url, len(parse_feed(fetch.body, fetch.final_url).pages))
    except UnreadableFile:
        pass
    try:
        sitemap = parse_sitemap(fetch.body, fetch.final_url)
    except UnreadableFile:
        return None
    return Offer(SourceKind.SITEMAP, fetch.final_url, len(sitemap.pages) + len(sitemap.sitemaps))
