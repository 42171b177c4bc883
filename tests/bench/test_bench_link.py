"""What linking costs by size, what one more sighting costs at the largest, and beside two other ways. `make bench`.

With QUOTETRACK_BENCH_FULL=1 also a million sightings, which takes the best part of an hour.
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
MOST_GROWTH = 2.0  # of what one new sighting costs, from the smallest store to the largest (issue 5)
RIVALS = 10_000
ALIKE = 50  # of 100, and of 1 for the sets: what the rivals take for a pair
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


def test_beside_all_pairs_and_beside_minhash() -> None:
    found = list(islice(sightings(), RIVALS))
    ways: dict[str, Callable[[list[Sighting]], int]] = {
        "find_links": lambda all_of_them: len(find_links(all_of_them)),
        "rapidfuzz.process.cdist": _all_pairs,
        "datasketch.MinHashLSH": _min_hashes,
    }
    seconds: dict[str, float] = {}
    print(f"\n{len(found)} sightings without a store")
    for way, run in ways.items():
        read_wording.cache_clear()
        began = time.process_time()
        pairs = run(found)
        seconds[way] = time.process_time() - began
        print(
            f"{way:26}{seconds[way]:8.1f} CPU s{pairs:10} pairs   to ours {seconds[way] / seconds['find_links']:6.1f}"
        )
    assert seconds["find_links"] < seconds["rapidfuzz.process.cdist"]


def _measured(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.linking", str(size), str(NIGHT)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(run.stdout)
    return told


def _all_pairs(found: list[Sighting]) -> int:
    """Every two wordings by the ratio of their characters."""
    words = sorted({sighting.words for sighting in found})
    pairs = 0
    for start in range(0, len(words), ROWS_AT_ONCE):
        some = words[start : start + ROWS_AT_ONCE]
        pairs += int(
            np.count_nonzero(process.cdist(some, words, scorer=fuzz.ratio, dtype=np.uint8, score_cutoff=ALIKE))
        )
    return (pairs - len(words)) // 2


def _min_hashes(found: list[Sighting]) -> int:
    """Sets of word 3-grams, by a signature of 128."""
    index = MinHashLSH(threshold=ALIKE / 100, num_perm=128)
    pairs = 0
    for words in sorted({sighting.words for sighting in found}):
        signature = MinHash(num_perm=128)
        tokens = words.split()
        signature.update_batch([" ".join(tokens[i : i + 3]).encode() for i in range(max(1, len(tokens) - 2))])
        pairs += len(index.query(signature))
        index.insert(words, signature)
    return pairs
