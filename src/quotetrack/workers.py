"""More than one core: a `map` whose work is done by processes, in order, with little under way at a time.

Work and results are pickled; what a worker has loaded for one piece of work it keeps for the next (see
`nightly.read_article`).
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Protocol, TypeVar

A_WORKER = 4  # pieces of work under way for each: enough that none waits, few enough to hold
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "0"}

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(Exception):
    """A worker ended without a word; what was filed stays, and the rest waits for the next run."""


class Mapper(Protocol):
    """As `map`: the results in the order of the work."""

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        """The result of each piece of work; raises what the work raises."""


@contextmanager
def mapper(workers: int) -> Iterator[Mapper]:
    """A mapper for so many processes, which start when there is work; for one, the process itself works."""
    if workers == 1:
        yield map
        return
    # Not forked: threads that hold a lock in the parent (torch has some) would never let go of it in the child.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle)
    try:
        yield _Processes(pool, workers * A_WORKER)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Processes:
    """Hands the next piece out when the result of an earlier one is taken."""

    def __init__(self, pool: ProcessPoolExecutor, window: int) -> None:
        self._pool = pool
        self._window = window

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R]:
        under_way: deque[Future[R]] = deque()
        for piece in pieces:
            under_way.append(self._pool.submit(work, piece))
            if len(under_way) >= self._window:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())


def _result(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise WorkerDied("a worker process died, perhaps for want of memory: try fewer QUOTETRACK_WORKERS") from error


def _settle() -> None:
    """A worker keeps to one core, leaves Ctrl-C to the driver, and does not outlive it."""
    os.environ.update(ONE_CORE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_driver, daemon=True).start()


def _end_with_the_driver() -> None:
    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)
