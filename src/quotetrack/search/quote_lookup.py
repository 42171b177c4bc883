"""Find who said remembered words: the printed quotations that come nearest, and how they differ.

Full text proposes candidates and a comparison word by word decides. People remember most words right and some wrong,
so a candidate is scored by how many of the remembered words it has in this order, not by its topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.normalize import normalise
from quotetrack.core.worddiff import DiffStep, align
from quotetrack.lang.en.words import NEGATIONS
from quotetrack.store import Session
from quotetrack.store.search import EVERYTHING, Narrowing, full_text, hits
from quotetrack.store.utterances import read_utterances

POOL = 300  # sightings that full text proposes
LEAST_ALIKE = 0.6  # people who misremember a sentence reach this much of it; other sentences reach 0.5
BESIDE = 2  # words before those that are alike: "nobody said that", "no passenger"
LIMIT = 5


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """An utterance that may be the remembered one, with the sighting whose wording comes nearest.

    `alike` is 1 if the words stand in print as remembered, 0 if none does. `steps` lead from the remembered words to
    the matching part of the printed ones.
    """

    utterance: Utterance
    sighting: Sighting
    alike: float
    steps: tuple[DiffStep, ...]

    @property
    def changed(self) -> int:
        """Return how many words are remembered wrongly: missing or added; a replaced word counts once."""
        edits = [step for step in self.steps if step.change != "same"]
        not_printed = sum(len(step.before.split()) for step in edits)
        not_remembered = sum(len(step.after.split()) for step in edits)
        return max(not_printed, not_remembered)


def find_quotations_like(
    session: Session, remembered: str, narrowing: Narrowing = EVERYTHING, *, limit: int = LIMIT
) -> list[QuotationMatch]:
    """Return the utterances whose words come near the remembered ones, the nearest first."""
    proposed = [quotation_id for quotation_id, _ in full_text(session, remembered, narrowing, limit=POOL)]
    alike: dict[int, float] = {}
    for hit in hits(session, proposed).values():
        alike[hit.utterance_id] = max(alike.get(hit.utterance_id, 0.0), likeness(remembered, hit.words))
    nearest = sorted((u for u in alike if alike[u] >= LEAST_ALIKE), key=lambda u: (-alike[u], u))[:limit]
    utterances = {utterance.id: utterance for utterance in read_utterances(session, nearest)}
    return [_match(remembered, utterances[u]) for u in nearest if u in utterances]


def likeness(remembered: str, printed: str) -> float:
    """Return the share, 0 to 1, of the remembered words that stand in a row in the printed ones.

    Punctuation and capitals do not count.
    """
    ours, theirs = normalise(remembered), normalise(printed)
    if not ours or not theirs:
        return 0.0
    if len(ours) > len(theirs):
        return fuzz.ratio(ours, theirs) / 100
    return fuzz.partial_ratio(ours, theirs) / 100


def have_same_negations(remembered: str, printed: str) -> bool:
    """Return whether no "not" or "nobody" stands in only one of them, beside or within the words that are alike."""
    steps = align(remembered, printed)
    for place, step in enumerate(steps):
        if step.change == "same":
            continue
        before, after = step.before.split(), step.after.split()
        if step.change == "added" and place == 0:
            after = after[-BESIDE:]
        elif step.change == "added" and place == len(steps) - 1:
            after = []
        if _negations(before) != _negations(after):
            return False
    return True


def _negations(words: Sequence[str]) -> int:
    plain = (word.strip('.,;:!?“”"').casefold().replace("’", "'") for word in words)
    return sum(word in NEGATIONS or word.endswith("n't") or word == "cannot" for word in plain)


def difference(remembered: str, printed: str) -> tuple[DiffStep, ...]:
    """Return the steps from the remembered words to the printed ones, without print before and after these."""
    steps = align(remembered, printed)
    if steps and steps[0].change == "added":
        steps = steps[1:]
    if steps and steps[-1].change == "added":
        steps = steps[:-1]
    return tuple(steps)


def _match(remembered: str, utterance: Utterance) -> QuotationMatch:
    nearest = max(utterance.sightings, key=lambda s: (likeness(remembered, s.words), s.is_current))
    alike = likeness(remembered, nearest.words)
    return QuotationMatch(utterance, nearest, alike, difference(remembered, nearest.words))
