"""Parse RSS and Atom feeds, and find the feeds that a site names. Pure."""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]
from lxml import etree
from lxml import html as lxml_html

from quotetrack.core.crawling import ListedPage
from quotetrack.core.urls import canonical_url
from quotetrack.ingest.crawl.listings import listed_page, parse_listed_date
from quotetrack.ingest.formats.detect import UnreadableFile, decode_html
from quotetrack.lang.en.feed_names import COMMENTS_FEED

COMMON_PATHS = ("/feed/", "/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss/index.xml")

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml|text/xml", re.I)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Feed:
    """The pages of a feed, in its order; `without_address` is the number of entries that name none to fetch."""

    pages: tuple[ListedPage, ...]
    without_address: int = 0


def parse_feed(body: bytes, url: str) -> Feed:
    """Return the pages of a feed. `url` resolves relative links. Raises UnreadableFile for no feed."""
    # A stream: feedparser would take a string for an address to fetch or a file to open.
    headers = {"content-location": url, "content-type": "application/xml"}
    try:
        feed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)
    except Exception as error:  # feedparser promises not to raise, and does on some broken bytes
        raise UnreadableFile(f"not a feed that can be read ({type(error).__name__})") from error
    if not feed.get("version") and not feed.get("entries"):
        raise UnreadableFile("not a feed: neither RSS nor Atom")
    entries = feed.get("entries") or []
    pages = tuple(page for entry in entries if (page := _parse_entry(entry, url)))
    return Feed(pages, len(entries) - len(pages))


def find_feeds(source: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that a page names in its head, in its order. `url` resolves relative ones."""
    try:
        page = lxml_html.document_fromstring(
            decode_html(source).encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8")
        )
    except (UnreadableFile, etree.ParserError, etree.XMLSyntaxError):
        return []
    bases = [urljoin(url, element.get("href") or "") for element in page.iter("base")]
    base = bases[0] if bases else url
    feeds: list[str] = []
    for link in page.iter("link"):
        title, href = link.get("title") or "", link.get("href") or ""
        is_alternate = "alternate" in (link.get("rel") or "").lower().split()
        is_feed = is_alternate and _FEED_TYPES.match(link.get("type") or "")
        if not is_feed or COMMENTS_FEED.search(f"{title} {href}"):
            continue
        address = canonical_url(urljoin(base, href.removeprefix("feed:")))
        if address is not None and address not in feeds:
            feeds.append(address)
    return feeds


def _parse_entry(entry: feedparser.FeedParserDict, url: str) -> ListedPage | None:
    """Return the page of an entry; None where it has no address of a page."""
    # FeedBurner puts its own address into `link`, and the article's into `origLink`. An empty `link` hides the `guid`.
    permalink = entry.get("id") if entry.get("guidislink") else None
    printed = str(entry.get("feedburner_origlink") or entry.get("link") or permalink or "")
    address = canonical_url(urljoin(url, printed)) if printed.strip() else None
    if address is None:
        return None
    title = " ".join(html.unescape(_TAG.sub("", str(entry.get("title") or ""))).split())
    return listed_page(address, title or None, _parse_date(entry, "published"), _parse_date(entry, "updated"))


def _parse_date(entry: feedparser.FeedParserDict, key: str) -> datetime | date | None:
    """Return a date as printed, with its zone: feedparser's own parsing loses the zone."""
    printed = dict(entry).get(key)  # the entry's own get() returns "published" for "updated"
    return parse_listed_date(str(printed)) if printed else None
