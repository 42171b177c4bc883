"""How long an answer takes, by the size of the store: warm, with a speaker and without, and cold by its parts.

A million quotations with QUOTETRACK_BENCH_FULL=1, in QUOTETRACK_BENCH_FOLDER, where it is kept for the next time.
"""

from __future__ import annotations

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
MOST_TIMES = 20  # a hundred thousand quotations may take so many times as long as ten thousand

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings().embedding_model)


def test_an_answer_by_the_size_of_the_store(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> None:
    named = os.environ.get("QUOTETRACK_BENCH_FOLDER")
    folder = Path(named) if named else tmp_path_factory.mktemp("bench")
    medians: dict[tuple[int, str], float] = {}
    print(f"\n{'quotations':>10} {'asked':26}{'median ms':>10}{'p95 ms':>8}")
    for size in SIZES:
        path = folder / f"{size}.db"
        close_store(store_of(path, size, embedder.name, embedder.dimensions))
        sessions = open_store(f"sqlite:///{path}", read_only=True)  # as the command does
        for what, speaker in (("most quoted speaker", 1), ("usual speaker", 40), ("no speaker", None)):
            times = []
            for number in range(ROUNDS):
                topic = TOPICS[number % len(TOPICS)]
                asked = f"what did {speaker_name(speaker)} say about {topic}" if speaker else f"quotes about {topic}"
                began = time.perf_counter()
                with sessions() as session:
                    ask(session, asked, embedder=embedder, today=TODAY)
                times.append(1000 * (time.perf_counter() - began))
            medians[size, what] = median(times[1:])
            print(f"{size:>10} {what:26}{median(times[1:]):>10.0f}{quantiles(times[1:], n=20)[-1]:>8.0f}")
        close_store(sessions)
    assert medians[100_000, "usual speaker"] <= MOST_TIMES * medians[10_000, "usual speaker"]


def test_a_cold_start_by_its_parts(tmp_path: Path, embedder: Embedder) -> None:
    close_store(store_of(tmp_path / "small.db", 1_000, embedder.name, embedder.dimensions))
    parts = subprocess.run(
        [sys.executable, "-c", _COLD, f"sqlite:///{tmp_path / 'small.db'}"], capture_output=True, text=True, check=True
    )
    print(f"\ncold start, seconds: {parts.stdout.strip()}")


_COLD = """
import sys, time
began = time.perf_counter()
from datetime import date
from quotetrack.query import ask
from quotetrack.settings import Settings
from quotetrack.store import open_store
ours = time.perf_counter()
import sentence_transformers
theirs = time.perf_counter()
from quotetrack.embed import load_embedder
embedder = load_embedder(Settings().embedding_model)
loaded = time.perf_counter()
with open_store(sys.argv[1], read_only=True)() as session:
    ask(session, "quotes about bal dem", embedder=embedder, today=date(2031, 6, 15))
print(f"our imports {ours - began:.2f}, sentence-transformers {theirs - ours:.2f}, "
      f"weights {loaded - theirs:.2f}, question {time.perf_counter() - loaded:.2f}")
"""
