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

from quotetrack.core.domain import Span
from quotetrack.extract.entities.people import Person

SIZE = 384  # word pieces of a window at most
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


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of a text is shown around what is asked about, in word pieces."""

    before: int  # what is asked about first in a new window
    behind: int  # what is asked about last in it
    least: int  # on either side in a window that was read before, where the text goes on


# The speaker is mentioned near the words; the name may stand far above.
REACH = {Ask.MENTION: Reach(96, 72, 64), Ask.NAME: Reach(160, SIZE, 96), Ask.PERSON: Reach(160, SIZE, 96)}


@runtime_checkable
class Encoder(Protocol):
    """A reading model, as extraction needs it."""

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """A text in word pieces: the ids, and the characters from where to where each stands; of one length."""
        ...

    def read(self, windows: Sequence[tuple[Integers, Integers]]) -> Sequence[WindowEncoding]:
        """Windows of (ids, marks), each read once and ready to be asked."""
        ...


class WindowEncoding(Protocol):
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
        self._read: dict[range, WindowEncoding] = {}  # by the pieces of each window

    def ask(self, ask: Ask, spans: Sequence[Span]) -> list[Pointed]:
        """The answer for each span, in their order."""
        answers: dict[int, Pointed] = {}
        for shown_pieces, numbers in self._by_window(spans, REACH[ask]).items():
            window = self._pieces[shown_pieces.start : shown_pieces.stop]
            chances = self._read[shown_pieces].chances(ask, [piece_numbers(window, spans[i]) for i in numbers])
            answers |= {i: Pointed(window, own) for i, own in zip(numbers, chances, strict=True)}
        return [answers[i] for i in range(len(spans))]

    @cached_property
    def _pieces(self) -> Pieces:
        ids, starts, ends = self._encoder.pieces(self._text)
        marks = marked(ids, starts, ends, self._quoted, self._persons, self._organisations)
        return shown(marks, self._quoted)

    def _by_window(self, spans: Sequence[Span], reach: Reach) -> dict[range, list[int]]:
        """The numbers of the spans by the window in which each is asked about; all those windows have been read."""
        old: dict[range, list[int]] = {}
        new: dict[range, list[int]] = {}
        for number in sorted(range(len(spans)), key=lambda i: spans[i]):
            window = window_of(self._pieces, spans[number], [*self._read, *new], reach)
            (old if window in self._read else new).setdefault(window, []).append(number)
        new = {self._without_rest(w, [spans[i] for i in asked], reach.behind): asked for w, asked in new.items()}
        cut = [self._pieces[window.start : window.stop] for window in new]
        read = self._encoder.read([(pieces.ids, pieces.marks) for pieces in cut])
        self._read |= dict(zip(new, read, strict=True))
        return old | new

    def _without_rest(self, window: range, spans: Sequence[Span], behind: int) -> range:
        """A window without what stands far behind all that is asked about in it."""
        last = max(self._pieces.inside(span).stop for span in spans)
        return range(window.start, min(window.stop, last + behind))


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


def window_of(pieces: Pieces, span: Span, others: Sequence[range], reach: Reach) -> range:
    """The window for a question about a span: one of `others` that shows enough around it, or a new one."""
    inside, length = pieces.inside(span), len(pieces.ids)

    def around(window: range) -> int:
        """How many pieces stand before and behind the span at least; where the text ends that is no want."""
        before = inside.start - window.start if window.start else SIZE
        return min(before, window.stop - inside.stop if window.stop < length else SIZE)

    best = max(others, key=around, default=None)
    if best is not None and around(best) >= reach.least:
        return best
    first = min(max(0, inside.start - reach.before), max(0, length - SIZE))
    return range(first, min(first + SIZE, length))


def piece_numbers(window: Pieces, span: Span) -> Integers:
    """The pieces of a window that a span stands for; the nearest one where the window shows none of it."""
    inside = window.inside(span)
    if inside.start == inside.stop:
        return np.array([min(inside.start, len(window.ids) - 1)], dtype=np.int32)
    return np.arange(inside.start, inside.stop, dtype=np.int32)


def _mark_of(person: Person) -> int:
    return {"m": MAN, "f": WOMAN}.get(person.gender or "", SOMEBODY)
