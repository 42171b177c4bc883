"""Person names: their parts, and whether two may name one person."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from quotetrack.core.normalize import normalise

LONGEST_NAME = 6  # words; what has more is a description
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_ARTICLES = frozenset({"the", "a", "an"})
# A name of a person has these in lower case at most: "Ursula von der Leyen", "Mohammed bin Salman".
_PARTICLES = frozenset(
    {"al", "ben", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le"}
    | {"ibn", "of", "ter", "van", "von", "y", "zu"}
)
_OF_SOMEBODY = frozenset({"for", "of", "to", "at", "from"})
_DESCRIBED = re.compile(r"['’]s?\s|['’]s$|[\d@#]|\b(?:and|for|who|that|said)\b")

# Letters and endings that one alphabet has for another's one sound, in order: Zelenskyy, Zelenskiy and Zelensky;
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


def name_key(name: str) -> str:
    """The words by which a name is looked up: without marks, accents, case, article, titles and possessive."""
    return " ".join(name_words(name))


def name_words(name: str) -> Words:
    """As `name_key`, in words. Titles are kept in "the president" and in "spokesman for the mayor": they say who."""
    words = [word.removesuffix("'s") for word in normalise(name).split()]
    first = next((i for i, word in enumerate(words) if word not in _ARTICLES), 0)
    bare = words[first:]
    untitled = next((i for i, word in enumerate(bare) if word not in _titles()), len(bare))
    is_whole = untitled == len(bare) or bare[untitled] in _OF_SOMEBODY
    return tuple(bare if is_whole else bare[untitled:])


def surname_sound(name: str) -> str:
    """What compatible names share, whatever their spelling: to look for them by."""
    words = name_words(name)
    bare = [word for word in words if word not in _SUFFIXES] or words
    return _sound(bare[-1]) if bare else ""


def is_full_name(name: str) -> bool:
    """Whether it is printed as a person's name is: two to six words, capitals, no article and nobody's."""
    if _DESCRIBED.search(name):
        return False
    printed = name.split()
    if printed[:1] and printed[0].casefold() in _ARTICLES:
        return False
    capitals = all(word[:1].isupper() or word.casefold() in _PARTICLES for word in printed)
    return capitals and 2 <= len(name_words(name)) <= LONGEST_NAME


def are_compatible(name: str, other: str) -> bool:
    """Whether two names may be one person's spelled differently; False wherever one of them is no full name."""
    if not (is_full_name(name) and is_full_name(other)):
        return False
    (given, surname, suffix), (other_given, other_surname, other_suffix) = _parts(name), _parts(other)
    if suffix != other_suffix or not given or not other_given or not _sound_alike(surname, other_surname):
        return False
    # "J.J. Sund" may be Jeffrey John, but hardly Jeffrey: behind an initial the number of names has to agree.
    if 1 in (len(given[0]), len(other_given[0])) and len(given) != len(other_given):
        return False
    return _agree(given[0], other_given[0]) and _may_lie_between(given[1:], other_given[1:])


def _parts(name: str) -> tuple[Words, str, str]:
    """What stands before the surname, the surname, and "jr" or nothing."""
    words = name_words(name)
    suffix = words[-1] if words[-1] in _SUFFIXES else ""
    bare = words[:-1] if suffix else words
    return bare[:-1], bare[-1] if bare else "", suffix


def _agree(given: str, other: str) -> bool:
    """The same first name, or one the initial of the other."""
    if len(given) == 1 or len(other) == 1:
        return given[0] == other[0]
    return _sound_alike(given, other)


def _may_lie_between(middle: Words, other: Words) -> bool:
    """Whether the shorter run of middle names is left of the longer by leaving some out."""
    shorter, longer = sorted((middle, other), key=len)
    rest = iter(longer)
    return all(any(_agree(name, of_longer) for of_longer in rest) for name in shorter)


def _sound_alike(word: str, other: str) -> bool:
    return word == other or _sound(word) == _sound(other)


@lru_cache(maxsize=100_000)  # a store has fewer words in its names
def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    return word


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    """The words that the extractor takes off a name; data, which no room has for itself."""
    lines = files("quotetrack.lang").joinpath("en", "titles.txt").read_text("utf-8").splitlines()
    return frozenset(line.partition("\t")[0].strip().strip(".") for line in lines if line and not line.startswith("#"))
