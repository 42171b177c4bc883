"""A corpus in one night: memory stays flat, a second process pays, and each stage is timed. Run by `make bench`.

With QUOTETRACK_BENCH_FULL=1 over 20,000 invented articles, else over 2,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.quality.gold_sets import ROOT, SHARED
from tests.synthetic_news import write_invented

ARTICLES = 20_000 if os.environ.get("QUOTETRACK_BENCH_FULL") else 2_000
ROUNDS = 4  # each quarter of the night does the same: ingest, extract, link, embed
MOST_GROWTH = 1.1  # of peak memory, from the second quarter to the last
LEAST_GAIN = 0.8  # of a second process, as a share of the gain of two empty loops now: 1.6 where two cores are free
SPIN = "sum(i * i for i in range(20_000_000))"  # some seconds of one core
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_invented(tmp_path_factory.mktemp("corpus") / "news.jsonl", ARTICLES)


def test_memory_stays_flat_and_a_second_process_pays(corpus: Path) -> None:
    rates, possible_gain = {}, gain_of_two_loops()
    print(f"\n{ARTICLES} articles in {ROUNDS} rounds; peak memory of the main process in each, MB")
    for workers in (1, 2):
        night = run_night(corpus, ARTICLES // ROUNDS, workers)
        extracting = night["stages"]["extracting"]
        rates[workers] = extracting["done"] / extracting["seconds"]
        peaks = night["peaks"]
        print(
            f"{workers} process(es): {rates[workers]:6.1f} articles/s extracted; " + " ".join(f"{p:.0f}" for p in peaks)
        )
        for stage, counted in night["stages"].items():
            if counted["done"]:
                print(f"    {stage}: {counted['done']:.0f} in {counted['seconds']:.1f} s")
        assert peaks[-1] <= MOST_GROWTH * peaks[1]
    gain = rates[2] / rates[1]
    print(
        f"two processes extract {gain:.2f} times as fast as one; two empty loops run {possible_gain:.2f} times as fast"
    )
    assert gain >= LEAST_GAIN * possible_gain


@pytest.mark.gate
@pytest.mark.skipif(not (SHARED / "pages").is_dir(), reason=f"no measuring data at {SHARED}")
def test_every_page_of_a_night_is_stored(tmp_path: Path) -> None:
    for page in (SHARED / "pages").glob("*.html.gz"):
        (tmp_path / page.name).symlink_to(page)
    night = run_night(tmp_path, ARTICLES, workers=1)
    pages, seconds = night["counts"]["new"], sum(counted["seconds"] for counted in night["stages"].values())
    print(f"\n{pages} pages in {seconds:.1f} s, models loaded: {pages / seconds:.2f} pages/s end to end on one core")
    for stage, counted in night["stages"].items():
        if counted["done"]:
            print(f"    {stage}: {counted['done']:.0f} in {counted['seconds']:.1f} s")
    assert pages == len(list(tmp_path.iterdir()))


def gain_of_two_loops() -> float:
    """Return how much more work two processes do than one on the cores that are free now: 2 where two are."""
    seconds = {}
    for loops in (1, 2):
        began = time.perf_counter()
        running = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(loops)]
        for loop in running:
            loop.wait()
        seconds[loops] = time.perf_counter() - began
    return 2 * seconds[1] / seconds[2]


def run_night(path: Path, articles_a_round: int, workers: int) -> Any:
    """Return the measurements of `tests.bench.soak`, each process on one core."""
    command = [sys.executable, "-m", "tests.bench.soak", str(path), str(articles_a_round), str(workers)]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_CORE)
    return json.loads(run.stdout)
