"""Minimal edits of real quotations: a negation, a number or a name, and nothing else. Deterministic.

What is edited is found without the linker's own lists and rules, so that the two cannot agree by construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

LEAST_WORDS = 8  # of a quotation that is edited: shorter ones are phrases
_NEGATED = re.compile(r"\b(is|are|was|were|will|would|can|could|should|must|do|does|did|have|has) (not|never) ", re.I)
_PLAIN = re.compile(r"\b(is|are|was|were|will|would|can|could|should|must) (?!not\b|never\b|no\b)(?=[a-z]{2})")
_NUMBER = re.compile(
    r"(?<![\w.,$-])(\d{1,3}|two|three|four|five|six|seven|eight|ten|twenty|thirty|fifty)(?![\w%-]|[.,]\d)"
)
_SURNAME = re.compile(r"[A-Z][a-z]{3,}")
_OTHER = {"two": "nine", "ten": "forty", "twenty": "ninety"}

Edit = tuple[str, str]  # the words as printed, and as edited


def edits(words: Iterable[str], speakers: Iterable[str], number: int) -> dict[str, list[Edit]]:
    """So many edits of each kind, by the flag that they should raise, spread over the quotations."""
    quotations = [one for one in sorted(set(words)) if len(one.split()) >= LEAST_WORDS]
    surnames = sorted({name for name in speakers if _SURNAME.fullmatch(name)})
    makers: dict[str, Callable[[str, int], str | None]] = {
        "not": _negated,
        "number": _renumbered,
        "name": lambda one, turn: _renamed(one, turn, surnames),
    }
    return {flag: _spread(list(_made(quotations, make)), number) for flag, make in makers.items()}


def _made(quotations: Sequence[str], make: Callable[[str, int], str | None]) -> Iterator[Edit]:
    for turn, one in enumerate(quotations):
        edited = make(one, turn)
        if edited is not None:
            yield one, edited


def _spread(found: Sequence[Edit], number: int) -> list[Edit]:
    step = max(1, len(found) // number)
    return list(found[::step][:number])


def _negated(words: str, turn: int) -> str | None:
    """Without its "not", or with one."""
    if _NEGATED.search(words):
        return _NEGATED.sub(r"\1 ", words, count=1)
    return _PLAIN.sub(r"\1 not ", words, count=1) if _PLAIN.search(words) else None


def _renumbered(words: str, turn: int) -> str | None:
    found = _NUMBER.search(words)
    if found is None or words[found.start() :].split()[0].casefold() == "one":
        return None
    old = found[1]
    new = str(int(old) + 7) if old.isdigit() else _OTHER.get(old, "eleven")
    return words[: found.start()] + new + words[found.end() :]


def _renamed(words: str, turn: int, surnames: Sequence[str]) -> str | None:
    """The first surname of a speaker somewhere on file, exchanged for that of another."""
    for found in re.finditer(rf"\b{_SURNAME.pattern}\b", words):
        if found[0] in surnames:
            new = surnames[(turn * 31) % len(surnames)]
            return words[: found.start()] + new + words[found.end() :] if new[:2] != found[0][:2] else None
    return None
