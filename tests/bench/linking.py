"""Links so many sightings in a process of its own, then a night's more, and prints what that cost, as JSON.

`python -m tests.bench.linking 10000 5000`: seconds of CPU, which a busy machine does not change, and peak memory in MB.
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

MEGABYTE = 1_000 if sys.platform != "darwin" else 1_000_000


def main(number: int, night: int) -> None:
    """On file first, past extraction; then linked; then a night's sightings more."""
    with TemporaryDirectory() as folder:
        database = Path(folder, "news.db")
        sessions = open_store(f"sqlite:///{database}")
        found = sightings()
        with sessions.begin() as session:
            fill(session, found, number)
        all_of_it = _seconds(lambda: link.run(sessions))
        with sessions.begin() as session:
            fill(session, found, night)
        a_night = _seconds(lambda: link.run(sessions))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
        close_store(sessions)
        size = database.stat().st_size / 1e6
    told = {"sightings": number, "seconds": all_of_it, "night": night, "night_seconds": a_night, "peak_mb": peak}
    print(json.dumps({**told, "database_mb": size}))


def _seconds(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
