"""The days that a language model read of train: well-formed, and without a word of the texts."""

from __future__ import annotations

import re
from datetime import date

from quotetrack.evaluation.gold import DAYS_READ, days_read, hash_of

BASES = {"explicit_here", "explicit_nearby", "implied_recent", "past_occasion", "none", "not_quote"}


def test_every_label_has_a_basis_and_a_day_of_the_calendar_or_none() -> None:
    labels = days_read()
    assert len(labels) == len(DAYS_READ.read_text("utf-8").splitlines()) - 1  # no group twice
    for label in labels.values():
        assert label.basis in BASES
        assert (label.said_on is None) == (label.precision == "none")
        assert label.is_quotation or label.said_on is None
        if label.said_on is not None:
            date.fromisoformat(label.said_on + "-01-01"[len(label.said_on) - 4 :])


def test_fresh_news_has_the_day_of_publication() -> None:
    assert {label.precision for label in days_read().values() if label.basis == "implied_recent"} == {"day"}


def test_articles_stand_by_a_hash_and_nothing_else_tells_of_them() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", hash_of("tarn-post_2031-03-16_the-mill"))
    for line in DAYS_READ.read_text("utf-8").splitlines()[1:]:
        assert re.fullmatch(r"[0-9a-f]{12}\tE?\w+\t\w+\t[\d-]+", line), line
