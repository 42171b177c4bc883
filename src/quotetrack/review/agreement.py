"""How far reviewers have come, and how often two of them agree where both decided. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from quotetrack.store.agreement import Item, Opinion


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who decided: the number of quotations or pairs, and when the last time was."""

    name: str
    decided: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people gave the same answer to a question that both answered.

    `kappa` is Cohen's (1960): 1 is agreement throughout, 0 what chance alone would give. None where chance alone would
    give agreement throughout, as with a single answer.
    """

    question: str
    first: str
    second: str
    both: int
    agreed: int
    kappa: float | None


def reviewers(opinions: Iterable[Opinion]) -> list[Reviewer]:
    """Return who decided, the one with most decisions first."""
    by_name: defaultdict[str, list[datetime]] = defaultdict(list)
    for opinion in opinions:
        by_name[opinion.decided_by].append(opinion.decided_at)
    found = [Reviewer(name, len(moments), max(moments)) for name, moments in by_name.items()]
    return sorted(found, key=lambda reviewer: (-reviewer.decided, reviewer.name))


def agreements(opinions: Iterable[Opinion]) -> list[Agreement]:
    """Return for each question and two people how far they agree, where both answered at least once."""
    answers: defaultdict[Item, dict[str, str]] = defaultdict(dict)
    for opinion in opinions:
        answers[opinion.item][opinion.decided_by] = " ".join(opinion.answer.casefold().split())
    pairs: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for (question, *_), by_name in answers.items():
        for first, second in combinations(sorted(by_name), 2):
            pairs[question, first, second].append((by_name[first], by_name[second]))
    return [_agreement(*of_whom, answered) for of_whom, answered in sorted(pairs.items())]


def _agreement(question: str, first: str, second: str, answered: Sequence[tuple[str, str]]) -> Agreement:
    agreed = sum(one == other for one, other in answered)
    return Agreement(question, first, second, len(answered), agreed, kappa(answered))


def kappa(answered: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa of pairs of answers; None where chance alone would give agreement throughout."""
    number = len(answered)
    observed = sum(one == other for one, other in answered) / number
    of_first, of_second = Counter(one for one, _ in answered), Counter(other for _, other in answered)
    expected = sum(of_first[answer] * of_second[answer] for answer in of_first) / number**2
    return None if expected == 1 else (observed - expected) / (1 - expected)
