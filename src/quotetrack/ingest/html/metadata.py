"""Read the metadata of a page: canonical URL, title, authors, moments of publication and change, language.

Each value is taken from the first source that has it: JSON-LD, meta elements (OpenGraph and similar), the printed page.
Broken JSON-LD is skipped. The hour and the zone are kept as printed.
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

from quotetrack.ingest.formats.jsonl import Json
from quotetrack.ingest.timestamps import read_date_line, read_moment
from quotetrack.lang.en.pages import BYLINE_START, MARKUP_BYLINE_END

Node = dict[str, Json]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|Blog|Review)$")
_CHILD_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEPTH = 4  # levels of objects: a graph in a list in a page; deeper objects are comments, images, other articles
_TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_DATE_METAS = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:publishtime", "publish-date", "publishdate", "pubdate", "published",
    "article.published", "publication_date", "citation_publication_date", "dc.date.issued", "dc.date",
    "dcterms.created", "datecreated", "date",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "article.updated", "last-modified",
    "dcterms.modified", "dc.date.modified", "lastmod",
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
_LONGEST_NAME = 150  # characters; longer texts are biographies of the author
_CUT_SHORT = re.compile(r"\s*(?:…|\.\.\.)$")
_SITE_SUFFIX = re.compile(r"\s+(?:[|–—·]|-)\s+[^|–—]{2,40}$")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a page. None or empty for anything that the page does not say.

    `authors` are those of the first byline found, `all_bylines` those of all: the sources may contradict one another,
    and an agency may be credited in any of them. `is_article` says that the page calls itself an article. `body` is the
    text in JSON-LD.
    """

    url: str | None
    title: str | None
    authors: tuple[str, ...]
    all_bylines: tuple[str, ...]
    published_at: datetime | date | None
    modified_at: datetime | date | None
    language: str | None
    descriptions: tuple[str, ...]
    is_article: bool
    body: str | None


def read_metadata(page: HtmlElement, url: str) -> PageMetadata:
    """Return the metadata of a page. `url` is where the page was found; its relative URLs are resolved with it."""
    metas = _metas(page)
    canonical = _canonical(page, metas, url)
    node = _article_node(list(_nodes(page)), canonical or url, _heading(page))
    bylines = list(_bylines(page, metas, node))
    return PageMetadata(
        url=canonical,
        title=_title(page, metas, node),
        authors=next(iter(bylines), ()),
        all_bylines=tuple(name for names in bylines for name in names),
        published_at=_published(page, metas, node),
        modified_at=_first_moment((_string(node, "dateModified"), *_first_contents(metas, _MODIFIED_METAS))),
        language=_language(page, metas, node),
        descriptions=tuple(_descriptions(metas, node)),
        is_article=bool(node) or "article" in metas.get("og:type", [""])[0].lower(),
        body=_string(node, "articleBody"),
    )


# --- meta elements ----------------------------------------------------------------------------------------------------


def _metas(page: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of all meta elements, by property, name or itemprop in lower case; empty ones left out."""
    metas: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = _clean(meta.get("content") or "")
        if content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _first_contents(metas: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    """Yield the first content of each of the named meta elements that the page has."""
    return (metas[name][0] for name in names if name in metas)


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def _nodes(page: HtmlElement) -> Iterator[Node]:
    """Yield all JSON-LD objects that may describe the page, in order."""
    for script in page.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield from _objects_in(_loads(script.text or ""), _DEPTH)


def _loads(text: str) -> Json:
    """Return the JSON value of a script; None if it is broken even without comment signs and trailing commas."""
    bare = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", "", text).strip()
    for attempt in (bare, re.sub(r",\s*([}\]])", r"\1", bare.rstrip("; "))):
        try:
            value: Json = json.loads(attempt, strict=False)
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _objects_in(value: Json, depth: int) -> Iterator[Node]:
    if isinstance(value, list):
        for part in value:
            yield from _objects_in(part, depth)
    elif isinstance(value, dict) and depth:
        yield value
        for key in _CHILD_KEYS:
            yield from _objects_in(value.get(key), depth - 1)


def _article_node(nodes: list[Node], url: str, heading: str | None) -> Node:
    """Return the JSON-LD object of the page's own article; {} if there is none.

    It is the dated one with the page's URL, else the dated one with its headline, else the first dated one, else the
    first one.
    """
    articles = [node for node in nodes if any(_ARTICLE_TYPE.search(kind) for kind in _strings(node.get("@type")))]
    dated = [node for node in articles if _string(node, "datePublished")]
    page_key = _url_key(url)
    for node in dated:
        if page_key in map(_url_key, _urls(node)):
            return node
    for node in dated:
        if heading and _clean(_string(node, "headline") or "") == heading:
            return node
    return next(iter(dated or articles), {})


def _urls(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        yield from _strings(value.get("@id") if isinstance(value, dict) else value)


def _url_key(url: str) -> str:
    """Return the host without `www.` and the path: enough to tell the articles of one page apart."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "https://[...]" with anything but an IPv6 address
        return url
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"


def _string(node: Node, key: str) -> str | None:
    """Return the first string under a key that is not blank."""
    return next(iter(_strings(node.get(key))), None)


def _strings(value: Json) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]


