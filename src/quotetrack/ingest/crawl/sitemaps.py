"""Sitemaps, news sitemaps and sitemap indexes -> what they list. Pure. sitemaps.org/protocol.html"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from quotetrack.ingest.crawl.listings import Listed, moment_of
from quotetrack.ingest.formats.compression import GZIP_MAGIC, decompress
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.urls import canonical_url

LARGEST_SITEMAP = 50 * 2**20  # bytes unpacked, by the protocol


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, or as an index other sitemaps."""

    pages: tuple[Listed, ...]
    sitemaps: tuple[Listed, ...]


def read_sitemap(body: bytes) -> Sitemap:
    """The lists of a sitemap, also packed by gzip; raises UnreadableFile for what is none."""
    data = decompress([body], "gzip", LARGEST_SITEMAP) if body.startswith(GZIP_MAGIC) else body
    pages: list[Listed] = []
    sitemaps: list[Listed] = []
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data), tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False, no_network=True
        ):
            if listed := _listed(element):
                (sitemaps if str(element.tag).rpartition("}")[2] == "sitemap" else pages).append(listed)
            element.clear()
    except etree.XMLSyntaxError as error:
        if not pages and not sitemaps:
            raise UnreadableFile(f"not a sitemap: {error.msg}") from error
    if not pages and not sitemaps and b"<urlset" not in data and b"<sitemapindex" not in data:
        raise UnreadableFile("not a sitemap: it lists no page")
    return Sitemap(tuple(pages), tuple(sitemaps))


def _listed(element: etree._Element) -> Listed | None:
    url = canonical_url(_text(element, "{*}loc"))
    if url is None:
        return None
    title = " ".join(_text(element, "{*}news/{*}title").split())
    return Listed(url, title or None, _moment(element, "{*}news/{*}publication_date"), _moment(element, "{*}lastmod"))


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _moment(element: etree._Element, path: str) -> datetime | date | None:
    return moment_of(_text(element, path))
