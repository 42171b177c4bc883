"""Person names: their words, and whether two names agree. Pure.

Three rules say whether two names agree, from strict to lenient: `are_compatible` joins speakers for good, so it wants
two full names; `have_same_ends` counts as a scorer of attribution does; `may_be_one_person` supports a link between
quotations, where the words carry most of the evidence. All three stand on `given_names_agree` and `without_suffixes`.
A fourth rule, `are_two_people`, says that two names exclude one another. Many pairs of names do neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import eq

from rapidfuzz.distance import Levenshtein

from quotetrack.core.normalize import normalise
from quotetrack.lang.en.person_names import (
    BODIES,
    DESCRIPTION_WORDS,
    ENDS_OF_ORGANISATIONS,
    NICKNAMES,
    NOT_GIVEN,
    OFFICE_PREPOSITIONS,
    PARTICLES,
    SUFFIXES,
    TITLES,
)
from quotetrack.lang.en.words import ARTICLES

LONGEST_NAME = 6  # words; a longer one is a description
SHORTEST_NICKNAME = 3  # letters of a given name that begins another: "Dan" and "Daniel"
SPELLED_ALIKE = 0.3  # edits per letter, up to which two names are spellings of one name
_DESCRIPTION = re.compile(rf"['’]s?\s|['’]s$|[\d@#]|\b(?:{'|'.join(DESCRIPTION_WORDS)})\b")

# Letters and endings that one transliteration has for another's, applied in order: Zelenskyy, Zelenskiy and Zelensky;
# Alexei and Aleksey; Dmytro and Dmitro; Kuchma and Kutchma.
_SOUNDS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"tch|tsch"), "ch"),
    (re.compile(r"sch"), "sh"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ou|oo"), "u"),
    (re.compile(r"ks"), "x"),
    (re.compile(r"[jy]"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"q|ck"), "k"),
    (re.compile(r"ei$|ii$"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)

Words = tuple[str, ...]

NAMES_KEPT = 65_536  # whose words are kept: a question about an unknown name compares it with all names on file


# The words of a name


def name_key(name: str) -> str:
    """Return the key by which a name is looked up: no marks, accents, capitals, article, titles or possessive."""
    return " ".join(name_words(name))


@lru_cache(maxsize=NAMES_KEPT)
def name_words(name: str) -> Words:
    """Return the words of `name_key`. Titles stay in "the president" and "spokesman for the mayor": they say who."""
    words = [word.removesuffix("'s") for word in normalise(name).split()]
    first = next((i for i, word in enumerate(words) if word not in ARTICLES), 0)
    bare = words[first:]
    untitled = next((i for i, word in enumerate(bare) if word not in TITLES), len(bare))
    is_whole = untitled == len(bare) or bare[untitled] in OFFICE_PREPOSITIONS
    return tuple(bare if is_whole else bare[untitled:])


def without_suffixes(words: Iterable[str]) -> list[str]:
    """Return the words of a name without "jr", "III" and the like."""
    return [word for word in words if word not in SUFFIXES]


def surname_sound(name: str) -> str:
    """Return a key that compatible names share, however they are spelled; empty for no words."""
    words = name_words(name)
    bare = without_suffixes(words) or words
    return _sound(bare[-1]) if bare else ""


def is_full_name(name: str) -> bool:
    """Return whether a name is printed as a person's: two to six words with capitals, no article, no possessive."""
    if _DESCRIPTION.search(name):
        return False
    printed = name.split()
    if printed[:1] and printed[0].casefold() in ARTICLES:
        return False
    has_capitals = all(word[:1].isupper() or word.casefold() in PARTICLES for word in printed)
    return has_capitals and 2 <= len(name_words(name)) <= LONGEST_NAME


