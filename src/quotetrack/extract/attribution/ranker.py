"""Who said it, over a whole article: candidates from the rules and the parse, a fitted choice among them.

Two ensembles of trees decide: "speaker" scores every candidate mention of a quoted part, "words" whether the part is
somebody's own words at all. `quotetrack.fit.attribution` fits both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Quotation, QuotationKind, Span
from quotetrack.extract.attribution.candidates import (
    PARAGRAPHS_BEFORE,
    PARAGRAPHS_BEHIND,
    Features,
    MentionCandidate,
    Neighbours,
    candidates_of,
    of_words,
)
from quotetrack.extract.attribution.rules import FoundMention, ParagraphScene, attribute_paragraph, find_cues
from quotetrack.extract.frames import Reading
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.models.trees import load_calibration, load_trees

Scores = Sequence[float] | NDArray[np.float64]

# A paragraph of words alone may be the speaker's of so many paragraphs before.
FARTHEST_SPEAKER = 2
# Log-odds from which a part counts as somebody's words: precision 97 and recall 99 on held-out folds of train.
OWN_WORDS = 0.75
# Confidence below which the encoder is asked: .95 mends as much on dev and pages, for a quarter more time.
SURE = 0.9
# Log-odds for one unit of the encoder's log-chance: .3 to 1 do the same on held-out articles of train.
POINTER_WEIGHT = 0.5
# How sure a transcript's own label is, and its form: a name in capitals and a colon.
TRANSCRIPT = 0.99
_LABEL = re.compile(r"(?:[A-Z][A-Z.'’-]*[ \xa0]){0,3}([A-Z][A-Z'’-]{2,}):\s")
# The margin of a candidate without a rival, and the score where there is no candidate: outside what occurs.
NO_RIVAL, NO_CANDIDATE = 9.0, -9.0


@dataclass(frozen=True, slots=True)
class PartDecision:
    """What was decided of one part: the speaker, and whether the words in marks are somebody's own."""

    found: FoundMention | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Described:
    """One part with its candidates and the scene in which it stands: what the fit and the choice both start from."""

    scene: ParagraphScene
    number: int
    candidates: list[MentionCandidate]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One part with the score of each candidate by the trees, and what an encoder adds where it was asked."""

    part: Described
    by_trees: NDArray[np.float64]
    asked: NDArray[np.float64] | None = None

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores that decide, in log-odds."""
        return self.by_trees if self.asked is None else self.by_trees + self.asked

    def best(self) -> FoundMention | None:
        """The likeliest mention, with the probability that it is the right one."""
        return _best(self.part, self.scores, load_calibration("attribution" if self.asked is None else "asked"))


def attribute_article(found: Sequence[Quotation], weighed: Mapping[Span, Weighed]) -> dict[Span, PartDecision]:
    """The verdict on each part; the parts of one quotation over several paragraphs share theirs."""
    about_words = [words_features(one.part, one.by_trees) for one in weighed.values()]
    odds = load_trees("attribution")["words"].score(about_words)
    chosen = {span: _told_inside(span, one) or one.best() for span, one in weighed.items()}
    return _shared(found, chosen, dict(zip(weighed, odds >= OWN_WORDS, strict=True)))


def _told_inside(span: Span, weighed: Weighed) -> FoundMention | None:
    """The speaker of a transcript, who stands before the words inside the marks: "VENN: We will wait." """
    label = _LABEL.match(weighed.part.scene.reading.text, span.start, span.end)
    if label is None:
        return None
    mention = Span(label.start(1), label.end(1))
    return FoundMention(mention, mention, None, "transcript", TRANSCRIPT, True)


def weigh(
    text: str, found: Sequence[Quotation], readings: Mapping[int, Reading], questions: Questions | None = None
) -> dict[Span, Weighed]:
    """Each part with its scored candidates, in the order of the text.

    With `questions`, an encoder is asked about the parts of which the trees are not sure.
    """
    described = describe(text, found, readings)
    rows = [candidate.features for part in described.values() for candidate in part.candidates]
    scores = load_trees("attribution")["speaker"].score(rows)
    weighed: dict[Span, Weighed] = {}
    at = 0
    for span, part in described.items():
        weighed[span] = Weighed(part, scores[at : at + len(part.candidates)])
        at += len(part.candidates)
    if questions is not None:
        unsure = [span for span, one in weighed.items() if (best := one.best()) is not None and best.confidence < SURE]
        for span, pointed in zip(unsure, questions.ask(Ask.MENTION, unsure), strict=True):
            weighed[span] = replace(weighed[span], asked=_asked(weighed[span].part, pointed))
    return weighed


