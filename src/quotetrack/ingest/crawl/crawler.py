"""A source of the settings -> what stands there tonight: what it lists, and what became of each page.

Two steps, so that a job can keep a list of what is left to fetch: `list_pages` names pages, `read_pages` fetches
them. `read_source` does both, for a look at a source without a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Source, SourceKind
from quotetrack.ingest.crawl.client import NOTHING_KNOWN, Client, Fetched, Skip, Skipped, Validators
from quotetrack.ingest.crawl.feeds import read_feed
from quotetrack.ingest.crawl.listings import Listed, once_each
from quotetrack.ingest.crawl.sitemaps import LARGEST_SITEMAP, Sitemap, read_sitemap
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.html.article import read_flagged_page
from quotetrack.ingest.html.quality_flags import FlagKind, QualityFlag
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path
from quotetrack.ingest.urls import canonical_url

MOST_SITEMAPS = 50  # of an index, the latest ones; news sitemaps have a handful, archives thousands
PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")

Known = Mapping[str, Validators]
"""By the address that was asked for, what the server gave with its last answer."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed or sitemap that was read to its end, or has not changed; `pages` is how many it lists.

    To be put on file after the pages that it listed: whoever keeps its validators is not told of these again.
    """

    fetched: Fetched
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its article: the answer as it came, which is the evidence, and what to know about it."""

    article: Article
    fetched: Fetched
    notes: tuple[QualityFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that came, and on which no article was found; the same bytes need not be read again."""

    fetched: Fetched
    reason: str


def read_source(
    source: Source, client: Client, *, outlets: Outlets, known: Known, since: date | None = None
) -> Iterator[Listing | Article | Page | Unread | Fetched | Skipped | Failure]:
    """Everything that a source has to tell tonight; of files the articles, whenever they are from."""
    if source.kind.is_web:
        listed: list[Listed] = []
        for told in list_pages(source, client, known=known, since=since):
            if isinstance(told, Listed):
                listed.append(told)
            else:
                yield told
        yield from read_pages(once_each(listed), client, outlet=source.outlet, outlets=outlets, known=known)
    elif source.path is not None:
        yield from read_path(source.path, outlet=source.outlet, outlets=outlets)


def list_pages(
    source: Source, client: Client, *, known: Known, since: date | None = None
) -> Iterator[Listed | Listing | Skipped | Failure]:
    """The pages that a feed or sitemap lists from a day on, each followed by the listing that named them.

    A listing that has not changed names no page. With an earlier `since` than last time, leave its validators out of
    `known`.
    """
    url = canonical_url(source.url or "")
    if url is None:
        yield Failure(source.place, "not an address that can be fetched")
    elif source.kind is SourceKind.FEED:
        yield from _list_feed(url, client, known, since)
    elif source.kind is SourceKind.SITEMAP:
        yield from _list_sitemap(url, client, known, since, MOST_SITEMAPS)
    else:
        yield Listed(url)


def read_pages(
    pages: Iterable[Listed], client: Client, *, outlet: str | None = None, outlets: Outlets, known: Known
) -> Iterator[Page | Unread | Fetched | Skipped | Failure]:
    """What became of each page, in order: one event a page, whose `url` or `fetched.url` is the listed one.

    A `Fetched` as such is a page that has not changed, or is gone. `outlet` fills what page and address do not tell,
    the day that was listed what the page does not.
    """
    for page in pages:
        found = client.fetch(page.url, known.get(page.url, NOTHING_KNOWN))
        if isinstance(found, Fetched) and not (found.is_unchanged or found.is_gone):
            yield _read(page, found, outlet, outlets)
        else:
            yield found


def _read(page: Listed, fetched: Fetched, outlet: str | None, outlets: Outlets) -> Page | Unread | Skipped:
    if fetched.content_type is not None and fetched.content_type not in PAGE_TYPES:
        return Skipped(page.url, Skip.NOT_A_PAGE, f"not a page but {fetched.content_type}")
    if _is_front_page(fetched.final_url) and not _is_front_page(page.url):
        return Unread(fetched, "the address leads to the front page: the article is not there any more")
    try:
        article, notes = read_flagged_page(
            fetched.body,
            url=fetched.final_url,
            outlet=outlet,
            published=page.published_at,
            outlets=outlets,
            header_charset=fetched.charset,
        )
    except UnreadableFile as problem:
        return Unread(fetched, str(problem))
    moved = (QualityFlag(FlagKind.MOVED, f"moved for good to {fetched.moved_to}"),) if fetched.moved_to else ()
    return Page(replace(article, fetched_at=fetched.fetched_at), fetched, (*notes, *moved))


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _list_feed(
    url: str, client: Client, known: Known, since: date | None
) -> Iterator[Listed | Listing | Skipped | Failure]:
    fetched = _listing(url, client, known)
    if not isinstance(fetched, Fetched) or fetched.is_unchanged:
        yield Listing(fetched, 0) if isinstance(fetched, Fetched) else fetched
        return
    try:
        pages = read_feed(fetched.body, fetched.final_url)
    except UnreadableFile as problem:
        yield Failure(url, str(problem))
        return
    yield from _named(pages, fetched, since)


def _list_sitemap(
    url: str, client: Client, known: Known, since: date | None, most_parts: int
) -> Iterator[Listed | Listing | Skipped | Failure]:
    """The pages of a sitemap; of an index, those of its latest sitemaps, which cannot be indexes themselves.

    An index is no Listing: it may stay as it is while its sitemaps change, so it is kept and read again each time.
    """
    fetched = _listing(url, client, known, largest=LARGEST_SITEMAP)
    if not isinstance(fetched, Fetched) or fetched.is_unchanged:
        yield Listing(fetched, 0) if isinstance(fetched, Fetched) else fetched
        return
    try:
        sitemap = read_sitemap(fetched.body)
    except UnreadableFile as problem:
        yield Failure(url, str(problem))
        return
    if sitemap.sitemaps:
        client.keep(fetched)
    for part in _latest(sitemap, since)[:most_parts]:
        yield from _list_sitemap(part.url, client, known, since, most_parts=0)
    if not sitemap.sitemaps:
        yield from _named(sitemap.pages, fetched, since)


def _latest(sitemap: Sitemap, since: date | None) -> list[Listed]:
    """Those that may list something from a day on, the last changed ones first."""
    parts = [part for part in sitemap.sitemaps if part.is_since(since)]
    return sorted(parts, key=lambda part: part.latest_day or date.max, reverse=True)


def _named(pages: Iterable[Listed], fetched: Fetched, since: date | None) -> Iterator[Listed | Listing]:
    fresh = once_each(page for page in pages if page.is_since(since))
    yield from fresh
    yield Listing(fetched, len(fresh))


def _listing(url: str, client: Client, known: Known, largest: int | None = None) -> Fetched | Skipped | Failure:
    """A feed or sitemap; one that is gone is a Failure, since somebody has to look for where it went."""
    found = client.fetch(url, known.get(url, NOTHING_KNOWN), largest)
    if isinstance(found, Fetched) and found.is_gone:
        return Failure(url, f"the server answered {found.status}: there is no such feed or sitemap any more")
    return found
