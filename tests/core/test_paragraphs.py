"""A text has paragraphs, and each place has the number of its paragraph."""

from __future__ import annotations

import pytest

from quotetrack.core.paragraphs import paragraph_number, split_paragraphs


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\n\nTwo.\n \nThree.", ["One.", "Two.", "Three."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        ("  One.  \r\n\r\n  Two.\r\n", ["One.", "Two."]),
        ("The boat was\nsold. It sank.", ["The boat was\nsold. It sank."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_paragraphs_are_lines_unless_the_sentence_runs_on(text: str, paragraphs: list[str]) -> None:
    assert [span.of(text) for span in split_paragraphs(text)] == paragraphs


@pytest.mark.parametrize(("place", "number"), [(0, 1), (2, 1), (9, 1), (10, 2), (14, 2), (15, 3), (99, 3)])
def test_paragraphs_are_counted_from_1(place: int, number: int) -> None:
    assert paragraph_number("\n\nOne.\n\n \nTwo.\nThree.", place) == number


def test_a_text_without_words_has_one_paragraph() -> None:
    assert paragraph_number("\n", 0) == 1
