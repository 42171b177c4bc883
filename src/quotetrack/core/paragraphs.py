"""The paragraphs of a text, and which of them holds a place. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from quotetrack.core.domain import Span

# Characters of a paragraph. The longest of 1,136 annotated articles has 2,573. A longer one is a text without its line
# breaks, and the work that a quotation takes grows with its paragraph.
LONGEST_PARAGRAPH = 5_000
_SENTENCE_END = re.compile(r"[.!?][\"”»’')]{0,3}\s")
_MARK = re.compile(r"[\"“”«»]")
TEXTS_IN_MEMORY = 16  # whose paragraphs are kept: the quotations of one text are mostly read one after the other

# A text is hard-wrapped where this share of its line breaks ends a line of about one width, and this share falls
# inside a sentence; with fewer breaks nothing can be said.
WRAPPED_SHARE, RUN_ON_SHARE, LEAST_BREAKS = 0.7, 0.3, 3
WRAPPED_WIDTH = range(40, 101)  # characters


def split_paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of a text, blank ones left out, without the white space around them.

    A line break ends a paragraph, unless the sentence runs on in lower case. In a hard-wrapped text, whose paragraphs
    are blocks of lines of about one width, only a blank line does. A paragraph of more than LONGEST_PARAGRAPH
    characters is divided between two sentences outside of quotation marks.
    """
    blank_line = r"\n[ \t\r\f\v]*\n"
    separator = blank_line if _is_hard_wrapped(text) else rf"{blank_line}|(?<![a-z,])\n|\n(?![a-z])|\u2029"
    paragraphs: list[Span] = []
    start = 0
    for stop in [*re.finditer(separator, text), None]:
        end = stop.start() if stop else len(text)
        block = text[start:end]
        if stripped := block.strip():
            first = start + block.index(stripped[0])
            paragraphs += _divided(text, first, first + len(stripped))
        start = stop.end() if stop else end
    return paragraphs


def _divided(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a paragraph in pieces of at most LONGEST_PARAGRAPH characters."""
    while end - start > LONGEST_PARAGRAPH:
        stop = start + _length_of_piece(text[start : start + LONGEST_PARAGRAPH])
        piece = text[start:stop].rstrip()
        yield Span(start, start + len(piece))
        rest = text[stop:end]
        start = stop + len(rest) - len(rest.lstrip())
    yield Span(start, end)


def _length_of_piece(text: str) -> int:
    """Return where the first part of a long paragraph ends: behind a sentence, else a word, else at its length."""
    best = 0
    opened, place = 0, 0
    is_straight_open = False
    for boundary in _SENTENCE_END.finditer(text):
        for mark in _MARK.finditer(text, place, boundary.end()):
            is_straight_open ^= mark[0] == '"'
            opened += (mark[0] in "“«") - (mark[0] in "”»")
        place = boundary.end()
        if opened <= 0 and not is_straight_open:
            best, opened = boundary.end(), 0
    return best or max(text.rfind(" "), text.rfind("\n")) + 1 or len(text)


def _is_hard_wrapped(text: str) -> bool:
    """Return whether most line breaks fall inside sentences, in lines of about one width."""
    blocks = [block.splitlines() for block in re.split(r"\n[ \t\r]*\n", text)]
    breaks = [pair for lines in blocks for pair in pairwise(lines)]
    if len(breaks) < LEAST_BREAKS:
        return False
    wrapped = sum(len(line.rstrip()) in WRAPPED_WIDTH for line, _ in breaks)
    run_on = sum(following.lstrip()[:1].islower() for _, following in breaks)
    return wrapped >= WRAPPED_SHARE * len(breaks) and run_on >= RUN_ON_SHARE * len(breaks)


def paragraph_number(text: str, place: int) -> int:
    """Return the number of the paragraph that holds a character, counted from 1; 1 above the first."""
    return max(1, bisect_right(_starts(text), place))


@lru_cache(TEXTS_IN_MEMORY)
def _starts(text: str) -> list[int]:
    return [paragraph.start for paragraph in split_paragraphs(text)]
