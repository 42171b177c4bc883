"""The choice among dates, fresh news and an unknown day."""

from __future__ import annotations

from datetime import date

import pytest

from quotetrack.core.domain import UNKNOWN_DAY, DateBasis, SaidOn, Span
from quotetrack.extract.dating.answers import NO_SCORE, Answer, Candidates, DateCandidate, shares, shortlist
from quotetrack.extract.dating.features import NO_ANSWER, DateFeatures

NO_DATE = DateFeatures._make([0.0] * len(DateFeatures._fields))
UNKNOWN = Answer(UNKNOWN_DAY, None, NO_ANSWER._replace(is_unknown=1.0))


def candidate_on(day: int, start: int, features: DateFeatures = NO_DATE) -> DateCandidate:
    said = date(2031, 3, day)
    return DateCandidate(SaidOn(said, said, DateBasis.STATED_NEARBY), Span(start, start + 6), features)


def test_shares_sum_to_one_in_the_order_given():
    found = shares([2.0, -1.0, 0.0])
    assert sum(found) == pytest.approx(1) and sorted(found) == [found[1], found[2], found[0]]


def test_shares_of_far_apart_log_odds_are_numbers():
    assert shares([2000.0, -2000.0]) == [1.0, 0.0]


def test_the_shortlist_has_the_likeliest_dates_once_and_the_answers_without_a_date():
    dates = [candidate_on(day, start) for day, start in ((10, 0), (11, 20), (12, 40), (13, 60), (11, 80))]
    kept = shortlist(Candidates(dates, [UNKNOWN]), [0.0, 2.0, 1.0, -5.0, 3.0])
    assert [answer.said.first and answer.said.first.day for answer in kept] == [11, 12, 10, None]
    assert kept[0].evidence == Span(80, 86)
    assert kept[0].features.belief == kept[-1].features.belief == pytest.approx(0.88, abs=0.01)
    assert kept[0].features.score == kept[-1].features.score == 3.0


def test_an_answer_without_a_date_knows_the_likeliest_date():
    dates = [candidate_on(11, 20, NO_DATE._replace(age=3.0, here=1.0)), candidate_on(12, 40, NO_DATE._replace(age=2.0))]
    unknown = shortlist(Candidates(dates, [UNKNOWN]), [2.0, 1.0])[-1].features
    assert (unknown.best_age, unknown.best_here, unknown.age, unknown.here) == (3.0, 1.0, 0.0, 0.0)


def test_without_a_date_the_shortlist_is_the_answers_without_one():
    (only,) = shortlist(Candidates([], [UNKNOWN]), [])
    assert only.said == UNKNOWN_DAY and only.features.score == NO_SCORE
