"""Two versions of an article side by side: paragraph by paragraph, with the words that the newspaper changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotetrack.core.worddiff import align, opcodes

LEAST_ALIKE = 0.4  # share of common words from which one paragraph is the other, changed
Pieces = tuple[tuple[str, bool], ...]  # words in order, and whether the other version lacks them


@dataclass(frozen=True, slots=True)
class ChangedParagraph:
    """A paragraph of the older version and the one that stands in its place; one is empty where it was added or cut.

    `unchanged` counts the paragraphs before it that are the same in both versions.
    """

    before: Pieces
    after: Pieces
    unchanged: int


def changed_paragraphs(older: str, newer: str) -> Iterator[ChangedParagraph]:
    """Yield what changed from one text of an article to the next."""
    before, after = _paragraphs(older), _paragraphs(newer)
    unchanged = 0
    for code, i, j, k, m in opcodes(before, after):
        if code == "equal":
            unchanged = j - i
            continue
        for one, other in _paired(before[i:j], after[k:m]):
            yield ChangedParagraph(*_compared(one, other), unchanged)
            unchanged = 0


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs in order, those in one pair that are most alike; others alone, beside an empty one."""
    alike = [(_likeness(one, other), -i, -k) for i, one in enumerate(before) for k, other in enumerate(after)]
    pairs: list[tuple[int, int]] = []
    for likeness, i, k in sorted(alike, reverse=True):
        if likeness >= LEAST_ALIKE and all(
            (-i < one and -k < other) or (-i > one and -k > other) for one, other in pairs
        ):
            pairs.append((-i, -k))
    last_before, last_after = 0, 0
    for i, k in [*sorted(pairs), (len(before), len(after))]:
        yield from ((one, "") for one in before[last_before:i])
        yield from (("", other) for other in after[last_after:k])
        if i < len(before):
            yield before[i], after[k]
        last_before, last_after = i + 1, k + 1


def _likeness(before: str, after: str) -> float:
    """Return the share of the words that two paragraphs have in common, from 0 to 1, whatever their order."""
    left, right = Counter(before.casefold().split()), Counter(after.casefold().split())
    return 2 * (left & right).total() / (left.total() + right.total())


def _compared(before: str, after: str) -> tuple[Pieces, Pieces]:
    steps = align(before, after)
    return (
        tuple((step.before, step.change != "same") for step in steps if step.before),
        tuple((step.after, step.change != "same") for step in steps if step.after),
    )


def _paragraphs(text: str) -> list[str]:
    return [paragraph for line in text.splitlines() if (paragraph := " ".join(line.split()))]
