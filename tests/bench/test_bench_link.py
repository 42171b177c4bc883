"""The cost of linking by the size of the store, and compared with two other ways. Run by `make bench`.

With QUOTETRACK_BENCH_FULL=1 also a million sightings, which takes nearly an hour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz, process
from tests.bench.sightings import sightings
from tests.quality.gold_sets import ROOT

from quotetrack.core.domain import Sighting
from quotetrack.linking.compare import find_links
from quotetrack.linking.wordings import read_wording

SIZES = [10_000, 100_000, *([1_000_000] if os.environ.get("QUOTETRACK_BENCH_FULL") else [])]
NIGHT = 5_000
MOST_GROWTH = 2.0  # of the cost of a new sighting, from the smallest store to the largest
COMPARED = 10_000  # sightings
LEAST_SIMILARITY = 50  # per cent, from which the other ways call two wordings a pair
ROWS_AT_ONCE = 500

pytestmark = pytest.mark.bench


def test_a_new_sighting_costs_at_the_largest_at_most_twice_what_it_costs_at_the_smallest() -> None:
    rows = [_measured(size) for size in SIZES]
    print(f"\n{'sightings':>10}{'CPU s':>9}{'ms each':>9}{'night s':>9}{'ms each':>9}{'peak MB':>9}{'on disk':>9}")
    for row in rows:
        each, at_night = 1_000 * row["seconds"] / row["sightings"], 1_000 * row["night_seconds"] / row["night"]
        print(
            f"{row['sightings']:10.0f}{row['seconds']:9.1f}{each:9.2f}{row['night_seconds']:9.1f}{at_night:9.2f}"
            f"{row['peak_mb']:9.0f}{row['database_mb']:9.0f}"
        )
    assert rows[-1]["night_seconds"] <= MOST_GROWTH * rows[0]["night_seconds"]


def test_linking_is_faster_than_comparing_all_pairs() -> None:
    compared = list(islice(sightings(), COMPARED))
    ways: dict[str, Callable[[list[Sighting]], int]] = {
        "find_links": lambda several: len(find_links(several)),
        "rapidfuzz.process.cdist": _all_pairs,
        "datasketch.MinHashLSH": _min_hashes,
    }
    seconds: dict[str, float] = {}
    print(f"\n{len(compared)} sightings without a store")
    for way, run in ways.items():
        read_wording.cache_clear()
        began = time.process_time()
        pairs = run(compared)
        seconds[way] = time.process_time() - began
        print(
            f"{way:26}{seconds[way]:8.1f} CPU s{pairs:10} pairs   to ours {seconds[way] / seconds['find_links']:6.1f}"
        )
    assert seconds["find_links"] < seconds["rapidfuzz.process.cdist"]


def _measured(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.linking", str(size), str(NIGHT)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    cost: dict[str, float] = json.loads(run.stdout)
    return cost


def _all_pairs(compared: list[Sighting]) -> int:
    """Return the number of pairs of wordings by the ratio of their characters."""
    words = sorted({sighting.words for sighting in compared})
    pairs = 0
    for start in range(0, len(words), ROWS_AT_ONCE):
        rows = words[start : start + ROWS_AT_ONCE]
        pairs += int(
            np.count_nonzero(
                process.cdist(rows, words, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=LEAST_SIMILARITY)
            )
        )
    return (pairs - len(words)) // 2


def _min_hashes(compared: list[Sighting]) -> int:
    """Return the number of pairs of sets of word 3-grams, by signatures of 128 hashes."""
    index = MinHashLSH(threshold=LEAST_SIMILARITY / 100, num_perm=128)
    pairs = 0
    for words in sorted({sighting.words for sighting in compared}):
        signature = MinHash(num_perm=128)
        tokens = words.split()
        signature.update_batch([" ".join(tokens[i : i + 3]).encode() for i in range(max(1, len(tokens) - 2))])
        pairs += len(index.query(signature))
        index.insert(words, signature)
    return pairs
