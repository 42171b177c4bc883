"""The wordings of one utterance, compared word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.normalize import normalise
from quotetrack.linking.wordings import differences

Change = Literal["same", "cut", "added", "changed"]


@dataclass(frozen=True, slots=True)
class DiffStep:
    """A stretch of two aligned wordings: the words of the fullest, and those that stand there instead."""

    change: Change
    fullest: str
    here: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording, the sightings that have it in order of time, and how it differs from the fullest."""

    words: str
    sightings: tuple[Sighting, ...]
    steps: tuple[DiffStep, ...]
    flags: tuple[str, ...]

    @property
    def outlets(self) -> list[str]:
        """Who has it so, in the order in which they did."""
        return list(dict.fromkeys(sighting.outlet or "unknown" for sighting in self.sightings))

    def number(self, change: Change) -> int:
        """How many words were cut, added, or changed (of the fullest)."""
        return sum(len((step.here or step.fullest).split()) for step in self.steps if step.change == change)


def variants(utterance: Utterance) -> list[Variant]:
    """The wordings of an utterance, the fullest first; what differs in marks and capitals alone is one wording."""
    fullest = utterance.longest
    by_wording: dict[str, list[Sighting]] = {normalise(fullest.words): []}
    for sighting in utterance.sightings:
        by_wording.setdefault(normalise(sighting.words), []).append(sighting)
    found = [_variant(fullest, members) for members in by_wording.values()]
    return [found[0], *sorted(found[1:], key=lambda variant: (-len(variant.words), variant.words))]


def align(fullest: str, other: str) -> list[DiffStep]:
    """Two wordings word by word: marks and capitals do not count, and what is shown is as printed."""
    left, right = fullest.split(), other.split()
    matcher = SequenceMatcher(None, [_bare(word) for word in left], [_bare(word) for word in right], autojunk=False)
    changes: dict[str, Change] = {"equal": "same", "delete": "cut", "insert": "added", "replace": "changed"}
    return [
        DiffStep(changes[step], " ".join(left[i:j]), " ".join(right[k:m])) for step, i, j, k, m in matcher.get_opcodes()
    ]


def _variant(fullest: Sighting, members: Sequence[Sighting]) -> Variant:
    words = fullest.words if fullest in members else members[0].words
    return Variant(words, tuple(members), tuple(align(fullest.words, words)), differences(fullest.words, words))


def _bare(word: str) -> str:
    return normalise(word) or word
