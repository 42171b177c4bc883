"""Look up nouns for one person: "waitress", "lawyer", "mother". The list is `lang/en/people_nouns.txt`."""

from __future__ import annotations

from functools import cache

from quotetrack.lang import sections
from quotetrack.lang.en.people_nouns import PERSON_SUFFIX


def noun_of_person(word: str) -> str | None:
    """Return the noun for a person that a word ends with ("ex-husband", "husband"); None where it is none.

    A word that is in no list may be one by its end ("goatherd"); with a capital it is a surname ("Goldsmith").
    """
    lower = word.lower().replace("’", "'")
    if lower in _nouns():
        return lower
    last = lower.rsplit("-", 1)[-1]
    is_person = last in _nouns() or (word.islower() and PERSON_SUFFIX.fullmatch(last) is not None)
    return last if is_person else None


def is_several(word: str) -> bool:
    """Return whether a word means several persons: "researchers", "midwives"; not "people", which is in no list."""
    lower = word.lower()
    singulars = (lower.removesuffix("s"), lower.removesuffix("es"), lower.replace("men", "man"))
    return lower not in _nouns() and any(singular != lower and singular in _nouns() for singular in singulars)


def gender_of_noun(word: str) -> str | None:
    """Return "f" or "m" where a noun is only of women or of men; None: of both, or no noun for a person."""
    noun = noun_of_person(word)
    return _nouns().get(noun) if noun is not None else None


def is_kin(noun: str) -> bool:
    """Return whether a noun means a relative."""
    return noun in _of_sort("kin")


def is_proxy(noun: str) -> bool:
    """Return whether a noun means somebody who speaks for another, or stands beside another."""
    return noun in _of_sort("proxy")


def is_part_played(noun: str) -> bool:
    """Return whether a noun means somebody by the part in what happened: "victim", "witness", "passenger"."""
    return noun in _of_sort("part")


def is_general(noun: str) -> bool:
    """Return whether a noun says no more than that it is a person: "the woman"."""
    return noun in _of_sort("general")


def is_company(noun: str) -> bool:
    """Return whether a noun for a person is one for a company, a team or a place as well: "the publisher"."""
    return noun in _of_sort("company")


@cache
def _nouns() -> dict[str, str | None]:
    """Return the nouns for one person, each with "f", "m", or None."""
    genders = {"person": None, "woman": "f", "man": "m"}
    return {
        noun: gender
        for section, gender in genders.items()
        for line in sections("people_nouns.txt")[section]
        for noun in line.split()
    }


@cache
def _of_sort(section: str) -> frozenset[str]:
    return frozenset(noun for line in sections("people_nouns.txt")[section] for noun in line.split())
