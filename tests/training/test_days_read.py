"""The days that a language model read are well-formed, and hold no word of the articles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from quotetrack.core.domain import Article, Span
from quotetrack.evaluation.gold import GoldArticle, GoldPart, Label
from quotetrack.training import days_read
from quotetrack.training.days_read import DAYS_READ, hash_of, read_days, with_days_read

BASES = {"explicit_here", "explicit_nearby", "implied_recent", "past_occasion", "none", "not_quote"}


def test_every_label_has_a_known_basis_and_a_valid_day_or_none() -> None:
    labels = read_days()
    assert len(labels) == len(DAYS_READ.read_text("utf-8").splitlines()) - 1  # no group twice
    for label in labels.values():
        assert label.basis in BASES
        assert (label.said_on is None) == (label.precision == "none")
        assert label.is_quotation or label.said_on is None
        if label.said_on is not None:
            date.fromisoformat(label.said_on + "-01-01"[len(label.said_on) - 4 :])


def test_fresh_news_has_a_day_and_not_a_month() -> None:
    assert {label.precision for label in read_days().values() if label.basis == "implied_recent"} == {"day"}


def test_an_article_is_named_by_a_hash_only() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", hash_of("tarn-post_2031-03-16_the-mill"))
    for line in DAYS_READ.read_text("utf-8").splitlines()[1:]:
        assert re.fullmatch(r"[0-9a-f]{12}\tE?\w+\t\w+\t[\d-]+", line), line


def test_a_day_read_by_a_model_does_not_replace_a_label_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    by_person = Label("Ida Falk", "person", "2031-03-10", "day", "explicit_here", True)
    by_model = Label("", "", "2031-03-09", "day", "explicit_here", True)
    first, second, third = (GoldPart(Span(i, i + 1), Span(i, i + 1), f"E{i}", True, True, ()) for i in range(3))
    article = Article("gold:tarn-1", "tarn", "abc")
    gold = GoldArticle("tarn-1", article, (replace(first, label=by_person), second, third), ())
    labels = {(hash_of("tarn-1"), "E0"): by_model, (hash_of("tarn-1"), "E1"): by_model}
    monkeypatch.setattr(days_read, "read_days", lambda: labels)
    (found,) = with_days_read([gold])
    assert [part.label for part in found.parts] == [by_person, by_model, None]
