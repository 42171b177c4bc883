"""The judged pairs of the fit of talking points: places and labels, no words, and no article on both sides."""

from __future__ import annotations

from csv import DictReader

from quotetrack.training.days_read import HASH_DIGITS
from quotetrack.training.talking_points import JUDGED, Pair, half_of, kappa, read_invented


def rows() -> list[dict[str, str]]:
    with JUDGED.open(encoding="utf-8", newline="") as lines:
        return list(DictReader(lines, delimiter="\t"))


def test_both_statements_of_a_pair_are_of_one_half_and_of_two_articles() -> None:
    assert all(half_of(row["left_article"]) == half_of(row["right_article"]) for row in rows())
    assert all(row["left_article"] != row["right_article"] for row in rows())
    assert {half_of(row["left_article"]) for row in rows()} == {0, 1}


def test_no_words_are_kept_of_what_was_judged() -> None:
    labels = {"same", "contradicts", "related", "different"}
    for row in rows():
        hashes, numbers = ("left_article", "right_article"), ("left_start", "left_end", "right_start", "right_end")
        assert all(len(row[name]) == HASH_DIGITS and int(row[name], 16) >= 0 for name in hashes)
        assert all(row[name].isdecimal() for name in numbers)
        assert row["label"] in labels and row["second"] in {"", *labels}


def test_no_pair_is_judged_twice() -> None:
    pairs = [frozenset({tuple(row.values())[:3], tuple(row.values())[3:6]}) for row in rows()]
    assert len(set(pairs)) == len(pairs)


def test_each_invented_row_gives_a_pair_of_each_two_of_its_statements() -> None:
    pairs = list(read_invented())
    assert [pair.label for pair in pairs[:6]] == ["same", "contradicts", "related", "contradicts", "related", "related"]
    assert len(pairs) % 6 == 0 and all(pair.left and pair.right for pair in pairs)


def test_kappa_is_one_where_both_readings_agree_and_less_where_they_do_not() -> None:
    agreed = [Pair("a", "b", "same", "same"), Pair("a", "c", "related", "related")]
    assert kappa(agreed) == 1.0
    assert kappa([*agreed, Pair("a", "d", "same", "related")]) < 1.0
