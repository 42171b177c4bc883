"""Compare two wordings word by word, and print the difference as `[-cut-] {+added+}`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quotetrack.core.normalize import normalise

Change = Literal["same", "cut", "added", "changed"]

_CHANGES: dict[str, Change] = {"equal": "same", "delete": "cut", "insert": "added", "replace": "changed"}
_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class DiffStep:
    """A stretch of two aligned wordings: the words of the first and the words of the second, as printed.

    `before` is empty where words were added, `after` where words were cut.
    """

    change: Change
    before: str
    after: str


def align(before: str, after: str) -> list[DiffStep]:
    """Align two wordings word by word. Punctuation marks and capitals do not count."""
    left, right = before.split(), after.split()
    return [
        DiffStep(_CHANGES[code], " ".join(left[i:j]), " ".join(right[k:m]))
        for code, i, j, k, m in opcodes([_comparable(word) for word in left], [_comparable(word) for word in right])
    ]


def opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """Return how tokens become other tokens, in the form of `difflib.SequenceMatcher.get_opcodes`."""
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def printed_step(step: DiffStep, *, cut: str | None = None, in_colour: bool = False) -> str:
    """Return a step for people: `[-cut-]`, `{+added+}`, or both in red and green; the words where nothing changed.

    `cut` replaces the words that were cut, where only their ends are shown.
    """
    if step.change == "same":
        return step.after
    removed = step.before if cut is None else cut
    shown = []
    if step.before:
        shown.append(f"{_RED}{removed}{_PLAIN}" if in_colour else f"[-{removed}-]")
    if step.after:
        shown.append(f"{_GREEN}{step.after}{_PLAIN}" if in_colour else f"{{+{step.after}+}}")
    return " ".join(shown)


def _comparable(word: str) -> str:
    return normalise(word) or word
