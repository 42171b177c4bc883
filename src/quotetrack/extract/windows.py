"""What a reading model is shown of a text, and what it is asked about the words in marks.

A text is shown in windows of word pieces that overlap, and each window is read once, whatever is asked of it: who is
mentioned as the speaker of these words, who is named, whom a mention means. The encoder (`pointer.py`, handed in)
answers with a chance for each piece. A piece carries a mark that says what extraction knows already: that it names
somebody, of which gender, and that it stands in marks. Long words in marks lose their middle, since that seldom tells
who speaks, and a window reaches farther without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from quotetrack.extract.people import Person
from quotetrack.model import Span

SIZE = 384  # word pieces of a window
BEFORE = 160  # of these before what a new window is read for: what is asked next stands behind it
LEAST_AROUND = 72  # word pieces around what is asked about that a window has, where the text does
KEPT = 8  # word pieces that are kept at each end of words in marks
# What the model is told about a piece: what it names; words in marks have IN_MARKS added.
UNMARKED, SOMEBODY, MAN, WOMAN, BODY = range(5)
IN_MARKS = 5
# Added to a chance before its logarithm is taken: nothing is impossible for a model that may be wrong.
LEAST_CHANCE = 1e-3

Integers = NDArray[np.int32]
Chances = NDArray[np.float32]


class Ask(IntEnum):
    """What is asked: in a window, of words in marks or of a mention, and answered by pieces of the window."""

    MENTION = 0  # where the speaker of the words is mentioned
    NAME = 1  # where the speaker of the words is named
    PERSON = 2  # where the person is named whom the mention means


@runtime_checkable
class Encoder(Protocol):
    """A reading model, as extraction needs it."""

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """A text in word pieces: the ids, and the characters from where to where each stands; of one length."""
        ...

    def read(self, windows: Sequence[tuple[Integers, Integers]]) -> Sequence[WindowRead]:
        """Windows of (ids, marks), each read once and ready to be asked."""
        ...


class WindowRead(Protocol):
    """A window as a reading model has read it. What is asked about is the numbers of its pieces."""

    def chances(self, ask: Ask, asked: Sequence[Integers]) -> Chances:
        """Shape (questions, pieces + 1): the chance of each piece, after that of "not in here"; a row sums to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in word pieces: the id of each, its mark and the characters that it stands for, all of one length."""

    ids: Integers
    marks: Integers
    starts: Integers
    ends: Integers

    def __getitem__(self, chosen: slice | NDArray[np.bool_]) -> Pieces:
        """Some of the pieces, in order."""
        return Pieces(self.ids[chosen], self.marks[chosen], self.starts[chosen], self.ends[chosen])

    def inside(self, span: Span) -> slice:
        """The pieces that share a character with a span."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        return slice(first, max(first, int(np.searchsorted(self.starts, span.end, side="left"))))


@dataclass(frozen=True, slots=True)
class Pointed:
    """The answer to one question: a chance for each piece of its window, and for "not in here" before them."""

    window: Pieces
    chances: Chances

    def at(self, spans: Sequence[Span]) -> float:
        """The log-chance that the answer lies in one of these spans: the sum over its pieces (Kadlec et al., 2016)."""
        hit = np.zeros(len(self.window.ids), dtype=bool)
        for span in spans:
            hit |= (self.window.starts < span.end) & (self.window.ends > span.start)
        return float(np.log(self.chances[1:][hit].sum() + LEAST_CHANCE))

    @property
    def nowhere(self) -> float:
        """The log-chance that the answer is not in the window."""
        return float(np.log(self.chances[0] + LEAST_CHANCE))


