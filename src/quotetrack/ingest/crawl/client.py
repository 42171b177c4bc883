"""One page from the web, with manners: what a site allows, one request at a time a host, with pauses between.

All that a server may do (fail, hang, redirect in circles, send a bomb) is a result with a reason, never an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from threading import Lock
from urllib.parse import urljoin, urlsplit

import httpx

import quotetrack
from quotetrack.core.domain import Failure
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.robots import EVERYTHING, LARGEST_ROBOTS, PRODUCT, Robots, read_robots, unreachable
from quotetrack.ingest.crawl.ssrf_guard import ForbiddenAddress, GuardedTransport, Network
from quotetrack.ingest.formats.compression import ACCEPTED_ENCODINGS, LARGEST_FILE, decompress, too_large
from quotetrack.ingest.formats.detect import UnreadableFile, charset_of_content_type
from quotetrack.ingest.urls import canonical_url

MOST_REDIRECTS = 5  # RFC 9309 follows as many for robots.txt, browsers 20
MOST_TRIES = 4  # of one request, with 2, 4, 8 seconds and some between
FIRST_BACK_OFF = 2.0  # seconds
LONGEST_WAIT = 120.0  # seconds before a request; a host that wants more is left for the next run
LARGEST_KEPT = 2**20  # bytes of an answer that is kept to be read again; of what is larger, all is fetched again
JITTER = 0.5  # share of the delay added by chance, so that requests of many installations do not beat in time
MOST_IN_A_ROW = 3  # requests of a host that came to nothing, retries included: the rest of it waits for the next run
KEPT_HEADERS = (
    "content-type", "content-language", "date", "last-modified", "etag", "cache-control", "expires", "age", "server",
    "link", "x-robots-tag",
)  # fmt: skip

_TRY_AGAIN = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, handed in: `monotonic` and `sleep` in seconds, `chance` from 0 to 1."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], object]
    chance: Callable[[], float]


class ContactMissing(QuotetrackError):
    """Nothing is fetched by somebody whom no newspaper can reach."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave: who we say we are, and what we take.

    `contact` is where a site's owner finds who runs this, an address or a page; `delay` the seconds between two
    requests to a host, where its robots.txt does not ask for more; `timeout` the seconds to connect or to wait for
    more bytes; `patience` the seconds for a whole answer; `largest` the bytes of one, packed and unpacked;
    `allowed` the networks that we may connect to although they are private.
    """

    contact: str
    delay: float = 2.0
    timeout: float = 20.0
    patience: float = 120.0
    largest: int = LARGEST_FILE
    allowed: tuple[Network, ...] = ()

    def __post_init__(self) -> None:
        if not self.contact.strip() or not self.contact.isascii() or not self.contact.isprintable():
            raise ValueError("a contact is needed, in plain letters: an e-mail address or a page about you")

    @classmethod
    def of(cls, settings: Settings) -> Manners:
        """As the settings have them; raises ContactMissing."""
        if settings.contact is None:
            raise ContactMissing("say who fetches: set QUOTETRACK_CONTACT to an e-mail address or a page about you")
        return cls(
            contact=settings.contact,
            delay=settings.fetch_delay,
            largest=settings.fetch_largest * 2**20,
            allowed=settings.fetch_private,
        )

    @property
    def user_agent(self) -> str:
        """What we send as User-Agent: our name and version, and whom to write to."""
        return f"{PRODUCT}/{quotetrack.__version__} (+{self.contact.strip()})"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a page, by which to ask whether it has changed (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request; none where nothing is known."""
        known = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in known.items() if value and value.isascii() and value.isprintable()}


