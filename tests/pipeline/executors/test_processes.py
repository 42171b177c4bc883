"""Several processes: the same results in the same order, bounded memory, and no worker left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.synthetic_news import invented, rows_of

from quotetrack.core.domain import Article
from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.executors.processes import TASKS_A_WORKER, WorkerCrashed, WorkersKeepCrashing, mapper
from quotetrack.pipeline.nightly import ingest
from quotetrack.pipeline.steps import extract
from quotetrack.store import close_store, open_store

NOW = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)


def slow_square(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


def break_at_four(number: int) -> int:
    if number == 4:
        raise FileNotFoundError(2, "No such file or directory", "weights.json")
    return number


def crash_at_four(number: int) -> int:
    if number == 4:
        os._exit(1)
    return number


def killed_once_at_four(task: tuple[int, Path]) -> int:
    """Return the number; the first worker that gets 4 is killed, as by a system without memory."""
    number, mark = task
    if number == 4 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def extract_or_crash(_: str, wanted: extract.ArticleToRead, budget: object = None) -> extract.Statements:
    if wanted.article.url == invented(2)["url"]:
        os._exit(1)
    return extract.Statements([])


def process(_: int) -> int:
    time.sleep(0.1)
    return os.getpid()


def articles(count: int) -> list[Article]:
    fields = [invented(number) for number in range(count)]
    return [Article(url=f["url"], outlet=f["outlet"], title=f["title"], text=f["text"]) for f in fields]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    with mapper(workers) as as_map:
        assert list(as_map(slow_square, range(20))) == [number * number for number in range(20)]


def test_the_tasks_are_shared() -> None:
    with mapper(2) as as_map:
        assert len(set(as_map(process, range(8))) - {os.getpid()}) == 2


def test_few_tasks_are_started_before_their_results_are_taken() -> None:
    started: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1_000):
            started.append(number)
            yield number

    with mapper(2) as as_map:
        results = as_map(slow_square, tasks())
        for _ in range(5):
            next(results)
        assert len(started) <= 5 + 2 * TASKS_A_WORKER


def test_an_error_of_the_work_is_raised_in_the_parent() -> None:
    with mapper(2) as as_map, pytest.raises(FileNotFoundError) as raised:
        list(as_map(break_at_four, range(9)))
    assert raised.value.filename == "weights.json"


@pytest.mark.slow
def test_a_task_that_crashes_its_worker_costs_no_other_task() -> None:
    with mapper(2) as as_map:
        assert list(as_map(crash_at_four, range(12))) == [WorkerCrashed() if n == 4 else n for n in range(12)]


@pytest.mark.slow
def test_a_worker_that_is_killed_in_a_batch_costs_no_task(tmp_path: Path) -> None:
    with mapper(2) as as_map:
        tasks = [(number, tmp_path / "killed") for number in range(12)]
        assert list(as_map(killed_once_at_four, tasks)) == list(range(12))
    assert (tmp_path / "killed").exists()


def test_when_every_worker_crashes_the_run_ends() -> None:
    with mapper(2) as as_map, pytest.raises(WorkersKeepCrashing, match="QUOTETRACK_WORKERS"):
        list(as_map(os._exit, [1] * 9))


@pytest.mark.slow
def test_an_article_that_crashes_its_worker_is_a_failure_and_the_others_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extract, "extract_article", extract_or_crash)
    sessions = open_store(f"sqlite:///{tmp_path}/news.db")
    given = articles(5)
    with mapper(2) as as_map:
        report = ingest(sessions, given, outlets=load_outlets(), settings=Settings(), now=lambda: NOW, mapper=as_map)
    close_store(sessions)
    assert [(f.where, f.reason) for f in report.failures] == [
        (given[2].url, "extraction failed: the worker process crashed")
    ]
    assert report.read == 4


@pytest.mark.slow
def test_two_processes_store_the_same_as_one(tmp_path: Path) -> None:
    for workers in (1, 2):
        sessions = open_store(f"sqlite:///{tmp_path / str(workers)}.db")
        with mapper(workers) as as_map:
            ingest(sessions, articles(8), outlets=load_outlets(), settings=Settings(), now=lambda: NOW, mapper=as_map)
        close_store(sessions)
    one, two = rows_of(tmp_path / "1.db"), rows_of(tmp_path / "2.db")
    assert len(one["quotations"]) == 16
    assert one == two


def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "worker"
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, pathlib, time\n"
        "from quotetrack.pipeline.executors.processes import mapper\n"
        f"def work(_): pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    with mapper(2) as as_map: list(as_map(work, [1]))\n"
    )
    parent = subprocess.Popen([sys.executable, script])
    while not (pid_file.exists() and pid_file.read_text()):
        time.sleep(0.02)
    worker = int(pid_file.read_text())
    parent.kill()
    parent.wait()
    for _ in range(250):
        if not is_running(worker):
            return
        time.sleep(0.02)
    pytest.fail("the worker is still running")


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