def _names(value: Json) -> list[str]:
    """Return the names of persons and organisations: a string, an object with a name, or lists of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for part in value for name in _names(part)]
    return _names(value.get("name")) if isinstance(value, dict) else []


# --- the fields of the metadata ---------------------------------------------------------------------------------------


def _canonical(page: HtmlElement, metas: dict[str, list[str]], url: str) -> str | None:
    """Return the absolute URL that the page calls canonical; None if it names none."""
    links = [link.get("href") for link in page.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for named in (*links, *_first_contents(metas, ("og:url", "twitter:url", "parsely-link"))):
        try:
            canonical: str = urldefrag(urljoin(url, (named or "").strip())).url
            parts = urlsplit(canonical)
        except ValueError:
            continue
        # Some templates name the front page as canonical for all articles.
        if parts.scheme in ("http", "https") and parts.hostname and (parts.path.strip("/") or parts.query):
            return canonical
    return None


def _heading(page: HtmlElement) -> str | None:
    """Return the text of the first h1 that is not blank."""
    headings = (_clean(" ".join(h1.itertext())) for h1 in page.iter("h1"))
    return next((heading for heading in headings if heading), None)


def _title(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> str | None:
    """Return the headline of JSON-LD, else the h1, else the title in the meta elements or the title element.

    The h1 also counts before a headline that JSON-LD cuts short with "...".
    """
    headline = _clean(_string(node, "headline") or "")
    heading = _heading(page)
    if headline and heading and _CUT_SHORT.search(headline) and heading.startswith(_CUT_SHORT.sub("", headline)):
        return heading
    if headline:
        return headline
    shared = next(_first_contents(metas, _TITLE_METAS), None)
    if heading and shared and not shared.startswith(heading[:20]) and len(heading.split()) < 3:
        heading = None  # an h1 with the name of the site or section
    title = page.find(".//title")
    return heading or _without_site(shared or (_clean(" ".join(title.itertext())) if title is not None else ""))


def _without_site(title: str) -> str | None:
    return _SITE_SUFFIX.sub("", title).strip() or None


def _bylines(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> Iterator[tuple[str, ...]]:
    """Yield the names of the authors, once for each place of the page that gives any."""
    printed = ([" ".join(element.itertext())] for element in page.xpath(_BYLINE_XPATH))
    for names in (_names(node.get("author")), *(metas.get(name, []) for name in _AUTHOR_METAS), *printed):
        distinct = dict.fromkeys(MARKUP_BYLINE_END.sub("", BYLINE_START.sub("", _clean(name))) for name in names)
        authors = tuple(name for name in distinct if _may_be_name(name))
        if authors:
            yield authors


def _may_be_name(name: str) -> bool:
    """Return False for an address, a photo credit "(Image: ...)", an empty label, and a biography."""
    is_address_or_credit = name.startswith(("@", "/", "(")) or "://" in name
    return not is_address_or_credit and len(name) <= _LONGEST_NAME and any(c.isalpha() for c in name)


def _published(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> datetime | date | None:
    in_head = _first_moment((_string(node, "datePublished"), *_first_contents(metas, _DATE_METAS)))
    return in_head or _day_without_hour(_printed_moment(page))


def _first_moment(printed: Iterable[str | None]) -> datetime | date | None:
    """Return the first moment that can be read."""
    moments = (read_moment(text) for text in printed if text)
    return _day_without_hour(next((moment for moment in moments if moment), None))


def _printed_moment(page: HtmlElement) -> datetime | date | None:
    """Return the moment of the first time element with a whole date, outside of menus, footers and lists."""
    for element in page.iter("time"):
        if any(around.tag in ("nav", "footer", "aside", "li") for around in element.iterancestors()):
            continue
        moment = read_moment(element.get("datetime") or "") or read_date_line(_clean(" ".join(element.itertext())))
        if moment:
            return moment
    return None


def _day_without_hour(moment: datetime | date | None) -> datetime | date | None:
    """Return the day of an exact midnight without zone or in UTC: systems that store only the day write it so."""
    is_midnight = isinstance(moment, datetime) and moment.time() == time.min and moment.tzinfo in (None, UTC)
    return moment.date() if isinstance(moment, datetime) and is_midnight else moment


def _language(page: HtmlElement, metas: dict[str, list[str]], node: Node) -> str | None:
    """Return the code of the primary language ("en" of "en-GB")."""
    in_metas = _first_contents(metas, ("og:locale", "language", "dc.language"))
    for tag in (page.get("lang"), _string(node, "inLanguage"), *in_metas):
        code = re.match(r"([A-Za-z]{2,3})(?:[-_]|$)", tag.strip()) if tag else None
        if code:
            return code[1].lower()
    return None


def _descriptions(metas: dict[str, list[str]], node: Node) -> Iterator[str]:
    yield from _first_contents(metas, _DESCRIPTION_METAS)
    for key in ("description", "alternativeHeadline"):
        yield from (_clean(text) for text in _strings(node.get(key)))


def _clean(text: str) -> str:
    """Return the text with single spaces, and without HTML entities that were escaped twice."""
    return " ".join(html.unescape(text).split())
