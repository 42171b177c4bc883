"""The words of several parts: joined by a space or by the sign of an omission, and taken apart again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.parts import join_parts, split_parts


@pytest.mark.parametrize(
    ("parts", "omissions", "words"),
    [
        (["We will sail."], [], "We will sail."),
        (["We will sail,", "and soon."], [False], "We will sail, and soon."),
        (["fatuous", "absurd"], [True], "fatuous […] absurd"),
        (["We will,", "sail,", "soon"], [False, True], "We will, sail, […] soon"),
        (["it […] sank", "fast"], [True], "it […] sank […] fast"),
    ],
)
def test_parts_are_joined_and_taken_apart(parts: list[str], omissions: list[bool], words: str) -> None:
    assert join_parts(parts, omissions) == words
    assert split_parts(words, [len(part) for part in parts]) == parts


@given(st.lists(st.tuples(st.text("ab …[].", min_size=1), st.booleans()), min_size=1, max_size=5))
def test_any_parts_come_back_or_are_not_taken_for_others(parts: list[tuple[str, bool]]) -> None:
    texts = [text for text, _ in parts]
    words = join_parts(texts, [is_omission for _, is_omission in parts[1:]])
    assert split_parts(words, [len(text) for text in texts]) in (texts, None)


@pytest.mark.parametrize("lengths", [[4], [4, 6], [3, 4], [5, 4], [4, 4, 1], []])
def test_words_that_are_not_made_so_have_no_parts(lengths: list[int]) -> None:
    assert split_parts("We … sail", lengths) is None
