"""Two wordings are aligned word by word, and a difference is printed."""

import pytest

from quotetrack.core.worddiff import DiffStep, align, printed_step


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        ("The ferry sails.", "the ferry sails", "the ferry sails"),
        ("the old ferry sails", "the ferry sails", "the [-old-] ferry sails"),
        ("the ferry sails", "the ferry never sails", "the ferry {+never+} sails"),
        ("the ferry will sail", "the ferry may sail", "the ferry [-will-] {+may+} sail"),
        ("", "the ferry", "{+the ferry+}"),
        ("the – ferry", "the ferry", "the [-–-] ferry"),
        ("", "", ""),
    ],
)
def test_a_difference_is_printed_between_the_words_that_stay(before: str, after: str, printed: str) -> None:
    assert " ".join(map(printed_step, align(before, after))) == printed


def test_a_step_has_the_words_as_printed_in_each_wording() -> None:
    assert align("We WILL sail,", "we will sail again") == [
        DiffStep("same", "We WILL sail,", "we will sail"),
        DiffStep("added", "", "again"),
    ]


def test_a_terminal_shows_cut_words_in_red_and_added_words_in_green() -> None:
    step = DiffStep("changed", "will", "may")
    assert printed_step(step, in_colour=True) == "\x1b[31mwill\x1b[0m \x1b[32mmay\x1b[0m"


def test_long_cuts_can_be_shortened() -> None:
    assert printed_step(DiffStep("cut", "a b c d", ""), cut="a … d") == "[-a … d-]"
