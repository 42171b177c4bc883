"""Compare the wordings of one utterance word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.normalize import normalise
from quotetrack.core.worddiff import Change, DiffStep, align
from quotetrack.linking.wordings import differences


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording, the sightings that have it in order of time, and how it differs from the fullest."""

    words: str
    sightings: tuple[Sighting, ...]
    steps: tuple[DiffStep, ...]  # from the fullest wording to this one
    flags: tuple[str, ...]

    @property
    def outlets(self) -> list[str]:
        """Return the outlets that carry this wording, in order of time, without repeats."""
        return list(dict.fromkeys(sighting.outlet or "unknown" for sighting in self.sightings))

    def number(self, change: Change) -> int:
        """Return how many words were cut, added, or changed; of changed words, those of this wording count."""
        return sum(len((step.after or step.before).split()) for step in self.steps if step.change == change)


def variants(utterance: Utterance) -> list[Variant]:
    """Return the wordings of an utterance, the fullest first. Punctuation and capitals alone make no new wording."""
    fullest = utterance.longest
    by_wording: dict[str, list[Sighting]] = {normalise(fullest.words): []}
    for sighting in utterance.sightings:
        by_wording.setdefault(normalise(sighting.words), []).append(sighting)
    first, *others = (_variant(fullest, members) for members in by_wording.values())
    return [first, *sorted(others, key=lambda variant: (-len(variant.words), variant.words))]


def _variant(fullest: Sighting, members: Sequence[Sighting]) -> Variant:
    words = fullest.words if fullest in members else members[0].words
    return Variant(words, tuple(members), tuple(align(fullest.words, words)), differences(fullest.words, words))
