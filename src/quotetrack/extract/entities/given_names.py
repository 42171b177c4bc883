"""Given names, and the gender that each says."""

from __future__ import annotations

from functools import cache

from quotetrack.core.names import given_names_agree
from quotetrack.lang import lines


@cache
def given_names() -> dict[str, str]:
    """Return common given names in lower case, each with "f" or "m", or "?" for a name of both."""
    return {name: line[0] for line in lines("given_names.txt") for name in line.split()[1:]}


@cache
def _genders() -> dict[str, str]:
    """Return rarer given names in lower case, each with "f" or "m"."""
    return {name: line[0] for line in lines("genders.txt") for name in line.split()[1:]}


def is_given(word: str) -> bool:
    """Return whether a word is a common given name."""
    return name_key(word) in given_names()


def is_only_given(word: str) -> bool:
    """Return whether a word is a given name of women or of men: a name of both ("Kelly") is often a surname."""
    return given_names().get(name_key(word), "?") != "?"


def gender_of(given: str) -> str | None:
    """Return "f" or "m" where a given name is nearly always a woman's or a man's.

    A rarer name with a hyphen that is in no list goes by its first half.
    """
    key = name_key(given)
    gender = given_names().get(key) or _genders().get(key) or _genders().get(key.partition("-")[0])
    return None if gender == "?" else gender


def may_be_same_given(one: str, other: str) -> bool:
    """Return whether two given names may be of one person: equal, an initial, or short for the other (Don, Donald)."""
    return given_names_agree(name_key(one), name_key(other), _may_be_short_for)


def _may_be_short_for(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)))


def name_key(word: str) -> str:
    """Return a word of a name as it is compared: in lower case, without stops and marks at its ends."""
    return word.lower().replace("’", "'").strip(".'")
