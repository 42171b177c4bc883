"""A polite HTTP client: it obeys robots.txt, sends one request at a time to a host, and pauses between requests.

Whatever a server does (fail, hang, redirect in circles, send a decompression bomb) gives a result with a reason. It
never raises an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from urllib.parse import urljoin, urlsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from quotetrack.core.crawling import NO_VALIDATORS, CachedResponse, Fetch, PageState, Validators
from quotetrack.core.domain import Failure
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings
from quotetrack.core.urls import canonical_url
from quotetrack.core.versions import package_version
from quotetrack.ingest.crawl.robots import (
    ALLOW_ALL,
    LARGEST_ROBOTS,
    USER_AGENT_NAME,
    Robots,
    disallow_all,
    parse_robots,
)
from quotetrack.ingest.crawl.ssrf_guard import ForbiddenAddress, GuardedTransport, Network
from quotetrack.ingest.formats.compression import ACCEPTED_ENCODINGS, LARGEST_FILE, decompress, too_large
from quotetrack.ingest.formats.detect import UnreadableFile

MOST_REDIRECTS = 5  # RFC 9309 requires as many for robots.txt; browsers follow 20
MOST_TRIES = 4  # of one request
FIRST_BACK_OFF = 2.0  # seconds before the second try; doubled before each later one
LONGEST_WAIT = 120.0  # seconds before a request; a host that asks for more is left for the next run
LARGEST_CACHED = 2**20  # bytes of a cached body; a larger one is downloaded again
JITTER = 0.5  # share of the delay added at random, so that the requests of many installations spread out
MOST_FAILURES_IN_A_ROW = 3  # requests to a host, retries included; its other pages then wait for the next run
STORED_HEADERS = (
    "content-type", "content-language", "date", "last-modified", "etag", "cache-control", "expires", "age", "server",
    "link", "x-robots-tag",
)  # fmt: skip

_TRANSIENT = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})  # statuses; 52x are Cloudflare's
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_NOT_A_WEB_ADDRESS = "not an address that can be fetched: http:// or https:// and a host are needed"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance as arguments: `monotonic` and `sleep` in seconds, `chance` from 0 to 1."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]


class ContactMissing(QuotetrackError):
    """No contact is set. We fetch nothing before a newspaper can reach the person who runs this."""


@dataclass(frozen=True, slots=True)
class Politeness:
    """The politeness policy of the client: its name, pauses and limits.

    `contact` is an address or a page where a site's owner finds who runs this. `delay` is the seconds between two
    requests to a host, unless its robots.txt asks for more. `timeout` is the seconds to connect, or to wait for more
    bytes. `patience` is the seconds for a whole request, from the connection to the last byte. `largest` is the most
    bytes of a response, compressed and decompressed. `allowed` are private networks that we may connect to.
    """

    contact: str
    delay: float = 2.0
    timeout: float = 20.0
    patience: float = 120.0
    largest: int = LARGEST_FILE
    allowed: tuple[Network, ...] = ()

    def __post_init__(self) -> None:
        if not self.contact.strip() or not self.contact.isascii() or not self.contact.isprintable():
            raise ValueError("a contact is needed, in ASCII letters: an e-mail address or a page about you")

    @classmethod
    def from_settings(cls, settings: Settings) -> Politeness:
        """Return the policy of the settings. Raises ContactMissing."""
        if settings.contact is None:
            raise ContactMissing(
                "No contact is set. Set QUOTETRACK_CONTACT to an e-mail address or a page about you, "
                "so that newspapers see who fetches."
            )
        return cls(
            contact=settings.contact,
            delay=settings.fetch_delay,
            largest=settings.fetch_largest * 2**20,
            allowed=settings.fetch_private,
        )

    @property
    def user_agent(self) -> str:
        """Return the User-Agent header: our name, version and contact."""
        return f"{USER_AGENT_NAME}/{package_version()} (+{self.contact.strip()})"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that was not fetched or not read, although nothing failed.

    `state` is DISALLOWED (by robots.txt), NOT_A_PAGE (by its media type) or WAITING (its host is left for the next
    run).
    """

    url: str
    state: PageState
    reason: str


class _Disallowed(Exception):
    """Its site's robots.txt does not allow this page."""


