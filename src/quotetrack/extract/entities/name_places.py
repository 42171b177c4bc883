"""The places where a name stands in a text, and the words directly around a name."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.core.domain import Span
from quotetrack.lang.en.name_words import ACTS, SPEECH_BEFORE, SPEECH_BEHIND

# Characters beside a name within which its verb of speech stands.
FARTHEST_SPEECH = 25
# Characters before a place within which a sentence may end.
FARTHEST_STOP = 30


@dataclass(frozen=True, slots=True)
class NamePlace:
    """One place where a person or organisation is named."""

    start: int
    end: int
    is_full: bool  # the full name
    opens_sentence: bool
    is_owner: bool  # a possessive
    speaks: bool  # a verb of speech stands beside it
    acts: bool  # a verb follows: it is the subject of a clause

    @property
    def span(self) -> Span:
        """Return its characters."""
        return Span(self.start, self.end)


def opens_sentence(text: str, position: int) -> bool:
    """Return whether a sentence, or a line, begins here or one title before."""
    before = text[max(0, position - FARTHEST_STOP) : position].rstrip(" \xa0\"“‘'")
    if not before or before[-1] in ".?!\n:":
        return True
    last = before.rsplit(None, 1)[-1]
    rest = before[: -len(last)].rstrip(" \"“‘'")
    return last[:1].isupper() and (not rest or rest[-1] in ".?!\n")


def speaks_beside(text: str, start: int, end: int) -> bool:
    """Return whether a verb of speech stands directly beside the name."""
    before = text[max(0, start - FARTHEST_SPEECH) : start]
    return bool(SPEECH_BEFORE.search(before) or SPEECH_BEHIND.match(text[end : end + FARTHEST_SPEECH]))


def acts_behind(text: str, end: int) -> bool:
    """Return whether a verb follows the name."""
    return bool(ACTS.match(text, end))
