"""Parse sitemaps, news sitemaps and sitemap indexes (sitemaps.org/protocol.html). Pure."""

from __future__ import annotations

import io
from dataclasses import dataclass

from lxml import etree

from quotetrack.core.crawling import ListedPage
from quotetrack.core.urls import canonical_url
from quotetrack.ingest.crawl.listings import listed_page, parse_listed_date
from quotetrack.ingest.formats.compression import GZIP_MAGIC, decompress
from quotetrack.ingest.formats.detect import UnreadableFile

LARGEST_SITEMAP = 50 * 2**20  # bytes decompressed, by the protocol


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The entries of a sitemap: pages, or other sitemaps where it is an index."""

    pages: tuple[ListedPage, ...]
    sitemaps: tuple[ListedPage, ...]


def parse_sitemap(body: bytes) -> Sitemap:
    """Return the entries of a sitemap, which may be compressed by gzip. Raises UnreadableFile for no sitemap."""
    data = decompress([body], "gzip", LARGEST_SITEMAP) if body.startswith(GZIP_MAGIC) else body
    pages: list[ListedPage] = []
    sitemaps: list[ListedPage] = []
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False, no_network=True
        ):
            entries = sitemaps if str(element.tag).rpartition("}")[2] == "sitemap" else pages
            if entry := _parse_entry(element):
                entries.append(entry)
            element.clear()
    except etree.XMLSyntaxError as error:
        if not pages and not sitemaps:
            raise UnreadableFile(f"not a sitemap: {error.msg}") from error
    if not pages and not sitemaps and b"<urlset" not in data and b"<sitemapindex" not in data:
        raise UnreadableFile("not a sitemap: it lists no page")
    return Sitemap(tuple(pages), tuple(sitemaps))


def _parse_entry(element: etree._Element) -> ListedPage | None:
    """Return the page or sitemap of an entry; None where it has no address."""
    url = canonical_url(_text(element, "{*}loc"))
    if url is None:
        return None
    title = " ".join(_text(element, "{*}news/{*}title").split())
    published_at = parse_listed_date(_text(element, "{*}news/{*}publication_date"))
    return listed_page(url, title or None, published_at, parse_listed_date(_text(element, "{*}lastmod")))


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
