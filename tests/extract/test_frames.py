"""What stands between two places of a paragraph is counted as one would count it by hand."""

from __future__ import annotations

import random

import pytest
import spacy

from quotetrack.core.domain import Span
from quotetrack.extract.frames import Part, Reading


@pytest.mark.parametrize("is_together", [True, False])
def test_counts_between_two_tokens_are_those_of_a_count_by_hand(is_together: bool) -> None:
    chance = random.Random(7)
    for _ in range(60):
        words = [chance.choice(["said", ".", ";", "Orla", ","]) for _ in range(chance.randrange(1, 25))]
        doc = spacy.tokens.Doc(spacy.blank("en").vocab, words, pos=["PROPN" if w == "Orla" else "X" for w in words])
        inside = [-1] * len(words)
        parts = 4
        for part in range(parts):
            first = chance.randrange(len(words))
            for index in range(first, min(len(words), first + chance.randrange(4))):
                if inside[index] < 0 and (not is_together or part not in inside[: max(0, index - 1)]):
                    inside[index] = part
        nowhere = Part(Span(0, 1), Span(0, 1), False)
        reading = Reading("x", Span(0, 1), [nowhere] * parts, doc, [], inside, list(doc))
        for start in range(len(words) + 1):
            for stop in range(len(words) + 1):
                outside = [doc[i] for i in range(start, stop) if inside[i] < 0]
                assert reading.outside_between(range(start, stop)) == (
                    sum(not token.is_punct for token in outside),
                    sum(token.text in (".", ";") for token in outside),
                    sum(token.pos_ == "PROPN" for token in outside),
                )
                for part in range(parts):
                    by_hand = len({inside[i] for i in range(start, stop)} - {-1, part})
                    assert reading.parts_between(range(start, stop), part) == by_hand
