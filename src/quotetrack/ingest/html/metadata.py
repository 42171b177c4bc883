"""Read the metadata of a page: canonical URL, title, authors, moments of publication and change, language.

Each value is taken from the first source that has it: JSON-LD, meta elements (OpenGraph and similar), the printed page.
Broken JSON-LD is skipped. The hour and the zone are kept as printed.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain, islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from quotetrack.core.domain import day_of
from quotetrack.core.urls import article_key, bare_host, names_an_article
from quotetrack.ingest.characters import repair, squash, visible
from quotetrack.ingest.formats.jsonl import Json
from quotetrack.ingest.html.page_parts import PageParts, other_articles, visible_text
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import is_ambiguous, read_date_line, read_moment
from quotetrack.lang.en.pages import BYLINE_START, DATE_WORDS, MARKUP_BYLINE_END

Node = dict[str, Json]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|Blog|Review)$")
_SITE_TYPE = re.compile(r"^(?:WebSite|(?:NewsMedia)?Organization)$")
_PAGE_TYPE = re.compile(r"^(?:WebPage|ItemPage)$")
_CHILD_KEYS = ("@graph", "mainEntity", "mainEntityOfPage")
_LIST_KEYS = ("itemListElement", "item")  # objects that a page lists: other articles, mostly
_DEPTH = 4  # levels of objects: a graph in a list in a page; deeper objects are comments, images, other articles
_NAME_DEPTH = 4  # levels of an author: a list of persons with a list of names
MOST_OBJECTS = 2000  # of JSON-LD that are looked at; a page of a newspaper has some twenty
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
LONGEST_BYLINE = 2 * _LONGEST_NAME
_LONGEST_TITLE = 500  # characters
_CUT_SHORT = re.compile(r"\s?(?:…|\.\.\.)$")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_BETWEEN_TITLE_AND_SITE = re.compile(r" ([|–—·»-]) ")
_SURE_SEPARATORS = "|»"  # headlines have dashes of their own, but none of these
_SITE_HEADING = re.compile(
    r"(?:^|[\s_-])(?:logo|masthead|site-?(?:name|title|logo|brand(?:ing)?)|brand)(?=$|[\s_-])", re.I
)
_FEWEST_LETTERS_OF_SITE = 3
_LETTERS_BEHIND_SITE = 8  # "BBC Newsround" on bbc.com
_SHARE_OF_SITE = 0.8  # of the letters of a site's name that have to stand in a text that is the name
_MOST_WORDS_OF_SITE = 4  # behind a bar
_FEWEST_LETTERS_ALIKE = 15  # of a title that may be a part of another one
_FEWEST_WORDS_OF_TITLE = 3
_MOST_ESCAPES = 3  # times that a title went through a template which escapes it
MOST_HEADINGS = 200  # h1 that are looked at; a page has one to ten
MOST_BYLINES = 50
_DATE_XPATH = (
    "//*[self::span or self::div or self::p or self::li or self::small]"
    "[@itemprop='datePublished' or contains(@class, 'date') or contains(@class, 'publish')"
    " or contains(@class, 'posted') or contains(@class, 'time')]"
)
MOST_TIMES = 50  # time elements, and lines with such a class, that are read: an article's own stands among the first
_DATED_PATH = re.compile(r"/(\d{4})/(\d{1,2}|[a-z]{3})/(\d{1,2})(?=/|$)", re.I)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The metadata of a page. None or empty for anything that the page does not say.

    `url` is the address that the page calls its own, if it may be one article's; `named_url` is the first one of any.
    `authors` are those of the first byline found, `all_bylines` those of all: the sources may contradict one another,
    and an agency may be credited in any of them. `is_article` says that the page calls itself an article. `body` is the
    text in JSON-LD. `printed_day` is the date on a line of the page or in its URL, which is less sure than
    `published_at`. `other_titles` are those that the page has beside its headline. `unread_dates` are dates of
    publication that may be two days. `parts` are the parts of the page that are not its article.
    """

    url: str | None
    named_url: str | None
    title: str | None
    other_titles: tuple[str, ...]
    authors: tuple[str, ...]
    all_bylines: tuple[str, ...]
    published_at: datetime | date | None
    printed_day: datetime | date | None
    modified_at: datetime | date | None
    unread_dates: tuple[str, ...]
    language: str | None
    descriptions: tuple[str, ...]
    is_article: bool
    body: str | None
    parts: PageParts


