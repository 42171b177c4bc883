"""Decide who said it, over a whole article: a fitted choice among the candidates of the rules and the parse.

Two ensembles of trees decide: "speaker" scores every candidate mention of a quoted part, "words" whether the part is
a person's own words at all. `quotetrack.training.attribution` fits both.
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
    MentionCandidate,
    QuotedPart,
    ReadParagraph,
    find_candidates,
)
from quotetrack.extract.attribution.features import Neighbours, SpeakerFeatures, WordsFeatures, describe_words
from quotetrack.extract.attribution.own_words import are_own
from quotetrack.extract.attribution.rules import (
    FoundMention,
    ParagraphScene,
    attribute_paragraph,
    owner_before_colon,
    tag,
)
from quotetrack.extract.attribution.syntax import Cue, find_cues
from quotetrack.extract.attribution.turns import Turn, answers_to_you, take_turns
from quotetrack.extract.attribution.unsaid import corrected
from quotetrack.extract.frames import Reading
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.models.trees import Trees, load_calibration, load_ensemble

Scores = Sequence[float] | NDArray[np.float64]

# Paragraphs back to the last attribution, at most, that a paragraph of words alone may continue.
FARTHEST_SPEAKER = 2
# Log-odds from which a part counts as a person's own words: precision 97 and recall 99 on held-out folds of train.
OWN_WORDS = 0.75
# Confidence below which the encoder is asked: .95 mends as much on dev and pages, for a quarter more time.
SURE = 0.9
# Log-odds for one unit of the encoder's log-chance. Of the mentions of held-out articles 95.8 % are right with 1.5, and
# 94.9 with .5.
POINTER_WEIGHT = 1.5
# Log-odds for a speaker whom the form of the text tells for sure.
TOLD_LEAD = 6.0
# Confidence of a transcript's own label, and its form: a name in capitals and a colon.
TRANSCRIPT = 0.99
# Confidence of the owner of the words that a colon introduces.
OWNER = 0.9
# Confidence of a tag beside the marks against the scores.
TAGGED = 0.9
_LABEL = re.compile(r"(?:[A-Z][A-Z.'’-]*[ \xa0]){0,3}([A-Z][A-Z'’-]{2,}):\s")
# The margin of a candidate without a rival, and the score where there is no candidate: outside what occurs.
NO_RIVAL, NO_CANDIDATE = 9.0, -9.0


@dataclass(frozen=True, slots=True)
class DescribedPart:
    """One part with its candidates and the scene in which it stands: both the fit and the choice start from it."""

    scene: ParagraphScene
    number: int
    candidates: list[MentionCandidate]


@dataclass(frozen=True, slots=True)
class RankedPart:
    """One part with the score of each candidate by the trees, and what the encoder adds where it was asked."""

    part: DescribedPart
    by_trees: NDArray[np.float64]
    by_encoder: NDArray[np.float64] | None = None

    @property
    def scores(self) -> NDArray[np.float64]:
        """Return the scores that decide, in log-odds."""
        scores = self.by_trees if self.by_encoder is None else self.by_trees + self.by_encoder
        leads = np.array([TOLD_LEAD * is_told(c.features) for c in self.part.candidates])
        return np.asarray(scores + leads, dtype=np.float64)

    def runner_up(self) -> FoundMention | None:
        """Return the second likeliest mention, with its chance by the scores of all; None without one."""
        if len(self.part.candidates) < 2:
            return None
        order = np.argsort(-self.scores, kind="stable")
        shares = np.exp(self.scores - self.scores[order[0]])
        second = self.part.candidates[int(order[1])]
        chance = float(shares[order[1]] / shares.sum())
        return FoundMention(second.mention, second.head, second.cue, second.method, chance, second.cue is not None)

    def best(self) -> FoundMention | None:
        """Return the likeliest mention, with the probability that it is the right one; None without candidates."""
        if not self.part.candidates:
            return None
        calibration = load_calibration("attribution" if self.by_encoder is None else "encoder_calibration")
        best = self.part.candidates[int(np.argmax(self.scores))]
        score, margin = _score_and_margin(self.scores)
        confidence = 1 / (1 + exp(-(calibration[0] * score + calibration[1] * margin + calibration[2])))
        return FoundMention(best.mention, best.head, best.cue, best.method, round(confidence, 3), best.cue is not None)


@dataclass(frozen=True, slots=True)
class PartDecision:
    """The decision on one part: its speaker, and whether the words in marks are a person's own."""

    speaker: FoundMention | None
    is_own: bool


