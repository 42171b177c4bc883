"""Read the article of a saved or fetched HTML page."""

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
from quotetrack.ingest.html.main_text import extract_lines, read_paragraphs
from quotetrack.ingest.html.metadata import PageMetadata, read_metadata
from quotetrack.ingest.html.quality_flags import QualityFlag, charset_flags, page_flags
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import later_than
from quotetrack.ingest.urls import canonical_url, is_same_site
from quotetrack.lang.en.pages import SOURCE_LINE

FEWEST_WORDS = 40  # in sentences, of a page that does not call itself an article: error and login pages have fewer
SHARE_OF_JSON_LD_BODY = 0.5  # of the words in JSON-LD: a page that prints fewer is filled by scripts after loading
LATEST_DAY = "2100-01-01"  # htmldate's default is today, and reading a page must not depend on the clock

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class NotAnArticle(UnreadableFile):
    """A page on which no article was found."""


def read_page(
    html: bytes | str,
    *,
    url: str,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Article:
    """Return the article of a page, its paragraphs divided by a blank line. Raises NotAnArticle, UnreadableFile.

    `url` is where the page was found. It becomes the article's URL if the page names no canonical URL, or names one of
    another site. `outlet` and `published` fill what the page does not say.
    """
    source = decode_html(html) if isinstance(html, bytes) else html
    article, _ = _read(source, url, outlet, published, outlets)
    return article.read_from(html) if isinstance(html, bytes) else article


def read_flagged_page(
    html: bytes,
    *,
    url: str,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    header_charset: str | None = None,
) -> tuple[Article, tuple[QualityFlag, ...]]:
    """Return the article as `read_page` does, and the quality flags of its page.

    `header_charset` is the charset of the HTTP header.
    """
    article, page = _read(decode_html(html, header_charset), url, outlet, published, outlets)
    return article.read_from(html), (*charset_flags(html, header_charset), *page_flags(page, article))


def _read(
    source: str, url: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> tuple[Article, HtmlElement]:
    page = _parse(source)
    metadata = read_metadata(page, url)
    paragraphs = _paragraphs(page, source, metadata)
    if not _is_article(page, metadata, paragraphs):
        raise NotAnArticle("no article on the page: no passage of running text was found")
    own_url = _own_url(metadata.url, url, outlets)
    publisher = outlets.name_for(own_url, outlet)
    text_with_source = _with_source_line(page, paragraphs)
    published_at = metadata.published_at or published or _day_by_htmldate(source, own_url)
    article = Article(
        url=own_url,
        outlet=publisher,
        timezone=outlets.timezone_of(publisher),
        text="\n\n".join(paragraphs),
        title=metadata.title,
        language=metadata.language,
        published_at=published_at,
        byline=", ".join(metadata.authors) or None,
        wire_credit=outlets.credit(text_with_source, ", ".join(metadata.all_bylines) or None, own_url),
        modified_at=later_than(published_at, metadata.modified_at),
    )
    return article, page


def _parse(source: str) -> HtmlElement:
    # Comments are removed, since React writes them into the middle of sentences.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        data = _XML_DECLARATION.sub("", source).encode("utf-8", "replace")
        return lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise NotAnArticle("the page is empty: fetch or save it again") from error


def _paragraphs(page: HtmlElement, source: str, metadata: PageMetadata) -> list[str]:
    """Return the printed paragraphs, or those in JSON-LD if the page prints less than half of their words."""
    printed = read_paragraphs(page, extract_lines(source), metadata.title, metadata.descriptions)
    body = metadata.body
    if body is None or "<" in body:
        return printed
    printed_words = sum(len(paragraph.split()) for paragraph in printed)
    if printed_words >= SHARE_OF_JSON_LD_BODY * len(body.split()):
        return printed
    return [" ".join(line.split()) for line in body.splitlines() if line.strip()]


def _is_article(page: HtmlElement, metadata: PageMetadata, paragraphs: list[str]) -> bool:
    """Return whether the page calls itself an article and has a sentence, or else has enough words in sentences."""
    words = sum(len(paragraph.split()) for paragraph in paragraphs if ends_sentence(paragraph))
    is_called_article = metadata.is_article or page.find(".//article") is not None
    return words >= (1 if is_called_article else FEWEST_WORDS)


def _own_url(canonical: str | None, url: str, outlets: Outlets) -> str:
    """Return the canonical URL that the page names, unless the page was found on another site.

    A newspaper that prints a wire report may name the agency's page as canonical. Its own page keeps its own URL.
    """
    found_at = canonical_url(url)
    named = canonical_url(canonical) if canonical else None
    if named is None or found_at is None:
        return named or found_at or url
    return named if is_same_site(named, found_at) or _is_same_outlet(named, found_at, outlets) else found_at


def _is_same_outlet(left: str, right: str, outlets: Outlets) -> bool:
    outlet = outlets.of_url(left)
    return outlet is not None and outlet == outlets.of_url(right)


def _with_source_line(page: HtmlElement, paragraphs: Sequence[str]) -> str:
    """Return the text, and below it any line "Source: AFP" that stands directly below one of its paragraphs."""
    in_text = {" ".join(paragraph.split()) for paragraph in paragraphs}
    lines = list(paragraphs)
    for element in page.iter("p"):
        words = " ".join(element.text_content().split())
        above = element.getprevious()
        if above is not None and SOURCE_LINE.fullmatch(words) and " ".join(above.text_content().split()) in in_text:
            lines.append(words)
    return "\n\n".join(lines)


def _day_by_htmldate(source: str, url: str) -> date | None:
    """Return the day of publication by the rules of htmldate, which finds no hours."""
    from htmldate import find_date  # takes 0.3 s to import

    web_url = url if url.startswith("http") else None
    day = find_date(source, url=web_url, original_date=True, extensive_search=False, max_date=LATEST_DAY)
    return date.fromisoformat(day) if day else None
