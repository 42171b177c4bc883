"""Both engines run every task; a lost worker costs one task; a lost scheduler is an error that says so."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from quotetrack.pipeline.executors import engine
from quotetrack.pipeline.executors.engine import Lost, SchedulerGone, UnfitWorkers, dask_engine, local_engine


def doubled(number: int) -> int:
    return number * 2


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def die_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marker.name


def die_four_times(folder: Path) -> int:
    deaths = len(list(folder.iterdir()))
    if deaths < 4:
        (folder / str(deaths)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return deaths


def refuse(number: int) -> int:
    raise LookupError(f"no {number}")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as opened:
        yield opened


def test_processes_of_this_machine_do_every_task() -> None:
    with local_engine(1) as run:
        assert dict(run(doubled, range(5))) == {number: number * 2 for number in range(5)}


@pytest.mark.slow
def test_a_crashing_task_is_lost_alone_on_this_machine() -> None:
    with local_engine(2) as run:
        results = dict(run(die_at_three, range(5)))
    assert isinstance(results.pop(3), Lost) and results == {0: 0, 1: 2, 2: 4, 4: 8}


@pytest.mark.slow
def test_a_cluster_does_every_task(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TASKS_SUBMITTED", 3)  # the others follow as results come
    with dask_engine(cluster.scheduler_address) as run:
        assert dict(run(doubled, range(20))) == {number: number * 2 for number in range(20)}
        with pytest.raises(LookupError, match="no 1"):
            dict(run(refuse, [1]))


@pytest.mark.slow
def test_a_task_whose_worker_is_killed_is_done_by_another(cluster: LocalCluster, tmp_path: Path) -> None:
    with dask_engine(cluster.scheduler_address) as run:
        assert dict(run(die_once, [tmp_path / "one"])) == {tmp_path / "one": "one"}
        results = dict(run(die_at_three, range(5)))
    assert isinstance(results.pop(3), Lost) and results == {0: 0, 1: 2, 2: 4, 4: 8}


@pytest.mark.slow
def test_a_lost_task_is_tried_once_more_alone(cluster: LocalCluster, tmp_path: Path) -> None:
    """Dask gives a task up after four lost workers, also a task that only waited on them."""
    with dask_engine(cluster.scheduler_address) as run:
        assert dict(run(die_four_times, [tmp_path])) == {tmp_path: 4}


@pytest.mark.slow
def test_workers_with_several_threads_are_refused() -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as threaded,
        dask_engine(threaded.scheduler_address) as run,
        pytest.raises(UnfitWorkers, match="--nthreads 1"),
    ):
        next(run(doubled, [1]))


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CONNECT_SECONDS", 1)
    with pytest.raises(SchedulerGone, match=r"tcp://127\.0\.0\.1:9"), dask_engine("tcp://127.0.0.1:9"):
        pass


@pytest.mark.slow
def test_a_scheduler_that_ends_in_the_middle_is_an_error() -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as ending,
        dask_engine(ending.scheduler_address) as run,
    ):
        results = run(doubled, range(100))
        next(results)
        ending.close()
        with pytest.raises(SchedulerGone, match="run the command again"):
            list(results)