class Questions:
    """Asks an encoder about one text; a window is read when first something is asked of it."""

    def __init__(
        self,
        text: str,
        quoted: Sequence[Span],
        persons: Sequence[Person],
        organisations: Sequence[Person],
        encoder: Encoder,
    ) -> None:
        """`quoted` are the characters in marks."""
        self._text = text
        self._quoted = quoted
        self._persons = persons
        self._organisations = organisations
        self._encoder = encoder
        self._read: dict[int, WindowRead] = {}  # by the first piece of each window

    def ask(self, ask: Ask, spans: Sequence[Span]) -> list[Pointed]:
        """The answer for each span, in their order."""
        answers: dict[int, Pointed] = {}
        for first, numbers in self._by_window(spans).items():
            window = self._pieces[first : first + SIZE]
            chances = self._read[first].chances(ask, [piece_numbers(window, spans[i]) for i in numbers])
            answers |= {i: Pointed(window, own) for i, own in zip(numbers, chances, strict=True)}
        return [answers[i] for i in range(len(spans))]

    @cached_property
    def _pieces(self) -> Pieces:
        ids, starts, ends = self._encoder.pieces(self._text)
        marks = marked(ids, starts, ends, self._quoted, self._persons, self._organisations)
        return shown(marks, self._quoted)

    def _by_window(self, spans: Sequence[Span]) -> dict[int, list[int]]:
        """The numbers of the spans by the window in which each is asked about; all those windows have been read."""
        chosen: dict[int, list[int]] = {}
        for number in sorted(range(len(spans)), key=lambda i: spans[i]):
            first = window_of(self._pieces, spans[number], [*self._read, *chosen])
            chosen.setdefault(first, []).append(number)
        new = [first for first in chosen if first not in self._read]
        windows = [self._pieces[first : first + SIZE] for first in new]
        read = self._encoder.read([(window.ids, window.marks) for window in windows])
        self._read |= dict(zip(new, read, strict=True))
        return chosen


def marked(
    ids: Integers,
    starts: Integers,
    ends: Integers,
    quoted: Sequence[Span],
    persons: Sequence[Person],
    organisations: Sequence[Person],
) -> Pieces:
    """All pieces of a text, with their marks."""
    pieces = Pieces(ids, np.zeros(len(ids), dtype=np.int32), starts, ends)
    for body in organisations:
        for place in body.places:
            pieces.marks[pieces.inside(place.span)] = BODY
    for person in persons:
        for place in person.places:
            pieces.marks[pieces.inside(place.span)] = _mark_of(person)
    is_quoted = np.zeros(len(ids), dtype=bool)
    for span in quoted:
        is_quoted[pieces.inside(span)] = True
    pieces.marks[is_quoted] += IN_MARKS
    return pieces


def shown(pieces: Pieces, quoted: Sequence[Span]) -> Pieces:
    """What is shown of a text: all but the middle of long words in marks."""
    kept = np.ones(len(pieces.ids), dtype=bool)
    for span in quoted:
        inside = pieces.inside(span)
        kept[inside.start + KEPT : max(inside.start + KEPT, inside.stop - KEPT)] = False
    return pieces[kept]


def window_of(pieces: Pieces, span: Span, others: Sequence[int]) -> int:
    """The first piece of the window for a question about a span: one of `others` that shows enough, or a new one."""
    inside, length = pieces.inside(span), len(pieces.ids)

    def around(first: int) -> int:
        """How many pieces stand before and behind the span at least; where the text ends that is no want."""
        last = first + SIZE
        return min(inside.start - first if first else SIZE, last - inside.stop if last < length else SIZE)

    best = max(others, key=around, default=None)
    if best is not None and around(best) >= LEAST_AROUND:
        return best
    return int(min(max(0, inside.start - BEFORE), max(0, length - SIZE)))


def piece_numbers(window: Pieces, span: Span) -> Integers:
    """The pieces of a window that a span stands for; the nearest one where the window shows none of it."""
    inside = window.inside(span)
    if inside.start == inside.stop:
        return np.array([min(inside.start, len(window.ids) - 1)], dtype=np.int32)
    return np.arange(inside.start, inside.stop, dtype=np.int32)


def _mark_of(person: Person) -> int:
    return {"m": MAN, "f": WOMAN}.get(person.gender or "", SOMEBODY)
