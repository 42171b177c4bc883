"""Changed articles: every span is found again, and names become pronouns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.domain import Span
from quotetrack.training.pointer_changes import Edit, TextChanger, apply_edits

TEXT = "Ida Falk spoke first. Falk’s boat was gone, Brandt said."


def edit(old: str, new: str) -> Edit:
    start = TEXT.index(old)
    return start, start + len(old), new


@pytest.mark.parametrize(
    ("edits", "changed"),
    [
        ([], TEXT),
        ([edit("Falk’s", "her")], "Ida Falk spoke first. her boat was gone, Brandt said."),
        ([edit("Ida", "Eva"), edit("Brandt", "Falk")], "Eva Falk spoke first. Falk’s boat was gone, Falk said."),
        ([edit("Ida Falk", "Eva"), edit("Falk spoke", "x")], "Eva spoke first. Falk’s boat was gone, Brandt said."),
    ],
)
def test_edits_are_applied_in_order_and_the_second_of_two_that_overlap_is_left_out(
    edits: list[Edit], changed: str
) -> None:
    assert apply_edits(TEXT, edits)[0] == changed


def test_a_span_is_found_again_in_the_changed_text() -> None:
    changed, move = apply_edits(TEXT, [edit("Ida Falk", "Wilhelmina Brandt"), edit("Falk’s", "her")])
    for words in ("spoke first", "boat was gone", "Brandt said"):
        start = TEXT.index(words)
        assert move(Span(start, start + len(words))).of(changed) == words


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5), st.text(alphabet="xyz", max_size=4)), max_size=6))
def test_every_unchanged_character_is_found_again(places: list[tuple[int, int, str]]) -> None:
    edits = sorted((start, start + length, new) for start, length, new in places)
    changed, move = apply_edits(TEXT, edits)
    edited = {at for start, end, _ in edits for at in range(start, end)}
    for at in set(range(len(TEXT))) - edited:
        assert changed[move(Span(at, at + 1)).start] == TEXT[at]


@pytest.mark.parametrize("seed", range(20))
def test_other_marks_leave_every_other_character_where_it_is(seed: int) -> None:
    text = "“We stay,” said Ida Falk. “It’s late.”"
    changed = TextChanger(random.Random(seed)).remark(text)
    assert len(changed) == len(text)
    assert all(new == old or (old in '“”"' and new in "“”\"‘’'") for old, new in zip(text, changed, strict=True))
