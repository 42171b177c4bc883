"""A budget of time and memory for one article, so that a hostile one cannot hold a night."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread

CHECK_SECONDS = 0.25  # of computing, between two looks at the budget
MIB = 2**20

_STATM = Path("/proc/self/statm")  # sizes of this process in pages, under Linux
_PAGE_SIZE = 4096


class OverBudget(BaseException):
    """An article took more than its budget. No `except Exception` on the way can swallow it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most seconds of computing and MiB of additional memory for one article."""

    seconds: float = 60.0
    mebibytes: int = 1024


@contextmanager
def within(budget: Budget) -> Iterator[None]:
    """Raise OverBudget if the block takes more than the budget.

    Only the main thread of a process under Unix can be interrupted: elsewhere the block has no budget. The memory is
    checked under Linux only.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    began, before = time.process_time(), _resident()

    def check(*_: object) -> None:
        if time.process_time() - began > budget.seconds:
            raise OverBudget(f"it took more than {budget.seconds:g} seconds of computing")
        if _resident() - before > budget.mebibytes * MIB:
            raise OverBudget(f"it took more than {budget.mebibytes} MiB of memory")

    earlier = signal.signal(signal.SIGPROF, check)
    signal.setitimer(signal.ITIMER_PROF, CHECK_SECONDS, CHECK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)


def _resident() -> int:
    """Return the bytes of memory that this process holds; 0 where nothing tells."""
    try:
        return int(_STATM.read_text().split()[1]) * _PAGE_SIZE
    except OSError:
        return 0