def _asked(part: Described, pointed: Pointed) -> NDArray[np.float64]:
    return POINTER_WEIGHT * np.array([pointed.at([candidate.head]) for candidate in part.candidates])


def describe(text: str, found: Sequence[Quotation], readings: Mapping[int, Reading]) -> dict[Span, Described]:
    """Each part of an article with its candidates, in the order of the text."""
    by_rules, scenes = _by_rules(found, readings)
    order = sorted(by_rules)
    place = {span: index for index, span in enumerate(order)}
    counts = Counter(re.findall(r"[A-Z][\w-]+", text))
    read = {index: (reading, find_cues(reading)) for index, reading in readings.items()}
    described = {}
    for index, reading in sorted(readings.items()):
        around = {d: read[index + d] for d in range(-PARAGRAPHS_BEFORE, PARAGRAPHS_BEHIND + 1) if index + d in read}
        for number, part in enumerate(reading.parts):
            at = place[part.span]
            near = Neighbours(
                by_rules[order[at - 1]] if at else None,
                by_rules[order[at - 2]] if at > 1 else None,
                by_rules[order[at + 1]] if at + 1 < len(order) else None,
            )
            candidates = candidates_of(number, scenes[index], around, by_rules[part.span], near, counts)
            described[part.span] = Described(scenes[index], number, candidates)
    return described


def words_features(part: Described, scores: Scores) -> Features:
    """The features by which own words are told from terms and titles, given the scores of the candidates."""
    best = part.candidates[int(np.argmax(scores))] if part.candidates else None
    score, margin = _score_and_margin(scores)
    return of_words(part.scene, part.number, best, score, margin)


def _best(part: Described, scores: Scores, calibration: Sequence[float]) -> FoundMention | None:
    if not part.candidates:
        return None
    best = part.candidates[int(np.argmax(scores))]
    score, margin = _score_and_margin(scores)
    confidence = 1 / (1 + exp(-(calibration[0] * score + calibration[1] * margin + calibration[2])))
    return FoundMention(best.mention, best.head, best.cue, best.method, round(confidence, 3), best.cue is not None)


def _score_and_margin(scores: Scores) -> tuple[float, float]:
    """The highest score, and how far the second is behind it."""
    ranked = np.sort(np.asarray(scores, dtype=float))[::-1]
    if not len(ranked):
        return NO_CANDIDATE, NO_RIVAL
    return float(ranked[0]), float(ranked[0] - ranked[1]) if len(ranked) > 1 else NO_RIVAL


def _by_rules(
    found: Sequence[Quotation], readings: Mapping[int, Reading]
) -> tuple[dict[Span, FoundMention | None], dict[int, ParagraphScene]]:
    """What the rules choose for each part, and the scene of each paragraph as it was when they began."""
    kind_of = {part: q.kind for q in found for part in q.parts}
    chosen: dict[Span, FoundMention | None] = {}
    scenes: dict[int, ParagraphScene] = {}
    last: FoundMention | None = None
    last_at = -FARTHEST_SPEAKER - 1
    for index, reading in sorted(readings.items()):
        if not reading.parts:
            continue
        near = index - last_at <= FARTHEST_SPEAKER
        scene = ParagraphScene(reading, readings.get(index - 1), last, None, near)
        spans = [part.span for part in reading.parts]
        hits = attribute_paragraph(scene, [kind_of[span] is QuotationKind.FULL for span in spans])
        chosen |= dict(zip(spans, hits, strict=True))
        scenes[index] = ParagraphScene(reading, readings.get(index - 1), last, None, near, scene.cues)
        if scene.last_here is not None:
            last, last_at = scene.last, index
    return chosen, scenes


def _shared(
    found: Sequence[Quotation], chosen: Mapping[Span, FoundMention | None], own: Mapping[Span, bool]
) -> dict[Span, PartDecision]:
    """One verdict for the parts of one quotation: the surest of theirs."""
    shared: dict[Span, PartDecision] = {}
    for quotation in found:
        hits = [hit for part in quotation.parts if (hit := chosen.get(part)) is not None]
        best = max(hits, key=lambda hit: hit.confidence, default=None)
        is_own = any(own.get(part, False) for part in quotation.parts)
        shared |= dict.fromkeys(quotation.parts, PartDecision(best, is_own))
    return shared
