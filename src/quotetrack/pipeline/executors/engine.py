"""Run many independent tasks, each on whichever process is free: on this machine, or on the workers of a Dask cluster.

Both engines yield results as they come. A task whose worker is lost is tried again elsewhere. If that does not help
either, its result is `Lost`, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from quotetrack.core.errors import ExtraMissing, QuotetrackError
from quotetrack.pipeline.executors.processes import WorkerCrashed, mapper

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 15
TASKS_SUBMITTED = 1_000  # at once: a scheduler keeps some 40 KB for each, most of it the list of outlets

T = TypeVar("T")
R = TypeVar("R")


class SchedulerGone(QuotetrackError):
    """No scheduler answers. What was written stays, and the next run does the rest."""


class UnfitWorkers(QuotetrackError):
    """The workers of a cluster cannot do the work as they are."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The result of a task that no worker survived."""

    reason: str


class Engine(Protocol):
    """Runs a function on each of many tasks, in any order."""

    def __call__(self, work: Callable[[T], R], tasks: Sequence[T], /) -> Iterator[tuple[T, R | Lost]]:
        """Yield each task with its result. Raises what the work raises."""


@contextmanager
def local_engine(workers: int) -> Iterator[Engine]:
    """Give an engine with this number of processes; for 1, work in this process."""
    with mapper(workers) as as_map:

        def run(work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | Lost]]:
            for task, result in zip(tasks, as_map(work, tasks), strict=True):
                yield task, Lost("the worker process crashed") if isinstance(result, WorkerCrashed) else result

        yield run


@contextmanager
def dask_engine(scheduler: str) -> Iterator[Engine]:
    """Give an engine with the workers of a Dask cluster, by the address of its scheduler, such as `tcp://10.0.0.5:8786`.

    Raises ExtraMissing without Dask, SchedulerGone, and UnfitWorkers where a worker has several threads: the models
    are not made for them, and `--nworkers` gives as many processes.

    A task that waits on a worker which another task kills again and again counts as lost too. So lost tasks are tried
    once more at the end, one at a time.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ExtraMissing("A scheduler", "dask[distributed]", "dask") from None

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # it prints a traceback when the scheduler is gone
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise SchedulerGone(f"No Dask scheduler answers at {scheduler} ({error}). Start one: dask scheduler") from error
    with client:

        def run(work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[T, R | Lost]]:
            _refuse_threads(client)
            lost: list[T] = []
            for task, future in _futures(client, work, tasks, at_once=TASKS_SUBMITTED):
                result = _result(future, scheduler)
                if isinstance(result, Lost):
                    lost.append(task)
                else:
                    yield task, result
            for task, future in _futures(client, work, lost, at_once=1):
                yield task, _result(future, scheduler)

        yield run


def _refuse_threads(client: Client) -> None:
    workers = client.scheduler_info(n_workers=-1)["workers"]
    threaded = [name for name, worker in workers.items() if worker["nthreads"] > 1]
    if threaded:
        raise UnfitWorkers(
            f"The worker {threaded[0]} has several threads. Give it one, and more processes: "
            "dask worker SCHEDULER --nthreads 1 --nworkers 8"
        )


def _futures(
    client: Client, work: Callable[[T], R], tasks: Sequence[T], *, at_once: int
) -> Iterator[tuple[T, Future[R]]]:
    """Yield each task with its future as soon as it is done. At most `at_once` tasks are at the scheduler."""
    from distributed import as_completed

    waiting = iter(tasks)
    task_of = {client.submit(work, task, pure=False): task for task in islice(waiting, at_once)}
    running = as_completed(task_of)
    for future in running:
        yield task_of.pop(future), future
        for task in islice(waiting, 1):
            following = client.submit(work, task, pure=False)
            task_of[following] = task
            running.add(following)


def _result(future: Future[R], scheduler: str) -> R | Lost:
    """Return the result of a task that is over. Raises what its work raised, and SchedulerGone."""
    from distributed import KilledWorker

    if future.cancelled():
        raise SchedulerGone(
            f"The Dask scheduler at {scheduler} is gone. What was written stays: start it, and run the command again."
        )
    error = future.exception()
    if isinstance(error, KilledWorker):
        return Lost("every worker that had it was lost, perhaps for lack of memory")
    result: R = future.result()
    return result
