"""Find what differs in sense between two wordings that are taken for the same words. Pure.

Each flag names one kind of difference:
- `not`: one has a negation and the other has not;
- `opposite`: a word stands where the other has its opposite ("rise" and "fall"), or one denies by a verb ("failed to");
- `number`: a number, or the magnitude, unit or currency of one, is another one;
- `name`: a name replaces another name;
- `modal`: "will" and "would" replace each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product

from quotetrack.core.names import are_spelled_alike
from quotetrack.core.worddiff import opcodes
from quotetrack.lang.en.opposites import (
    DENYING,
    DENYING_VERBS,
    FAMILIES,
    MAGNITUDES,
    ORDINALS,
    are_denials,
    are_opposites,
    are_small_opposites,
)
from quotetrack.lang.en.words import MODALS, NEGATIONS

LONGEST_CHANGE = 6  # words: a longer gap in an aligned wording is a cut, and may leave out a "not"
SMALL_CHANGE = 2  # words: in a longer change, small words stand beside one another by chance
SHORTEST_STEM = 4  # letters that two forms of one name share

Tokens = Sequence[str]


def changed_senses(short: Tokens, long: Tokens, names: frozenset[str], other_names: frozenset[str]) -> tuple[str, ...]:
    """Return the flags of two wordings, given their tokens and names; the first is the shorter of the two."""
    changes = list(_changes(_in_one_order(short), _in_one_order(long)))
    is_flagged = {
        "not": any(_are_negated_otherwise(one, other) for one, other in changes),
        "opposite": any(_is_the_opposite(one, other) for one, other in changes),
        "number": any(_is_another_number(one, other) for one, other in changes),
        "name": any(_is_another_name(one, other, names, other_names) for one, other in changes),
        "modal": any(_are_exchanged(MODALS.intersection(one), MODALS.intersection(other)) for one, other in changes),
    }
    return tuple(flag for flag, is_so in is_flagged.items() if is_so)


def _in_one_order(tokens: Tokens) -> Tokens:
    """Return the tokens with two opposites around "and" or "or" in the order of the alphabet: "men and women"."""
    ordered = list(tokens)
    for place in range(1, len(ordered) - 1):
        before, behind = ordered[place - 1], ordered[place + 1]
        if ordered[place] in _JOINING and before > behind and are_opposites(before, behind):
            ordered[place - 1], ordered[place + 1] = behind, before
    return ordered


_JOINING = frozenset({"and", "or"})


def _changes(short: Tokens, long: Tokens) -> Iterator[tuple[Tokens, Tokens]]:
    """Yield where the aligned wordings differ: the shorter's words and the longer's; either may be empty.

    Words that the longer has before and after the shorter, and words that a long gap leaves out, are no difference.
    """
    steps = opcodes(short, long)
    for place, (step, i, j, k, m) in enumerate(steps):
        if step == "equal":
            continue
        one, other = short[i:j], long[k:m]
        width = len(one) + 1 if one else 0  # at an edge: about as many of the longer's words as the shorter has there
        if place == 0:
            other = long[max(k, m - width) : m]
        elif place == len(steps) - 1:
            other = long[k : min(m, k + width)]
        if max(len(one), len(other)) <= LONGEST_CHANGE:
            yield one, other


def _are_exchanged(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one != other


# Negations and opposites


def _are_negated_otherwise(one: Tokens, other: Tokens) -> bool:
    if NEGATIONS.isdisjoint(one) == NEGATIONS.isdisjoint(other):
        return False
    # "not possible" is "impossible", and "did not sign" is "failed to sign".
    says_the_same = any(are_denials(a, b) for a, b in product(one, other)) or _denies(one) != _denies(other)
    return not says_the_same


def _is_the_opposite(one: Tokens, other: Tokens) -> bool:
    is_negated_otherwise = NEGATIONS.isdisjoint(one) != NEGATIONS.isdisjoint(other)
    if _denies(one) != _denies(other) and not is_negated_otherwise:
        return True
    is_small = max(len(one), len(other)) <= SMALL_CHANGE
    ones, others = [a for a in one if a not in other], [b for b in other if b not in one]
    return any(
        (are_opposites(a, b) and not (is_negated_otherwise and are_denials(a, b)))
        or (is_small and are_small_opposites(a, b))
        for a, b in product(map(_without_s, ones), map(_without_s, others))
    )


def _denies(tokens: Tokens) -> bool:
    """Return whether the tokens deny without a negation: "hardly", or "failed to"."""
    return not DENYING.isdisjoint(tokens) or any(a in DENYING_VERBS and b == "to" for a, b in pairwise(tokens))


# Numbers

_DIGITS_AND_LETTERS = re.compile(r"\A(\d++(?:point\d++)?)([a-z]+)")
_AMOUNT = re.compile(r"([$€£¥])\s?(\d[\d.,]*\d|\d)")


def _is_another_number(one: Tokens, other: Tokens) -> bool:
    ones, others = _measured(one), _measured(other)
    return (
        _numbers(ones) != _numbers(others)
        or {MAGNITUDES[t] for t in ones if t in MAGNITUDES} != {MAGNITUDES[t] for t in others if t in MAGNITUDES}
        or any(_has_another_of_the_family(ones, others, family) for family in FAMILIES)
    )


def _measured(tokens: Tokens) -> list[str]:
    """Return the tokens with "5bn" as two words, and "percentage points" as one."""
    measured: list[str] = []
    for token in tokens:
        match = _DIGITS_AND_LETTERS.fullmatch(token)
        if match and match[2] in MAGNITUDES:
            measured += match[1], match[2]
        elif token in ("point", "points") and measured[-1:] == ["percentage"]:
            measured[-1] = token
        elif len(token) > 1 or token.isdigit():
            measured.append(token)
    return measured


def _numbers(tokens: Iterable[str]) -> set[str]:
    """Return the tokens with a digit, but no ordinals and not 1: "one", "a" and "the" replace each other."""
    return {token for token in tokens if any(c.isdigit() for c in token) and token not in ORDINALS} - {"1"}


def _has_another_of_the_family(ones: Tokens, others: Tokens, family: dict[str, str]) -> bool:
    its_ones = {family[token] for token in ones if token in family}
    its_others = {family[token] for token in others if token in family}
    return bool(its_ones and its_others) and its_ones.isdisjoint(its_others)


def have_other_currencies(words: str, other_words: str) -> bool:
    """Return whether two wordings, as printed, have one number with the signs of different currencies."""
    currencies = dict(_amounts(words))
    return any(currencies.get(number, sign) != sign for number, sign in _amounts(other_words))


def _amounts(words: str) -> list[tuple[str, str]]:
    return [(number.replace(",", ""), sign) for sign, number in _AMOUNT.findall(words)]


# Names


def _is_another_name(one: Tokens, other: Tokens, names: frozenset[str], other_names: frozenset[str]) -> bool:
    """Return whether a name replaces another name: not a title, a spelling, an added given name, or initials."""
    ones = [bare for token in one if (bare := _without_s(token)) in names]
    others = [bare for token in other if (bare := _without_s(token)) in other_names]
    if not ones or not others:
        return False
    if _initials(one) == "".join(map(_without_s, other)) or _initials(other) == "".join(map(_without_s, one)):
        return False
    return not any(_is_one_name(a, b) for a in ones for b in others)


def _initials(tokens: Tokens) -> str:
    return "".join(token[0] for token in tokens)


def _is_one_name(one: str, other: str) -> bool:
    """Return whether two names are equal, a form of one another ("Varland", "Varlandian"), or a few letters apart."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > SHORTEST_STEM and longer.startswith(shorter[:-1]):
        return True
    return are_spelled_alike(one, other)


def _without_s(token: str) -> str:
    return token.removesuffix("'s").removesuffix("'")
