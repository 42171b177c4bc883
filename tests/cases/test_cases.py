"""The cases hold their pinned figures: all of them where slow tests run, a few in every run."""

from __future__ import annotations

import pytest
from tests.cases import baseline
from tests.cases.cases import read_cases
from tests.cases.linking import read_link_cases, score_link_cases
from tests.cases.run import figure_lines
from tests.cases.scoring import score_cases, summarize

PINNED = baseline.read_baseline()


@pytest.fixture(scope="session")
def measured() -> baseline.Baseline:
    """All cases, extracted once."""
    scores = score_cases(read_cases())
    figures = summarize(scores)
    print(*figure_lines(figures), sep="\n")
    return baseline.measured_baseline(scores, figures, score_link_cases(read_link_cases()))


def test_the_cases_are_those_behind_the_pinned_figures() -> None:
    assert baseline.changed_files(PINNED) == [], "measure, then run `python -m tests.cases.run pin`"


def test_a_few_articles_of_every_area_are_read_without_a_fault() -> None:
    cases = [case for case in read_cases() if case.id in PINNED["always_right"]]
    assert len(cases) == baseline.ALWAYS_RIGHT
    assert {score.case.id: score.faults for score in score_cases(cases) if not score.is_right} == {}


@pytest.mark.slow
def test_no_figure_of_all_cases_is_worse_than_pinned(measured: baseline.Baseline) -> None:
    assert baseline.shortfalls(PINNED, measured) == []
