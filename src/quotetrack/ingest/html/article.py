"""Read the article of a saved or fetched HTML page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from quotetrack.core.domain import Article
from quotetrack.core.normalize import ends_sentence
from quotetrack.core.urls import article_key, bare_host, canonical_url, is_same_site, original_url
from quotetrack.ingest.characters import repair
from quotetrack.ingest.formats.detect import UnreadableFile, decode_html
from quotetrack.ingest.html.main_text import Body, body_paragraphs, extract_lines, read_body
from quotetrack.ingest.html.metadata import PageMetadata, read_metadata
from quotetrack.ingest.html.quality_flags import LONGEST_STUB, QualityFlag, charset_flags, page_flags
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import later_than
from quotetrack.lang.en.pages import SOURCE_LINE, heading_of_no_article

FEWEST_WORDS = 40  # in sentences, of a page that does not call itself an article: error and login pages have fewer
SHARE_OF_JSON_LD_BODY = 0.5  # of the words in JSON-LD: a page that prints fewer is filled by scripts after loading
FEWEST_TEASERS = 3  # of a list of articles
MOST_PARAGRAPHS_OF_TEASER = 2
LONGEST_HEAD = 2000  # characters in which a program that saves pages notes their address

_SECTION = re.compile(r"/[a-z]+/?$", re.I)
_SAVED_FROM = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,6}\)|Page saved with SingleFile\s{0,9}url:\s{0,9})(https?://\S{1,2000})"
)
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
    another site, or one that is no article's. `outlet` and `published` fill what the page does not say. The quality
    flags are the article's notes.
    """
    source = decode_html(html) if isinstance(html, bytes) else repair(html)
    article, flags = _read(source, url, outlet, published, outlets)
    article = replace(article, notes=tuple((str(flag.kind), flag.detail) for flag in flags))
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
    article, flags = _read(decode_html(html, header_charset), url, outlet, published, outlets)
    flags = (*charset_flags(html, header_charset), *flags)
    notes = tuple((str(flag.kind), flag.detail) for flag in flags)
    return replace(article, notes=notes).read_from(html), flags


def _read(
    source: str, url: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> tuple[Article, tuple[QualityFlag, ...]]:
    page = _parse(source)
    found_at = url if url.startswith(("http:", "https:")) else _saved_from(source) or url
    metadata = read_metadata(page, found_at, outlets)
    body = read_body(page, extract_lines(source), metadata.title, metadata.descriptions, metadata.parts)
    paragraphs = _paragraphs(body, metadata)
    if not _is_article(page, metadata, paragraphs):
        raise NotAnArticle("no article on the page: no passage of running text was found")
    if metadata.published_at is None and _is_heading_of_no_article(metadata.title, paragraphs):
        raise NotAnArticle(f"no article on the page, but “{metadata.title}”")
    if metadata.published_at is None and not metadata.is_article and _is_list_of_articles(body):
        raise NotAnArticle("no article on the page, but a list of articles")
    own_url = _own_url(metadata.url, found_at, outlets)
    publisher = outlets.name_for(own_url if bare_host(own_url) else metadata.named_url, outlet)
    text_with_source = _with_source_line(page, [*paragraphs, *body.credits])
    published_at = metadata.published_at or published or metadata.printed_day
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
    return article, tuple(page_flags(page, article, metadata, body, found_at))


def _saved_from(source: str) -> str | None:
    """Return the address that a browser or SingleFile notes at the top of a page that it saves."""
    match = _SAVED_FROM.search(source[:LONGEST_HEAD])
    return match[1] if match else None


def _parse(source: str) -> HtmlElement:
    # Comments are removed, since React writes them into the middle of sentences.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        data = _XML_DECLARATION.sub("", source).encode("utf-8", "replace")
        return lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise NotAnArticle("the page is empty: fetch or save it again") from error


def _paragraphs(body: Body, metadata: PageMetadata) -> list[str]:
    """Return the printed paragraphs, or those in JSON-LD if the page prints less than half of their words."""
    in_json_ld = body_paragraphs(metadata.body) if metadata.body else []
    words = sum(len(paragraph.split()) for paragraph in in_json_ld)
    printed_words = sum(len(paragraph.split()) for paragraph in body.paragraphs)
    return in_json_ld if printed_words < SHARE_OF_JSON_LD_BODY * words else list(body.paragraphs)


def _is_article(page: HtmlElement, metadata: PageMetadata, paragraphs: list[str]) -> bool:
    """Return whether the page calls itself an article and has a sentence, or else has enough words in sentences."""
    words = sum(len(paragraph.split()) for paragraph in paragraphs if ends_sentence(paragraph))
    is_called_article = metadata.is_article or page.find(".//article") is not None
    return words >= (1 if is_called_article else FEWEST_WORDS)


def _is_heading_of_no_article(title: str | None, paragraphs: Sequence[str]) -> bool:
    """Return whether a short page is headed as a check for robots, a question for consent, or an error."""
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    return title is not None and words <= LONGEST_STUB and heading_of_no_article().fullmatch(title[:200]) is not None


def _is_list_of_articles(body: Body) -> bool:
    """Return whether most paragraphs stand below a heading that is a link, each in an element of its own."""
    parents = Counter(parent for element in body.elements if (parent := element.getparent()) is not None)
    announced = [
        parent
        for parent, paragraphs in parents.items()
        if paragraphs <= MOST_PARAGRAPHS_OF_TEASER and parent.xpath("./*[self::h2 or self::h3 or self::h4]//a")
    ]
    return len(announced) >= FEWEST_TEASERS and 2 * len(announced) > len(body.paragraphs)


def _own_url(canonical: str | None, url: str, outlets: Outlets) -> str:
    """Return the canonical URL that the page names, unless the page was found on another site or below that URL.

    A newspaper that prints a wire report may name the agency's page as canonical. Its own page keeps its own URL. So
    does a page whose template names its section. The URL of a copy in a web archive is that of the original.
    """
    found_at = canonical_url(original_url(url))
    named = canonical_url(original_url(canonical)) if canonical else None
    if named is None or found_at is None:
        return named or found_at or url
    if _is_section_of(named, found_at):
        return found_at
    return named if is_same_site(named, found_at) or _is_same_outlet(named, found_at, outlets) else found_at


def _is_section_of(named: str, found_at: str) -> bool:
    """Return whether a page was found below the address that it names, at /news/bridge for /news."""
    section, own = urlsplit(named), urlsplit(found_at)
    is_side_form_of = article_key(named) == article_key(found_at)
    is_word = _SECTION.search(section.path) is not None
    is_below = own.path.startswith(f"{section.path.rstrip('/')}/")
    return is_word and is_below and not section.query and not is_side_form_of


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
