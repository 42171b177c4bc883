"""Choose the reported statements of parsed paragraphs: what each cue reports, and which mention says who makes it.

Each cue has some candidates (`contents.py`), which fitted trees rate by their features (`features.py`); the best one
is kept where its score is high enough. Then the mentions of its sentence are rated (`sources.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.frames import Reading
from quotetrack.extract.reporting.contents import Content, contents_of
from quotetrack.extract.reporting.cues import CueWord, Rates, cue_words
from quotetrack.extract.reporting.features import (
    ContentFeatures,
    CueFeatures,
    ModelFeatures,
    content_features,
    cue_features,
    model_features,
)
from quotetrack.extract.reporting.sources import Source, SourceFeatures, sources_of
from quotetrack.extract.windows import Pieces
from quotetrack.models.statement_answer import CueAnswer
from quotetrack.models.trees import load_ensemble, load_threshold

FILE = "reported"
# The rate from which on a word counts as one that reports often.
FREQUENT = 0.4
# Words of the least statement that is given.
LEAST_WORDS = 4
# Share of the tokens in quotation marks above which the words are a quotation, not a reported statement.
MOST_IN_MARKS = 0.6
# Intersection over union of the characters of two statements of which only the better one is kept.
SAME_CONTENT = 0.5
# Log-odds from which on a mention is given as the source.
LEAST_SOURCE = -1.5

CONTENT_FIELDS = CueFeatures._fields + ContentFeatures._fields + ModelFeatures._fields


@dataclass(frozen=True, slots=True)
class PlacedCue:
    """A cue in its paragraph, and what the reading model says about it, if it was asked."""

    reading: Reading
    word: CueWord
    frequent: frozenset[int]  # tokens of the paragraph that report often
    answer: CueAnswer | None = None

    @property
    def span(self) -> Span:
        """Return the characters of the cue."""
        return self.reading.place(self.reading.tokens[self.word.index])


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one cue may report: `spans` are its characters, `row` its features, in the order of `CONTENT_FIELDS`.

    `answer` is what the reading model says about the cue.
    """

    cue: PlacedCue
    answer: CueAnswer
    content: Content
    spans: tuple[Span, ...]
    words: int
    row: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A candidate that was chosen, its score in log-odds, and the mention of its source with its log-odds."""

    candidate: Candidate
    score: float
    source: Source | None
    source_score: float


def placed_cues(readings: Sequence[Reading], rates: Rates | None = None) -> list[PlacedCue]:
    """Return the words of parsed paragraphs that may report, in order."""
    cues = []
    for reading in readings:
        words = cue_words(reading, rates)
        frequent = frozenset(word.index for word in words if word.complement_rate >= FREQUENT)
        cues += [PlacedCue(reading, word, frequent) for word in words]
    return cues


def candidates_of(cue: PlacedCue, pieces: Pieces) -> list[Candidate]:
    """Return what a cue may report, without words in quotation marks; `pieces` are those that the model has read."""
    contents = contents_of(cue.reading, cue.word)
    if not contents or cue.answer is None:
        return []
    shared = cue_features(cue.reading, cue.word, cue.frequent)
    found = []
    for content in contents:
        own = content_features(cue.reading, cue.word, content, cue.frequent)
        if own.in_marks > MOST_IN_MARKS:
            continue
        spans = tuple(content.spans(cue.reading))
        read = model_features(cue.answer, [pieces.inside(span) for span in spans])
        words = sum(len(span.of(cue.reading.text).split()) for span in spans)
        found.append(Candidate(cue, cue.answer, content, spans, words, tuple(map(float, shared + own + read))))
    return found


def choose(cues: Sequence[PlacedCue], pieces: Pieces) -> list[FoundStatement]:
    """Return the reported statements of some cues, in the order of the text; `pieces` are those that the model read."""
    candidates = [c for cue in cues for c in candidates_of(cue, pieces) if c.words >= LEAST_WORDS]
    scores = load_ensemble(FILE, "content", CONTENT_FIELDS).score([c.row for c in candidates])
    kept = best_of(candidates, scores, load_threshold(FILE, "content"))
    return [_with_source(candidates[i], float(scores[i]), pieces) for i in kept]


def best_of(candidates: Sequence[Candidate], scores: NDArray[np.float64], threshold: float) -> list[int]:
    """Return the numbers of the candidates to keep, in the order of the text.

    One a cue, the best; and of several that say much the same, the best one.
    """
    best: dict[int, int] = {}
    for number, candidate in enumerate(candidates):
        key = candidate.cue.span.start
        if key not in best or scores[number] > scores[best[key]]:
            best[key] = number
    ranked = sorted((n for n in best.values() if scores[n] >= threshold), key=lambda n: (-scores[n], n))
    kept: list[int] = []
    for number in ranked:
        if all(shared_content(candidates[number].spans, candidates[other].spans) < SAME_CONTENT for other in kept):
            kept.append(number)
    return sorted(kept, key=lambda n: (candidates[n].spans[0].start, candidates[n].cue.span.start))


def shared_content(left: Sequence[Span], right: Sequence[Span]) -> float:
    """Return the intersection over union of the characters of two statements."""
    common = sum(one.overlap(other) for one in left for other in right)
    return common / max(1, sum(map(len, left)) + sum(map(len, right)) - common)


def candidate_sources(candidate: Candidate, pieces: Pieces) -> list[Source]:
    """Return the mentions that may say who makes a statement."""
    cue = candidate.cue
    return sources_of(cue.reading, cue.word, candidate.content, candidate.answer, pieces)


def _with_source(candidate: Candidate, score: float, pieces: Pieces) -> FoundStatement:
    sources = candidate_sources(candidate, pieces)
    odds = load_ensemble(FILE, "source", SourceFeatures._fields).score([source.features for source in sources])
    if not sources or float(odds.max()) < LEAST_SOURCE:
        return FoundStatement(candidate, score, None, 0.0)
    best = int(np.argmax(odds))
    return FoundStatement(candidate, score, sources[best], float(odds[best]))
