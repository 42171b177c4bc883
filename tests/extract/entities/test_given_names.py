"""Given names, and the gender that each says."""

from __future__ import annotations

import pytest

from quotetrack.extract.entities.given_names import gender_of, is_given, is_only_given, may_be_same_given


@pytest.mark.parametrize(
    ("name", "gender"), [("Anna", "f"), ("PETER", "m"), ("Aada-Zorblat", "f"), ("Leslie", None), ("Zorblat", None)]
)
def test_a_given_name_says_the_gender_where_it_is_nearly_always_one(name, gender):
    assert gender_of(name) == gender


@pytest.mark.parametrize(
    ("name", "given", "only"), [("Anna", True, True), ("Kim", True, False), ("Zorblat", False, False)]
)
def test_a_name_of_women_and_men_may_be_a_surname(name, given, only):
    assert (is_given(name), is_only_given(name)) == (given, only)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Don", "Donald", True),
        ("D.", "Donald", True),
        ("Don", "don’", True),
        ("Al", "Alan", False),
        ("Anna", "Peter", False),
    ],
)
def test_given_names_are_the_same_by_an_initial_or_a_short_form(one, other, same):
    assert may_be_same_given(one, other) == may_be_same_given(other, one) == same
