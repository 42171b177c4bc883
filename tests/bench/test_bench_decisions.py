"""The cost of one more decision among few and among ten thousand, in a store of ten thousand quotations.

Run by `make bench`. What counts is that the cost does not grow with the number of decisions. Processor time is printed
beside the time that passed: on a machine that others use as well, it is the figure to compare.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from tests.bench.stores import NOW, store_of

from quotetrack.core.domain import CorrectionFault
from quotetrack.core.settings import Settings
from quotetrack.models.embedder import embedder_name
from quotetrack.pipeline.steps import correct, link, relate
from quotetrack.review.corrections import correct as correct_sighting
from quotetrack.review.judgements import judge
from quotetrack.review.speakers import Alias, import_speakers, rename
from quotetrack.store import Sessions
from quotetrack.store.corrections import put_correction
from quotetrack.store.decisions import anchor_of_sighting, put_judgement

pytestmark = pytest.mark.bench

QUOTATIONS = 10_000
DECISIONS = 10_000
TIMED = 60  # of each kind
MOST_GROWTH = 2.0
SETTINGS = Settings()
BY: dict[str, Any] = {"decided_by": "ada", "now": NOW + timedelta(days=1), "settings": SETTINGS}


def test_a_decision_costs_the_same_among_ten_thousand(tmp_path: Path) -> None:
    model = embedder_name(SETTINGS.embedding_model)
    assert model is not None
    sessions = store_of(tmp_path / "news.db", QUOTATIONS, model, 384)
    link.run(sessions)
    relate.run(sessions, model)
    _analyse(sessions)
    few = _costs(sessions, first=1)
    _decide_much(sessions)
    _analyse(sessions)
    many = _costs(sessions, first=5_001)
    print(f"\nmilliseconds for one more decision{'few':>10}{DECISIONS:>10}{'processor':>11}{DECISIONS:>10}")
    for kind in few:
        print(
            f"{kind:34}{few[kind].passed:10.1f}{many[kind].passed:10.1f}"
            f"{few[kind].processor:11.1f}{many[kind].processor:10.1f}"
        )
    passed = [median(cost.passed for cost in costs.values()) for costs in (few, many)]
    assert passed[1] <= MOST_GROWTH * passed[0]


def _analyse(sessions: Sessions) -> None:
    """Count the rows again: the counts of `store_of` are of a store that is not linked, and mislead SQLite."""
    with sessions.begin() as session:
        session.execute(text("ANALYZE"))


def _decide_much(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for number in range(1, DECISIONS // 2 + 1):
            url, anchor = anchor_of_sighting(session, number)
            by: dict[str, Any] = {"decided_by": "ada", "now": NOW}
            put_correction(session, url, anchor, CorrectionFault.DAY, "2031-03-01", **by)
            put_judgement(session, number, number + 5_000, same=False, **by)
    correct.run(sessions, NOW)
    link.run(sessions)
    model = embedder_name(SETTINGS.embedding_model)
    assert model is not None
    relate.run(sessions, model)


class _Cost(NamedTuple):
    """Milliseconds for one decision."""

    passed: float
    processor: float


def _costs(sessions: Sessions, first: int) -> dict[str, _Cost]:
    """Return the medians for one decision of each kind; `first` is the first sighting that is decided about."""
    kinds: dict[str, Callable[[int], object]] = {
        "judge": lambda n: judge(sessions, n, n + 2_000, same=False, **BY),
        "correct --speaker": lambda n: correct_sighting(sessions, n, CorrectionFault.SPEAKER, "Odd Marek", **BY),
        "correct --day": lambda n: correct_sighting(sessions, n, CorrectionFault.DAY, "2031-03-02", **BY),
        "speakers rename": lambda n: rename(sessions, 200 + n % 100, f"Renamed Person{n}", **BY),
        "speakers import, a line": lambda n: import_speakers(sessions, [Alias("Odd Marek", f"O{n} Marek")], **BY),
    }
    costs = {kind: [_cost(decide, n) for n in _numbers(first)] for kind, decide in kinds.items()}
    return {kind: _Cost(*map(median, zip(*each, strict=True))) for kind, each in costs.items()}


def _numbers(first: int) -> Iterator[int]:
    return iter(range(first, first + 20 * TIMED, 20))


def _cost(decide: Callable[[int], object], number: int) -> _Cost:
    began, worked = time.perf_counter(), time.process_time()
    decide(number)
    return _Cost((time.perf_counter() - began) * 1_000, (time.process_time() - worked) * 1_000)
