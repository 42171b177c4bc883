"""Runs of capitalised words: where one begins and ends, and which words are taken off it."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.capitalised_runs import bare_name, runs_in


@pytest.mark.parametrize(
    ("printed", "bare"), [("Vale’s", "Vale"), ("the Vales'", "the Vales"), ("Berg, Jr.", "Berg"), ("“Vale,”", "Vale")]
)
def test_a_bare_name_has_no_possessive_suffix_or_marks(printed, bare):
    assert bare_name(printed) == bare


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("On Monday Anna Vale opened the mill.", ["Anna Vale"]),
        ("Anna Vale’s Mill is open.", ["Anna Vale", "Mill"]),
        ("Mayor Anna Vale OBE left.", ["Anna Vale"]),
        ("It was Anna Vale. Berg left.", ["Anna Vale", "Berg"]),
        ("Robert “Bobby” Vale and Anna “Quinx” Vale left.", ["Bobby Vale", "Anna Vale"]),
        ("Peter van der Berg met Jan van.", ["Peter van der Berg", "Jan"]),
        ("Mayor", []),
        ("the mill", []),
    ],
)
def test_a_run_is_the_words_of_a_name(text, names):
    assert [run.name for run in runs_in(text, [Span(0, len(text))])] == names


def test_a_run_knows_its_title_its_nickname_and_whether_it_is_an_owner():
    text = "Mr. Robert “Bobby” Vale’s mill is open."
    (run,) = runs_in(text, [Span(0, len(text))])
    assert (run.is_titled, run.gender, run.is_owner, run.formal) == (True, "m", True, ("Robert", "Vale"))
    assert text[run.start : run.end] == "Robert “Bobby” Vale’s"
