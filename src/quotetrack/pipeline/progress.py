"""The stages of a run: how far each is, how long it takes, and how many went through it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

DIGITS = 3  # of seconds

T = TypeVar("T")

OnProgress = Callable[[str, int, int | None], None]
"""Told the step, how many are done, and of how many; None where nobody can know before the end."""


def ignore_progress(_step: str, _done: int, _of: int | None) -> None:
    """The progress of a job that nobody watches."""


class Stages:
    """Measures the stages of one run, each of which may come several times, and passes on how far each is."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._done: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}

    def timed(self, name: str, things: Iterable[T]) -> Iterator[T]:
        """Things as they come, measuring the time in which they are made and not that of their use."""
        them = iter(things)
        while True:
            began = time.perf_counter()
            thing = next(them, None)
            self._add(name, began)
            if thing is None:
                return
            self._done[name] += 1
            self._on_progress(name, self._done[name], None)
            yield thing

    @contextmanager
    def stage(self, name: str) -> Iterator[OnProgress]:
        """A stage from here to the end; it tells what it is given how far it is."""
        before, began = self._done[name], time.perf_counter()

        def on_progress(step: str, done: int, of: int | None) -> None:
            self._done[name] = before + done
            self._on_progress(step, done, of)

        try:
            yield on_progress
        finally:
            self._add(name, began)

    def told(self) -> dict[str, dict[str, float]]:
        """By stage, in the order in which they first came: how many went through, and in how many seconds."""
        return {
            name: {"done": self._done[name], "seconds": round(seconds, DIGITS)}
            for name, seconds in self._seconds.items()
        }

    def _add(self, name: str, began: float) -> None:
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - began