class _Postponed(Exception):
    """The host gets no more requests in this run."""


class _NoResponse(Exception):
    """One try failed in a way that may pass. `retry_after` is the pause that the server asks for, in seconds.

    `is_last`: it took all the time of a request, and is not tried again in this run.
    """

    def __init__(self, reason: str, retry_after: float | None = None, *, is_last: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.is_last = is_last


@dataclass(slots=True)
class _Host:
    """The state of a host in this run."""

    lock: Lock = field(default_factory=Lock)  # held during a request, its retries and the pauses before them
    next_at: float = 0.0  # the earliest time of the next request, by the monotonic clock
    delay: float = 0.0  # seconds that its robots.txt asks for
    failures_in_a_row: int = 0  # requests, retries included


@dataclass(frozen=True, slots=True)
class _HttpResponse:
    """The response to one request. The body is read only of status 200."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


class Client:
    """Fetch pages during one run; several threads may share a client.

    `transport` is httpx's, for tests and special needs. The default refuses private addresses. `cache` holds
    responses by address, from an earlier run where its owner fills it; they are requested conditionally and served
    from the cache on 304.
    """

    def __init__(self, politeness: Politeness, clock: Clock, transport: httpx.BaseTransport | None = None) -> None:
        self.cache: dict[str, CachedResponse] = {}
        self._politeness = politeness
        self._clock = clock
        self._transport = transport or GuardedTransport(politeness.allowed)
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, Robots] = {}
        self._robots_locks: dict[str, Lock] = {}
        self._lock = Lock()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def fetch(
        self, url: str, validators: Validators = NO_VALIDATORS, largest: int | None = None
    ) -> Fetch | Skipped | Failure:
        """Request an address, conditionally where there are validators. robots.txt is checked first, for each redirect.

        Without validators, a cached response is revalidated and returned with its body. `largest` is the limit in
        bytes where it is not that of the policy.
        """
        try:
            fetch = self._fetch_or_revalidate(url, validators, largest or self._politeness.largest, self._rules)
        except _Disallowed as reason:
            return Skipped(url, PageState.DISALLOWED, str(reason))
        except _Postponed as reason:
            return Skipped(url, PageState.WAITING, str(reason))
        except (UnreadableFile, ForbiddenAddress) as reason:
            return Failure(url, str(reason))
        if fetch.is_unchanged and not validators.headers():
            return Failure(url, "the server answered 304 Not Modified, although it was asked for the whole page")
        if fetch.status in (httpx.codes.OK, httpx.codes.NOT_MODIFIED) or fetch.is_gone:
            return fetch
        return Failure(url, _describe_status(fetch.status))

    def put_in_cache(self, fetch: Fetch) -> None:
        """Cache a response whose body will be needed again; one that cannot be revalidated is not cached."""
        is_complete = fetch.status == httpx.codes.OK and len(fetch.body) <= LARGEST_CACHED
        if is_complete and fetch.validators != NO_VALIDATORS:
            self.cache[fetch.url] = CachedResponse(fetch.validators, fetch.body)

    def robots(self, url: str) -> Robots:
        """Return the robots.txt rules of an address's site; they are fetched once a run."""
        address = canonical_url(url)
        try:
            return self._rules(address) if address else ALLOW_ALL
        except ForbiddenAddress as reason:
            return disallow_all(str(reason))

    def _rules(self, url: str) -> Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._robots_locks.setdefault(origin, Lock())
        with lock:
            if origin not in self._robots:
                self._robots[origin] = self._fetch_robots(f"{origin}/robots.txt")
                host = self._host(url)
                host.delay = max(host.delay, self._robots[origin].delay)
        return self._robots[origin]

    def _fetch_robots(self, url: str) -> Robots:
        try:
            fetch = self._fetch_or_revalidate(url, NO_VALIDATORS, LARGEST_ROBOTS, lambda _: ALLOW_ALL)
        except (UnreadableFile, _Postponed) as reason:
            return disallow_all(str(reason))
        if httpx.codes.is_server_error(fetch.status):
            return disallow_all(_describe_status(fetch.status))
        self.put_in_cache(fetch)
        return parse_robots(fetch.body) if fetch.status == httpx.codes.OK else ALLOW_ALL

    def _fetch_or_revalidate(
        self, url: str, validators: Validators, largest: int, rules: Callable[[str], Robots]
    ) -> Fetch:
        cached = self.cache.get(url) if validators == NO_VALIDATORS else None
        if cached is None:
            return self._follow_redirects(url, validators, largest, rules)
        fetch = self._follow_redirects(url, cached.validators, largest, rules)
        if not fetch.is_unchanged:
            return fetch
        # A 304 need not repeat the validators: without the cached ones the response would leave the cache.
        stored = {"etag": cached.validators.etag, "last-modified": cached.validators.last_modified}
        headers = dict(fetch.headers) | {name: value for name, value in stored.items() if value}
        return replace(fetch, status=httpx.codes.OK, headers=tuple(headers.items()), body=cached.body)

    def _follow_redirects(
        self, url: str, validators: Validators, largest: int, rules: Callable[[str], Robots]
    ) -> Fetch:
        """Return the response behind all redirects. Each address is checked as the first one is."""
        address, moved_to, is_permanent = canonical_url(url), None, True
        cookies = httpx.Cookies()  # some sites redirect in circles without the cookies that they have just set
        for _ in range(MOST_REDIRECTS + 1):
            if address is None:
                raise UnreadableFile(_NOT_A_WEB_ADDRESS)
            _check_robots(rules(address), address)
            response = self._request(address, validators, largest, cookies)
            if response.status not in _REDIRECTS:
                headers = tuple((name, response.headers[name]) for name in STORED_HEADERS if name in response.headers)
                return Fetch(url, address, response.status, self._clock.now(), headers, response.body, moved_to)
            is_permanent = is_permanent and response.status in _PERMANENT
            address = _redirect_target(address, response.headers.get("location", ""))
            moved_to = address if is_permanent else moved_to
        raise UnreadableFile(f"redirected more than {MOST_REDIRECTS} times")

    def _request(self, url: str, validators: Validators, largest: int, cookies: httpx.Cookies) -> _HttpResponse:
        """Return the response after at most MOST_TRIES tries. Raises UnreadableFile, _Postponed or ForbiddenAddress."""
        host = self._host(url)
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, _NoResponse) and not error.is_last),
            stop=stop_after_attempt(MOST_TRIES),
            wait=lambda state: self._postpone(host, _back_off(state)),
            before_sleep=_check_wait_before_retry,
            sleep=self._clock.sleep,
            reraise=True,
        )
        with host.lock:
            self._wait_for_turn(host)
            try:
                response = retrying(self._try_once, host, url, validators, largest, cookies)
            except _NoResponse as problem:
                host.failures_in_a_row += 1
                raise UnreadableFile(str(problem) if problem.is_last else f"{problem}, {MOST_TRIES} times") from problem
            host.failures_in_a_row = 0
            return response

    def _wait_for_turn(self, host: _Host) -> None:
        if host.failures_in_a_row >= MOST_FAILURES_IN_A_ROW:
            raise _Postponed(f"the host failed {MOST_FAILURES_IN_A_ROW} times in a row: left for the next run")
        seconds = host.next_at - self._clock.monotonic()
        if seconds > LONGEST_WAIT:
            raise _Postponed(_describe_wait(seconds))
        if seconds > 0:
            self._clock.sleep(seconds)

    def _try_once(
        self, host: _Host, url: str, validators: Validators, largest: int, cookies: httpx.Cookies
    ) -> _HttpResponse:
        """Return the response to one request. Raises _NoResponse where another try may help."""
        began = self._clock.monotonic()
        try:
            response = self._send(url, validators, largest, cookies)
        except ForbiddenAddress:
            raise
        except httpx.TransportError as error:
            is_last = self._clock.monotonic() - began >= self._politeness.patience
            raise _NoResponse(_describe_error(error), is_last=is_last) from error
        finally:
            host.next_at = self._time_in(max(self._politeness.delay, host.delay))
        if response.status in _TRANSIENT:
            raise _NoResponse(_describe_status(response.status), _retry_after(response.headers, self._clock.now()))
        return response

    def _postpone(self, host: _Host, seconds: float) -> float:
        """Send the host no request for some seconds, and return how many remain."""
        host.next_at = max(host.next_at, self._time_in(seconds))
        return host.next_at - self._clock.monotonic()

    def _time_in(self, seconds: float) -> float:
        """Return the time in some seconds by the monotonic clock, with jitter."""
        return self._clock.monotonic() + seconds + JITTER * self._politeness.delay * self._clock.chance()

    def _send(self, url: str, validators: Validators, largest: int, cookies: httpx.Cookies) -> _HttpResponse:
        """Send one request and read its response whole. Raises UnreadableFile or httpx.TransportError."""
        request = self._build_request(url, validators)
        with suppress(UnicodeError):  # a cookie with letters that no header can hold
            cookies.set_cookie_header(request)
        with closing(self._transport.handle_request(request)) as response:
            response.request = request
            cookies.extract_cookies(response)
            if response.status_code != httpx.codes.OK:
                return _HttpResponse(response.status_code, response.headers)
            announced = response.headers.get("content-length", "")
            if announced.isdecimal() and int(announced[:18]) > largest:
                raise too_large(largest)
            encoding = response.headers.get("content-encoding", "")
            body = decompress(self._limit_time(response.iter_raw()), encoding, largest)
        return _HttpResponse(response.status_code, response.headers, body)

    def _build_request(self, url: str, validators: Validators) -> httpx.Request:
        ours = {"User-Agent": self._politeness.user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED_ENCODINGS}
        timeouts = {
            "timeout": httpx.Timeout(self._politeness.timeout).as_dict(),
            "seconds": self._politeness.patience,
        }
        try:
            return httpx.Request("GET", url, headers=ours | validators.headers(), extensions=timeouts)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise UnreadableFile(f"not an address that can be fetched: {error}") from error

    def _limit_time(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the chunks within the policy's `patience`: a server that drips bytes never runs into `timeout`."""
        began = self._clock.monotonic()
        for chunk in chunks:
            if self._clock.monotonic() - began > self._politeness.patience:
                raise httpx.ReadTimeout(f"not done after {self._politeness.patience:g} seconds")
            yield chunk

    def _host(self, url: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(urlsplit(url).hostname or "", _Host())


def _check_robots(robots: Robots, url: str) -> None:
    if robots.refusal is not None:
        raise _Postponed(robots.refusal)
    if not robots.allows(url):
        raise _Disallowed(f"robots.txt does not allow {url}")


def _redirect_target(url: str, location: str) -> str | None:
    """Return the address that a redirect names; None where it names none that can be fetched."""
    try:
        return canonical_url(urljoin(url, location)) if location.strip() else None
    except ValueError:
        return None


def _back_off(state: RetryCallState) -> float:
    """Return the seconds before the next try: what the server asks for, else 2, 4, 8, ..."""
    return _failure_of(state).retry_after or FIRST_BACK_OFF * 2 ** (state.attempt_number - 1)


def _check_wait_before_retry(state: RetryCallState) -> None:
    if state.upcoming_sleep > LONGEST_WAIT:
        raise _Postponed(f"{_failure_of(state)}; {_describe_wait(state.upcoming_sleep)}")


def _failure_of(state: RetryCallState) -> _NoResponse:
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, _NoResponse)  # no other exception is tried again
    return failure


def _retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Return the seconds that Retry-After gives, as number or date (RFC 9110, 10.2.3); None where it has neither."""
    printed = headers.get("retry-after", "").strip()
    if printed.isascii() and printed.isdecimal():
        return float(printed[:9])
    try:
        moment = parsedate_to_datetime(printed)
    except (ValueError, TypeError):
        return None
    in_zone = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (in_zone - now).total_seconds())


def _describe_error(error: httpx.TransportError) -> str:
    reason = str(error) or type(error).__name__
    match error:
        case httpx.TimeoutException():
            return f"no answer in time ({reason})"
        case httpx.ConnectError():
            return f"no connection: {reason}"
        case _:
            return f"the connection broke: {reason}"


def _describe_status(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    return f"the server answered {status} {phrase}".rstrip()


def _describe_wait(seconds: float) -> str:
    return f"the host asks for a pause of {seconds:.0f} seconds: left for the next run"
