"""RSS and Atom -> the pages that they list, and where a site has its feeds. Pure."""

from __future__ import annotations

import html
import io
import re
from datetime import date, datetime
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]
from lxml import etree
from lxml import html as lxml_html

from quotetrack.ingest.crawl.listings import Listed, moment_of
from quotetrack.ingest.formats.detect import UnreadableFile, decode_html
from quotetrack.ingest.urls import canonical_url

COMMON_PATHS = ("/feed/", "/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss/index.xml")

_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf)\+xml|text/xml", re.I)
_TAG = re.compile(r"<[^<>]*>")
_NOT_ARTICLES = re.compile(r"comments?\b", re.I)  # WordPress offers a feed of readers' comments beside its own


def read_feed(body: bytes, url: str) -> list[Listed]:
    """The pages of a feed, in its order; raises UnreadableFile where it is no feed. `url` resolves relative links."""
    # A stream, since feedparser takes a string for an address to fetch or a file to open.
    headers = {"content-location": url, "content-type": "application/xml"}
    try:
        feed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)
    except Exception as error:  # it promises not to raise, and does on some broken bytes
        raise UnreadableFile(f"not a feed that can be read ({type(error).__name__})") from error
    if not feed.get("version") and not feed.get("entries"):
        raise UnreadableFile("not a feed: neither RSS nor Atom")
    return [page for page in map(_listed, feed.get("entries") or []) if page]


def find_feeds(source: bytes, url: str) -> list[str]:
    """The feeds that a page names in its head, in its order; `url` resolves relative addresses."""
    try:
        page = lxml_html.document_fromstring(
            decode_html(source).encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8")
        )
    except (UnreadableFile, etree.ParserError, etree.XMLSyntaxError):
        return []
    named = (
        urljoin(url, link.get("href") or "")
        for link in page.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and _FEED_TYPES.match(link.get("type") or "")
        and not _NOT_ARTICLES.search(f"{link.get('title') or ''} {link.get('href') or ''}")
    )
    return list(dict.fromkeys(filter(None, map(canonical_url, named))))


def _listed(entry: feedparser.FeedParserDict) -> Listed | None:
    """None for an entry without the address of a page."""
    # FeedBurner puts its own address where the article's belongs, and keeps the article's.
    url = canonical_url(str(entry.get("feedburner_origlink") or entry.get("link") or ""))
    if url is None:
        return None
    title = " ".join(html.unescape(_TAG.sub("", str(entry.get("title") or ""))).split())
    return Listed(url, title or None, _moment(entry, "published"), _moment(entry, "updated"))


def _moment(entry: feedparser.FeedParserDict, key: str) -> datetime | date | None:
    """As printed, with its zone: feedparser's own reading has lost it."""
    printed = dict(entry).get(key)  # its own get() answers "updated" with "published"
    return moment_of(str(printed)) if printed else None
