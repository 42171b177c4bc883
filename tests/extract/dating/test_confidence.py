"""The chance of a day, and which date is the likeliest."""

from __future__ import annotations

import pytest

from quotetrack.extract.dating.confidence import DayFeatures, Opinions, chances_of
from quotetrack.extract.dating.features import NO_ANSWER, AnswerFeatures
from quotetrack.models.trees import load_ensemble

FRESH, UNKNOWN = NO_ANSWER._replace(is_implied=1.0), NO_ANSWER._replace(is_unknown=1.0)


def a_date(here: float = 0.0) -> AnswerFeatures:
    return NO_ANSWER._replace(is_phrase=1.0, here=here)


ANSWERS = [a_date(), a_date(here=1.0), FRESH, UNKNOWN]


@pytest.mark.parametrize(
    ("scores", "read", "number"),
    [
        ([1.0, 0.0, 0.0, 0.0], None, 0),
        ([0.0, 1.0, 9.0, 0.0], None, 1),  # the likeliest of the dates, whatever the other answers
        ([1.0, 0.0, 0.0, 0.0], [-4.0, -0.1, -4.0, -4.0], 1),
        ([5.0, 0.0, 0.0, 0.0], [-0.9, -0.8, -4.0, -4.0], 0),
    ],
)
def test_trees_and_reading_model_choose_the_likeliest_date_together(scores, read, number):
    assert Opinions(ANSWERS, scores, read).likeliest_date() == number


def test_without_a_date_there_is_no_likeliest_one():
    opinions = Opinions([FRESH, UNKNOWN], [0.0, 1.0], [-0.2, -1.7])
    assert opinions.likeliest_date() is None
    assert opinions.features().no_date == 1.0


def test_the_features_are_those_of_the_likeliest_date():
    features = Opinions(ANSWERS, [0.0, 2.0, -1.0, 1.0], None).features()
    assert (features.here, features.score, features.rival, features.margin) == (1.0, 2.0, 0.0, 1.0)


def test_without_a_reading_model_its_features_are_zero():
    features = Opinions(ANSWERS, [0.0, 2.0, -1.0, 1.0], None).features()._asdict()
    assert {value for name, value in features.items() if name.startswith("read_")} == {0.0}


@pytest.mark.parametrize("stage", ["reading_date", "reading_fresh", "trees_date", "trees_fresh"])
def test_the_weights_hold_every_feature(stage):
    assert load_ensemble("day_confidence", stage, DayFeatures._fields).features == DayFeatures._fields


@pytest.mark.parametrize("read", [None, [-3.0, -0.1, -3.0, -3.0]])
def test_a_surer_date_has_a_higher_chance(read):
    low, high = chances_of([Opinions(ANSWERS, scores, read) for scores in ([-3.0, -2.0, 2.0, 2.0], [-3.0, 4, -4, -4])])
    assert 0 < low.date < high.date < 1


def test_the_chances_stand_in_the_order_of_the_quotations_with_or_without_reading():
    opinions = [Opinions(ANSWERS, [0.0, 2.0, -1.0, 1.0], read) for read in ([-3.0, -0.1, -3.0, -3.0], None, None)]
    first, second, third = chances_of(opinions)
    assert second == third == chances_of(opinions[1:])[0]
    assert first == chances_of(opinions[:1])[0]
    assert chances_of([]) == []
