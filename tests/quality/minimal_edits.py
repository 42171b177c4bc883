"""Minimal edits of real quotations: a negation, an opposite, a number or a name changes, nothing else. Deterministic.

The places to edit are found without the lists and rules of the linker, so that the two cannot agree by construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

LEAST_WORDS = 8  # of an edited quotation; shorter ones are phrases
ADDED = 7  # to a number in digits
_NEGATED = re.compile(r"\b(is|are|was|were|will|would|can|could|should|must|do|does|did|have|has) (not|never) ", re.I)
_PLAIN = re.compile(r"\b(is|are|was|were|will|would|can|could|should|must) (?!not\b|never\b|no\b)(?=[a-z]{2})")
_NUMBER = re.compile(
    r"(?<![\w.,$-])(\d{1,3}|two|three|four|five|six|seven|eight|ten|twenty|thirty|fifty)(?![\w%-]|[.,]\d)"
)
_SURNAME = re.compile(r"[A-Z][a-z]{3,}")
_OPPOSITES = (
    "more less",
    "before after",
    "win lose",
    "good bad",
    "always never",
    "first last",
    "support oppose",
    "best worst",
    "possible impossible",
    "strong weak",
    "up down",
    "right wrong",
    "love hate",
    "high low",
    "true false",
    "increase decrease",
    "won lost",
    "begin end",
    "accept reject",
    "open closed",
    "raise cut",
)
_OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair.split(), pair.split()[::-1])}
_OPPOSED = re.compile(rf"\b({'|'.join(_OPPOSITE)})\b(?!['’])")
_OTHER_NUMBER = {"two": "nine", "ten": "forty", "twenty": "ninety"}

Edit = tuple[str, str]  # the words as printed, and as edited


def minimal_edits(words: Iterable[str], speakers: Iterable[str], number: int) -> dict[str, list[Edit]]:
    """Return `number` edits by the flag that they should raise, spread over the quotations."""
    quotations = [text for text in sorted(set(words)) if len(text.split()) >= LEAST_WORDS]
    surnames = sorted({name for name in speakers if _SURNAME.fullmatch(name)})
    editors: dict[str, Callable[[str, int], str | None]] = {
        "not": lambda text, turn: _negate(text),
        "opposite": lambda text, turn: _turn(text),
        "number": lambda text, turn: _change_number(text),
        "name": lambda text, turn: _change_name(text, turn, surnames),
    }
    edits: dict[str, list[Edit]] = {}
    for flag, edit in editors.items():
        made = [(text, edited) for turn, text in enumerate(quotations) if (edited := edit(text, turn)) is not None]
        edits[flag] = made[:: max(1, len(made) // number)][:number]
    return edits


def _negate(words: str) -> str | None:
    """Return the words without their "not", or with one."""
    if _NEGATED.search(words):
        return _NEGATED.sub(r"\1 ", words, count=1)
    return _PLAIN.sub(r"\1 not ", words, count=1) if _PLAIN.search(words) else None


def _turn(words: str) -> str | None:
    """Return the words with the opposite of one of them."""
    return _OPPOSED.sub(lambda word: _OPPOSITE[word[1]], words, count=1) if _OPPOSED.search(words) else None


def _change_number(words: str) -> str | None:
    number = _NUMBER.search(words)
    if number is None:
        return None
    old = number[1]
    new = str(int(old) + ADDED) if old.isdigit() else _OTHER_NUMBER.get(old, "eleven")
    return words[: number.start()] + new + words[number.end() :]


def _change_name(words: str, turn: int, surnames: Sequence[str]) -> str | None:
    """Return the words with another surname for the first one that is a speaker's."""
    for name in re.finditer(rf"\b{_SURNAME.pattern}\b", words):
        if name[0] in surnames:
            new = surnames[(turn * 31) % len(surnames)]
            return words[: name.start()] + new + words[name.end() :] if new[:2] != name[0][:2] else None
    return None
