"""The paragraphs of a text, and which of them holds a place. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

from quotetrack.core.domain import Span

TEXTS_IN_MEMORY = 16  # whose paragraphs are kept: the quotations of one text are mostly read one after the other

# A text is hard-wrapped where this share of its line breaks ends a line of about one width, and this share falls
# inside a sentence; with fewer breaks nothing can be said.
WRAPPED_SHARE, RUN_ON_SHARE, LEAST_BREAKS = 0.7, 0.3, 3
WRAPPED_WIDTH = range(40, 101)  # characters


def split_paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of a text, blank ones left out, without the white space around them.

    A line break ends a paragraph, unless the sentence runs on in lower case. In a hard-wrapped text, whose paragraphs
    are blocks of lines of about one width, only a blank line does.
    """
    blank_line = r"\n[ \t\r\f\v]*\n"
    separator = blank_line if _is_hard_wrapped(text) else rf"{blank_line}|(?<![a-z,])\n|\n(?![a-z])|\u2029"
    paragraphs, start = [], 0
    for stop in [*re.finditer(separator, text), None]:
        end = stop.start() if stop else len(text)
        block = text[start:end]
        if stripped := block.strip():
            first = start + block.index(stripped[0])
            paragraphs.append(Span(first, first + len(stripped)))
        start = stop.end() if stop else end
    return paragraphs


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
