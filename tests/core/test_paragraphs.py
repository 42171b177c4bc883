"""A text has paragraphs, and each place has the number of its paragraph."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.core.paragraphs import LONGEST_PARAGRAPH, paragraph_number, split_paragraphs


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


SENTENCE = "The clerk wrote it all down in a green book, and locked it away in the old town hall by the river. "
SPOKEN = "“Nobody told us. Nobody asked us. We will fix the roof of hall 7 before winter,” said Hale Brannock. "


@pytest.mark.parametrize(
    "text", [SENTENCE * 400, (SENTENCE + SPOKEN) * 200, (SENTENCE + SPOKEN).replace("“", '"').replace("”", '"') * 200]
)
def test_a_text_without_line_breaks_is_divided_between_sentences_outside_of_quotations(text):
    pieces = split_paragraphs(text)
    assert all(len(piece) <= LONGEST_PARAGRAPH for piece in pieces)
    assert {piece.of(text).split()[0] for piece in pieces} <= {"The", "“Nobody", '"Nobody'}
    assert " ".join(piece.of(text) for piece in pieces) == text.strip()
    for piece in pieces:
        words = piece.of(text)
        assert words.count("“") == words.count("”") and words.count('"') % 2 == 0


@pytest.mark.parametrize("text", ["A " * 40_000, "a" * 80_000, "“Yes. " * 20_000, ". " * 40_000, "a.\n" * 30_000])
def test_a_text_without_sentences_is_divided_all_the_same(text):
    pieces = split_paragraphs(text)
    assert all(len(piece) <= LONGEST_PARAGRAPH for piece in pieces)
    assert "".join(piece.of(text) for piece in pieces).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_paragraph_of_news_stays_whole():
    text = (SENTENCE * 100)[:LONGEST_PARAGRAPH].strip()
    assert split_paragraphs(text) == [Span(0, len(text))]
