"""The model that reads days: probabilities of the dates, of "fresh news" and of "unknown"."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from quotetrack.models.day_question import DayQuestion
from quotetrack.models.day_reader import DayNet, DayReader, load_day_reader


def question(dates: int, *, may_be_fresh: bool = True, seed: int = 0) -> DayQuestion:
    draw = np.random.default_rng(seed)
    numbers = [draw.normal(size=size).astype(np.float32) for size in ((12,), (3,), (dates, 6), (dates, 2))]
    return DayQuestion(*numbers, may_be_fresh=may_be_fresh)


@pytest.fixture
def reader() -> DayReader:
    torch.manual_seed(0)
    return DayReader([DayNet(12, 3, 6, 2).train(False) for _ in range(2)])


def test_each_date_and_both_other_answers_have_a_chance(reader):
    (chances,) = reader.read([question(3)])
    assert chances.shape == (5,) and np.exp(chances).sum() == pytest.approx(1, abs=0.05)  # a mean of logarithms


def test_a_quotation_without_dates_is_fresh_or_unknown(reader):
    (chances,) = reader.read([question(0)])
    assert chances.shape == (2,)


def test_what_cannot_be_fresh_news_is_not(reader):
    (chances,) = reader.read([question(2, may_be_fresh=False)])
    assert np.exp(chances[-2]) < 1e-6


def test_questions_do_not_hear_of_each_other(reader):
    questions = [question(2, seed=1), question(0, seed=2), question(4, seed=3)]
    together = reader.read(questions)
    for own, alone in zip(together, (reader.read([each])[0] for each in questions), strict=True):
        assert own == pytest.approx(alone, abs=1e-5)


def test_nothing_asked_is_nothing_answered(reader):
    assert reader.read([]) == []


def test_the_shipped_networks_answer_questions_of_their_size():
    net = load_day_reader()._nets[0]
    words, of_words, dates, of_dates = (
        np.zeros((2, layer.in_features), dtype=np.float32)
        for layer in (net.words, net.of_words, net.dates, net.of_dates)
    )
    (chances,) = load_day_reader().read([DayQuestion(words[0], of_words[0], dates, of_dates, may_be_fresh=True)])
    assert chances.shape == (4,) and np.isfinite(chances).all()
