"""Parse sitemaps, news sitemaps and sitemap indexes (sitemaps.org/protocol.html). Pure."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from quotetrack.core.crawling import ListedPage
from quotetrack.core.urls import canonical_url
from quotetrack.ingest.crawl.listings import listed_page, parse_listed_date
from quotetrack.ingest.formats.compression import GZIP_MAGIC, decompress
from quotetrack.ingest.formats.detect import UnreadableFile

LARGEST_SITEMAP = 50 * 2**20  # bytes decompressed, by the protocol
MOST_ENTRIES = 100_000  # twice those that the protocol allows
MOST_ELEMENTS = 1_000_000  # of XML: entries have some ten, with pictures up to hundreds

# An ampersand that begins no reference of XML ("?x=1&y=2", "&nbsp;"), and characters that XML does not allow.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]+")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENTRY_TAGS = ("url", "sitemap")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The entries of a sitemap: pages, or other sitemaps where it is an index.

    `without_address` is the number of entries that name no address which can be fetched. `problem` says why there may
    be more entries than could be read.
    """

    pages: tuple[ListedPage, ...]
    sitemaps: tuple[ListedPage, ...] = ()
    without_address: int = 0
    problem: str | None = None


def parse_sitemap(body: bytes, url: str = "") -> Sitemap:
    """Return the entries of a sitemap, which may be compressed by gzip. Raises UnreadableFile for no sitemap.

    A text file with one address a line is a sitemap too. `url` is where the sitemap was found: an address that begins
    with "/" is one of that site. Broken XML is read up to the place where it breaks, and not guessed from there on.
    """
    data = decompress([body], "gzip", LARGEST_SITEMAP) if body.startswith(GZIP_MAGIC) else body
    sitemap = _parse_lines(data) or _parse_xml(data, url)
    if sitemap.problem and not data.startswith(_UTF_16):
        sitemap = _parse_xml(_NO_XML.sub(b"", _BARE_AMPERSAND.sub(b"&amp;", data)), url)
    has_entries = sitemap.pages or sitemap.sitemaps or sitemap.without_address
    if not has_entries and b"<urlset" not in data and b"<sitemapindex" not in data:
        raise UnreadableFile(f"not a sitemap: {sitemap.problem or 'it lists no page'}")
    return sitemap


def _parse_lines(data: bytes) -> Sitemap | None:
    """Return the pages of a text file in which each line is an address; None for any other file."""
    if not data.lstrip().startswith((b"http://", b"https://")):
        return None
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    addresses = [canonical_url(line) for line in lines[:MOST_ENTRIES]]
    pages = tuple(listed_page(address) for address in addresses if address)
    return Sitemap(pages, without_address=len(addresses) - len(pages), problem=_too_many(len(lines)))


def _parse_xml(data: bytes, url: str) -> Sitemap:
    """Return the entries up to the place where the XML breaks, or to the limits of a sitemap."""
    entries: dict[str, list[ListedPage]] = {tag: [] for tag in _ENTRY_TAGS}
    without_address = found = 0
    problem = None
    events = etree.iterparse(io.BytesIO(data.lstrip()), events=("end",), resolve_entities=False, no_network=True)
    try:
        for number, (_, element) in enumerate(events, start=1):
            tag = _local_name(element)
            if tag in entries:
                found += 1
                entry = _parse_entry(element, url)
                without_address += entry is None
                entries[tag] += [entry] if entry else []
                _forget(element)
            if number >= MOST_ELEMENTS or found > MOST_ENTRIES:
                problem = _too_many(MOST_ENTRIES + 1)
                break
    except etree.XMLSyntaxError as error:
        problem = f"its XML breaks ({error.msg}): only the entries before that place were read"
    return Sitemap(tuple(entries["url"]), tuple(entries["sitemap"]), without_address, problem)


def _too_many(number: int) -> str | None:
    return f"more than {MOST_ENTRIES:,} entries: the others were not read" if number > MOST_ENTRIES else None


def _forget(element: etree._Element) -> None:
    """Free an entry that was read, and what stands before it: a sitemap is never in memory as a whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _parse_entry(element: etree._Element, url: str) -> ListedPage | None:
    """Return the page or sitemap of an entry; None where it has no address."""
    printed = _text(element, "loc")
    address = canonical_url(urljoin(url, printed) if printed.startswith("/") and url else printed)
    if address is None:
        return None
    title = " ".join(_text(element, "news", "title").split())
    published_at = parse_listed_date(_text(element, "news", "publication_date"))
    return listed_page(address, title or None, published_at, parse_listed_date(_text(element, "lastmod")))


def _text(element: etree._Element, *path: str) -> str:
    """Return the text of the first child at a path of names, in any namespace and case; empty where there is none."""
    for name in path:
        found = next((child for child in element if _local_name(child) == name), None)
        if found is None:
            return ""
        element = found
    return (element.text or "").strip()


def _local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
