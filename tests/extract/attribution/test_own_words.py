"""What a rule tells for sure of words in marks: somebody's own, or a title."""

from __future__ import annotations

import pytest

from quotetrack.extract.extractor import attribute_text


def words_in(text, nlp):
    """Return the words of each quotation of a text."""
    return [quotation.words for quotation in attribute_text(text, nlp).quotations]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Faster!” Ingrid Vale shouted from the boat.", ["Faster!"]),
        ("“No comment,” said Ingrid Vale.", ["No comment,"]),
        ("Asked whether she would sell the mill, Ingrid Vale said: “No.”", ["No."]),
        (
            "“Where is the mustard?” Ingrid Vale asked.\n\n“Behind the ketchup.”\n\n“And the bread?” she asked.",
            ["Where is the mustard?", "Behind the ketchup.", "And the bread?"],
        ),
    ],
)
def test_short_words_that_are_said_are_quotations(nlp, text, words):
    assert words_in(text, nlp) == words


@pytest.mark.parametrize(
    "text",
    [
        "Ingrid Vale has written a song, “We Had No Choice”. “It is about the mill,” she said.",
        "The plan, called “A Mill for Every Child in Tarn”, was shown on Monday. “It is about the mill,” she said.",
        "She wrote a report entitled “What We Saw in Tarn”. “It is about the mill,” Ingrid Vale said.",
    ],
)
def test_what_a_thing_is_called_is_nobodys_words(nlp, text):
    assert words_in(text, nlp) == ["It is about the mill,"]


def test_what_somebody_calls_a_thing_is_theirs(nlp):
    assert words_in("The plan was branded “a disgrace” by Ingrid Vale.", nlp) == ["a disgrace"]
    assert words_in("Tomas Berg quoted Ingrid Vale’s “first rule” on Monday.", nlp) == ["first rule"]
