"""Select the paragraphs of a text that are the article. The others (furniture) are skipped, never cut out."""

from __future__ import annotations

import re
from functools import cache

from quotetrack.core.domain import Span
from quotetrack.core.paragraphs import split_paragraphs
from quotetrack.lang import lines
from quotetrack.lang.en.furniture import CREDIT, LINK_LABEL, PRINTED_LINK_LABEL, READING_TIME

# Words of a line without a closing stop that reads as a heading, or as the headline of another article.
SHORTEST_HEADLINE, LONGEST_HEADLINE = 3, 25
SHORTEST_PROSE = 13  # words of a paragraph; a shorter one may be a caption or a teaser
LONGEST_CREDIT = 59  # characters
# Headlines in a row after the last paragraph that are a list of other articles.
SHORTEST_LIST = 3

# Unlike `core/normalize.py: ends_sentence`, this takes a comma, colon or dash as well, and a line that is all in marks.
_NOT_A_HEADLINE_END = re.compile(r"[.!?…:;,—–-][\"”’'»)\]]*$|^[\"“‘'«].*[\"”’'»]$", re.DOTALL)
_SIGNED = re.compile(r"[\"“‘'«].*[\"”’'»]\s*[-‐–—―]")


def article_paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of the article itself, in order: no navigation, no teasers, no list of other headlines."""
    kept = [p for p in split_paragraphs(text) if not _is_furniture(p.of(text))]
    end = _tail(text, kept)
    return [p for p in kept[:end] if not _opens_tail(p.of(text))]


def _is_furniture(line: str) -> bool:
    """Return whether a line belongs to no article: a button, a reading time, a link to another article."""
    plain = _plain(line)
    return plain in _buttons() or bool(READING_TIME.fullmatch(plain)) or _is_link_elsewhere(line)


def _is_link_elsewhere(line: str) -> bool:
    """Return whether a line is a label with a headline, glued or with a colon between: "RelatedWhy the bridge fell"."""
    match = PRINTED_LINK_LABEL.match(line)
    if match is None or len(line.split()) > LONGEST_HEADLINE or (_is_sentence(line) and ":" not in match[0]):
        return False
    return bool(LINK_LABEL.match(line))


def _tail(text: str, paragraphs: list[Span]) -> int:
    """Return the number of paragraphs before the tail of the page: labels, other headlines and their teasers."""
    end = len(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if _opens_tail(paragraph.of(text)) and not _has_prose(text, paragraphs[index + 1 :]):
            return _above_teaser(text, paragraphs, index)
    headlines = 0
    while headlines < end and _is_headline(paragraphs[end - 1 - headlines].of(text)):
        headlines += 1
    return end - headlines if SHORTEST_LIST <= headlines < end else end


def _above_teaser(text: str, paragraphs: list[Span], end: int) -> int:
    """Return the number of paragraphs before those that belong to the label at `end`.

    Directly above the label, headlines belong to other articles, and so does a headline with one line below it.
    """
    if end >= 3 and _is_headline(paragraphs[end - 2].of(text)) and not _is_headline(paragraphs[end - 1].of(text)):
        return end - 2
    while end > 1 and _is_headline(paragraphs[end - 1].of(text)):
        end -= 1
    return end


def _has_prose(text: str, paragraphs: list[Span]) -> bool:
    """Return whether two paragraphs of prose are among these: a single one may be the teaser of another article."""
    return sum(_is_sentence(p.of(text)) and len(p.of(text).split()) >= SHORTEST_PROSE for p in paragraphs) >= 2


def _opens_tail(line: str) -> bool:
    plain = _plain(line)
    return plain in _labels() or (len(plain) <= LONGEST_CREDIT and bool(CREDIT.match(plain)))


def _is_headline(line: str) -> bool:
    is_short = SHORTEST_HEADLINE <= len(line.split()) <= LONGEST_HEADLINE
    return is_short and not (_is_sentence(line) or _SIGNED.match(line) or line[:1].islower())


def _is_sentence(line: str) -> bool:
    return bool(_NOT_A_HEADLINE_END.search(line.rstrip()))


def _plain(line: str) -> str:
    return " ".join(line.lower().replace("’", "'").strip(" .:|>»›-–—•").split())


@cache
def _buttons() -> frozenset[str]:
    return frozenset(line for line in lines("furniture.txt") if not line.startswith("below:"))


@cache
def _labels() -> frozenset[str]:
    return frozenset(
        line.removeprefix("below:").strip() for line in lines("furniture.txt") if line.startswith("below:")
    )
