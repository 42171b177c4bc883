"""How long an answer takes by the size of the store: warm, with a speaker and without, and from a cold start.

With QUOTETRACK_BENCH_FULL=1 also a million quotations. Stores are kept in QUOTETRACK_BENCH_FOLDER, if it is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import pytest
from tests.bench.stores import speaker_name, store_of

from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder, load_embedder
from quotetrack.search.answer import ask
from quotetrack.store import close_store, open_store

IS_FULL = os.environ.get("QUOTETRACK_BENCH_FULL") == "1"
SIZES = (10_000, 100_000, 1_000_000) if IS_FULL else (10_000, 100_000)
ROUNDS = 20
TODAY = date(2031, 6, 15)
TOPICS = ("bal dem", "the fin of gor", "kyv", "lör bal man", "pütz and rest")
MOST_GROWTH = 20  # of the time of an answer, from ten thousand quotations to a hundred thousand
LARGEST_SHARE_OF_OURS = 0.5  # of a cold start, for our imports and the question; it was 0.13 on two busy cores

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings().embedding_model)


def test_an_answer_from_ten_times_the_quotations_takes_at_most_twenty_times_as_long(
    embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = os.environ.get("QUOTETRACK_BENCH_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("bench")
    medians: dict[tuple[int, str], float] = {}
    print(f"\n{'quotations':>10} {'asked':26}{'median ms':>10}{'p95 ms':>8}")
    for size in SIZES:
        path = folder / f"{size}.db"
        close_store(store_of(path, size, embedder.name, embedder.dimensions))
        sessions = open_store(f"sqlite:///{path}", read_only=True)  # as the command does
        for kind, speaker in (("most quoted speaker", 1), ("usual speaker", 40), ("no speaker", None)):
            times = []
            for number in range(ROUNDS):
                topic = TOPICS[number % len(TOPICS)]
                question = f"what did {speaker_name(speaker)} say about {topic}" if speaker else f"quotes about {topic}"
                began = time.perf_counter()
                with sessions() as session:
                    ask(session, question, embedder=embedder, today=TODAY)
                times.append(1000 * (time.perf_counter() - began))
            medians[size, kind] = median(times[1:])
            print(f"{size:>10} {kind:26}{median(times[1:]):>10.0f}{quantiles(times[1:], n=20)[-1]:>8.0f}")
        close_store(sessions)
    assert medians[100_000, "usual speaker"] <= MOST_GROWTH * medians[10_000, "usual speaker"]


def test_most_of_a_cold_start_is_that_of_the_libraries(tmp_path: Path, embedder: Embedder) -> None:
    close_store(store_of(tmp_path / "small.db", 1_000, embedder.name, embedder.dimensions))
    command = [sys.executable, "-c", _COLD_START, f"sqlite:///{tmp_path / 'small.db'}"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds: dict[str, float] = json.loads(run.stdout)
    print("\ncold start, seconds: " + ", ".join(f"{part} {value:.2f}" for part, value in seconds.items()))
    assert seconds["our imports"] + seconds["question"] <= LARGEST_SHARE_OF_OURS * sum(seconds.values())


_COLD_START = """
import json, sys, time
began = time.perf_counter()
from datetime import date
from quotetrack.core.settings import Settings
from quotetrack.search.answer import ask
from quotetrack.store import open_store
ours = time.perf_counter()
import sentence_transformers
theirs = time.perf_counter()
from quotetrack.models.embedder import load_embedder
embedder = load_embedder(Settings().embedding_model)
loaded = time.perf_counter()
with open_store(sys.argv[1], read_only=True)() as session:
    ask(session, "quotes about bal dem", embedder=embedder, today=date(2031, 6, 15))
ends = time.perf_counter()
print(json.dumps({"our imports": ours - began, "sentence-transformers": theirs - ours, "weights": loaded - theirs,
                  "question": ends - loaded}))
"""
