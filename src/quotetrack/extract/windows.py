"""Ask an encoder about the quoted words of a text, through windows of its tokens (word pieces).

The windows overlap, and each is encoded once, however many questions are asked of it: where the speaker of some words
is mentioned, where the speaker is named, whom a mention means. The encoder (`models/pointer.py`, passed in) answers
with a probability for each piece. Each piece has a mark id for what extraction knows already: that it names a person
or an organisation or describes an unnamed person, the gender, and whether it stands in quotation marks. Long quoted
words lose their middle, since it seldom shows who speaks, and a window reaches farther without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.entities.people import Person

SIZE = 384  # word pieces of a window at most
OVERLAP = 32  # word pieces that a window shows around those that it is encoded for, where nothing is asked of it
KEPT = 8  # word pieces that are kept at each end of words in marks
# The mark id of a piece by what it names; pieces in quotation marks have IN_MARKS added.
UNMARKED, PERSON, MAN, WOMAN, ORGANISATION, UNNAMED, UNNAMED_MAN, UNNAMED_WOMAN = range(8)
IN_MARKS = 8
_OF_GENDER = {None: PERSON, "m": MAN, "f": WOMAN}
_UNNAMED_OF_GENDER = {None: UNNAMED, "m": UNNAMED_MAN, "f": UNNAMED_WOMAN}
# Added to a probability before its logarithm is taken: nothing is impossible for a model that may be wrong.
LEAST_CHANCE = 1e-3

Integers = NDArray[np.int32]
Chances = NDArray[np.float32]
States = NDArray[np.float32]


class Ask(IntEnum):
    """The kinds of questions, about quoted words or a mention; the answer is pieces of the window."""

    MENTION = 0  # where the speaker of the words is mentioned
    NAME = 1  # where the speaker of the words is named
    PERSON = 2  # where the person is named whom the mention means


@dataclass(frozen=True, slots=True)
class Reach:
    """The word pieces that a window shows around the words asked about."""

    before: int  # before the first question of a new window
    behind: int  # behind its last question
    least: int  # on either side in a window that was encoded before, unless the text ends there


# The speaker is mentioned near the words; the name may stand far above.
REACH = {Ask.MENTION: Reach(96, 72, 64), Ask.NAME: Reach(160, SIZE, 96), Ask.PERSON: Reach(160, SIZE, 96)}


@runtime_checkable
class Encoder(Protocol):
    """A model that extraction can ask (implemented in `models/pointer.py`)."""

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """Return the token ids of a text, and where each token starts and ends, in characters; all of one length."""
        ...

    def read(self, windows: Sequence[tuple[Integers, Integers]]) -> Sequence[WindowEncoding]:
        """Encode windows of (token ids, mark ids), so that questions can be asked of each."""
        ...


class WindowEncoding(Protocol):
    """An encoded window. Questions are given as the token indices of the words asked about."""

    def chances(self, ask: Ask, asked: Sequence[Integers]) -> Chances:
        """Return the probability of each piece, after that of "not in this window".

        Shape (questions, pieces + 1); a row sums to 1.
        """
        ...

    def states(self) -> States:
        """Return the state of each piece, shape (pieces, width)."""
        ...


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: their ids, mark ids, and the characters they stand for; all of one length."""

    ids: Integers
    marks: Integers
    starts: Integers
    ends: Integers

    def __getitem__(self, chosen: slice | NDArray[np.bool_]) -> Pieces:
        """Return some of the pieces, in order."""
        return Pieces(self.ids[chosen], self.marks[chosen], self.starts[chosen], self.ends[chosen])

    def inside(self, span: Span) -> slice:
        """Return the slice of the pieces that share a character with a span."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        return slice(first, max(first, int(np.searchsorted(self.starts, span.end, side="left"))))


@dataclass(frozen=True, slots=True)
class Pointed:
    """The answer to one question: the probability of "not in this window", then of each piece of it."""

    window: Pieces
    chances: Chances

    def at(self, spans: Sequence[Span]) -> float:
        """Return the log-probability of these spans together: the sum over their pieces (Kadlec et al., 2016)."""
        hit = np.zeros(len(self.window.ids), dtype=bool)
        for span in spans:
            hit |= (self.window.starts < span.end) & (self.window.ends > span.start)
        return float(np.log(self.chances[1:][hit].sum() + LEAST_CHANCE))

    def nowhere_or(self, spans: Sequence[Span]) -> float:
        """Return the log-probability that the answer is not in the window, or is these spans."""
        return float(np.log(self.chances[0] + np.exp(self.at(spans))))


class Questions:
    """The questions about one text. A window is encoded when the first question about it is asked."""

    def __init__(
        self,
        text: str,
        quoted: Sequence[Span],
        persons: Sequence[Person],
        organisations: Sequence[Person],
        encoder: Encoder,
        unnamed: Sequence[Person] = (),
    ) -> None:
        """Keep the text with its characters in marks (`quoted`), its persons, organisations and unnamed people."""
        self._text = text
        self._quoted = quoted
        self._persons = persons
        self._organisations = organisations
        self._unnamed = unnamed
        self.encoder = encoder
        self._encoded: dict[range, WindowEncoding] = {}  # by the pieces of each window

    def ask(self, ask: Ask, spans: Sequence[Span]) -> list[Pointed]:
        """Return the answer for each span, in their order."""
        answers: dict[int, Pointed] = {}
        for shown_pieces, numbers in self._by_window(spans, REACH[ask]).items():
            window = self._pieces[shown_pieces.start : shown_pieces.stop]
            chances = self._encoded[shown_pieces].chances(ask, [piece_numbers(window, spans[i]) for i in numbers])
            answers |= {i: Pointed(window, own) for i, own in zip(numbers, chances, strict=True)}
        return [answers[i] for i in range(len(spans))]

    def states(self, spans: Sequence[Span]) -> tuple[States, States]:
        """Return the mean state of the pieces of each span, shape (spans, width), and that of all pieces read.

        A span of which no piece is shown has zeros. What no question has needed yet is encoded now.
        """
        length = len(self._pieces.ids)
        inside = [self._pieces.inside(span) for span in spans]
        needed = np.zeros(length, dtype=bool)
        for own in inside:
            needed[own] = True
        rest = uncovered(needed, list(self._encoded))
        cut = [self._pieces[window.start : window.stop] for window in rest]
        self._encoded |= dict(zip(rest, self.encoder.read([(p.ids, p.marks) for p in cut]), strict=True))
        states, is_read = middle_states({window: read.states() for window, read in self._encoded.items()}, length)
        means = np.zeros((len(spans), states.shape[1]), dtype=np.float32)
        for row, own in enumerate(inside):
            if own.start < own.stop:
                means[row] = states[own].mean(axis=0)
        return means, states[is_read].mean(axis=0) if is_read.any() else np.zeros(states.shape[1], dtype=np.float32)

    def whole(self) -> tuple[Pieces, States]:
        """Return all pieces that windows show of the text, and the state of each; what was not read is read now."""
        length = len(self._pieces.ids)
        rest = uncovered(np.ones(length, dtype=bool), list(self._encoded))
        cut = [self._pieces[window.start : window.stop] for window in rest]
        self._encoded |= dict(zip(rest, self.encoder.read([(p.ids, p.marks) for p in cut]), strict=True))
        states, _ = middle_states({window: read.states() for window, read in self._encoded.items()}, length)
        return self._pieces, states

    @cached_property
    def _pieces(self) -> Pieces:
        ids, starts, ends = self.encoder.pieces(self._text)
        marks = marked(ids, starts, ends, self._quoted, self._persons, self._organisations, self._unnamed)
        return shown(marks, self._quoted)

    def _by_window(self, spans: Sequence[Span], reach: Reach) -> dict[range, list[int]]:
        """Return the numbers of the spans by the window in which each is asked about, and encode new windows."""
        old: dict[range, list[int]] = {}
        new: dict[range, list[int]] = {}
        for number in sorted(range(len(spans)), key=lambda i: spans[i]):
            window = window_of(self._pieces, spans[number], [*self._encoded, *new], reach)
            (old if window in self._encoded else new).setdefault(window, []).append(number)
        new = {self._without_rest(w, [spans[i] for i in asked], reach.behind): asked for w, asked in new.items()}
        cut = [self._pieces[window.start : window.stop] for window in new]
        encoded = self.encoder.read([(pieces.ids, pieces.marks) for pieces in cut])
        self._encoded |= dict(zip(new, encoded, strict=True))
        return old | new

    def _without_rest(self, window: range, spans: Sequence[Span], behind: int) -> range:
        """Return a window without the pieces far behind the last span that is asked about."""
        last = max(self._pieces.inside(span).stop for span in spans)
        return range(window.start, min(window.stop, last + behind))


def uncovered(needed: NDArray[np.bool_], windows: Sequence[range]) -> list[range]:
    """Return further windows, in order, that show the needed pieces of a text which some windows leave out.

    They show `OVERLAP` pieces around these, and no more than that.
    """
    left = needed.copy()
    for window in windows:
        left[window.start : window.stop] = False
    rest: list[range] = []
    while left.any():
        first = int(np.argmax(left))
        start = max(0, first - OVERLAP)
        last = first + int(np.flatnonzero(left[first : start + SIZE - OVERLAP])[-1])
        rest.append(range(start, min(last + 1 + OVERLAP, len(left))))
        left[: last + 1] = False
    return rest


def middle_states(states: Mapping[range, States], length: int) -> tuple[States, NDArray[np.bool_]]:
    """Return the state of each piece of a text, from the window that shows most around it, and which pieces have one.

    A side on which the text ends counts as long.
    """
    whole: States | None = None
    most = np.full(length, -1)
    for window, own in states.items():
        whole = np.zeros((length, own.shape[1]), dtype=np.float32) if whole is None else whole
        places = np.arange(len(window))
        before = places if window.start else np.full(len(window), length)
        behind = places[::-1] if window.stop < length else np.full(len(window), length)
        around = np.minimum(before, behind)
        is_better = around > most[window.start : window.stop]
        whole[window.start : window.stop][is_better] = own[is_better]
        most[window.start : window.stop][is_better] = around[is_better]
    return (whole if whole is not None else np.zeros((length, 1), dtype=np.float32)), most >= 0


def marked(
    ids: Integers,
    starts: Integers,
    ends: Integers,
    quoted: Sequence[Span],
    persons: Sequence[Person],
    organisations: Sequence[Person],
    unnamed: Sequence[Person] = (),
) -> Pieces:
    """Return all pieces of a text with their mark ids."""
    pieces = Pieces(ids, np.zeros(len(ids), dtype=np.int32), starts, ends)
    for person in unnamed:
        for place in person.places:
            pieces.marks[pieces.inside(place.span)] = _UNNAMED_OF_GENDER[person.gender]
    for organisation in organisations:
        for place in organisation.places:
            pieces.marks[pieces.inside(place.span)] = ORGANISATION
    for person in persons:
        for place in person.places:
            pieces.marks[pieces.inside(place.span)] = _OF_GENDER[person.gender]
    is_quoted = np.zeros(len(ids), dtype=bool)
    for span in quoted:
        is_quoted[pieces.inside(span)] = True
    pieces.marks[is_quoted] += IN_MARKS
    return pieces


def shown(pieces: Pieces, quoted: Sequence[Span]) -> Pieces:
    """Return the pieces that a window shows: all but the middle of long quoted words."""
    kept = np.ones(len(pieces.ids), dtype=bool)
    for span in quoted:
        inside = pieces.inside(span)
        kept[inside.start + KEPT : max(inside.start + KEPT, inside.stop - KEPT)] = False
    return pieces[kept]


def window_of(pieces: Pieces, span: Span, others: Sequence[range], reach: Reach) -> range:
    """Return the window for a question about a span: one of `others` that shows enough around it, or a new one."""
    inside, length = pieces.inside(span), len(pieces.ids)

    def around(window: range) -> int:
        """Return the pieces on the shorter side of the span; a side on which the text ends counts as long."""
        before = inside.start - window.start if window.start else SIZE
        return min(before, window.stop - inside.stop if window.stop < length else SIZE)

    best = max(others, key=around, default=None)
    if best is not None and around(best) >= reach.least:
        return best
    first = min(max(0, inside.start - reach.before), max(0, length - SIZE))
    return range(first, min(first + SIZE, length))


def piece_numbers(window: Pieces, span: Span) -> Integers:
    """Return the numbers of the pieces of a span in its window; the nearest one where the window shows none of it."""
    inside = window.inside(span)
    if inside.start == inside.stop:
        return np.array([min(inside.start, len(window.ids) - 1)], dtype=np.int32)
    return np.arange(inside.start, inside.stop, dtype=np.int32)