def is_told(features: SpeakerFeatures) -> bool:
    """Return whether the form tells the speaker: quoted within another's words, or a signature behind a dash.

    The corpora give words within words now to the one speaker, now to the other.
    """
    return bool(features.rule_embedded or features.rule_dash_signature)


def speaker_trees() -> Trees:
    """Return the ensemble that scores the candidates of a part."""
    return load_ensemble("attribution", "speaker", SpeakerFeatures._fields)


def words_trees() -> Trees:
    """Return the ensemble that scores whether a part is a person's own words."""
    return load_ensemble("attribution", "words", WordsFeatures._fields)


def rank_candidates(
    text: str, quotations: Sequence[Quotation], readings: Mapping[int, Reading], questions: Questions | None = None
) -> dict[Span, RankedPart]:
    """Return each part with its scored candidates, in the order of the text.

    With `questions`, an encoder is asked about the parts of which the trees are not sure.
    """
    described = describe_parts(text, quotations, readings)
    scores = speaker_trees().score([candidate.features for part in described.values() for candidate in part.candidates])
    ranked: dict[Span, RankedPart] = {}
    start = 0
    for span, part in described.items():
        ranked[span] = RankedPart(part, scores[start : start + len(part.candidates)])
        start += len(part.candidates)
    if questions is not None:
        unsure = [s for s, part in ranked.items() if (best := part.best()) is not None and best.confidence < SURE]
        for span, pointed in zip(unsure, questions.ask(Ask.MENTION, unsure), strict=True):
            ranked[span] = replace(ranked[span], by_encoder=_encoder_scores(ranked[span].part, pointed))
    return ranked


def _encoder_scores(part: DescribedPart, pointed: Pointed) -> NDArray[np.float64]:
    return POINTER_WEIGHT * np.array([pointed.at([candidate.head]) for candidate in part.candidates])


def decide_parts(quotations: Sequence[Quotation], ranked: Mapping[Span, RankedPart]) -> dict[Span, PartDecision]:
    """Return the decision on each part; the parts of one quotation over several paragraphs share theirs.

    The surest speaker of the parts counts for all of them.
    """
    odds = words_trees().score([words_features(part.part, part.by_trees) for part in ranked.values()])
    speakers = {
        span: _told_speaker(span, part) or corrected(part.part.scene, part.part.number, part.best())
        for span, part in ranked.items()
    }
    turns = [Turn(p.part.scene, p.part.number, speakers[span]) for span, p in ranked.items()]
    speakers |= take_turns(turns) | answers_to_you(turns)
    is_own = dict(zip(ranked, (bool(value) for value in odds >= OWN_WORDS), strict=True))
    for span, part in ranked.items():
        told = are_own(part.part.scene, part.part.number, speakers[span])
        is_own[span] = is_own[span] if told is None else told
    decisions: dict[Span, PartDecision] = {}
    for quotation in quotations:
        named = [speaker for part in quotation.parts if (speaker := speakers.get(part)) is not None]
        surest = max(named, key=lambda speaker: speaker.confidence, default=None)
        decision = PartDecision(surest, any(is_own.get(part, False) for part in quotation.parts))
        decisions |= dict.fromkeys(quotation.parts, decision)
    return decisions


def _told_speaker(span: Span, ranked: RankedPart) -> FoundMention | None:
    """Return the speaker who is told for sure: by a label inside the marks, or as owner of the words behind a colon.

    For example, "VENN: We will wait." and: Fors’ words were clear: "…".
    """
    scene = ranked.part.scene
    label = _LABEL.match(scene.reading.text, span.start, span.end)
    if label is not None:
        mention = Span(label.start(1), label.end(1))
        return FoundMention(mention, mention, None, "transcript", TRANSCRIPT, True)
    owner = owner_before_colon(scene, ranked.part.number)
    if owner is None:
        return _tagged(ranked)
    return FoundMention(owner.mention, owner.head, owner.cue, "colon_name", OWNER, True)


