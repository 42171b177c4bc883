"""Some nights in a process of its own, measured: `python -m tests.bench.soak FILE_OR_FOLDER ROUND WORKERS`.

Prints JSON: done and seconds of each stage, and the peak memory of each round in MB, that of the driver alone.
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

PAGE = os.sysconf("SC_PAGE_SIZE")


def main(path: Path, articles_a_round: int, workers: int) -> None:
    """One night over a file or folder, in rounds of so many articles."""
    nightly.OUTCOMES_A_ROUND = articles_a_round
    peaks: defaultdict[int, float] = defaultdict(float)
    taken = 0

    def on_progress(step: str, done: int, _of: int | None) -> None:
        nonlocal taken
        taken = done if step == "reading" else taken
        part = max(0, taken - 1) // articles_a_round
        peaks[part] = max(peaks[part], memory())

    with tempfile.TemporaryDirectory() as folder, mapper(workers) as as_map:
        sessions = open_store(f"sqlite:///{folder}/news.db")
        night = nightly.nightly(
            sessions,
            [Source(name="soak", kind="folder", path=path)],
            connect=_nobody,
            outlets=load_outlets(),
            settings=Settings(evidence=None),
            now=lambda: datetime.now(UTC),
            mapper=as_map,
            on_progress=on_progress,
        )
        close_store(sessions)
    print(json.dumps({"stages": night.stages, "counts": night.counts(), "peaks": [peaks[k] for k in sorted(peaks)]}))


def memory() -> float:
    """What the process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def _nobody() -> Client:
    raise AssertionError("nothing is fetched")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
