"""The windows through which an encoder is asked about a text; the tokenizer of this file makes one piece a word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.domain import Span
from quotetrack.extract import windows
from quotetrack.extract.entities.people import People
from quotetrack.extract.windows import (
    IN_MARKS,
    KEPT,
    MAN,
    REACH,
    SIZE,
    UNMARKED,
    WOMAN,
    Ask,
    Integers,
    Pieces,
    Pointed,
    Questions,
    Reach,
    marked,
    shown,
    window_of,
)

TEXT = "Orla Venn spoke. “The ferry will sail,” she said. “It is ours.” Tadeo Brisk left. Brisk was not amused by it."

NEAR = Reach(before=128, behind=96, least=72)


def cut(text: str) -> tuple[Integers, Integers, Integers]:
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    starts, ends = ([getattr(word, side)() for word in words] for side in ("start", "end"))
    return np.arange(len(words), dtype=np.int32), np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32)


def span_of(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def at_mark(pieces: Pieces, mark: int, text: str = TEXT) -> str:
    return " ".join(text[s:e] for s, e, m in zip(pieces.starts, pieces.ends, pieces.marks, strict=True) if m == mark)


class Parrot:
    """An encoder that answers with the very pieces asked about, and keeps the sizes of the windows it encodes."""

    def __init__(self) -> None:
        self.encoded_sizes: list[int] = []

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        return cut(text)

    def read(self, shown: Sequence[tuple[Integers, Integers]]) -> list[ParrotWindow]:
        self.encoded_sizes += [len(ids) for ids, _ in shown]
        return [ParrotWindow(ids) for ids, _ in shown]


class ParrotWindow:
    def __init__(self, ids: Integers) -> None:
        self.ids = ids
        self.length = len(ids)

    def states(self) -> windows.States:
        """Return states that hold the token id, which is the number of the word in the text."""
        return np.repeat(self.ids[:, None], 2, axis=1).astype(np.float32)

    def chances(self, ask: Ask, asked: Sequence[Integers]) -> windows.Chances:
        answers = np.zeros((len(asked), self.length + 1), dtype=np.float32)
        for row, numbers in enumerate(asked):
            answers[row, numbers + 1] = 1 / len(numbers)
        return answers


def test_the_mark_of_a_piece_says_whom_it_names_and_whether_it_is_quoted() -> None:
    people = People(TEXT)
    quoted = [span_of("The ferry will sail,"), span_of("It is ours.")]
    pieces = marked(*cut(TEXT), quoted, people.persons, [])
    assert at_mark(pieces, WOMAN) == "Orla Venn"
    assert at_mark(pieces, MAN) == "Tadeo Brisk Brisk"
    assert at_mark(pieces, UNMARKED + IN_MARKS) == "The ferry will sail , It is ours ."


def test_a_quoted_name_has_another_mark_than_one_outside() -> None:
    text = "Orla Venn smiled. “Venn will sail,” said Tadeo Brisk."
    pieces = marked(*cut(text), [span_of("Venn will sail,", text)], People(text).persons, [])
    assert at_mark(pieces, WOMAN + IN_MARKS, text) == "Venn"


def test_long_quoted_words_lose_their_middle() -> None:
    text = f"Orla Venn said: “{'very ' * 99}wet.” “It is,” said Brisk."
    quoted = [span_of("very " * 99 + "wet.", text), span_of("It is,", text)]
    pieces = shown(marked(*cut(text), quoted, [], []), quoted)
    assert len(at_mark(pieces, IN_MARKS, text).split()) == 2 * KEPT + 3


@pytest.mark.parametrize("place", [0, 400, 700, 999])
def test_a_window_is_full_wherever_the_words_stand_and_shows_enough_around_them(place: int) -> None:
    text = " ".join(f"w{i}" for i in range(1000)) + " "
    pieces = marked(*cut(text), [], [], [])
    window = window_of(pieces, span_of(f"w{place} ", text), [], NEAR)
    assert len(window) == SIZE
    assert place < NEAR.least or place - window.start >= NEAR.least
    assert place > 1000 - NEAR.least or window.stop - place >= NEAR.least


def test_a_window_that_shows_enough_is_used_again() -> None:
    text = " ".join(f"w{i}" for i in range(1000)) + " "
    pieces = marked(*cut(text), [], [], [])
    window = window_of(pieces, span_of("w400 ", text), [], NEAR)
    first = range(SIZE)
    for place in (window.start + NEAR.least, 400, window.stop - NEAR.least - 1):
        assert window_of(pieces, span_of(f"w{place} ", text), [first, window], NEAR) == window
    assert window_of(pieces, span_of("w20 ", text), [first, window], NEAR) == first
    assert window_of(pieces, span_of(f"w{window.stop - 20} ", text), [first, window], NEAR).start > window.start


def test_the_probability_of_a_name_is_that_of_all_its_places() -> None:
    text = "Venn met Brisk. Venn left. She"
    chances = np.array([0.1, 0.3, 0.0, 0.2, 0.0, 0.4, 0.0, 0.0, 0.0], dtype=np.float32)
    pointed = Pointed(marked(*cut(text), [], [], []), chances)
    assert pointed.at([Span(0, 4), Span(16, 20)]) == pytest.approx(np.log(0.7 + windows.LEAST_CHANCE))
    assert pointed.at([Span(9, 14)]) == pytest.approx(np.log(0.2 + windows.LEAST_CHANCE))
    assert pointed.nowhere_or([]) == pytest.approx(np.log(0.1 + windows.LEAST_CHANCE))


def test_a_window_is_encoded_once_and_is_no_longer_than_its_questions_need() -> None:
    text = " ".join(f"w{i}" for i in range(1000)) + " "
    encoder = Parrot()
    questions = Questions(text, [], [], [], encoder)
    spans = [span_of(f"w{place} ", text) for place in (990, 10, 500, 520)]
    for ask in (Ask.MENTION, Ask.MENTION, Ask.NAME, Ask.PERSON):
        for answer, span in zip(questions.ask(ask, spans), spans, strict=True):
            assert answer.at([span]) == pytest.approx(0, abs=0.01)
    near = REACH[Ask.MENTION]
    by_mention = [10 + 1 + near.behind, near.before + 20 + 1 + near.behind, SIZE]
    assert encoder.encoded_sizes == [*by_mention, *[SIZE] * 2]  # the first window is used again for the last spans


@given(st.text(alphabet="ab “”.\n", min_size=1, max_size=200), st.data())
def test_any_span_of_any_text_can_be_asked_about(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    asked = Span(start, data.draw(st.integers(start + 1, len(text))))
    (pointed,) = Questions(text, [asked], [], [], Parrot()).ask(Ask.MENTION, [asked])
    assert len(pointed.chances) == len(pointed.window.ids) + 1
    assert list(pointed.window.starts) == sorted(pointed.window.starts)


def test_the_state_of_a_span_is_the_mean_of_its_pieces() -> None:
    questions = Questions(TEXT, [], [], [], Parrot())
    (spoke, nothing), _ = questions.states([span_of("Orla Venn spoke"), Span(len(TEXT), len(TEXT) + 1)])
    assert spoke == pytest.approx([1.0, 1.0])
    assert nothing == pytest.approx([0.0, 0.0])


def test_only_what_no_question_needed_is_encoded_for_states() -> None:
    text = " ".join(f"word{i}" for i in range(1000))
    near, far = (Span(text.index(f"word{i}"), text.index(f"word{i}") + 7) for i in (300, 900))
    questions = Questions(text, [], [], [], encoder := Parrot())
    questions.ask(Ask.MENTION, [near])
    before = len(encoder.encoded_sizes)
    states, whole = questions.states([near, far])
    assert states[:, 0] == pytest.approx([300, 900])
    assert encoder.encoded_sizes[before:] == [1 + 2 * windows.OVERLAP]
    assert 300 < whole[0] < 900


def test_a_piece_has_its_state_from_the_window_that_shows_most_around_it() -> None:
    windows_of = [range(4), range(4, 8), range(2, 6)]
    given_states = {window: np.full((4, 1), number, dtype=np.float32) for number, window in enumerate(windows_of, 1)}
    states, is_read = windows.middle_states(given_states, 9)
    assert states[:8, 0].tolist() == [1, 1, 1, 3, 3, 2, 2, 2]
    assert is_read.tolist() == [True] * 8 + [False]


@given(
    st.lists(st.booleans(), min_size=1, max_size=1500).map(np.array),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, windows.SIZE)), max_size=5),
)
def test_windows_show_what_is_needed_whatever_was_asked_before(
    needed: np.ndarray, asked: list[tuple[int, int]]
) -> None:
    before = [range(start, min(start + size, len(needed))) for start, size in asked if start < len(needed)]
    rest = windows.uncovered(needed, before)
    shown_pieces = {piece for window in [*before, *rest] for piece in window}
    assert set(np.flatnonzero(needed)) <= shown_pieces
    assert all(0 < len(window) <= windows.SIZE for window in rest)