def read_metadata(page: HtmlElement, url: str, outlets: Outlets) -> PageMetadata:
    """Return the metadata of a page. `url` is where the page was found; its relative URLs are resolved with it."""
    metas = _metas(page)
    base = _base(page, url)
    named = list(_named_urls(page, metas, base))
    canonical = next(filter(names_an_article, named), None)
    objects = _objects(page)
    titles = [title for title in (*_first_contents(metas, _TITLE_METAS), _title_element(page)) if title]
    site = _site_names(metas, objects, canonical or url)
    headings = [h1 for h1 in page.iter("h1") if visible_text(h1)]
    heading = _heading(headings, titles, site)
    node = _article_node(
        objects, base, canonical or url, [*titles, *([visible_text(heading)] if heading is not None else [])]
    )
    parts = PageParts() if _is_live_blog(node) else other_articles(page, heading, headings)
    title, other_titles = _titles(heading, node, titles, site)
    bylines = list(_bylines(page, metas, node, objects, parts))
    day_first = outlets.is_day_first(canonical or url)
    in_head = list(_published_in_head(metas, node, objects, base, canonical or url))
    times, lines = list(_times(page, parts)), list(_date_lines(page, parts))
    return PageMetadata(
        url=canonical,
        named_url=next(iter(named), None),
        title=title,
        other_titles=other_titles,
        authors=next(iter(bylines), ()),
        all_bylines=tuple(name for names in bylines for name in names),
        published_at=_first_moment(in_head, day_first) or _first_line(times, day_first),
        printed_day=_first_line(lines, day_first) or _day_of_path(canonical or url),
        modified_at=_first_moment((_string(node, "dateModified"), *_first_contents(metas, _MODIFIED_METAS)), day_first),
        unread_dates=tuple(
            dict.fromkeys(text for text in (*in_head, *times, *lines) if day_first is None and is_ambiguous(text))
        ),
        language=_language(page, metas, node),
        descriptions=tuple(_descriptions(metas, node)),
        is_article=bool(node) or "article" in metas.get("og:type", [""])[0].lower(),
        body=_string(node, "articleBody"),
        parts=parts,
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


@dataclass(frozen=True, slots=True)
class _Object:
    """An object of JSON-LD. `is_listed`: it stands in a list of articles, which are other pages mostly."""

    node: Node
    is_listed: bool

    def is_a(self, kind: re.Pattern[str]) -> bool:
        return any(kind.search(name) for name in _strings(self.node.get("@type")))


def _objects(page: HtmlElement) -> list[_Object]:
    """Return the JSON-LD objects that may describe the page, in order."""
    scripts = (script for script in page.iter("script") if "ld+json" in (script.get("type") or "").lower())
    return list(islice(chain.from_iterable(_objects_in(_loads(script.text or "")) for script in scripts), MOST_OBJECTS))


def _loads(text: str) -> Json:
    """Return the JSON value of a script; None if it is broken even without comment signs and trailing commas."""
    bare = _without_comment_signs(text)
    for attempt in (bare, re.sub(r",\s*([}\]])", r"\1", bare.rstrip("; "))):
        try:
            value: Json = json.loads(attempt, strict=False)
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _without_comment_signs(text: str) -> str:
    bare = text.strip()
    for sign in ("<!--", "//", "<![CDATA["):
        bare = bare.removeprefix(sign).lstrip()
    for sign in (";", "-->", "]]>", "//"):
        bare = bare.removesuffix(sign).rstrip()
    return bare


def _objects_in(value: Json, depth: int = _DEPTH, is_listed: bool = False) -> Iterator[_Object]:
    if isinstance(value, list):
        for part in value:
            yield from _objects_in(part, depth, is_listed)
    elif isinstance(value, dict) and depth:
        yield _Object(value, is_listed)
        for key in _CHILD_KEYS:
            yield from _objects_in(value.get(key), depth - 1, is_listed)
        for key in _LIST_KEYS:
            yield from _objects_in(value.get(key), depth - 1, is_listed=True)


def _article_node(objects: list[_Object], base: str, url: str, titles: Sequence[str]) -> Node:
    """Return the JSON-LD object of the page's own article; {} if none is surely its own.

    It is the one with the page's URL and title, else with its URL, else with its title, else the only one that names no
    other URL. Among several of a kind a dated one comes first. One in a list is the page's only by its URL or title.
    """
    page_key = article_key(url)
    articles = [each for each in objects if each.is_a(_ARTICLE_TYPE)]
    here = [each for each in articles if page_key and page_key in _keys(each.node, base)]
    titled = [each for each in articles if _agrees(_string(each.node, "headline"), titles)]
    nowhere = [each for each in articles if not each.is_listed and not (page_key and _keys(each.node, base))]
    headlines = {squash(_string(each.node, "headline") or "") for each in nowhere} - {""}
    for chosen in ([each for each in here if each in titled], here, titled, nowhere if len(headlines) < 2 else []):
        if chosen:
            dated = [each for each in chosen if _string(each.node, "datePublished")]
            return (dated or chosen)[0].node
    return {}


def _keys(node: Node, base: str) -> set[str]:
    """Return the keys of the pages that a node calls its own."""
    keys = set()
    for name in ("url", "@id", "mainEntityOfPage"):
        value = node.get(name)
        for url in _strings(value.get("@id") if isinstance(value, dict) else value):
            keys.add(article_key(_join(base, url)))
    return keys - {""}


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:  # "https://[...]" with anything but an IPv6 address
        return ""


def _agrees(title: str | None, titles: Sequence[str]) -> bool:
    """Return whether a title is one of these, apart from a cut end or the name of the site."""
    key = squash(_CUT_SHORT.sub("", clean_title(title or "")))
    return bool(key) and any(
        key == other or (min(len(key), len(other)) >= _FEWEST_LETTERS_ALIKE and (key in other or other in key))
        for other in map(squash, titles)
    )


def _is_live_blog(node: Node) -> bool:
    return any("LiveBlog" in kind for kind in _strings(node.get("@type")))


def _string(node: Node, key: str) -> str | None:
    """Return the first string under a key that is not blank."""
    return next(iter(_strings(node.get(key))), None)


def _strings(value: Json) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]


