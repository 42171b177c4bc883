"""The folds of the fit of fact-checks: a debate is never on both sides."""

from __future__ import annotations

from quotetrack.training.fact_checks import FOLDS, Example, folds_of


def example(number: int, group: str, *, is_post: bool) -> Example:
    return Example(number, group, is_post, [], [], [], frozenset())


def test_the_sentences_of_a_debate_are_in_one_fold_and_folds_are_even() -> None:
    days = [f"2031-05-{day:02}" for day in range(1, 21) for _ in range(3)]
    debates = [example(number, day, is_post=False) for number, day in enumerate(days)]
    posts = [example(number, f"post {number}", is_post=True) for number in range(20)]
    folds = folds_of([*debates, *posts])
    by_day = {day: {fold for each, fold in zip(days, folds, strict=False) if each == day} for day in days}
    assert all(len(its) == 1 for its in by_day.values())
    assert {folds.count(fold) for fold in range(FOLDS)} == {8}
