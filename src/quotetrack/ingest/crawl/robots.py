"""The robots.txt rules of a site (RFC 9309). Pure; `client.py` fetches and caches the file."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from protego import Protego

LARGEST_ROBOTS = 2**20  # bytes; RFC 9309 requires at least 500 KiB
# "quotetrack/0.1" addresses every version: RFC 9309, 2.2.1, compares the product's name alone.
_VERSION_OF_AGENT = re.compile(r"^([ \t]*user-agent[ \t]{0,9}:[ \t]{0,9}[a-z_-]{1,99})/[^\r\n]*", re.I | re.M)
USER_AGENT_NAME = "quotetrack"  # the name by which a robots.txt may address us


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of a site. `refusal` is the reason why nothing at all is allowed for now.

    `delay` is the seconds that the site asks for between two requests. `sitemaps` are the addresses that it names.
    """

    refusal: str | None = None
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    _rules: Protego | None = field(default=None, repr=False, compare=False)

    def allows(self, url: str) -> bool:
        """Return whether we may fetch an address."""
        if self.refusal is not None:
            return False
        return self._rules is None or bool(self._rules.can_fetch(url, USER_AGENT_NAME))


ALLOW_ALL = Robots()


def disallow_all(reason: str) -> Robots:
    """Return rules that allow nothing, for a robots.txt that cannot be fetched for now (RFC 9309, 2.3.1.4)."""
    return Robots(refusal=f"robots.txt cannot be fetched for now: {reason}")


def parse_robots(body: bytes) -> Robots:
    """Return the rules of a robots.txt; a line that cannot be parsed forbids nothing."""
    charset = "utf-16" if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    rules = Protego.parse(_VERSION_OF_AGENT.sub(r"\1", body.decode(charset, "replace")))
    rate = rules.request_rate(USER_AGENT_NAME)
    by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
    delay = max(rules.crawl_delay(USER_AGENT_NAME) or 0.0, by_rate)
    return Robots(delay=delay, sitemaps=tuple(rules.sitemaps), _rules=rules)
