"""What a page's head and markup tell of its article: address, title, authors, moment, language.

Read in the order JSON-LD, meta elements (OpenGraph and its kin), the printed page. The hour and the zone are kept as
printed. Broken JSON-LD is passed over: the next source tells.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from quotetrack.ingest.timestamps import read_date_line, read_moment

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Node = dict[str, Json]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|Blog|Review)$")
_PARTS_OF_A_GRAPH = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEPTH = 4  # a graph in a list in a page; deeper nodes are comments, images, other articles
_TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_DATE_METAS = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:publishtime", "publish-date", "publishdate", "pubdate", "published",
    "article.published", "publication_date", "citation_publication_date", "dc.date.issued", "dc.date",
    "dcterms.created", "datecreated", "date",
)  # fmt: skip
_AUTHOR_METAS = (
    "article:author_name", "author", "article:author", "og:article:author", "byl", "parsely-author", "sailthru.author",
    "cxenseparse:author", "dc.creator", "og:author", "twitter:data1",
)  # fmt: skip
_DESCRIPTION_METAS = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_BYLINE_XPATH = (
    "//*[@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' byline ')"
    " or contains(concat(' ', @class, ' '), ' author ') or contains(@class, 'byline__')"
    " or contains(@class, 'author-name')]"
)
_LONGEST_BYLINE = 150  # characters; longer is an author's life
_CUT_SHORT = re.compile(r"\s*(?:…|\.\.\.)$")
_BY = re.compile(r"^\s*by\s+", re.I)
_BYLINE_TAIL = re.compile(r"\s*(?:[·•|]|\b(?:posted|published|updated)\b|\d{1,2}[:.]\d{2}\b).*$", re.I)
_SITE_SUFFIX = re.compile(r"\s+(?:[|–—·]|-)\s+[^|–—]{2,40}$")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What the page tells; `is_article` where it calls itself one, `body` where JSON-LD holds the text."""

    url: str | None
    title: str | None
    authors: tuple[str, ...]
    credited: tuple[str, ...]  # all bylines found, also those that contradict: an agency may stand in any of them
    published_at: datetime | date | None
    language: str | None
    descriptions: tuple[str, ...]
    is_article: bool
    body: str | None


def read_metadata(page: HtmlElement, url: str) -> PageMetadata:
    """What a page tells; `url` is where it was found, and resolves its relative addresses."""
    metas = _metas(page)
    address = _canonical(page, metas, url)
    node = _article_node(list(_nodes(page)), address or url, _heading(page))
    bylines = list(_bylines(page, metas, node))
    return PageMetadata(
        url=address,
        title=_title(page, metas, node),
        authors=next(iter(bylines), ()),
        credited=tuple(name for names in bylines for name in names),
        published_at=_published(page, metas, node),
        language=_language(page, metas, node),
        descriptions=tuple(_descriptions(metas, node)),
        is_article=bool(node) or "article" in metas.get("og:type", [""])[0].lower(),
        body=_string(node, "articleBody"),
    )


# --- meta elements ----------------------------------------------------------------------------------------------------


