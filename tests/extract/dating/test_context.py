"""The occasion of a quotation, in the words of the reporter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.extract.dating.context import kinds_in, occasion_in


@pytest.mark.parametrize(
    ("words", "occasion"),
    [
        ("Vale said in an interview with Radio Tarn on Friday.", "an interview with Radio Tarn"),
        ("Vale said in an interview on Friday.", "an interview"),
        ("Vale said at a rally in St. Orm on Sunday.", "a rally in St. Orm"),
        ("Vale said at a U.N. meeting in New Tarn in March.", "a U.N. meeting in New Tarn"),
        ("Vale said in a speech at the Mill Club in Orm.", "a speech at the Mill Club in Orm"),
        ("Vale wrote in a letter to Gov. Lund.", "a letter to Gov. Lund"),
        ("Vale said during the debate.", "the debate"),
        ("Vale told the Tarn Post on Monday.", "the Tarn Post"),
        ("Vale told reporters on Monday.", "reporters"),
        ("Vale told the town council.", "the town council"),
        ("Vale told him in the street.", None),
        ("Vale said on Friday.", None),
        ("", None),
    ],
)
def test_an_occasion_is_an_event_or_the_people_who_were_told(words, occasion):
    assert occasion_in(words) == occasion


def test_kinds_of_occasions_are_found_in_small_and_capital_letters():
    assert kinds_in("After the Debate she gave an interview, then an interview again.") == {"debate", "interview"}


@given(st.text(max_size=200))
def test_an_occasion_is_one_line_of_the_words_or_none(words):
    occasion = occasion_in(words)
    assert occasion is None or occasion in " ".join(words.split())
