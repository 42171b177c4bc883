"""What a feed or sitemap lists: addresses of pages, with what it tells of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from quotetrack.core.domain import day_of
from quotetrack.ingest.timestamps import read_moment
from quotetrack.ingest.urls import article_key, is_side_form

FIRST_YEAR = 1991  # of the web: 1970 and the year nought are what systems write that know no date


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a feed or sitemap names, by its canonical address. Its summary is not the article: it is not kept.

    `published_at` and `changed_at` are None where nothing is told, or nothing that is a date.
    """

    url: str
    title: str | None = None
    published_at: datetime | date | None = None
    changed_at: datetime | date | None = None

    @property
    def key(self) -> str:
        """What all addresses of this article share."""
        return article_key(self.url)

    @property
    def latest_day(self) -> date | None:
        """The last day on which anything happened to it, by what is told."""
        days = (day_of(self.published_at), day_of(self.changed_at))
        return max((day for day in days if day), default=None)

    def is_since(self, first: date | None) -> bool:
        """Whether it is from this day on, or tells no day."""
        latest = self.latest_day
        return first is None or latest is None or latest >= first


def moment_of(printed: str) -> datetime | date | None:
    """As printed, with its zone; None for what is no date."""
    moment = read_moment(printed)
    return moment if moment and moment.year >= FIRST_YEAR else None


def once_each(pages: Iterable[Listed]) -> list[Listed]:
    """Each article once, in order; where its AMP or print form is listed as well, by its plain address."""
    kept: dict[str, Listed] = {}
    for page in pages:
        known = kept.setdefault(page.key, page)
        if is_side_form(known.url) and not is_side_form(page.url):
            kept[page.key] = page
    return list(kept.values())
