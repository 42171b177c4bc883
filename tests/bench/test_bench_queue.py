"""The cost of the review queue by the size of the store. Stores are kept in QUOTETRACK_BENCH_FOLDER, if it is set."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import text
from tests.bench.stores import store_of

from quotetrack.review.queue import review_queue
from quotetrack.store import Sessions, close_store

SIZES = (10_000, 100_000)
ROUNDS = 5
MOST_GROWTH = 6  # of the CPU time of a queue, from ten thousand quotations to a hundred thousand; it was 2.1
# A tenth of the names is unsure, a quarter of the utterances has two speakers, half of the days are told elsewhere.
DOUBTS = (
    "UPDATE quotations SET attribution_confidence = 0.3 + 0.0001 * (id % 3000) WHERE id % 10 = 0",
    "UPDATE quotations SET utterance_id = id - 1 WHERE id % 4 = 1 AND id > 1",
    "UPDATE quotations SET said_basis = 'stated_nearby', said_evidence_start = 0, said_evidence_end = 6"
    " WHERE id % 2 = 0",
    "UPDATE speakers SET kind = 'described', name = lower(name) || ' who' WHERE id % 5 = 0",
    "INSERT INTO links (left_id, right_id, kind, score, flags, linker)"
    " SELECT id - 1, id, 'reworded', 0.5 + 0.0001 * (id % 5000), '[]', 'bench' FROM quotations"
    " WHERE id % 4 = 1 AND id > 1",
)

pytestmark = pytest.mark.bench


def doubtful_store(folder: Path, copies: Path, size: int) -> Sessions:
    """Return a copy of the store of this size, in which much deserves a look."""
    path = folder / f"{size}.db"
    close_store(store_of(path, size, "bench", 4))
    sessions = store_of(Path(shutil.copy(path, copies / f"doubtful{size}.db")), size, "bench", 4)
    with sessions.begin() as session:
        for statement in DOUBTS:
            session.execute(text(statement))
    return sessions


def test_a_queue_of_ten_times_the_quotations_takes_little_longer(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = os.environ.get("QUOTETRACK_BENCH_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("bench")
    medians = []
    print(f"\n{'quotations':>10}{'CPU ms':>10}")
    for size in SIZES:
        sessions = doubtful_store(folder, tmp_path, size)
        times = []
        for _ in range(ROUNDS):
            began = time.process_time()
            with sessions() as session:
                doubts = review_queue(session, 20)
            times.append(time.process_time() - began)
            assert len(doubts) == 20
        medians.append(median(times))
        print(f"{size:>10}{1000 * medians[-1]:>10.1f}")
        close_store(sessions)
    assert medians[1] <= MOST_GROWTH * medians[0]
