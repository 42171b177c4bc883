"""Build the pages that a feed or sitemap lists, and keep each article once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from quotetrack.core.crawling import ListedPage
from quotetrack.core.urls import article_key, is_side_form
from quotetrack.ingest.timestamps import read_moment

FIRST_YEAR = 1991  # of the web; systems without a date write 1970 or the year 0


def listed_page(
    url: str,
    title: str | None = None,
    published_at: datetime | date | None = None,
    changed_at: datetime | date | None = None,
) -> ListedPage:
    """Return the page at a canonical address, with the key of its article."""
    return ListedPage(article_key(url), url, title, published_at, changed_at)


def parse_listed_date(printed: str) -> datetime | date | None:
    """Return a date as printed, with its zone; None where it is no date of the web's time."""
    moment = read_moment(printed)
    return moment if moment and moment.year >= FIRST_YEAR else None


def deduplicate(pages: Iterable[ListedPage]) -> list[ListedPage]:
    """Return each article once, in order; by its plain address where its AMP or print form is listed as well."""
    by_key: dict[str, ListedPage] = {}
    for page in pages:
        first = by_key.setdefault(page.key, page)
        if is_side_form(first.url) and not is_side_form(page.url):
            by_key[page.key] = page
    return list(by_key.values())