NOTHING_KNOWN = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: a page (200), not modified (304), or gone (404, 410).

    `final_url` is the address that answered; `moved_to` the one to ask from now on, where redirects were permanent.
    `body` is unpacked, and empty but for a page. `headers` are some of the answer's (KEPT_HEADERS), in small letters.
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
        """Whether the page is as it was when the validators were given."""
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def is_gone(self) -> bool:
        """Whether the server says that there is no such page."""
        return self.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE)

    @property
    def validators(self) -> Validators:
        """What to keep for the next time."""
        return Validators(self.header("etag"), self.header("last-modified"))

    @property
    def content_type(self) -> str | None:
        """The type without its parameters, in small letters; None where none is told."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        """The charset that the header tells."""
        return charset_of_content_type(self.header("content-type") or "")

    def header(self, name: str) -> str | None:
        """One of the kept headers."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer whose bytes are needed although it has not changed, with by what to ask whether it has."""

    validators: Validators
    body: bytes = field(repr=False)


class Skip(StrEnum):
    """Why a page was not taken although nothing is broken."""

    ROBOTS = "robots"  # its site does not let us
    LATER = "later"  # its host is not to be asked again in this run
    NOT_A_PAGE = "not_a_page"  # a video, a PDF


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that was not taken although nothing is broken."""

    url: str
    why: Skip
    reason: str


class _Disallowed(Exception):
    """A page that its site does not let us fetch."""


class _Later(Exception):
    """A host that is not to be asked again in this run."""


@dataclass(slots=True)
class _Host:
    """What one run knows of a host; `asking` is held for the length of one request and the pause before it."""

    asking: Lock = field(default_factory=Lock)
    next_at: float = 0.0  # by the monotonic clock
    delay: float = 0.0  # seconds that its robots.txt asks for
    in_a_row: int = 0  # requests that came to nothing


@dataclass(frozen=True, slots=True)
class _HttpResponse:
    """One answer to one request; the body of a page alone is read."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


