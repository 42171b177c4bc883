"""Folds are the same for the same ids, whatever their order."""

from __future__ import annotations

from quotetrack.training.folds import articles_in_folds, half_of, held_out, seen_by_pointer

IDS = [f"tarn-post-{number:02}" for number in range(20)]


def test_an_article_stands_in_one_fold_whatever_the_order_of_the_ids() -> None:
    folds = articles_in_folds([*reversed(IDS), *IDS], 3)
    assert folds == articles_in_folds(IDS, 3)
    assert [folds[key] for key in IDS[:4]] == [0, 1, 2, 0]


def test_an_article_is_held_out_or_not_whatever_the_others_are() -> None:
    many = [f"tarn-post-{number}" for number in range(6_000)]
    assert held_out(many[:10]) == held_out(many) & set(many[:10])
    assert 900 < len(held_out(many)) < 1_100


def test_every_other_article_is_one_half() -> None:
    assert half_of(reversed(IDS)) == set(IDS[::2])


def test_the_shipped_model_says_what_it_has_seen() -> None:
    seen = seen_by_pointer()
    assert len(seen) > 1_000 and all(key.strip() for key in seen)