def _tagged(ranked: RankedPart) -> FoundMention | None:
    """Return whom a tag beside the marks names, where the scores are for somebody else: "Who is it?" the guard said."""
    match, best = tag(ranked.part.scene, ranked.part.number), ranked.best()
    if match is None or (best is not None and best.head.overlap(match.head)):
        return None
    return FoundMention(match.mention, match.head, match.cue, "after_cue", TAGGED, True)


def words_features(part: DescribedPart, scores: Scores) -> WordsFeatures:
    """Return the features that separate own words from terms and titles, given the scores of the candidates."""
    best = part.candidates[int(np.argmax(scores))].features if part.candidates else None
    score, margin = _score_and_margin(scores)
    return describe_words(part.scene, part.number, best, score, margin)


def _score_and_margin(scores: Scores) -> tuple[float, float]:
    """Return the highest score, and how far the second is behind it."""
    ranked = np.sort(np.asarray(scores, dtype=float))[::-1]
    if not len(ranked):
        return NO_CANDIDATE, NO_RIVAL
    return float(ranked[0]), float(ranked[0] - ranked[1]) if len(ranked) > 1 else NO_RIVAL


def describe_parts(
    text: str, quotations: Sequence[Quotation], readings: Mapping[int, Reading]
) -> dict[Span, DescribedPart]:
    """Return each part of an article with its candidates, in the order of the text.

    `readings` are the parsed paragraphs by their number in the text.
    """
    read = {index: (reading, find_cues(reading)) for index, reading in sorted(readings.items())}
    scenes, chosen = attribute_by_rules(quotations, read)
    order = sorted(chosen)
    place = {span: index for index, span in enumerate(order)}
    counts = Counter(re.findall(r"[A-Z][\w-]+", text))
    paragraphs = {index: ReadParagraph(reading, cues) for index, (reading, cues) in read.items()}
    distances = range(-PARAGRAPHS_BEFORE, PARAGRAPHS_BEHIND + 1)
    described = {}
    for index, scene in scenes.items():
        around = {d: paragraphs[index + d] for d in distances if index + d in paragraphs}
        for number, part in enumerate(scene.reading.parts):
            at = place[part.span]
            near = Neighbours(
                before=chosen[order[at - 1]] if at else None,
                two_before=chosen[order[at - 2]] if at > 1 else None,
                behind=chosen[order[at + 1]] if at + 1 < len(order) else None,
            )
            candidates = find_candidates(QuotedPart(scene, number, chosen[part.span], near, counts), around)
            described[part.span] = DescribedPart(scene, number, candidates)
    return described


def attribute_by_rules(
    quotations: Sequence[Quotation], read: Mapping[int, tuple[Reading, list[Cue]]]
) -> tuple[dict[int, ParagraphScene], dict[Span, FoundMention | None]]:
    """Return the scene of each paragraph with parts, as it is before its first part, and the choice for each part.

    `read` has the parsed paragraphs with their cues, in the order of the text.
    """
    kinds = {part: quotation.kind for quotation in quotations for part in quotation.parts}
    scenes: dict[int, ParagraphScene] = {}
    chosen: dict[Span, FoundMention | None] = {}
    last: FoundMention | None = None
    last_index = -FARTHEST_SPEAKER - 1
    for index, (reading, cues) in read.items():
        if not reading.parts:
            continue
        previous = read[index - 1][0] if index - 1 in read else None
        scene = ParagraphScene(reading, cues, previous, last, None, index - last_index <= FARTHEST_SPEAKER)
        spans = [part.span for part in reading.parts]
        speakers, after = attribute_paragraph(scene, [kinds[span] is QuotationKind.FULL for span in spans])
        scenes[index] = scene
        chosen |= dict(zip(spans, speakers, strict=True))
        if after.last_here is not None:
            last, last_index = after.last_here, index
    return scenes, chosen
