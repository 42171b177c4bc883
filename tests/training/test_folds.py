"""Folds are the same for the same ids, whatever their order."""

from __future__ import annotations

from quotetrack.training.folds import articles_in_folds, held_out

IDS = [f"tarn-post-{number:02}" for number in range(20)]


def test_an_article_stands_in_one_fold_whatever_the_order_of_the_ids() -> None:
    folds = articles_in_folds([*reversed(IDS), *IDS], 3)
    assert folds == articles_in_folds(IDS, 3)
    assert [folds[key] for key in IDS[:4]] == [0, 1, 2, 0]


def test_one_article_in_six_is_held_out() -> None:
    assert held_out(reversed(IDS)) == {IDS[0], IDS[6], IDS[12], IDS[18]}