def _metas(page: HtmlElement) -> dict[str, list[str]]:
    """The contents of all meta elements by property, name or itemprop, in small letters; empty ones left out."""
    found: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = _clean(meta.get("content") or "")
        if content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _told_by(metas: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    return (metas[name][0] for name in names if name in metas)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def _nodes(page: HtmlElement) -> Iterator[Node]:
    """All JSON-LD objects that may describe the page, in order."""
    for script in page.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield from _unfolded(_loads(script.text or ""), _DEPTH)


def _loads(text: str) -> Json:
    """The value; None where it cannot be read, even without its comments and raw line ends."""
    bare = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", text).strip()
    for attempt in (bare, re.sub(r",\s*([}\]])", r"\1", bare.rstrip("; "))):
        try:
            value: Json = json.loads(attempt, strict=False)
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _unfolded(value: Json, depth: int) -> Iterator[Node]:
    if isinstance(value, list):
        for part in value:
            yield from _unfolded(part, depth)
    elif isinstance(value, dict) and depth:
        yield value
        for key in _PARTS_OF_A_GRAPH:
            yield from _unfolded(value.get(key), depth - 1)


def _article_node(nodes: list[Node], url: str, heading: str | None) -> Node:
    """The object of this very article: by its address, by its headline, else the first that has a date; or {}."""
    articles = [node for node in nodes if any(_ARTICLE_TYPE.search(kind) for kind in _strings(node.get("@type")))]
    dated = [node for node in articles if _string(node, "datePublished")]
    here = _same(url)
    by_address = (node for node in dated if here in {_same(address) for address in _addresses(node)})
    by_headline = (node for node in dated if heading and _clean(_string(node, "headline") or "") == heading)
    return next(by_address, None) or next(by_headline, None) or next(iter(dated or articles), {})


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        yield from _strings(value.get("@id") if isinstance(value, dict) else value)


def _same(url: str) -> str:
    """An address without what does not tell pages apart."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"


def _string(node: Node, key: str) -> str | None:
    """The first string under a key, that is not empty."""
    return next(iter(_strings(node.get(key))), None)


def _strings(value: Json) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one.strip()]


def _names(value: Json) -> list[str]:
    """The names of persons and organisations, however they are folded."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for part in value for name in _names(part)]
    return _names(value.get("name")) if isinstance(value, dict) else []


# --- one thing each ---------------------------------------------------------------------------------------------------


def _canonical(page: HtmlElement, metas: dict[str, list[str]], url: str) -> str | None:
    """The address that the page calls its own, absolute; None where it calls none."""
    links = [link.get("href") for link in page.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for told in (*links, *_told_by(metas, ("og:url", "twitter:url", "parsely-link"))):
        try:
            address: str = urldefrag(urljoin(url, (told or "").strip())).url
            parts = urlsplit(address)
        except ValueError:
            continue
        # A careless template calls the front page canonical for all its articles.
        if parts.scheme in ("http", "https") and parts.hostname and (parts.path.strip("/") or parts.query):
            return address
    return None


def _heading(page: HtmlElement) -> str | None:
    """The page's one h1, or the first that says something."""
    headings = (_clean(" ".join(h1.itertext())) for h1 in page.iter("h1"))
    return next((heading for heading in headings if heading), None)


def _title(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> str | None:
    headline = _clean(_string(node, "headline") or "")
    heading = _heading(page)
    if headline and heading and _CUT_SHORT.search(headline) and heading.startswith(_CUT_SHORT.sub("", headline)):
        return heading
    if headline:
        return headline
    shared = next(_told_by(metas, _TITLE_METAS), None)
    if heading and shared and not shared.startswith(heading[:20]) and len(heading.split()) < 3:
        heading = None  # the name of the site or section, set as h1
    title = page.find(".//title")
    return heading or _without_site(shared or (_clean(" ".join(title.itertext())) if title is not None else ""))


def _without_site(title: str) -> str | None:
    return _SITE_SUFFIX.sub("", title).strip() or None


def _bylines(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> Iterator[tuple[str, ...]]:
    """The names of the authors, once for each place that tells them."""
    printed = ([" ".join(element.itertext())] for element in page.xpath(_BYLINE_XPATH))
    for names in (_names(node.get("author")), *(metas.get(name, []) for name in _AUTHOR_METAS), *printed):
        cleaned = dict.fromkeys(_BYLINE_TAIL.sub("", _BY.sub("", _clean(name))) for name in names)
        people = tuple(name for name in cleaned if _is_name(name))
        if people:
            yield people


def _is_name(name: str) -> bool:
    """Whether it may be one: not an address, a photo's credit "(Image: ...)", an empty label or a whole life."""
    is_address = name.startswith(("@", "/", "(")) or "://" in name
    return not is_address and len(name) <= _LONGEST_BYLINE and any(c.isalpha() for c in name)


def _published(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> datetime | date | None:
    told = [_string(node, "datePublished"), *_told_by(metas, _DATE_METAS)]
    moments = (read_moment(printed) for printed in told if printed)
    first = next((moment for moment in moments if moment), None) or _printed_moment(page)
    return _day_without_hour(first)


def _printed_moment(page: HtmlElement) -> datetime | date | None:
    """The first time element of the page that tells a whole date, outside of lists of other articles."""
    for element in page.iter("time"):
        if any(around.tag in ("nav", "footer", "aside", "li") for around in element.iterancestors()):
            continue
        moment = read_moment(element.get("datetime") or "") or read_date_line(_clean(" ".join(element.itertext())))
        if moment:
            return moment
    return None


def _day_without_hour(moment: datetime | date | None) -> datetime | date | None:
    """Midnight sharp is what a system writes that knows the day alone."""
    is_midnight = isinstance(moment, datetime) and moment.time() == time.min and moment.tzinfo in (None, UTC)
    return moment.date() if isinstance(moment, datetime) and is_midnight else moment


def _language(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> str | None:
    """The primary language as a code ("en" of "en-GB")."""
    told = (page.get("lang"), _string(node, "inLanguage"), *_told_by(metas, ("og:locale", "language", "dc.language")))
    codes = (re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", code.strip()) for code in told if code)
    return next((code.group(1).lower() for code in codes if code), None)


def _descriptions(metas: dict[str, list[str]], node: Node) -> Iterator[str]:
    yield from _told_by(metas, _DESCRIPTION_METAS)
    for key in ("description", "alternativeHeadline"):
        yield from (_clean(told) for told in _strings(node.get(key)))


def _clean(text: str) -> str:
    """Single spaces, and no HTML signs written twice over."""
    return " ".join(html.unescape(text).split())
