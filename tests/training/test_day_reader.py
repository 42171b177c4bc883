"""The reading model of days learns which date is right."""

from __future__ import annotations

import numpy as np

from quotetrack.models.day_question import DayQuestion
from quotetrack.models.day_reader import DayReader
from quotetrack.training.day_reader import DayExample, fit_nets


def example(right: int, seed: int) -> DayExample:
    """Return a question whose right date has a high first number."""
    draw = np.random.default_rng(seed)
    dates = draw.normal(size=(3, 4)).astype(np.float32)
    dates[:, 0] = 0
    dates[right, 0] = 3
    zeros = np.zeros((3, 1), dtype=np.float32)
    question = DayQuestion(draw.normal(size=8).astype(np.float32), np.zeros(2, dtype=np.float32), dates, zeros, True)
    return DayExample(question, (*(i == right for i in range(3)), False, False), 1.0)


def test_the_right_date_is_learned_and_the_same_examples_give_the_same_networks():
    examples = [example(seed % 3, seed) for seed in range(256)]
    nets = fit_nets(examples)
    answers = DayReader(nets).read([one.question for one in examples[:30]])
    assert [int(np.argmax(answer)) for answer in answers] == [seed % 3 for seed in range(30)]
    again = DayReader(fit_nets(examples)).read([examples[0].question])
    assert np.allclose(answers[0], again[0], atol=1e-5)
