"""Measure one nightly run in a process by itself: `python -m tests.bench.soak FILE_OR_FOLDER ROUND WORKERS`.

Prints JSON: number done and seconds of each stage, and the peak memory of the main process in each round, in MB.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.crawl.client import Client
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline import nightly
from quotetrack.pipeline.executors.processes import mapper
from quotetrack.store import close_store, open_store

PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")  # bytes


def main(path: Path, articles_a_round: int, workers: int) -> None:
    """Run one night over a file or folder, in rounds of `articles_a_round`."""
    nightly.OUTCOMES_A_ROUND = articles_a_round
    peaks: defaultdict[int, float] = defaultdict(float)
    articles_read = 0

    def on_progress(step: str, done: int, _of: int | None) -> None:
        nonlocal articles_read
        articles_read = done if step == "reading" else articles_read
        round_ = max(0, articles_read - 1) // articles_a_round
        peaks[round_] = max(peaks[round_], memory())

    with tempfile.TemporaryDirectory() as folder, mapper(workers) as map_articles:
        sessions = open_store(f"sqlite:///{folder}/news.db")
        night = nightly.nightly(
            sessions,
            [Source(name="soak", kind="folder", path=path)],
            connect=_refuse,
            outlets=load_outlets(),
            settings=Settings(evidence=None),
            now=lambda: datetime.now(UTC),
            mapper=map_articles,
            on_progress=on_progress,
        )
        close_store(sessions)
    print(json.dumps({"stages": night.stages, "counts": night.counts(), "peaks": [peaks[k] for k in sorted(peaks)]}))


def memory() -> float:
    """Return the resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE / 1e6


def _refuse() -> Client:
    raise AssertionError("nothing is fetched")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
