"""Limit how often somebody may try to sign in."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

WINDOW = 15 * 60.0  # seconds
TRIES_OF_A_NAME = 5  # in a window
TRIES_FROM_AN_ADDRESS = 30
MOST_KEYS = 10_000  # names and addresses that are kept; beyond, those whose tries are long ago are forgotten
NETWORK = 64  # bits of an IPv6 address: one household or machine has all addresses of such a network


class Tries:
    """Counts tries by name and by address. A try counts from its beginning, so that many at once are not many tries.

    A name is counted although that locks its owner out for a while, too: who is signed in stays so.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[tuple[str, str], deque[float]] = {}
        self._lock = Lock()

    def begin(self, name: str, address: str) -> float:
        """Count a try, and return 0; where there were too many, count none, and return the seconds to wait."""
        now = self._clock()
        limits = ((("name", name), TRIES_OF_A_NAME), (("address", _network(address)), TRIES_FROM_AN_ADDRESS))
        with self._lock:
            self._forget(now)
            wait = max(self._wait(key, most, now) for key, most in limits)
            if not wait:
                for key, _ in limits:
                    self._tries.setdefault(key, deque()).append(now)
        return wait

    def succeeded(self, name: str) -> None:
        """Forget the tries of a name: its owner has signed in."""
        with self._lock:
            self._tries.pop(("name", name), None)

    def _wait(self, key: tuple[str, str], most: int, now: float) -> float:
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - WINDOW:
            tries.popleft()
        return tries[-most] + WINDOW - now if len(tries) >= most else 0.0

    def _forget(self, now: float) -> None:
        if len(self._tries) > MOST_KEYS:
            self._tries = {key: tries for key, tries in self._tries.items() if tries and tries[-1] > now - WINDOW}


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, NETWORK), strict=False)) if isinstance(parsed, IPv6Address) else address
