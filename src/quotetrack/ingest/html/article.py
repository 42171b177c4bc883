"""A saved or fetched page -> an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from quotetrack.core.domain import Article
from quotetrack.core.normalize import ends_sentence
from quotetrack.ingest.formats.detect import UnreadableFile, decode_html
from quotetrack.ingest.html.main_text import judge, read_body
from quotetrack.ingest.html.metadata import PageMetadata, read_metadata
from quotetrack.ingest.html.quality_flags import Note, charset_notes, page_notes
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.urls import canonical_url, is_same_site

FEWEST_WORDS = 40  # in sentences, of a page that does not call itself an article: error and login pages have fewer
SHARE_OF_TOLD_BODY = 0.5  # of the words that JSON-LD holds: with fewer, the page is filled by scripts after loading
LATEST_DAY = "2100-01-01"  # htmldate would take today from the clock: reading a page depends on the page alone

_SOURCE_LINE = re.compile(r"(?:source|agency)s?\s*[:：]\s*\S.{0,50}", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class NotAnArticle(UnreadableFile):
    """A page that holds no article that we can find."""


def read_page(
    html: bytes | str,
    *,
    url: str,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Article:
    """Return the article of a page, its paragraphs divided by a blank line. Raises NotAnArticle, UnreadableFile.

    `url` counts where the page names no canonical address, or one of another site; `outlet` and `published` fill what
    the page does not say.
    """
    source = decode_html(html) if isinstance(html, bytes) else html
    return _read(source, url, outlet, published, outlets)[0]


def read_noted_page(
    html: bytes,
    *,
    url: str,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    charset: str | None = None,
) -> tuple[Article, tuple[Note, ...]]:
    """As `read_page`, with what is to be known about the page; `charset` is what the HTTP header tells."""
    article, page = _read(decode_html(html, charset), url, outlet, published, outlets)
    return article, (*charset_notes(html, charset), *page_notes(page, article))


def _read(
    source: str, url: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> tuple[Article, HtmlElement]:
    page = _parsed(source)
    told = read_metadata(page, url)
    paragraphs = _paragraphs(page, source, told)
    if not _is_article(page, told, paragraphs):
        raise NotAnArticle("no article on the page: no passage of running text was found")
    address = _address(told.url, url, outlets)
    by = outlets.name_for(address, outlet)
    article = Article(
        url=address,
        outlet=by,
        timezone=outlets.timezone_of(by),
        text="\n\n".join(paragraphs),
        title=told.title,
        language=told.language,
        published_at=told.published_at or published or _day_by_htmldate(source, address),
        byline=", ".join(told.authors) or None,
        wire_credit=outlets.credit(_with_source_line(page, paragraphs), ", ".join(told.credited) or None, address),
    )
    return article, page


def _address(told: str | None, url: str, outlets: Outlets) -> str:
    """What the page calls its own address, unless it was found on another site.

    A newspaper that prints a wire report may call the agency's page canonical: what it printed itself stays its own.
    """
    found_at = canonical_url(url)
    address = canonical_url(told) if told else None
    if address is None or found_at is None:
        return address or found_at or url
    is_its_own = is_same_site(address, found_at) or _is_same_outlet(address, found_at, outlets)
    return address if is_its_own else found_at


def _is_same_outlet(left: str, right: str, outlets: Outlets) -> bool:
    known = outlets.of_url(left)
    return known is not None and known == outlets.of_url(right)


def _with_source_line(page: HtmlElement, paragraphs: Sequence[str]) -> str:
    """The text, with the line "Source: AFP" that stands directly below a paragraph and is not part of the article."""
    kept = {" ".join(paragraph.split()) for paragraph in paragraphs}
    lines = list(paragraphs)
    for below in page.iter("p"):
        words = " ".join(below.text_content().split())
        above = below.getprevious()
        if above is not None and _SOURCE_LINE.fullmatch(words) and " ".join(above.text_content().split()) in kept:
            lines.append(words)
    return "\n\n".join(lines)


def _parsed(source: str) -> HtmlElement:
    # Comments go: React writes them into the middle of sentences.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        data = _XML_DECLARATION.sub("", source).encode("utf-8", "replace")
        return lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise NotAnArticle("the page is empty") from error


def _paragraphs(page: HtmlElement, source: str, told: PageMetadata) -> list[str]:
    printed = read_body(page, judge(source), told.title, told.descriptions)
    if told.body is None or "<" in told.body:
        return printed
    told_words, printed_words = len(told.body.split()), sum(len(paragraph.split()) for paragraph in printed)
    if printed_words >= SHARE_OF_TOLD_BODY * told_words:
        return printed
    return [" ".join(line.split()) for line in told.body.splitlines() if line.strip()]


def _is_article(page: HtmlElement, told: PageMetadata, paragraphs: list[str]) -> bool:
    """Whether the page says so and has text, or else has enough running text to be one."""
    if not paragraphs:
        return False
    says_so = told.is_article or page.find(".//article") is not None
    sentences = [paragraph for paragraph in paragraphs if ends_sentence(paragraph)]
    words = sum(len(sentence.split()) for sentence in sentences)
    return words >= (1 if says_so else FEWEST_WORDS)


def _day_by_htmldate(source: str, url: str) -> date | None:
    """The day of publication by htmldate's many rules; it knows no hours."""
    from htmldate import find_date  # 0.3 s to import

    web_address = url if url.startswith("http") else None
    found = find_date(source, url=web_address, original_date=True, extensive_search=False, max_date=LATEST_DAY)
    return date.fromisoformat(found) if found else None
