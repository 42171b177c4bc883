"""Progress and timing of the stages of a run."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

SECONDS_DIGITS = 3

T = TypeVar("T")

OnProgress = Callable[[str, int, int | None], None]
"""Called with the name of the stage, the number done, and the total; the total is None where it is not known."""


def ignore_progress(_stage: str, _done: int, _total: int | None) -> None:
    """Ignore progress."""


class Stages:
    """Counts and times the stages of one run, and reports their progress. A stage may run several times."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._done: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}

    def timed(self, name: str, results: Iterable[T]) -> Iterator[T]:
        """Yield the results, timing only how long each takes to produce, and report each as progress of the stage."""
        remaining = iter(results)
        while True:
            began = time.perf_counter()
            result = next(remaining, None)
            self._add_seconds(name, began)
            if result is None:
                return
            self._done[name] += 1
            self._on_progress(name, self._done[name], None)
            yield result

    @contextmanager
    def stage(self, name: str) -> Iterator[OnProgress]:
        """Time the block as a stage. Give the block a callback for its progress."""
        done_before, began = self._done[name], time.perf_counter()

        def on_progress(stage: str, done: int, total: int | None) -> None:
            self._done[name] = done_before + done
            self._on_progress(stage, done, total)

        try:
            yield on_progress
        finally:
            self._add_seconds(name, began)

    def summary(self) -> dict[str, dict[str, float]]:
        """Return the number done and the seconds of each stage, in the order in which the stages first ran."""
        return {
            name: {"done": self._done[name], "seconds": round(seconds, SECONDS_DIGITS)}
            for name, seconds in self._seconds.items()
        }

    def _add_seconds(self, name: str, began: float) -> None:
        self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - began