class Client:
    """Fetches pages for the length of one run; several threads may share it.

    `transport` is httpx's, for tests and special needs; without it, one that refuses private addresses.
    """

    def __init__(self, manners: Manners, clock: Clock, transport: httpx.BaseTransport | None = None) -> None:
        self._manners = manners
        self._clock = clock
        self._transport = transport or GuardedTransport(manners.allowed)
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, Robots] = {}
        self._reading_robots: dict[str, Lock] = {}
        self._kept: dict[str, Kept] = {}
        self._learned: dict[str, Kept] = {}
        self._lock = Lock()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def remember(self, kept: Mapping[str, Kept]) -> None:
        """What an earlier run has kept, by its address: asked for on condition, and as good as fetched if unchanged."""
        self._kept |= kept

    def learned(self) -> dict[str, Kept]:
        """What a later run may be told to remember: robots.txt, and what was given to `keep`; each is told once."""
        with self._lock:
            learned, self._learned = self._learned, {}
        return learned

    def keep(self, fetched: Fetched) -> None:
        """An answer whose bytes will be needed again."""
        is_new = fetched.status == httpx.codes.OK and self._kept.get(fetched.url) != _kept_of(fetched)
        if is_new and fetched.validators != NOTHING_KNOWN and len(fetched.body) <= LARGEST_KEPT:
            with self._lock:
                self._kept[fetched.url] = self._learned[fetched.url] = _kept_of(fetched)

    def fetch(
        self, url: str, known: Validators = NOTHING_KNOWN, largest: int | None = None
    ) -> Fetched | Skipped | Failure:
        """The page at an address, unless `known` still holds; robots.txt is asked first, also of each redirect.

        `largest` is the limit in bytes where it is not that of the manners. What was kept is given with its bytes.
        """
        try:
            found = self._whole(url, known, largest or self._manners.largest, self._rules)
        except _Disallowed as reason:
            return Skipped(url, Skip.ROBOTS, str(reason))
        except _Later as reason:
            return Skipped(url, Skip.LATER, str(reason))
        except (UnreadableFile, ForbiddenAddress) as reason:
            return Failure(url, str(reason))
        is_told = found.status in (httpx.codes.OK, httpx.codes.NOT_MODIFIED) or found.is_gone
        return found if is_told else Failure(url, _status(found.status))

    def robots(self, url: str) -> Robots:
        """What the site of an address allows; fetched once a run."""
        address = canonical_url(url)
        try:
            return self._rules(address) if address else EVERYTHING
        except ForbiddenAddress as reason:
            return unreachable(str(reason))

    def _rules(self, url: str) -> Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._reading_robots.setdefault(origin, Lock())
        with lock:
            if origin not in self._robots:
                self._robots[origin] = self._fetch_robots(f"{origin}/robots.txt")
                host = self._host(url)
                host.delay = max(host.delay, self._robots[origin].delay)
        return self._robots[origin]

    def _fetch_robots(self, url: str) -> Robots:
        try:
            found = self._whole(url, NOTHING_KNOWN, LARGEST_ROBOTS, lambda _: EVERYTHING)
        except (UnreadableFile, _Later) as reason:
            return unreachable(str(reason))
        if httpx.codes.is_server_error(found.status):
            return unreachable(_status(found.status))
        self.keep(found)
        return read_robots(found.body) if found.status == httpx.codes.OK else EVERYTHING

    def _whole(self, url: str, known: Validators, largest: int, rules: Callable[[str], Robots]) -> Fetched:
        """The answer at the end of all redirects; where nothing else is known, what was kept of it."""
        kept = self._kept.get(url) if known == NOTHING_KNOWN else None
        if kept is None:
            return self._follow(url, known, largest, rules)
        found = self._follow(url, kept.validators, largest, rules)
        if not found.is_unchanged:
            return found
        tags = {"etag": kept.validators.etag, "last-modified": kept.validators.last_modified}
        headers = tuple({**dict(found.headers), **{name: tag for name, tag in tags.items() if tag}}.items())
        return replace(found, status=httpx.codes.OK, headers=headers, body=kept.body)

    def _follow(self, url: str, known: Validators, largest: int, rules: Callable[[str], Robots]) -> Fetched:
        """The answer at the end of all redirects, each of which is checked as the first address is."""
        address, moved_to, is_permanent = canonical_url(url), None, True
        cookies = httpx.Cookies()  # some sites go round in circles without those that they have just set
        for _ in range(MOST_REDIRECTS + 1):
            if address is None:
                raise UnreadableFile("not an address that can be fetched: http:// or https:// and a host are needed")
            _allowed_by(rules(address), address)
            answer = self._ask(address, known, largest, cookies)
            if answer.status not in _REDIRECTS:
                kept = tuple((name, answer.headers[name]) for name in KEPT_HEADERS if name in answer.headers)
                return Fetched(url, address, answer.status, self._clock.now(), kept, answer.body, moved_to)
            is_permanent = is_permanent and answer.status in _PERMANENT
            address = _redirected(address, answer.headers.get("location", ""))
            moved_to = address if is_permanent else moved_to
        raise UnreadableFile(f"redirected more than {MOST_REDIRECTS} times")

    def _ask(self, url: str, known: Validators, largest: int, cookies: httpx.Cookies) -> _HttpResponse:
        """The answer, after as many tries as it takes; raises UnreadableFile, _Later or ForbiddenAddress."""
        host = self._host(url)
        problem = ""
        for tried in range(MOST_TRIES):
            with host.asking:
                if host.in_a_row >= MOST_IN_A_ROW:
                    raise _Later(f"the host failed {MOST_IN_A_ROW} times in a row: left for the next run")
                self._pause(host, problem)
                try:
                    answer = self._send(url, known, largest, cookies)
                except ForbiddenAddress:
                    raise
                except httpx.TransportError as error:
                    problem, back_off = _told(error), None
                else:
                    if answer.status not in _TRY_AGAIN:
                        host.in_a_row = 0
                        return answer
                    problem, back_off = _status(answer.status), _retry_after(answer.headers, self._clock.now())
                finally:
                    self._rest(host)
                host.next_at = max(host.next_at, self._later(back_off or FIRST_BACK_OFF * 2**tried))
        host.in_a_row += 1
        raise UnreadableFile(f"{problem}, {MOST_TRIES} times")

    def _pause(self, host: _Host, problem: str) -> None:
        """Wait until the host may be asked again; raises _Later where that is too long."""
        wait = host.next_at - self._clock.monotonic()
        if wait > LONGEST_WAIT:
            asks = f"the host wants us to wait for {wait:.0f} seconds: left for the next run"
            raise _Later(f"{problem}; {asks}" if problem else asks)
        if wait > 0:
            self._clock.sleep(wait)

    def _rest(self, host: _Host) -> None:
        """From now on the host is left alone for its delay."""
        host.next_at = self._later(max(self._manners.delay, host.delay))

    def _later(self, seconds: float) -> float:
        """So many seconds from now and some by chance, by the monotonic clock."""
        return self._clock.monotonic() + seconds + JITTER * self._manners.delay * self._clock.chance()

    def _send(self, url: str, known: Validators, largest: int, cookies: httpx.Cookies) -> _HttpResponse:
        """One request, its answer read whole; raises UnreadableFile or httpx.TransportError."""
        request = self._request(url, known)
        with suppress(UnicodeError):  # a cookie in letters that no header can hold
            cookies.set_cookie_header(request)
        with closing(self._transport.handle_request(request)) as response:
            response.request = request
            cookies.extract_cookies(response)
            if response.status_code != httpx.codes.OK:
                return _HttpResponse(response.status_code, response.headers)
            told = response.headers.get("content-length", "")
            if told.isdecimal() and int(told[:18]) > largest:
                raise too_large(largest)
            encoding = response.headers.get("content-encoding", "")
            body = decompress(self._patiently(response.iter_raw()), encoding, largest)
        return _HttpResponse(response.status_code, response.headers, body)

    def _request(self, url: str, known: Validators) -> httpx.Request:
        ours = {"User-Agent": self._manners.user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED_ENCODINGS}
        timeouts = {"timeout": httpx.Timeout(self._manners.timeout).as_dict()}
        try:
            return httpx.Request("GET", url, headers=ours | known.headers(), extensions=timeouts)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UnreadableFile(f"not an address that can be fetched: {error}") from error

    def _patiently(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, until patience ends: a server that sends a byte now and then never runs into a time-out."""
        began = self._clock.monotonic()
        for chunk in chunks:
            if self._clock.monotonic() - began > self._manners.patience:
                raise httpx.ReadTimeout(f"not done after {self._manners.patience:g} seconds")
            yield chunk

    def _host(self, url: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(urlsplit(url).hostname or "", _Host())


def _allowed_by(robots: Robots, url: str) -> None:
    if robots.refusal is not None:
        raise _Later(robots.refusal)
    if not robots.allows(url):
        raise _Disallowed(f"robots.txt does not allow {url}")


def _redirected(url: str, location: str) -> str | None:
    """Where a redirect leads; None where it leads nowhere."""
    try:
        return canonical_url(urljoin(url, location)) if location.strip() else None
    except ValueError:
        return None


def _retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """The seconds that a server asks us to wait, told as such or as a moment (RFC 9110, 10.2.3)."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdecimal():
        return float(told[:9])
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    in_zone = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (in_zone - now).total_seconds())


def _told(error: httpx.TransportError) -> str:
    """A failure of the network, in words."""
    reason = str(error) or type(error).__name__
    match error:
        case httpx.TimeoutException():
            return f"no answer in time ({reason})"
        case httpx.ConnectError():
            return f"no connection: {reason}"
        case _:
            return f"the connection broke: {reason}"


def _kept_of(fetched: Fetched) -> Kept:
    return Kept(fetched.validators, fetched.body)


def _status(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f"the server answered {status} {phrase}".rstrip()
