"""What a reading model is asked: who speaks these words, and whom does this mention mean?

A question is a window of word pieces around a quotation, or around a mention, with marks on it. The encoder
(`pointer.py`, handed in) answers with a chance for each piece. Long words in marks are cut short in a window, since
they seldom tell who speaks, and it reaches farther without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from quotetrack.model import Span

# Word pieces of a window.
AROUND_WORDS, AROUND_MENTION = 144, 240
# Share of the window before what is asked about.
SHARE_BEFORE_WORDS, SHARE_BEFORE_MENTION = 0.62, 0.8
# Word pieces that are kept at each end of the words asked about, and of other words in marks.
KEPT_OF_ASKED, KEPT_OF_OTHERS = 24, 7
# What the model is told about a piece.
UNMARKED, WORDS_ASKED, MENTION_ASKED, OTHER_WORDS = 0, 1, 2, 3
# Added to a chance before its logarithm is taken: nothing is impossible for a model that may be wrong.
LEAST_CHANCE = 1e-3

Integers = NDArray[np.int32]
Chances = NDArray[np.float32]


@runtime_checkable
class Encoder(Protocol):
    """A reading model, as extraction needs it."""

    def pieces(self, text: str) -> tuple[Integers, Integers, Integers]:
        """A text in word pieces: the ids, and the characters from where to where each stands; of one length."""
        ...

    def chances(self, windows: Sequence[tuple[Integers, Integers]]) -> list[Chances]:
        """For windows of (ids, marks), the chance of each piece to be the answer, after that of "not in here"."""
        ...


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in word pieces: the id of each and the characters that it stands for, all of one length."""

    ids: Integers
    starts: Integers
    ends: Integers


@dataclass(frozen=True, slots=True)
class Window:
    """Some of the pieces of a text, in order, and the mark on each: all of one length."""

    ids: Integers
    marks: Integers
    starts: Integers
    ends: Integers


@dataclass(frozen=True, slots=True)
class Pointed:
    """The answer to one question: a chance for each piece of its window, and for "not in here" before them."""

    window: Window
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
    """Asks an encoder about one text. `quoted` are the characters in marks."""

    def __init__(self, text: str, quoted: Sequence[Span], encoder: Encoder) -> None:
        self._text = text
        self._quoted = quoted
        self._encoder = encoder

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(*self._encoder.pieces(self._text))

    def speakers(self, parts: Sequence[Span]) -> list[Pointed]:
        """Where the speaker of each part is mentioned."""
        return self._answers([around_words(self._pieces, part, self._quoted) for part in parts])

    def persons(self, mentions: Sequence[Span]) -> list[Pointed]:
        """Where the person is named whom each mention means."""
        return self._answers([around_mention(self._pieces, mention, self._quoted) for mention in mentions])

    def _answers(self, windows: Sequence[Window]) -> list[Pointed]:
        chances = self._encoder.chances([(window.ids, window.marks) for window in windows])
        return [Pointed(window, own) for window, own in zip(windows, chances, strict=True)]


def around_words(pieces: Pieces, part: Span, quoted: Sequence[Span]) -> Window:
    """The window in which the mention of a quoted part's speaker is looked for."""
    return _window(pieces, part, quoted, WORDS_ASKED, AROUND_WORDS, SHARE_BEFORE_WORDS)


def around_mention(pieces: Pieces, mention: Span, quoted: Sequence[Span]) -> Window:
    """The window in which the person is looked for whom a mention means."""
    return _window(pieces, mention, quoted, MENTION_ASKED, AROUND_MENTION, SHARE_BEFORE_MENTION)


def _window(pieces: Pieces, asked: Span, quoted: Sequence[Span], mark: int, length: int, share_before: float) -> Window:
    marks = np.zeros(len(pieces.ids), dtype=np.int32)
    kept = np.ones(len(pieces.ids), dtype=bool)
    for span in quoted:
        inside = _inside(pieces, span)
        marks[inside] = OTHER_WORDS
        kept[_middle(inside, KEPT_OF_OTHERS)] = False
    inside = _inside(pieces, asked)
    marks[inside] = mark
    kept[inside] = True
    kept[_middle(inside, KEPT_OF_ASKED)] = False
    order = np.flatnonzero(kept)
    first, last = (int(at) for at in np.searchsorted(order, (inside.start, inside.stop)))
    room = max(0, length - (last - first))
    behind = min(len(order) - last, round(room * (1 - share_before)))
    before = min(first, room - behind)
    behind = min(len(order) - last, room - before)
    chosen = order[first - before : last + behind]
    return Window(pieces.ids[chosen], marks[chosen], pieces.starts[chosen], pieces.ends[chosen])


def _inside(pieces: Pieces, span: Span) -> slice:
    """The pieces that share a character with a span."""
    first = int(np.searchsorted(pieces.ends, span.start, side="right"))
    return slice(first, max(first, int(np.searchsorted(pieces.starts, span.end, side="left"))))


def _middle(inside: slice, kept: int) -> slice:
    """What is left out of a run of pieces, of which so many are kept at each end."""
    return slice(inside.start + kept, max(inside.start + kept, inside.stop - kept))
