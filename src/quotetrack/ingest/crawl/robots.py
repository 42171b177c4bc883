"""What a site's robots.txt lets us do (RFC 9309). Pure: fetching and keeping it is `fetch.py`'s."""

from __future__ import annotations

from dataclasses import dataclass, field

from protego import Protego

LARGEST_ROBOTS = 2**20  # bytes; RFC 9309 asks for no less than 500 KiB
PRODUCT = "quotetrack"  # by which name a site's robots.txt may speak to us


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows. `refusal` says why nothing at all; `sitemaps` are the addresses that it names.

    `delay` are the seconds that it wants between two requests.
    """

    refusal: str | None = None
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    _rules: Protego | None = field(default=None, repr=False, compare=False)

    def allows(self, url: str) -> bool:
        """Whether we may fetch it."""
        if self.refusal is not None:
            return False
        return self._rules is None or bool(self._rules.can_fetch(url, PRODUCT))


EVERYTHING = Robots()


def unreachable(reason: str) -> Robots:
    """Where robots.txt cannot be had for now, everything counts as disallowed for now (RFC 9309, 2.3.1.4)."""
    return Robots(refusal=f"robots.txt cannot be had for now: {reason}")


def read_robots(body: bytes) -> Robots:
    """The rules of a robots.txt; what cannot be understood in it forbids nothing."""
    rules = Protego.parse(body.decode("utf-8-sig", "replace"))
    rate = rules.request_rate(PRODUCT)
    by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
    return Robots(delay=max(rules.crawl_delay(PRODUCT) or 0.0, by_rate), sitemaps=tuple(rules.sitemaps), _rules=rules)
