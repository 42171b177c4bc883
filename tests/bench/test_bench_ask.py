"""How long an answer takes by the size of the store: warm, with a speaker and without, and from a cold start.

With QUOTETRACK_BENCH_FULL=1 also a million quotations. Stores are kept in QUOTETRACK_BENCH_FOLDER, if it is set.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import pytest
from tests.bench.stores import speaker_name, store_of

from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder, load_question_embedder
from quotetrack.search.answer import ask
from quotetrack.store import close_store, open_store

IS_FULL = os.environ.get("QUOTETRACK_BENCH_FULL") == "1"
SIZES = (10_000, 100_000, 1_000_000) if IS_FULL else (10_000, 100_000)
ROUNDS = 100  # each topic twenty times
TODAY = date(2031, 6, 15)
TOPICS = ("bal dem", "the fin of gor", "kyv", "lör bal man", "pütz and rest")
MOST_GROWTH = 20  # of the time of an answer, from ten thousand quotations to a hundred thousand
COLD_RUNS = 7
LARGEST_SHARE = 0.25  # of the processor time of `import sentence_transformers`, for a whole `quotetrack ask`
MOST_OVER_LIBRARIES = 2  # times the processor time of the import of what no answer can do without; 1.4 was measured
LIBRARIES = "import numpy, pydantic_settings, sqlalchemy.orm, typer"

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_question_embedder(Settings().embedding_model)  # as the command does


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


def test_a_whole_process_answers_before_sentence_transformers_is_imported(tmp_path: Path, embedder: Embedder) -> None:
    close_store(store_of(tmp_path / "small.db", 1_000, embedder.name, embedder.dimensions))
    ask = ["-m", "quotetrack", "ask", "--database", str(tmp_path / "small.db")]
    processes = {
        "ask about a topic": [*ask, "quotes about bal dem"],
        "ask about a speaker": [*ask, f"what did {speaker_name(40)} say"],
        "import of the libraries": ["-c", LIBRARIES],
        "import sentence_transformers": ["-c", "import sentence_transformers"],
    }
    seconds = {name: _median_seconds(arguments) for name, arguments in processes.items()}
    print(f"\n{'of a whole process, medians':28}{'processor s':>12}{'wall s':>8}")
    for name, (processor, wall) in seconds.items():
        print(f"{name:28}{processor:>12.2f}{wall:>8.2f}")
    for question in ("ask about a topic", "ask about a speaker"):
        assert seconds[question][0] <= LARGEST_SHARE * seconds["import sentence_transformers"][0]
        assert seconds[question][0] <= MOST_OVER_LIBRARIES * seconds["import of the libraries"][0]


def _median_seconds(arguments: list[str]) -> tuple[float, float]:
    """Return the processor time and the wall time of a new process, each the median of some runs."""
    times = []
    for _ in range(COLD_RUNS):
        used, began = _seconds_of_children(), time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append((_seconds_of_children() - used, time.perf_counter() - began))
    processor, wall = zip(*times, strict=True)
    return median(processor), median(wall)


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
