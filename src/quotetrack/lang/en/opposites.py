"""Words that turn the sense of a statement, and words that measure: `opposites.txt` and `measures.txt`, inflected.

Two words are opposites if the list says so of forms of both ("rises" and "fell"), or if one is the other with a prefix
that denies it ("impossible"), or if they differ in their beginnings or endings alone ("upgrade", "useless").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from quotetrack.lang import sections

DENYING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "counter", "de")
# Words that only look like another one with such a prefix.
NO_DENIALS = frozenset(
    """
    invaluable inflammable inside into indeed inform informed imply implied import imports important increase income
    index inner input install instead intend intent intense invest invite involve impact impose impress improve discover
    display discuss discharge discount dispatch dispose district dismay dissent mission missed mister union unit unite
    under until unless decline defend depart depend describe deserve design desire detail develop deliver demand define
    inborn instance insure ensure intake insight indoor infield ironic debate debit debase declare
    """.split()
)
# What denies nothing of a claim: the "not only" of "not only X but Y", and the ", not X" of "Y, not X".
NO_DENIAL = re.compile(
    r"\bnot\s(?:only|just|merely|simply|solely)\b|,\s{1,3}not\s(?:[^,;:.!?…—]|[,.](?=\d)){1,60}(?=[,;:.!?…—]|\Z)",
    re.IGNORECASE,
)
LONGEST_BASE_WITHOUT_PREFIX = 3  # letters: a shorter word behind "in" or "un" is most often chance ("ink", "ill")
SHORTEST_REST = 3  # letters behind "up" or "down"
_BEGINNINGS = (("up", "down"), ("over", "under"), ("in", "out"), ("pro", "anti"), ("pre", "post"))
_ENDINGS = (("ful", "less"), ("fully", "lessly"), ("fulness", "lessness"))
_VOWELS = frozenset("aeiou")
_UNDOUBLED = _VOWELS | frozenset("hwxy")


def are_opposites(one: str, other: str) -> bool:
    """Return whether two words are opposites wherever one stands for the other."""
    return (
        other in _OPPOSITES.get(one, ())
        or are_denials(one, other)
        or any(_differ_in_beginning(one, other, *pair) for pair in _BEGINNINGS)
        or any(_differ_in_ending(one, other, *pair) for pair in _ENDINGS)
    )


def are_small_opposites(one: str, other: str) -> bool:
    """Return whether two small words are opposites, where nothing else differs around them."""
    return other in _SMALL.get(one, ())


def are_denials(one: str, other: str) -> bool:
    """Return whether one of two words is the other with a prefix that denies it: "possible" and "impossible"."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) <= LONGEST_BASE_WITHOUT_PREFIX or longer in NO_DENIALS or not longer.endswith(shorter):
        return False
    return longer.removesuffix(shorter) in DENYING_PREFIXES


def _differ_in_beginning(one: str, other: str, beginning: str, opposite: str) -> bool:
    for word, another in ((one, other), (other, one)):
        rest = word.removeprefix(beginning)
        if word.startswith(beginning) and len(rest) >= SHORTEST_REST and another == opposite + rest:
            return True
    return False


def _differ_in_ending(one: str, other: str, ending: str, opposite: str) -> bool:
    for word, another in ((one, other), (other, one)):
        if word.endswith(ending) and another == word.removesuffix(ending) + opposite:
            return True
    return False


# Inflection


def _forms(word: str, section: str) -> set[str]:
    """Return all forms of a word of a section of the list."""
    irregular = _IRREGULAR.get(word, ())
    match section:
        case "verb" | "denying_verb":
            return {word, *irregular, *_verb_forms(word, has_own_past=bool(irregular))}
        case "noun":
            return {word, *irregular, _with_s(word)}
        case "adjective":
            return {word, *irregular, *_adjective_forms(word)}
        case _:
            return {word}


def _verb_forms(verb: str, *, has_own_past: bool) -> Iterator[str]:
    yield _with_s(verb)
    stems = _stems(verb) if not verb.endswith(("ee", "ye", "oe")) else {verb}
    yield from (stem + "ing" for stem in stems)
    if has_own_past:
        return
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        yield verb.removesuffix("y") + "ied"
    else:
        yield from (stem + "ed" for stem in _stems(verb))


def _adjective_forms(adjective: str) -> Iterator[str]:
    if adjective.endswith("y") and adjective[-2] not in _VOWELS:
        stem = adjective.removesuffix("y") + "i"
        yield from (stem + "er", stem + "est", stem + "ly")
        return
    for stem in _stems(adjective):
        yield from (stem + "er", stem + "est")
    if adjective.endswith("le") and adjective[-3] not in _VOWELS:
        yield adjective.removesuffix("e") + "y"
    elif adjective.endswith("ic"):
        yield adjective + "ally"
    else:
        yield adjective + "ly"


def _stems(word: str) -> set[str]:
    """Return what stands before "-ed" and "-er": "clos", "ask"; of "stop" and "permit" both "stop" and "stopp"."""
    if word.endswith("e"):
        return {word.removesuffix("e")}
    end = word.replace("qu", "q")[-3:]
    doubles = len(end) == 3 and end[2] not in _UNDOUBLED and end[1] in _VOWELS and end[0] not in _VOWELS
    return {word, word + word[-1]} if doubles else {word}


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word.removesuffix("y") + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


# The lists


def _paired(parts_of_speech: Iterable[str]) -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = defaultdict(set)
    for section in parts_of_speech:
        for line in _LIST[section]:
            before, _, behind = line.partition("|")
            ones = set().union(*(_forms(word, section) for word in before.split()))
            others = set().union(*(_forms(word, section) for word in behind.split()))
            for word in ones:
                opposites[word] |= others - {word}
            for word in others:
                opposites[word] |= ones - {word}
    return {word: frozenset(its_opposites) for word, its_opposites in opposites.items()}


def _families(section: str) -> tuple[dict[str, str], ...]:
    """Return the families of a section: of each the first of the words that are one, by each of them."""
    families = []
    for line in sorted(sections("measures.txt")[section]):
        groups = [group.split("=") for group in line.split()]
        families.append({word: group[0] for group in groups for word in group})
    return tuple(families)


_LIST = sections("opposites.txt")
_IRREGULAR = {line.split()[0]: tuple(line.split()[1:]) for line in _LIST["irregular"]}
_OPPOSITES = _paired(("verb", "noun", "adjective", "adverb"))
_SMALL = _paired(("small",))
DENYING = frozenset(" ".join(_LIST["denying"]).split())
DENYING_VERBS, DENYING_CUES = (
    frozenset().union(*(_forms(verb, "denying_verb") for verb in " ".join(_LIST[section]).split()))
    for section in ("denying_verb", "denying_cue")
)

MAGNITUDES = {word: first for family in _families("magnitude") for word, first in family.items()}
FAMILIES = _families("family")
ORDINALS = frozenset(word for family in FAMILIES if "1st" in family for word in family)
