"""What one should know about a page beside its article: cut short by a paywall, written as it goes, badly labelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from quotetrack.core.domain import Article
from quotetrack.ingest.formats.detect import charset_of, declared_charset

LONGEST_STUB = 200  # words; paywalls show one to five paragraphs

_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:false|no)\b', re.I)
_LIVE_TYPE = re.compile(r'"@type"\s*:\s*(?:\[[^\]]*)?"LiveBlogPosting"')
_LIVE_PATH = re.compile(r"/live(?:-?(?:blog|news|updates|coverage))?(?:/|$)|-live-?(?:blog|updates)\b|/liveblog", re.I)
_SAME_CHARSET = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252"}


class NoteKind(StrEnum):
    """What a note is about."""

    PAYWALL = "paywall"  # a stub: the article goes on where only subscribers read
    LIVE_BLOG = "live_blog"  # grows for hours: each fetch is another version
    CHARSET = "charset"  # the page is in another charset than it or its server says
    MOVED = "moved"  # there is another address to ask from now on


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a page, with its evidence in a sentence."""

    kind: NoteKind
    detail: str


def page_notes(page: HtmlElement, article: Article) -> list[Note]:
    """Whether it is a stub or a live blog."""
    data = "\n".join(script.text or "" for script in page.iter("script") if "ld+json" in (script.get("type") or ""))
    return [note for note in (_paywall(page, data, article), _live_blog(data, article.url)) if note]


def charset_notes(html: bytes, told: str | None) -> list[Note]:
    """Whether header and page are wrong about the page's charset; `told` is the header's."""
    used = charset_of(html, told)
    named = [name.lower() for name in (told, declared_charset(html)) if name]
    wrong = [name for name in named if _plain(name) != _plain(used)]
    if not wrong or html.isascii():
        return []
    return [Note(NoteKind.CHARSET, f"said to be {wrong[0]}, read as {used.removesuffix('-sig')}")]


def _plain(charset: str) -> str:
    name = charset.lower().replace("_", "-").removesuffix("-sig")
    return _SAME_CHARSET.get(name, name).replace("-", "")


def _paywall(page: HtmlElement, data: str, article: Article) -> Note | None:
    words = len(article.text.split())
    if words > LONGEST_STUB:
        return None
    if _NOT_FREE.search(data) or page.xpath("//meta[@property='article:content_tier' and @content='locked']"):
        return Note(NoteKind.PAYWALL, f"says that it is not free, and shows {words} words")
    wording = _wordings().search(" ".join(" ".join(part.split()) for part in _printed(page)))
    return Note(NoteKind.PAYWALL, f"shows {words} words and “{wording[0]}”") if wording else None


def _printed(page: HtmlElement) -> list[str]:
    """The words that a reader sees."""
    return [text for text in page.xpath("//body//text()[not(parent::script or parent::style)]") if text.strip()]


def _live_blog(data: str, url: str) -> Note | None:
    if _LIVE_TYPE.search(data):
        return Note(NoteKind.LIVE_BLOG, "calls itself a LiveBlogPosting")
    return Note(NoteKind.LIVE_BLOG, "its address says so") if _LIVE_PATH.search(urlsplit(url).path) else None


@cache
def _wordings() -> re.Pattern[str]:
    lines = files("quotetrack.lang").joinpath("en", "paywalls.txt").read_text("utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")), re.I)
