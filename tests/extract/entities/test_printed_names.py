"""The words of a mention that gives no name: where a description begins and ends."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.printed_names import description


def described(text: str, mention: str) -> str:
    """Return the description of a mention whose cue is the first "said" of the text."""
    span = Span(text.index(mention), text.index(mention) + len(mention))
    cue = Span(text.index("said"), text.index("said") + len("said"))
    return description(text, FoundMention(span, span, cue, "after_cue", 0.9, True))


def test_a_long_description_ends_at_its_first_comma():
    words = (
        "a farmer from the far end of the valley, whose corn had been under water since the flood of the autumn before"
    )
    assert described(f"{words} said so.", words) == "a farmer from the far end of the valley"


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("On the quay counter-protesters said so.", "protesters", "counter-protesters"),
        (
            "“It is wet.” Some officials at the Orle Mill Board said so.",
            "Some officials",
            "Some officials at the Orle Mill Board",
        ),
        ("“It is wet.” Some officials in an interview on Monday said so.", "Some officials", "Some officials"),
    ],
)
def test_a_description_has_the_words_that_belong_to_it_up_to_the_cue(text, mention, expected):
    assert described(text, mention) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“It is wet,” said a farmer close to the mayor of Orle, who left.",
        "A farmer close to the mayor of Orle said so.",
        "“It is wet,” said a farmer close to the mayor of Orle who had asked not to be named.",
    ],
)
def test_a_description_has_the_words_that_say_who_an_unnamed_source_is(text):
    assert described(text, "farmer") == "farmer close to the mayor of Orle"


@pytest.mark.parametrize(
    "behind", ["who had asked not to be named", "close to " + "the mayor and the board of Orle " * 4 + "and others"]
)
def test_words_that_hide_a_source_or_have_no_end_are_no_part_of_a_description(behind):
    assert described(f"“It is wet,” said a farmer {behind}.", "farmer") == "farmer"
