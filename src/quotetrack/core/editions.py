"""Tell whether two texts are editions of one article. Pure.

An address is no proof: templates name one for many articles, a column has a new text each day at the same address, and
a page that asks for a subscription or for consent stands where the article was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from quotetrack.core.normalize import normalise

WORDS_OF_A_SHINGLE = 4
# The share of the words of the shorter text that stand in sentences of both. An edit leaves sentences alone; a report
# that is written anew each day on one pattern fills other numbers and names into each of them.
LEAST_KEPT = 0.25
LEAST_KEPT_ON_ANOTHER_DAY = 0.67
LARGEST_PATTERN = 2  # times as many words as the kept sentences have may stand in both texts
LEAST_SHARED = 0.1  # of the shorter text's shingles in the longer one, of what is an article at all
LEAST_SHARED_OF_STUB = 0.8  # of a stub's shingles in the whole text
LARGEST_STUB = 0.5  # of the words of the whole text
LARGEST_MARKED_STUB = 0.9  # the same, if the page says that it is one
OPENING = 2  # passages of a whole text with one of which a stub begins: the standfirst and the first paragraph
LONGEST_COMPARED = 200_000  # characters of a text

_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"\n]{12,2000})[”“»\"]")
_END_OF_SENTENCE = re.compile(r"[.!?…][\"”’')\]]{0,3}\s|\n")


class Relation(StrEnum):
    """How a text stands to another one that was found at the same address before."""

    EDITION = "edition"  # of the same article
    STUB = "stub"  # the beginning of the article, or a few passages of it
    OTHER = "other"  # another article
    NO_ARTICLE = "no_article"  # other words without day and quotations: a check for robots, a question for consent


@dataclass(frozen=True, slots=True)
class Edition:
    """What is compared of an article. `is_marked_stub`: its page says that only subscribers see the whole text."""

    title: str | None
    text: str
    published_on: date | None
    is_marked_stub: bool = False


def relate(before: Edition, now: Edition) -> Relation:
    """Return how an edition stands to the one before it. In doubt they are two articles."""
    old, new = _words(before.text), _words(now.text)
    shared = _share(_shingles(old), _shingles(new))
    if _has_other_day(before, now) and _has_other_quotations(before, now):
        return Relation.OTHER
    largest = LARGEST_MARKED_STUB if now.is_marked_stub else LARGEST_STUB
    if len(new) <= largest * len(old) and shared >= LEAST_SHARED_OF_STUB and _is_beginning(before.text, now.text):
        return Relation.STUB
    if _is_edition(before, now, shared):
        return Relation.EDITION
    is_like_article = shared >= LEAST_SHARED or _has_same_title(before, now)
    is_article = is_like_article or now.published_on is not None or _QUOTED.search(now.text) is not None
    return Relation.OTHER if is_article else Relation.NO_ARTICLE


def _is_edition(before: Edition, now: Edition, shared: float) -> bool:
    """Return whether something besides the address says that two texts are of one article. Order does not matter."""
    if _has_same_day(before, now) and _has_same_title(before, now):
        return True
    if shared >= LEAST_SHARED and _has_most_quotations(before, now):
        return True
    kept = _kept(_sentences(before.text), _sentences(now.text))
    if _has_other_day(before, now):
        return kept >= LEAST_KEPT_ON_ANOTHER_DAY
    return kept >= LEAST_KEPT and kept * LARGEST_PATTERN >= shared


def _words(text: str) -> list[str]:
    return normalise(text[:LONGEST_COMPARED]).split()


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    places = range(max(1, len(words) - WORDS_OF_A_SHINGLE + 1)) if words else ()
    return {tuple(words[place : place + WORDS_OF_A_SHINGLE]) for place in places}


def _share(left: set[tuple[str, ...]], right: set[tuple[str, ...]]) -> float:
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _sentences(text: str) -> set[tuple[str, ...]]:
    return {tuple(words) for part in _END_OF_SENTENCE.split(text[:LONGEST_COMPARED]) if (words := _words(part))}


def _kept(left: set[tuple[str, ...]], right: set[tuple[str, ...]]) -> float:
    """Return the share of the words of the shorter text that stand in sentences of both."""
    smaller = min(sum(map(len, left)), sum(map(len, right)))
    return sum(map(len, left & right)) / smaller if smaller else 0.0


def _has_same_title(before: Edition, now: Edition) -> bool:
    return before.title is not None and now.title is not None and normalise(before.title) == normalise(now.title)


def _has_same_day(before: Edition, now: Edition) -> bool:
    return before.published_on is not None and before.published_on == now.published_on


def _has_other_day(before: Edition, now: Edition) -> bool:
    return None not in (before.published_on, now.published_on) and before.published_on != now.published_on


def _has_other_quotations(before: Edition, now: Edition) -> bool:
    """Return whether both texts have quotations, and none of either is the same: a daily column."""
    old, new = _quotations(before.text), _quotations(now.text)
    return bool(old) and bool(new) and not old & new


def _has_most_quotations(before: Edition, now: Edition) -> bool:
    """Return whether more than half of the quotations of the text that has fewer stand in the other one."""
    old, new = _quotations(before.text), _quotations(now.text)
    return len(old & new) * 2 > min(len(old), len(new))


def _quotations(text: str) -> set[str]:
    return {normalise(words) for words in _QUOTED.findall(text[:LONGEST_COMPARED])}


def _is_beginning(whole: str, stub: str) -> bool:
    """Return whether the first passage of a stub stands among the first of the whole text."""
    first = next(_passages(stub), "")
    opening = islice(_passages(whole), OPENING)
    return any(passage.startswith(first[: len(passage)]) or first.startswith(passage) for passage in opening)


def _passages(text: str) -> Iterator[str]:
    return filter(None, (normalise(line) for line in text[:LONGEST_COMPARED].splitlines()))
