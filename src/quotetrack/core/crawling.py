"""The nouns of crawling that the crawler, the store and the pipeline share. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus

from quotetrack.core.domain import day_of

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Validators:
    """The ETag and Last-Modified of a response: a later request asks with them whether it changed (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request; a validator that no header can hold is left out."""
        known = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in known.items() if value and value.isascii() and value.isprintable()}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Fetch:
    """The response to one request: a body (200), not modified (304), or gone (404, 410).

    `final_url` is the address that answered. `moved_to` is the address for later requests where the redirects were
    permanent. `body` is decompressed, and empty unless the status is 200. `headers` are a selection of the response's
    headers, with names in lower case.
    """

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    moved_to: str | None = None
    body_sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body_sha256", hashlib.sha256(self.body).hexdigest())

    @property
    def is_unchanged(self) -> bool:
        """Return whether the server says that nothing changed since it sent the validators."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def is_gone(self) -> bool:
        """Return whether the server says that there is no such page."""
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    @property
    def validators(self) -> Validators:
        """Return the validators to store for the next request."""
        return Validators(self.header("etag"), self.header("last-modified"))

    @property
    def content_type(self) -> str | None:
        """Return the media type without parameters, in lower case; None where the server names none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        """Return the charset of the Content-Type header; None where it names none."""
        return charset_of_content_type(self.header("content-type") or "")

    def header(self, name: str) -> str | None:
        """Return one of the selected headers, by its name in lower case."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """The body and validators of a robots.txt or sitemap index: the body is needed again after a 304."""

    validators: Validators
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page that a feed or sitemap names, by its canonical address. The feed's summary is not the article: not kept.

    All addresses of one article share its `key`. `published_at` and `changed_at` are None where the listing gives no
    date that can be read.
    """

    key: str
    url: str
    title: str | None = None
    published_at: datetime | date | None = None
    changed_at: datetime | date | None = None

    @property
    def latest_day(self) -> date | None:
        """Return the later of the days of publication and change; None where the listing gives neither."""
        days = (day_of(self.published_at), day_of(self.changed_at))
        return max((day for day in days if day), default=None)

    def is_since(self, first: date | None) -> bool:
        """Return whether the page was published or changed on this day or later; True where it has no day."""
        latest = self.latest_day
        return first is None or latest is None or latest >= first


@dataclass(frozen=True, slots=True)
class ListingState:
    """A feed or sitemap when it was last read. The hash shows a change where a server sends no validators."""

    validators: Validators
    body_sha256: str


class PageState(StrEnum):
    """The state of a page in the crawl."""

    WAITING = "waiting"  # in the work queue
    TAKEN = "taken"  # its article is stored
    UNREAD = "unread"  # fetched, and no article found on it
    GONE = "gone"
    DISALLOWED = "disallowed"  # by its site's robots.txt
    NOT_A_PAGE = "not_a_page"  # a video, a PDF
    REMOVED = "removed"  # a person removed its article
    GIVEN_UP = "given_up"  # failed in several runs in a row


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page in the work queue, with the validators of its last response."""

    id: int
    url: str
    source: str
    published_at: datetime | date | None
    validators: Validators


def charset_of_content_type(content_type: str) -> str | None:
    """Return the charset in the value of an HTTP header Content-Type."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None
