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
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Protocol, TypeVar

from quotetrack.core.errors import QuotetrackError

MOST_DEATHS = 3  # pieces of work in a row that end their process also alone: then it is not the work
A_WORKER = 4  # pieces of work under way for each: enough that none waits, few enough to hold
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "0"}

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(QuotetrackError):
    """Workers end without a word whatever they work on; what was filed stays, and the rest waits for the next run."""


@dataclass(frozen=True, slots=True)
class Died:
    """The result of a piece of work that ended its process without a word, twice: once in company and once alone."""


class Mapper(Protocol):
    """As `map`: the results in the order of the work."""

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R | Died]:
        """The result of each piece of work; raises what the work raises, and WorkerDied where no work can be done."""


@contextmanager
def mapper(workers: int) -> Iterator[Mapper]:
    """A mapper for so many processes, which start when there is work; for one, the process itself works."""
    if workers == 1:
        yield map
        return
    processes = _Processes(workers)
    try:
        yield processes
    finally:
        processes.end()


class _Processes:
    """Hands the next piece out when the result of an earlier one is taken."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = _pool(workers)
        self._died_alone = 0  # pieces in a row

    def __call__(self, work: Callable[[T], R], pieces: Iterable[T], /) -> Iterator[R | Died]:
        under_way: deque[tuple[T, Future[R]]] = deque()
        for piece in pieces:
            under_way.append((piece, self._submitted(work, piece)))
            if len(under_way) >= self._workers * A_WORKER:
                first, future = under_way.popleft()
                found = self._result(work, first, future)
                yield found
        for piece, future in under_way:
            found = self._result(work, piece, future)
            yield found

    def end(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, work: Callable[[T], R], piece: T) -> Future[R]:
        try:
            return self._pool.submit(work, piece)
        except BrokenProcessPool:  # a worker has died, and with it the pool
            self._pool = _pool(self._workers)
            return self._pool.submit(work, piece)

    def _result(self, work: Callable[[T], R], piece: T, future: Future[R]) -> R | Died:
        try:
            found = future.result()
        except BrokenProcessPool:  # all that was under way went with the worker: whose fault was it?
            return self._alone(work, piece)
        self._died_alone = 0
        return found

    def _alone(self, work: Callable[[T], R], piece: T) -> R | Died:
        try:
            with _pool(1) as pool:
                found = pool.submit(work, piece).result()
        except BrokenProcessPool as error:
            self._died_alone += 1
            if self._died_alone >= MOST_DEATHS:
                raise WorkerDied(
                    "worker processes die whatever they read, perhaps for want of memory: try fewer QUOTETRACK_WORKERS"
                ) from error
            return Died()
        self._died_alone = 0
        return found


def _pool(workers: int) -> ProcessPoolExecutor:
    # Not forked: threads that hold a lock in the parent (torch has some) would never let go of it in the child.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_settle)


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