def _names(value: Json, persons: Mapping[str, Json], depth: int = _NAME_DEPTH) -> list[str]:
    """Return the names of persons and organisations: a string, an object with a name or an `@id`, or lists of them."""
    if isinstance(value, str):
        return [value]
    if not depth:
        return []
    if isinstance(value, list):
        return [name for part in value for name in _names(part, persons, depth - 1)]
    if not isinstance(value, dict):
        return []
    names = _names(value.get("name"), persons, depth - 1)
    identity = value.get("@id")
    return names or (_names(persons.get(identity), persons, depth - 1) if isinstance(identity, str) else [])


def _persons(objects: Iterable[_Object]) -> dict[str, Json]:
    """Return the names of the objects of JSON-LD by their `@id`."""
    return {
        identity: each.node["name"]
        for each in objects
        for identity in _strings(each.node.get("@id"))
        if each.node.get("name")
    }


# --- the fields of the metadata ---------------------------------------------------------------------------------------


def _base(page: HtmlElement, url: str) -> str:
    """Return the address with which a browser resolves the relative URLs of a page."""
    base = next((element.get("href") for element in page.iter("base") if element.get("href")), None)
    return _join(url, base) or url if base else url


def _named_urls(page: HtmlElement, metas: dict[str, list[str]], base: str) -> Iterator[str]:
    """Yield the absolute URLs that the page calls its own, the surest first."""
    links = [link.get("href") for link in page.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    for named in (*links, *_first_contents(metas, ("og:url", "twitter:url", "parsely-link"))):
        url = _join(base, named) if (named or "").strip() else ""
        if bare_host(url):
            yield url


def _site_names(metas: dict[str, list[str]], objects: Iterable[_Object], url: str) -> frozenset[str]:
    """Return the names of the site, reduced to letters and digits: those it gives itself, and that of its host."""
    names = [*_first_contents(metas, ("og:site_name", "application-name", "apple-mobile-web-app-title"))]
    for each in objects:
        names += _names(each.node.get("publisher"), {})
        names += _strings(each.node.get("name")) if each.is_a(_SITE_TYPE) else []
    host = urlsplit(url).hostname or "" if url.startswith("http") else ""
    names += [label for label in host.split(".")[:-1] if label not in ("www", "m", "amp", "co", "com", "org", "net")]
    return frozenset(_bare_name(name) for name in names) - {""}


def _bare_name(name: str) -> str:
    return squash(name).removeprefix("the")


def _is_site(text: str, site: frozenset[str]) -> bool:
    """Return whether a text is the name of the site, perhaps with a short word behind it ("News", "Online")."""
    bare = _bare_name(text)
    return len(bare) >= _FEWEST_LETTERS_OF_SITE and any(
        bare == name
        or (
            len(name) >= _FEWEST_LETTERS_OF_SITE
            and bare.startswith(name)
            and len(bare) - len(name) <= _LETTERS_BEHIND_SITE
        )
        or (name.startswith(bare) and len(bare) >= _SHARE_OF_SITE * len(name))
        for name in site
    )


def _heading(headings: Sequence[HtmlElement], titles: Sequence[str], site: frozenset[str]) -> HtmlElement | None:
    """Return the h1 with the headline: the first that agrees with a title of the page, else the first in its article.

    An h1 that is hidden, that is the site's name, or that stands in a menu or in furniture is none.
    """
    parts = PageParts()
    candidates = [
        h1
        for h1 in headings[:MOST_HEADINGS]
        if not parts.is_apart(h1) and not _is_site(visible_text(h1), site) and not _is_called_site(h1)
    ]
    agreeing = (h1 for h1 in candidates if _agrees(visible_text(h1), titles))
    inside = (h1 for h1 in candidates if next(h1.iterancestors("article", "main"), None) is not None)
    return next(chain(agreeing, inside, candidates), None)


def _is_called_site(heading: HtmlElement) -> bool:
    parent = heading.getparent()
    around = [heading] if parent is None else [heading, parent]
    return any(_SITE_HEADING.search(element.get("class", "")[:_LONGEST_NAME]) for element in around)


def _titles(
    heading: HtmlElement | None, node: Node, titles: Sequence[str], site: frozenset[str]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the title, and the others that the page has: the printed headline comes before JSON-LD and meta elements.

    An h1 of one or two words that no other title agrees with is the name of a section.
    """
    headline = clean_title(_string(node, "headline") or "")
    shared = [title for title in (_without_site(title, site) for title in titles) if title]
    printed = clean_title(visible_text(heading)) if heading is not None else ""
    longer = [title for title in (headline, *shared) if len(title.split()) >= _FEWEST_WORDS_OF_TITLE]
    if len(printed.split()) < _FEWEST_WORDS_OF_TITLE and longer and not _agrees(printed, longer):
        printed = ""
    whole = next((title for title in shared if _CUT_SHORT.search(headline) and _agrees(headline, [title])), "")
    found = [title for title in (printed, whole, headline, *shared) if title]
    if not found:
        return None, ()
    others = {squash(title): title for title in found if not _agrees(title, found[:1])}
    return found[0], tuple(others.values())


def _title_element(page: HtmlElement) -> str:
    title = page.find(".//title")
    return clean_title(" ".join(title.itertext())) if title is not None else ""


def _without_site(title: str, site: frozenset[str]) -> str:
    """Return a title without the site's name at either end, and without what stands behind a bar."""
    pieces = _BETWEEN_TITLE_AND_SITE.split(clean_title(title))
    while len(pieces) > 1 and _is_site(pieces[-1], site):
        del pieces[-2:]
    while len(pieces) > 1 and _is_site(pieces[0], site):
        del pieces[:2]
    while len(pieces) > 1 and pieces[-2] in _SURE_SEPARATORS and len(pieces[-1].split()) <= _MOST_WORDS_OF_SITE:
        del pieces[-2:]
    return " ".join(pieces).strip()


def _bylines(
    page: HtmlElement, metas: dict[str, list[str]], node: Node, objects: Iterable[_Object], parts: PageParts
) -> Iterator[tuple[str, ...]]:
    """Yield the names of the authors, once for each place of the page that gives any."""
    printed = ([visible_text(element)] for element in page.xpath(_BYLINE_XPATH) if not parts.is_foreign(element))
    in_json_ld = _names(node.get("author"), _persons(objects))
    for names in (in_json_ld, *(metas.get(name, []) for name in _AUTHOR_METAS), *islice(printed, MOST_BYLINES)):
        distinct = dict.fromkeys(
            MARKUP_BYLINE_END.sub("", BYLINE_START.sub("", _clean(name)[:LONGEST_BYLINE])) for name in names
        )
        authors = tuple(name for name in distinct if _may_be_name(name))
        if authors:
            yield authors


def _may_be_name(name: str) -> bool:
    """Return False for an address, a photo credit "(Image: ...)", an empty label, a date, and a biography."""
    is_address_or_credit = name.startswith(("@", "/", "(")) or "://" in name
    is_name = len(name) <= _LONGEST_NAME and any(c.isalpha() for c in name) and not DATE_WORDS.fullmatch(name)
    return is_name and not is_address_or_credit


def _published_in_head(
    metas: dict[str, list[str]], node: Node, objects: Iterable[_Object], base: str, url: str
) -> Iterator[str]:
    """Yield the printed dates of publication in JSON-LD and meta elements, the surest first."""
    yield from _strings(node.get("datePublished"))
    yield from _first_contents(metas, _DATE_METAS)
    page_key = article_key(url)
    for each in objects:
        if each.is_a(_PAGE_TYPE) and not each.is_listed and page_key and page_key in _keys(each.node, base):
            yield from _strings(each.node.get("datePublished"))


def _first_moment(printed: Iterable[str | None], day_first: bool | None) -> datetime | date | None:
    """Return the first moment that can be read."""
    moments = (read_moment(text, day_first) for text in printed if text)
    return _day_without_hour(next((moment for moment in moments if moment), None))


def _times(page: HtmlElement, parts: PageParts) -> Iterator[str]:
    """Yield the dates of the time elements outside of menus, footers, lists, comments and other articles."""
    for element in islice(page.iter("time"), MOST_TIMES):
        is_in_list = any(around.tag in ("nav", "footer", "aside", "li") for around in element.iterancestors())
        if not is_in_list and not parts.is_foreign(element):
            yield element.get("datetime") or ""
            yield visible_text(element)


def _date_lines(page: HtmlElement, parts: PageParts) -> Iterator[str]:
    """Yield the lines of the page that its markup calls a date."""
    for element in islice(page.xpath(_DATE_XPATH), MOST_TIMES):
        if not parts.is_apart(element):
            yield visible_text(element)[:_LONGEST_NAME]


def _first_line(lines: Iterable[str], day_first: bool | None) -> datetime | date | None:
    """Return the moment of the first line that holds a whole date and nothing else but labels."""
    return _day_without_hour(next(filter(None, (read_date_line(line, day_first) for line in lines)), None))


def _day_of_path(url: str) -> date | None:
    """Return the day in a path like /2031/03/04/bridge or /2031/mar/04/bridge."""
    match = _DATED_PATH.search(urlsplit(url).path) if url.startswith("http") else None
    moment = (
        read_moment(f"{match[3]} {match[2]} {match[1]}" if match[2].isalpha() else "-".join(match.groups()))
        if match
        else None
    )
    return day_of(moment)


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
    """Return the text as a browser shows it, with single spaces, and without entities that were escaped twice."""
    for _ in range(_MOST_ESCAPES):
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    return " ".join(visible(repair(text)).split())


def clean_title(text: str) -> str:
    """Return a title without markup, as `_clean` returns it."""
    return _clean(_TAG.sub(" ", _clean(text[:_LONGEST_TITLE]))).replace(" ,", ",")
