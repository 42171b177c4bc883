"""What a reading model is shown of a text: one piece a word here, as a tokenizer of ours would cut it."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.extract import windows
from quotetrack.extract.windows import (
    MENTION_ASKED,
    OTHER_WORDS,
    UNMARKED,
    WORDS_ASKED,
    Pieces,
    Pointed,
    around_mention,
    around_words,
)
from quotetrack.model import Span

TEXT = "Orla Venn spoke. “The ferry will sail,” she said. “It is ours.” Tadeo Brisk left."


def pieces_of(text: str) -> Pieces:
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    return Pieces(
        np.arange(len(words), dtype=np.int32),
        np.array([word.start() for word in words], dtype=np.int32),
        np.array([word.end() for word in words], dtype=np.int32),
    )


def span_of(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def shown(window: windows.Window, mark: int, text: str = TEXT) -> str:
    return " ".join(text[s:e] for s, e, m in zip(window.starts, window.ends, window.marks, strict=True) if m == mark)


def test_the_words_asked_about_and_the_other_words_are_marked() -> None:
    asked, other = span_of("The ferry will sail,"), span_of("It is ours.")
    window = around_words(pieces_of(TEXT), asked, [asked, other])
    assert shown(window, WORDS_ASKED) == "The ferry will sail ,"
    assert shown(window, OTHER_WORDS) == "It is ours ."
    assert "she said" in shown(window, UNMARKED)


def test_a_mention_is_marked_as_one() -> None:
    window = around_mention(pieces_of(TEXT), span_of("she"), [])
    assert shown(window, MENTION_ASKED) == "she"


def test_long_words_lose_their_middle() -> None:
    text = f"Orla Venn said: “{'very ' * 99}wet.” “{'quite ' * 99}dry,” said Brisk."
    first, second = span_of("very " * 99 + "wet.", text), span_of("quite " * 99 + "dry,", text)
    window = around_words(pieces_of(text), first, [first, second])
    assert len(shown(window, WORDS_ASKED, text).split()) == 2 * windows.KEPT_OF_ASKED
    assert len(shown(window, OTHER_WORDS, text).split()) == 2 * windows.KEPT_OF_OTHERS
    assert shown(window, UNMARKED, text).endswith("said Brisk .")


@pytest.mark.parametrize("place", [0, 400, 999])
def test_a_window_is_full_wherever_the_words_stand(place: int) -> None:
    text = " ".join(f"w{i}" for i in range(1000))
    window = around_words(pieces_of(text), span_of(f"w{place}", text + " "), [])
    assert len(window.ids) == windows.AROUND_WORDS


def test_the_chance_of_a_name_is_that_of_all_its_places() -> None:
    window = around_mention(pieces_of("Venn met Brisk. Venn left. She"), Span(27, 30), [])
    chances = np.array([0.1, 0.3, 0.0, 0.2, 0.0, 0.4, 0.0, 0.0, 0.0], dtype=np.float32)
    pointed = Pointed(window, chances)
    assert pointed.at([Span(0, 4), Span(16, 20)]) == pytest.approx(np.log(0.7 + windows.LEAST_CHANCE))
    assert pointed.at([Span(9, 14)]) == pytest.approx(np.log(0.2 + windows.LEAST_CHANCE))
    assert pointed.nowhere == pytest.approx(np.log(0.1 + windows.LEAST_CHANCE))


@given(st.text(alphabet="ab “”.\n", min_size=1, max_size=200), st.data())
def test_any_span_of_any_text_has_its_window(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    asked = Span(start, data.draw(st.integers(start + 1, len(text))))
    window = around_words(pieces_of(text), asked, [asked])
    assert len(window.ids) == len(window.marks) == len(window.starts) == len(window.ends)
    assert list(window.starts) == sorted(window.starts)