def is_called(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether a name ends in the wanted words and is no office under that name ("spokesman for Orla Venn")."""
    return OFFICE_PREPOSITIONS.isdisjoint(words) and words[-len(wanted) :] == wanted


# Do two names agree?


def given_names_agree(given: str, other: str, are_alike: Callable[[str, str], bool] = eq) -> bool:
    """Return whether one given name is the initial of the other, or whether both, written out, are alike."""
    if min(len(given), len(other)) == 1:
        return given[0] == other[0]
    return are_alike(given, other)


def are_compatible(name: str, other: str) -> bool:
    """Return whether two full names may be one person's, spelled differently; False if one is no full name."""
    if not (is_full_name(name) and is_full_name(other)):
        return False
    (given, surname, suffix), (other_given, other_surname, other_suffix) = _parts(name), _parts(other)
    if suffix != other_suffix or not given or not other_given or not _sound_alike(surname, other_surname):
        return False
    # "J.J. Sund" may be Jeffrey John, but hardly Jeffrey: after an initial the number of names has to agree.
    if 1 in (len(given[0]), len(other_given[0])) and len(given) != len(other_given):
        return False
    return given_names_agree(given[0], other_given[0], _sound_alike) and _middle_names_agree(given[1:], other_given[1:])


def have_same_ends(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Return whether two names have the same last word and, if `wanted` has a given name, an agreeing first word.

    The figures of attribution are counted so; a spelling variant is an error there.
    """
    if not wanted or not found or wanted[-1] != found[-1]:
        return False
    return len(wanted) == 1 or (len(found) > 1 and given_names_agree(wanted[0], found[0]))


def may_be_one_person(words: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two names have one surname and no given names that exclude each other.

    A missing given name, an initial and a title in common exclude nothing; "Hillary" and "Bill" exclude each other.
    Both names have at least one word.
    """
    given, other_given = words[:-1], other[:-1]
    if words[-1] != other[-1]:
        return False
    if not given or not other_given or not set(given).isdisjoint(other_given):
        return True
    return given[0][0] == other_given[0][0]


def are_two_people(name: str, other: str) -> bool:
    """Return whether two names are two people's: both full names of persons, and hardly two forms of one name.

    Forms of one name are spellings, initials, nicknames, a name that lacks some words of the other ("Ana Ruiz" and "Ana
    Ruiz Mora"), and their words in another order.
    """
    words, other_words = _words_of_a_person(name), _words_of_a_person(other)
    if not words or not other_words:
        return False
    suffix, other_suffix = words[-1:], other_words[-1:]
    if suffix != other_suffix and SUFFIXES.issuperset(suffix + other_suffix):
        return True
    bare, other_bare = without_suffixes(words), without_suffixes(other_words)
    if set(bare) <= set(other_bare) or set(other_bare) <= set(bare):
        return False
    has_one_surname = are_spelled_alike(bare[-1], other_bare[-1]) or _sound_alike(bare[-1], other_bare[-1])
    return not (has_one_surname and _may_be_one_given_name(bare[:-1], other_bare[:-1]))


def is_a_persons_name(name: str) -> bool:
    """Return whether a name is the full name of a person, and hardly that of an organisation or a place."""
    return bool(_words_of_a_person(name))


@lru_cache(maxsize=65_536)  # a linker asks about the same names in every pair of their sightings
def _words_of_a_person(name: str) -> Words:
    """Return the words of the full name of a person; none for any other name."""
    words = name_words(name)
    is_a_persons = (
        is_full_name(name)
        and words[-1] not in ENDS_OF_ORGANISATIONS
        and words[0] not in NOT_GIVEN
        and BODIES.isdisjoint(words)
    )
    return words if is_a_persons else ()


def _may_be_one_given_name(given: Sequence[str], other: Sequence[str]) -> bool:
    if not given or not other or not set(given).isdisjoint(other):
        return True
    one, another = given[0], other[0]
    shorter, longer = sorted((one, another), key=len)
    return (
        given_names_agree(one, another, _sound_alike)
        or (len(shorter) >= SHORTEST_NICKNAME and longer.startswith(shorter))
        or any(one in names and another in names for names in NICKNAMES)
        or are_spelled_alike(one, another)
    )


def are_spelled_alike(one: str, other: str) -> bool:
    """Return whether two words of names are equal or a few letters apart."""
    return Levenshtein.distance(one, other) <= SPELLED_ALIKE * min(len(one), len(other))


def _parts(name: str) -> tuple[Words, str, str]:
    """Return the words before the surname, the surname, and the suffix or an empty text."""
    words = name_words(name)
    suffix = words[-1] if words[-1] in SUFFIXES else ""
    bare = words[:-1] if suffix else words
    return bare[:-1], bare[-1] if bare else "", suffix


def _middle_names_agree(middle: Words, other: Words) -> bool:
    """Return whether the longer run of middle names becomes the shorter one when some are left out."""
    shorter, longer = sorted((middle, other), key=len)
    rest = iter(longer)
    return all(any(given_names_agree(name, of_longer, _sound_alike) for of_longer in rest) for name in shorter)


def _sound_alike(word: str, other: str) -> bool:
    return word == other or _sound(word) == _sound(other)


@lru_cache(maxsize=100_000)  # more words than the names of a store have
def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    return word
