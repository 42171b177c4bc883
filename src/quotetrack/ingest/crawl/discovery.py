"""What a site offers to be watched by: its feeds and news sitemaps, for `sources add URL`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from quotetrack.core.domain import Failure
from quotetrack.core.settings import SourceKind
from quotetrack.ingest.crawl.client import Client, Fetched, Skipped
from quotetrack.ingest.crawl.feeds import COMMON_PATHS, find_feeds, read_feed
from quotetrack.ingest.crawl.sitemaps import LARGEST_SITEMAP, read_sitemap
from quotetrack.ingest.formats.detect import UnreadableFile

_NEWS = "news"  # in the address of a news sitemap; a site's other sitemaps list its whole archive


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed or sitemap that was fetched and understood; `pages` is how many pages (or sitemaps) it lists now."""

    kind: SourceKind
    url: str
    pages: int


def discover(url: str, client: Client) -> Iterator[Offer | Skipped | Failure]:
    """What there is at an address: itself where it is a feed or sitemap, else the feeds that the page names, else
    those where feeds usually are; then the news sitemaps that the site's robots.txt names.

    A Failure or Skipped where the address itself cannot be had, and a Failure where nothing is found.
    """
    found = client.fetch(url, largest=LARGEST_SITEMAP)
    if not isinstance(found, Fetched):
        yield found
        return
    if found.is_gone:
        yield Failure(url, f"the server answered {found.status}: there is no such page")
        return
    itself = _offer_of(found)
    if itself:
        yield itself
        return
    offers = [*_feeds(found, client), *_sitemaps(found, client)]
    yield from offers
    if not offers:
        yield Failure(url, "no feed and no news sitemap was found: look for one on the site, and add its address")


def _feeds(page: Fetched, client: Client) -> Iterator[Offer]:
    """Those that the page names; where it names none that works, the first one at a usual place."""
    named = [offer for address in find_feeds(page.body, page.final_url) if (offer := _offer_at(address, client))]
    if named:
        yield from named
        return
    usual = (_offer_at(urljoin(page.final_url, path), client) for path in COMMON_PATHS)
    first = next(filter(None, usual), None)
    if first:
        yield first


def _sitemaps(page: Fetched, client: Client) -> Iterator[Offer]:
    named = [address for address in client.robots(page.final_url).sitemaps if _NEWS in address.lower()]
    yield from filter(None, (_offer_at(address, client) for address in named))


def _offer_at(url: str, client: Client) -> Offer | None:
    found = client.fetch(url, largest=LARGEST_SITEMAP)
    return _offer_of(found) if isinstance(found, Fetched) and found.body else None


def _offer_of(fetched: Fetched) -> Offer | None:
    """What an answer is; None where it is neither feed nor sitemap."""
    try:
        return Offer(SourceKind.FEED, fetched.final_url, len(read_feed(fetched.body, fetched.final_url)))
    except UnreadableFile:
        pass
    try:
        sitemap = read_sitemap(fetched.body)
    except UnreadableFile:
        return None
    return Offer(SourceKind.SITEMAP, fetched.final_url, len(sitemap.pages) + len(sitemap.sitemaps))
