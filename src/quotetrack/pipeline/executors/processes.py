"""A `map` that uses several processes.

It promises that
- results come in the order of the work;
- at most `TASKS_A_WORKER` tasks a worker are started and not yet taken, so that memory stays bounded;
- a task that crashes its worker costs no other task: its result is `WorkerCrashed`, and the others are done;
- no worker outlives the process that started it.

Tasks and results are pickled. A worker keeps what it loads for one task, such as models, for the next.
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

MOST_CRASHES_IN_A_ROW = 3  # tasks in a row that also crash when they run by themselves: then the task is not the cause
TASKS_A_WORKER = 4  # started for each worker: enough that none waits, few enough to keep in memory
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "0"}

T = TypeVar("T")
R = TypeVar("R")


class WorkersKeepCrashing(QuotetrackError):
    """Workers crash whatever they work on. What was committed stays, and the rest waits for the next run."""


@dataclass(frozen=True, slots=True)
class WorkerCrashed:
    """The result of a task whose worker crashed twice: in the pool, then by itself."""


class Mapper(Protocol):
    """A function like `map`, with the results in the order of the tasks."""

    def __call__(self, work: Callable[[T], R], tasks: Iterable[T], /) -> Iterator[R | WorkerCrashed]:
        """Yield the result of each task. Raises what the work raises, and WorkersKeepCrashing."""


@contextmanager
def mapper(workers: int) -> Iterator[Mapper]:
    """Give a mapper with this number of processes, which start with the first task; for 1, use the built-in `map`."""
    if workers == 1:
        yield map
        return
    processes = _Processes(workers)
    try:
        yield processes
    finally:
        processes.shut_down()


class _Processes:
    """A pool that is given the next task when an earlier result is taken, and is replaced when a worker crashes."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = _new_pool(workers)
        self._crashes_in_a_row = 0

    def __call__(self, work: Callable[[T], R], tasks: Iterable[T], /) -> Iterator[R | WorkerCrashed]:
        started: deque[tuple[T, Future[R]]] = deque()
        for task in tasks:
            started.append((task, self._submit(work, task)))
            if len(started) >= self._workers * TASKS_A_WORKER:
                oldest, future = started.popleft()
                result = self._result(work, oldest, future)
                yield result
        for task, future in started:
            result = self._result(work, task, future)
            yield result

    def shut_down(self) -> None:
        """Start no more tasks, and do not wait for those that run."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[T], R], task: T) -> Future[R]:
        try:
            return self._pool.submit(work, task)
        except BrokenProcessPool:  # a worker crashed, which makes the whole pool unusable
            self._pool = _new_pool(self._workers)
            return self._pool.submit(work, task)

    def _result(self, work: Callable[[T], R], task: T, future: Future[R]) -> R | WorkerCrashed:
        try:
            result = future.result()
        except BrokenProcessPool:  # a crash fails every started task, and does not say which of them caused it
            return self._run_by_itself(work, task)
        self._crashes_in_a_row = 0
        return result

    def _run_by_itself(self, work: Callable[[T], R], task: T) -> R | WorkerCrashed:
        try:
            with _new_pool(1) as pool:
                result = pool.submit(work, task).result()
        except BrokenProcessPool as error:
            self._crashes_in_a_row += 1
            if self._crashes_in_a_row >= MOST_CRASHES_IN_A_ROW:
                raise WorkersKeepCrashing(
                    "Worker processes crash on every article, perhaps for lack of memory. Lower QUOTETRACK_WORKERS."
                ) from error
            return WorkerCrashed()
        self._crashes_in_a_row = 0
        return result


def _new_pool(workers: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a lock that a thread of the parent holds (torch has some) would stay locked in the child.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_set_up_worker)


def _set_up_worker() -> None:
    """Keep the worker to one core, leave Ctrl-C to the parent process, and end the worker with its parent."""
    os.environ.update(ONE_CORE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
