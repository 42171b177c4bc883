"""Group the statements of any speakers that make one point, and find those that contradict it. Pure.

Vectors propose pairs. A logistic regression over features that a reader understands, fitted by
`quotetrack.training.talking_points`, gives the chance that both make one point. Where the words are nearly the same and
a "not", an opposite or a number differs (`senses.py`), they are kept apart, and may be said to contradict one another.
A group is a star: each of its statements makes the point of the one in the centre, so that no chain of small steps
leads from one point to another.
"""

from __future__ import annotations

import heapq
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quotetrack.lang.en.opposites import DENYING, DENYING_CUES, DENYING_VERBS, FAMILIES, MAGNITUDES, NO_DENIAL
from quotetrack.lang.en.words import AUXILIARIES, FUNCTION_WORDS, MODALS, NEGATIONS, NO_CLAIM_BEGINNINGS
from quotetrack.linking.fact_checks import read_text, stem_of
from quotetrack.linking.wordings import Overlap, Wording, information_of, read_wording, tokens_of

FITTED = "talking_points"
# The least chance of two statements that make one point: of 28 held-out pairs 24 do (docs/how-to/claims.md).
SAME = 0.7
# The least share of the shorter's words in the same order, from which on one statement is said to contradict the other.
# Where fewer are, a "not" often stands in another place: of six such pairs none was a contradiction.
NEARLY_THE_SAME = 0.8
CONTRADICTING = frozenset({"not", "opposite", "number"})  # flags of `senses.py`
LEAST_COSINE = 0.6  # of statements that are compared
NEIGHBOURS = 30  # statements with which one is compared: the nearest
ROWS_AT_ONCE = 1_000  # of the matrix of cosines
MOST_BLOCK = 3.0  # a longer run of words proves nothing more

Vectors = NDArray[np.float32]
OnCompared = Callable[[int], None]
"""Called with the number of statements that are compared with the others."""


class Features(NamedTuple):
    """How two statements agree. The order of the two does not matter."""

    cosine: float
    shared: float  # information of the words of both, as a share of that of the words of the one that says less
    shared_of_all: float  # the same, as a share of that of all words of either
    block: float  # information of the longest run of words in both, in units of ten nats, at most three
    containment: float  # share of the shorter's character n-grams that the longer has
    in_order: float  # share of the shorter's words that stand in the longer in the same order
    same_names: float
    same_numbers: float
    other_numbers: float  # 1 where both have numbers, and none of them is in both
    negated_otherwise: float
    length: float  # log of the number of words of the one that says less
    length_ratio: float


@dataclass(frozen=True, slots=True)
class Proposition:
    """What is compared of a statement: its words by their stems with their information, its numbers and names.

    `denials` counts the words that deny. `claimed` are the words without what denies nothing: `NO_DENIAL`.
    """

    wording: Wording
    claimed: Wording
    information: dict[str, float]
    numbers: frozenset[str]
    names: frozenset[str]
    denials: int


def read_proposition(words: str) -> Proposition:
    """Return what is compared of a statement."""
    text = read_text(words)
    content = [token for token in text.tokens if token not in FUNCTION_WORDS and token not in NEGATIONS]
    return Proposition(
        read_wording(words),
        read_wording(NO_DENIAL.sub(" ", words)),
        {stem_of(token): information_of(token) for token in content},
        text.numbers,
        text.names,
        _denials(text.tokens),
    )


def _denials(tokens: Sequence[str]) -> int:
    return sum(token in NEGATIONS or token in DENYING or token in DENYING_VERBS for token in tokens)


def features(one: Proposition, other: Proposition, cosine: float) -> Features:
    """Return the features of two statements with this cosine."""
    ones, others = one.information, other.information
    shared = math.fsum(min(ones[stem], others[stem]) for stem in ones.keys() & others.keys())
    totals = sorted((math.fsum(ones.values()), math.fsum(others.values())))
    lengths = sorted((max(len(ones), 1), max(len(others), 1)))
    overlap = Overlap(one.wording, other.wording)
    return Features(
        cosine=cosine,
        shared=shared / max(totals[0], 1.0),
        shared_of_all=shared / max(sum(totals) - shared, 1.0),
        block=min(overlap.block / 10, MOST_BLOCK),
        containment=overlap.containment,
        in_order=overlap.in_order,
        same_names=float(len(one.names & other.names)),
        same_numbers=float(len(one.numbers & other.numbers)),
        other_numbers=float(bool(one.numbers and other.numbers) and one.numbers.isdisjoint(other.numbers)),
        negated_otherwise=float(one.denials % 2 != other.denials % 2),
        length=math.log(lengths[0]),
        length_ratio=lengths[0] / lengths[1],
    )


