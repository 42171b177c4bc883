"""Link sightings in a process by itself, then those of one more night, and print the cost as JSON.

`python -m tests.bench.linking 10000 5000`: seconds of CPU, which do not depend on other load, and peak memory in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.sightings import fill, sightings

from quotetrack.pipeline.steps import link
from quotetrack.store import close_store, open_store

RSS_UNITS_A_MEGABYTE = 1_000 if sys.platform != "darwin" else 1_000_000  # ru_maxrss is in kB, on macOS in bytes


def main(number: int, night: int) -> None:
    """Store `number` sightings without extraction, link them, then store and link `night` more."""
    with TemporaryDirectory() as folder:
        database = Path(folder, "news.db")
        sessions = open_store(f"sqlite:///{database}")
        synthetic = sightings()
        with sessions.begin() as session:
            fill(session, synthetic, number)
        seconds = _cpu_seconds(lambda: link.run(sessions))
        with sessions.begin() as session:
            fill(session, synthetic, night)
        night_seconds = _cpu_seconds(lambda: link.run(sessions))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / RSS_UNITS_A_MEGABYTE
        close_store(sessions)
        size = database.stat().st_size / 1e6
    cost = {"sightings": number, "seconds": seconds, "night": night, "night_seconds": night_seconds}
    print(json.dumps({**cost, "peak_mb": peak, "database_mb": size}))


def _cpu_seconds(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
