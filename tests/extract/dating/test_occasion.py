"""The occasion in words, as the reporter prints it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.extract.dating.occasion import kinds_in, occasion_in


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
def test_where_or_to_whom_it_was_said(words, occasion):
    assert occasion_in(words) == occasion


def test_the_kinds_are_known_in_any_case():
    assert kinds_in("After the Debate she gave an interview, then an interview again.") == {"debate", "interview"}


@given(st.text(max_size=200))
def test_whatever_the_words_it_is_one_line_of_them_or_nothing(words):
    found = occasion_in(words)
    assert found is None or found in " ".join(words.split())
