"""Which statements make one point. All of them are invented; vectors stand for the meaning of the words."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from quotetrack.linking.talking_points import (
    Features,
    are_kept_apart,
    contradict,
    features,
    group,
    is_compared,
    load_model,
    read_proposition,
)

BARRIER = (
    "The Saltmere barrier will not survive another winter.",
    "The Saltmere barrier will not survive one more winter, I fear.",
    "Believe me, the Saltmere barrier will not survive another winter.",
)
HOLDS = "The Saltmere barrier will survive another winter."
FERRY = (
    "The ferry to Varland carried 4,000 cars in March.",
    "In March the ferry to Varland carried 4,000 cars.",
    "The ferry to Varland carried 9,000 cars in March.",
)


def vectors_of(statements: list[str]) -> np.ndarray:
    """Return unit vectors in which statements of one topic are near one another."""
    topics = np.array([["barrier" in words, "ferry" in words] for words in statements], dtype=np.float32)
    noise = np.array([[Random(words).random() / 20] for words in statements], dtype=np.float32)
    vectors = np.hstack([topics, noise])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def points(statements: list[str]) -> list[tuple[set[str], set[str]]]:
    """Return for each point the statements that make it, and those that contradict it."""
    return [
        ({statements[place] for place, _ in point.members}, {statements[place] for place, _ in point.against})
        for point in group(statements, vectors_of(statements))
    ]


def test_statements_to_one_effect_are_one_point_and_their_contradiction_stands_beside_it() -> None:
    assert points([*BARRIER, HOLDS, *FERRY]) == [(set(BARRIER), {HOLDS}), (set(FERRY[:2]), {FERRY[2]})]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_statements_does_not_matter(seed: int) -> None:
    shuffled = [*BARRIER, HOLDS, *FERRY]
    Random(seed).shuffle(shuffled)
    assert points(shuffled) == points([*BARRIER, HOLDS, *FERRY])


def test_a_statement_alone_and_one_of_another_topic_are_no_point() -> None:
    assert points([BARRIER[0], FERRY[0]]) == []
    assert group([], np.empty((0, 3), dtype=np.float32)) == []


@pytest.mark.parametrize(
    ("one", "other", "apart", "shown"),
    [
        (BARRIER[0], HOLDS, True, True),
        (FERRY[0], FERRY[2], True, True),
        ("Crime has gone up in every district.", "Crime has gone down in every district.", True, True),
        (BARRIER[0], BARRIER[1], False, False),
        ("She would not raise taxes.", "Some families would pay slightly more in taxes, and she says so.", True, False),
    ],
)
def test_what_differs_in_a_not_a_number_or_an_opposite_is_kept_apart(
    one: str, other: str, apart: bool, shown: bool
) -> None:
    both = read_proposition(one), read_proposition(other)
    assert (are_kept_apart(*both), contradict(*both)) == (apart, shown)


@pytest.mark.parametrize(
    ("one", "other", "contrary"),
    [
        ("I think the barrier will not survive.", "I don't think the barrier will survive.", False),
        ("I think the barrier will survive.", "I don't think that the barrier will survive.", True),
        ("We must raise the barrier, not lower it, now.", "We must raise the barrier right now.", False),
        ("We must not only repair but raise it.", "We must repair but raise it.", False),
        ("We must not repair the old barrier.", "We must repair the old barrier.", True),
        ("It has to be rebuilt before winter.", "It has to be rebuilt before 2031 winter.", False),
        ("It has to be rebuilt before 2032 winter.", "It has to be rebuilt before 2031 winter.", True),
        ("I don't think the price will rise.", "I think the price will fall.", False),
        ("The barrier will, I fear, not survive.", "The barrier will not survive.", False),
        ("The works cost $5 million this year.", "The works cost £5 million this year.", True),
    ],
)
def test_only_what_is_denied_once_more_or_has_another_number_is_contrary(one: str, other: str, contrary: bool) -> None:
    both = read_proposition(one), read_proposition(other)
    assert (contradict(*both), contradict(*both[::-1])) == (contrary, contrary)


@pytest.mark.parametrize(
    ("one", "other", "name", "value"),
    [
        (FERRY[0], FERRY[1], "same_numbers", 1.0),
        (FERRY[0], FERRY[2], "other_numbers", 1.0),
        (BARRIER[0], HOLDS, "negated_otherwise", 1.0),
        (BARRIER[0], BARRIER[1], "negated_otherwise", 0.0),
        ("Nobody has never sailed.", "They have sailed.", "negated_otherwise", 0.0),
        (FERRY[0], FERRY[1], "shared", 1.0),
        (FERRY[0], BARRIER[0], "shared", 0.0),
    ],
)
def test_features_say_what_agrees(one: str, other: str, name: str, value: float) -> None:
    left, right = read_proposition(one), read_proposition(other)
    assert getattr(features(left, right, 0.5), name) == value
    assert features(left, right, 0.5) == features(right, left, 0.5)


def test_the_same_words_are_surely_one_point_and_others_surely_not() -> None:
    model, ferry, barrier = load_model(), read_proposition(FERRY[0]), read_proposition(BARRIER[0])
    assert model.chance(features(ferry, ferry, 1.0)) > 0.95
    assert model.chance(features(ferry, barrier, 0.2)) < 0.05
    assert set(model.weights._fields) == set(Features._fields)


@pytest.mark.parametrize(
    ("words", "cue", "compared"),
    [
        ("that the ferry would sail again before the winter", "said", True),
        ("the ferry is late", "said", True),
        ("that the ferry would sail again", "denied", False),
        ("whether the ferry would sail", "wondered", False),
        ("to sail before the winter", "promised", False),
        ("a new ferry for the northern islands", "called for", False),
        ("", "said", False),
    ],
)
def test_reported_words_are_compared_where_they_claim_something(words: str, cue: str, compared: bool) -> None:
    assert is_compared(words, cue) == compared
