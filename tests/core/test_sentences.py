"""The reporter's sentence around some characters."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.core.sentences import sentence_around


@pytest.mark.parametrize(
    ("text", "place", "quoted", "sentence"),
    [
        ("It rained. Orla Venn said no. He left.", "said", [], "Orla Venn said no."),
        ("“Rain. We stay,” said Orla Venn. He left.", "said", ["Rain. We stay,"], "“Rain. We stay,” said Orla Venn."),
        ("“It rains.” Venn left. He said so.", "Venn", ["It rains."], "Venn left."),
        ("She met Mr. Brisk, she said.", "said", [], "She met Mr. Brisk, she said."),
        ("Above.\n\nVenn said no\n\nBelow.", "said", [], "Venn said no"),
        ("Venn said", "said", [], "Venn said"),
    ],
)  # fmt: skip
def test_a_sentence_ends_at_a_stop_of_the_reporter(text: str, place: str, quoted: list[str], sentence: str) -> None:
    spans = [Span(text.index(words), text.index(words) + len(words)) for words in (place, *quoted)]
    assert sentence_around(text, spans[0], spans[1:]).of(text) == sentence
