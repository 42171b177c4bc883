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
from quotetrack.ingest.formats.detect import declared_charset, detect_charset
from quotetrack.lang.en.pages import paywall_prompt

LONGEST_STUB = 200  # words; paywalls show one to five paragraphs

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


@dataclass(frozen=True, slots=True)
class QualityFlag:
    """A reason to read a page with care. `detail` gives the evidence in a sentence."""

    kind: FlagKind
    detail: str


def page_flags(page: HtmlElement, article: Article) -> list[QualityFlag]:
    """Return the flags for a stub behind a paywall and for a live blog."""
    scripts = (script for script in page.iter("script") if "ld+json" in (script.get("type") or ""))
    json_ld = "\n".join(script.text or "" for script in scripts)
    return [flag for flag in (_paywall(page, json_ld, article), _live_blog(json_ld, article.url)) if flag]


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
