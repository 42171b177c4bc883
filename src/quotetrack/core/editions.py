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
LEAST_SHARED = 0.1  # of the shorter text's shingles in the longer one, of two editions of an article
LEAST_SHARED_OF_STUB = 0.8  # of a stub's shingles in the whole text
LARGEST_STUB = 0.5  # of the words of the whole text
LARGEST_MARKED_STUB = 0.9  # the same, if the page says that it is one
OPENING = 2  # passages of a whole text with one of which a stub begins: the standfirst and the first paragraph
FEWEST_WORDS = 12  # of a text whose words alone tell that it is another article
LONGEST_COMPARED = 200_000  # characters of a text

_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"\n]{12,2000})[”“»\"]")


class Relation(StrEnum):
    """How a text stands to another one that was found at the same address before."""

    EDITION = "edition"  # of the same article
    STUB = "stub"  # the beginning of the article, or a few passages of it
    OTHER = "other"  # another article
    NO_ARTICLE = "no_article"  # something without day and quotations: a check for robots, a question for consent


@dataclass(frozen=True, slots=True)
class Edition:
    """What is compared of an article. `is_marked_stub`: its page says that only subscribers see the whole text."""

    title: str | None
    text: str
    published_on: date | None
    is_marked_stub: bool = False


def relate(before: Edition, now: Edition) -> Relation:
    """Return how an edition stands to the one before it. In doubt they are editions only if they share words."""
    old, new = _words(before.text), _words(now.text)
    shared = _share(_shingles(old), _shingles(new))
    is_same_title = before.title is not None and now.title is not None and _is_alike(before.title, now.title)
    if shared < LEAST_SHARED and not is_same_title and _has_evidence(before, now, old, new):
        return Relation.OTHER if now.published_on or _QUOTED.search(now.text) else Relation.NO_ARTICLE
    if _is_of_another_day(before, now):
        return Relation.OTHER
    largest = LARGEST_MARKED_STUB if now.is_marked_stub else LARGEST_STUB
    if len(new) <= largest * len(old) and shared >= LEAST_SHARED_OF_STUB and _is_beginning(before.text, now.text):
        return Relation.STUB
    return Relation.EDITION


def _words(text: str) -> list[str]:
    return normalise(text[:LONGEST_COMPARED]).split()


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    places = range(max(1, len(words) - WORDS_OF_A_SHINGLE + 1)) if words else ()
    return {tuple(words[place : place + WORDS_OF_A_SHINGLE]) for place in places}


def _share(left: set[tuple[str, ...]], right: set[tuple[str, ...]]) -> float:
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _is_alike(title: str, other: str) -> bool:
    left, right = set(normalise(title).split()), set(normalise(other).split())
    return len(left & right) * 2 > len(left | right)


def _has_evidence(before: Edition, now: Edition, old: list[str], new: list[str]) -> bool:
    """Return whether there are enough words to tell two articles apart: in both texts, or in their titles."""
    return min(len(old), len(new)) >= FEWEST_WORDS or (before.title is not None and now.title is not None)


def _is_of_another_day(before: Edition, now: Edition) -> bool:
    """Return whether both texts have a day and quotations, and none of either is the same: a daily column."""
    if before.published_on is None or now.published_on is None or before.published_on == now.published_on:
        return False
    old, new = _quotations(before.text), _quotations(now.text)
    return bool(old) and bool(new) and not old & new


def _quotations(text: str) -> set[str]:
    return {normalise(words) for words in _QUOTED.findall(text[:LONGEST_COMPARED])}


def _is_beginning(whole: str, stub: str) -> bool:
    """Return whether the first passage of a stub stands among the first of the whole text."""
    first = next(_passages(stub), "")
    opening = islice(_passages(whole), OPENING)
    return any(passage.startswith(first[: len(passage)]) or first.startswith(passage) for passage in opening)


def _passages(text: str) -> Iterator[str]:
    return filter(None, (normalise(line) for line in text[:LONGEST_COMPARED].splitlines()))
