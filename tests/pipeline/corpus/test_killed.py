"""A worker that is killed in the middle costs nothing: the corpus is the same, byte by byte."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from tests.pipeline.corpus.newsroom import extracted, write_partitions

from quotetrack.pipeline.corpus.extract import done_partitions
from quotetrack.pipeline.corpus.link import link_corpus
from quotetrack.pipeline.corpus.places import Prefix
from quotetrack.pipeline.executors.engine import dask_engine, local_engine

WAIT_SECONDS = 600  # for a machine under load; a run takes some thirty seconds


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_a_killed_worker_changes_no_byte(tmp_path: Path) -> None:
    sources, killed = write_partitions(tmp_path / "news", [1, 2, 1]), tmp_path / "killed"
    whole = Prefix(str(tmp_path / "whole"))
    extracted(sources, whole.url)
    with local_engine(1) as engine:
        link_corpus(whole, done_partitions(whole), engine)
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        dask_engine(cluster.scheduler_address) as engine,
        ThreadPoolExecutor(1) as runner,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        run = runner.submit(extracted, sources, killed, engine)
        until = time.monotonic() + WAIT_SECONDS
        while not list(killed.glob("_unfinished/*/*")) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(victim, signal.SIGKILL)
        assert not run.result(WAIT_SECONDS).failed
        assert victim not in client.run(os.getpid).values()  # its nanny started another one
        victims = iter([next(iter(client.run(os.getpid).values()))])

        def kill_one_worker(_event: str, _fields: object) -> None:
            for each in victims:
                os.kill(each, signal.SIGKILL)

        link_corpus(Prefix(str(killed)), done_partitions(Prefix(str(killed))), engine, on_event=kill_one_worker)
    assert files_of(killed) == files_of(tmp_path / "whole")