def is_compared(words: str, cue: str) -> bool:
    """Return whether a reporter's words with this cue claim something: a clause that nobody denies or asks."""
    tokens = tokens_of(words)
    has_verb = not (AUXILIARIES | MODALS).isdisjoint(tokens)
    return has_verb and tokens[0] not in NO_CLAIM_BEGINNINGS and DENYING_CUES.isdisjoint(tokens_of(cue))


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression over features."""

    bias: float
    weights: Features

    def chance(self, pair: Features) -> float:
        """Return the chance, between 0 and 1, that two statements with these features make one point."""
        odds = self.bias + sum(map(mul, self.weights, pair))
        return 1 / (1 + math.exp(-odds))


def are_kept_apart(one: Proposition, other: Proposition) -> bool:
    """Return whether a "not", an opposite or a number differs where words of two statements stand side by side."""
    return not CONTRADICTING.isdisjoint(Overlap(one.wording, other.wording).flags)


def contradict(one: Proposition, other: Proposition) -> bool:
    """Return whether they are kept apart, their words are nearly the same, and what differs makes them contrary.

    A "not" does where only one of the two denies in the end, and a number where the other has another one. Of two
    kinds of difference one may undo the other: "will not rise" and "will fall".
    """
    overlap = Overlap(one.wording, other.wording)
    if overlap.in_order < NEARLY_THE_SAME:
        return False
    differing = CONTRADICTING & set(overlap.flags) & set(Overlap(one.claimed, other.claimed).flags)
    ones, others = one.claimed.tokens, other.claimed.tokens
    if differing == {"not"}:
        return _denials(ones) % 2 != _denials(others) % 2
    if differing == {"number"}:
        return _have_other_numbers(ones, others)
    return differing == {"opposite"}


def _have_other_numbers(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether each has a number, magnitude or unit that the other has not, or both the same in other money."""
    its_ones, its_others = _measuring(ones), _measuring(others)
    return bool(its_ones) and (its_ones == its_others or not (its_ones <= its_others or its_others <= its_ones))


def _measuring(tokens: Sequence[str]) -> set[str]:
    measures = MAGNITUDES.keys() | {word for family in FAMILIES for word in family}
    return {token for token in tokens if token in measures or any(character.isdigit() for character in token)}


@lru_cache(maxsize=1)
def load_model() -> Model:
    """Return the fitted model."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", f"{FITTED}.json").read_text("utf-8"))
    return Model(float(stored["bias"]), Features(**stored["weights"]))


# Groups


@dataclass(frozen=True, slots=True)
class Point:
    """Statements that make one point, by their places: the centre first, then the surest. And those that contradict it.

    Each has the chance that it is about the claim of the centre; that of the centre is 1.
    """

    members: tuple[tuple[int, float], ...]
    against: tuple[tuple[int, float], ...]


def group(words: Sequence[str], vectors: Vectors, on_compared: OnCompared = lambda _done: None) -> list[Point]:
    """Return the points that two statements or more make, those with the most statements first.

    `vectors` are the unit vectors of the words. A statement is in one point at most, and may contradict several.
    """
    same, against = _compared(words, vectors, on_compared)
    free = set(same)
    points = []
    for centre in _densest_first(same, free):
        members = [(centre, 1.0)]
        for other, chance in _surest(same[centre]):
            if other in free and not any(member in against[other] for member, _ in members):
                members.append((other, chance))
        if len(members) > 1:
            taken = {member for member, _ in members}
            free -= taken
            points.append(Point(tuple(members), tuple(_surest(_contradicting(taken, against)))))
    return sorted(points, key=lambda point: (-len(point.members), point.members[0][0]))


_Chances = defaultdict[int, dict[int, float]]  # of each statement with the others


def _compared(words: Sequence[str], vectors: Vectors, on_compared: OnCompared) -> tuple[_Chances, _Chances]:
    """Return which statements make one point, and which contradict one another, with the chances of it."""
    model, read = load_model(), [read_proposition(each) for each in words]
    same: _Chances = defaultdict(dict)
    against: _Chances = defaultdict(dict)
    for start in range(0, len(words), ROWS_AT_ONCE):
        on_compared(start)
        for one, other, cosine in _near(vectors, start):
            if other in same[one] or other in against[one]:
                continue
            chance = model.chance(features(read[one], read[other], cosine))
            if chance < SAME:
                continue
            if not are_kept_apart(read[one], read[other]):
                same[one][other] = same[other][one] = chance
            elif contradict(read[one], read[other]):
                against[one][other] = against[other][one] = chance
    return same, against


def _near(vectors: Vectors, start: int) -> Iterator[tuple[int, int, float]]:
    """Yield the statements from `start` on, ROWS_AT_ONCE of them, each with its nearest ones and their cosines."""
    cosines = vectors[start : start + ROWS_AT_ONCE] @ vectors.T
    for row, near in enumerate(cosines, start=start):
        near[row] = -1.0
        nearest = np.argsort(-near, kind="stable")[:NEIGHBOURS]
        yield from ((row, int(other), float(near[other])) for other in nearest if near[other] >= LEAST_COSINE)


def _densest_first(same: _Chances, free: set[int]) -> Iterator[int]:
    """Yield the free statements, always the one that makes the point of the most other free ones."""
    heap = [(-math.fsum(others.values()), place) for place, others in same.items()]
    heapq.heapify(heap)
    while heap:
        total, place = heapq.heappop(heap)
        if place not in free:
            continue
        now = -math.fsum(chance for other, chance in same[place].items() if other in free)
        if now > total:
            heapq.heappush(heap, (now, place))
        elif now < 0:
            yield place


def _surest(chances: Mapping[int, float]) -> list[tuple[int, float]]:
    return sorted(chances.items(), key=lambda each: (-each[1], each[0]))


def _contradicting(members: set[int], against: _Chances) -> dict[int, float]:
    """Return the statements that contradict any of the members, each with the highest chance of it."""
    chances: dict[int, float] = {}
    for member in members:
        for other, chance in against[member].items():
            if other not in members:
                chances[other] = max(chance, chances.get(other, 0.0))
    return chances
