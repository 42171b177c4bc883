"""Flag pages whose article needs care: cut short by a paywall, a live blog, or mislabelled in its charset.

The flags of a page are stored in the table `notes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from quotetrack.core.domain import Article
from quotetrack.core.urls import article_key, original_url
from quotetrack.ingest.formats.detect import declared_charset, detect_charset
from quotetrack.ingest.html.blocks import count_marks
from quotetrack.ingest.html.main_text import MOST_BLOCKS, Body, body_paragraphs
from quotetrack.ingest.html.metadata import PageMetadata
from quotetrack.lang.en.pages import paywall_prompt

LONGEST_STUB = 200  # words; paywalls show one to five paragraphs
LONGEST_DETAIL = 200  # characters of a title or address in a flag
MOST_TITLES = 3

_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:false|no)\b', re.I)
_LIVE_TYPE = re.compile(r'"@type"\s*:\s*(?:\[[^\]]*)?"LiveBlogPosting"')
_LIVE_PATH = re.compile(r"/live(?:-?(?:blog|news|updates|coverage))?(?:/|$)|-live-?(?:blog|updates)\b|/liveblog", re.I)
_SAME_CHARSET = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252"}


class FlagKind(StrEnum):
    """The kinds of quality flags."""

    PAYWALL = "paywall"  # a stub: only subscribers see the whole article
    LIVE_BLOG = "live_blog"  # grows for hours: each fetch finds another version
    CHARSET = "charset"  # the page or its server names a wrong charset
    MOVED = "moved"  # the page has another URL from now on
    COPY = "copy"  # read from a web archive or a cache
    ADDRESS = "address"  # the page names an address that is not one article's
    OTHER_TITLE = "other_title"  # the page has other titles beside its headline
    DATE = "date"  # a printed date that can be read as two days is not read
    MARKS = "marks"  # quotation marks of the page that the text does not have
    CHARACTERS = "characters"  # characters that could not be read
    CUT = "cut"  # only the beginning of a very long page is read


@dataclass(frozen=True, slots=True)
class QualityFlag:
    """A reason to read a page with care. `detail` gives the evidence in a sentence."""

    kind: FlagKind
    detail: str


def page_flags(
    page: HtmlElement, article: Article, metadata: PageMetadata, body: Body, found_at: str
) -> list[QualityFlag]:
    """Return the flags of an article and its page, which was found at an address."""
    scripts = (script for script in page.iter("script") if "ld+json" in (script.get("type") or ""))
    json_ld = "\n".join(script.text or "" for script in scripts)
    flags = (
        _paywall(page, json_ld, article),
        _live_blog(json_ld, article.url),
        _copy(metadata.url, found_at),
        _address(metadata, article.url),
        _other_title(metadata.other_titles),
        _date(metadata, article),
        _marks(metadata.body, body, article.text),
        _characters(article.text),
        QualityFlag(FlagKind.CUT, f"only the first {MOST_BLOCKS} blocks of the page are read") if body.is_cut else None,
    )
    return [flag for flag in flags if flag]


def charset_flags(html: bytes, header_charset: str | None) -> list[QualityFlag]:
    """Return a flag if the HTTP header or the page names another charset than the one in which the page is written."""
    used = detect_charset(html, header_charset)
    named = [name.lower() for name in (header_charset, declared_charset(html)) if name]
    wrong = [name for name in named if _comparable(name) != _comparable(used)]
    if not wrong or html.isascii():
        return []
    return [QualityFlag(FlagKind.CHARSET, f"said to be {wrong[0]}, read as {used.removesuffix('-sig')}")]


def _comparable(charset: str) -> str:
    name = charset.lower().replace("_", "-").removesuffix("-sig")
    return _SAME_CHARSET.get(name, name).replace("-", "")


def _paywall(page: HtmlElement, json_ld: str, article: Article) -> QualityFlag | None:
    words = len(article.text.split())
    if words > LONGEST_STUB:
        return None
    if _NOT_FREE.search(json_ld) or page.xpath("//meta[@property='article:content_tier' and @content='locked']"):
        return QualityFlag(FlagKind.PAYWALL, f"says that it is not free, and shows {words} words")
    prompt = paywall_prompt().search(_visible_text(page))
    return QualityFlag(FlagKind.PAYWALL, f"shows {words} words and “{prompt[0]}”") if prompt else None


def _visible_text(page: HtmlElement) -> str:
    """Return all words of a page but those of scripts and styles, with single spaces."""
    texts = page.xpath("//body//text()[not(parent::script or parent::style)]")
    return " ".join(" ".join(text.split()) for text in texts if text.strip())


def _live_blog(json_ld: str, url: str) -> QualityFlag | None:
    if _LIVE_TYPE.search(json_ld):
        return QualityFlag(FlagKind.LIVE_BLOG, "calls itself a LiveBlogPosting")
    if _LIVE_PATH.search(urlsplit(url).path):
        return QualityFlag(FlagKind.LIVE_BLOG, "its address says so")
    return None


def _copy(canonical: str | None, found_at: str) -> QualityFlag | None:
    copies = (url for url in (found_at, canonical) if url and original_url(url) != url)
    copy = next(copies, None)
    return QualityFlag(FlagKind.COPY, f"read from the copy at {copy}") if copy else None


def _address(metadata: PageMetadata, url: str) -> QualityFlag | None:
    named = metadata.named_url
    if named is None or metadata.url is not None or article_key(named) == article_key(url):
        return None
    return QualityFlag(FlagKind.ADDRESS, f"calls {named[:LONGEST_DETAIL]} its address, which is not one article's")


def _other_title(titles: tuple[str, ...]) -> QualityFlag | None:
    printed = ", ".join(f"“{title[:LONGEST_DETAIL]}”" for title in titles[:MOST_TITLES])
    return QualityFlag(FlagKind.OTHER_TITLE, f"also titled {printed}") if printed else None


def _date(metadata: PageMetadata, article: Article) -> QualityFlag | None:
    if not metadata.unread_dates or article.published_at is not None:
        return None
    return QualityFlag(FlagKind.DATE, f"dated “{metadata.unread_dates[0]}”, which may be two days, and so is not read")


def _marks(in_json_ld: str | None, body: Body, text: str) -> QualityFlag | None:
    """Return a flag if the page has quotation marks of the article that the text does not have."""
    marks = count_marks(text)
    said = sum(count_marks(paragraph) for paragraph in body_paragraphs(in_json_ld)) if in_json_ld else 0
    if body.lost_marks or body.hidden_marks:
        where = "between its paragraphs" if body.lost_marks else "in hidden parts of it"
        lost = body.lost_marks or body.hidden_marks
        return QualityFlag(FlagKind.MARKS, f"the page has {lost} more quotation marks {where} than the text")
    if said > marks:
        return QualityFlag(
            FlagKind.MARKS, f"the page counts {said} quotation marks in its JSON-LD, and the text has {marks}"
        )
    return None


def _characters(text: str) -> QualityFlag | None:
    broken = text.count("\ufffd")
    return QualityFlag(FlagKind.CHARACTERS, f"{broken} characters could not be read") if broken else None
