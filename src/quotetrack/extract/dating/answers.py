"""Choose the day of a quotation in two rounds of fitted trees.

First: which of the dates that the reporter wrote would be the day of these words, if any? Then, of the likeliest few:
is it one of them, is it fresh news without a date, or does the article not say? `quotetrack.training.dating` fits the
weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import SaidOn, Span
from quotetrack.extract.dating.features import NO_ANSWER, AnswerFeatures, DateFeatures
from quotetrack.models.trees import Trees, load_ensemble

# Different dates that reach the second round. On held-out folds the day is among them for 96 % of those that a date
# says.
SHORTLIST = 3
# The score of "no date at all" beside which the likeliest date is weighed.
NO_SCORE = -9.0

Key = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date that may be the day of a quotation: an interval with the phrase that says it."""

    said: SaidOn
    evidence: Span
    features: DateFeatures

    @property
    def key(self) -> Key:
        """Return the first and last day: two candidates with one key are one answer."""
        return self.said.first, self.said.last


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to "when was it said?"; no phrase where the day is implied or unknown."""

    said: SaidOn
    evidence: Span | None
    features: AnswerFeatures


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one quotation: its dates, and the answers without a phrase ("fresh", then "unknown")."""

    dates: Sequence[DateCandidate]
    undated: Sequence[Answer]


def choose(candidates: Sequence[Candidates]) -> list[Answer]:
    """Return the best answer for each quotation, by two rounds of scores."""
    first = load_ensemble("dating", "first", DateFeatures._fields)
    second = load_ensemble("dating", "second", AnswerFeatures._fields)
    first_scores = _score_all(first, [[c.features for c in own.dates] for own in candidates])
    rows = [shortlist(own, scores) for own, scores in zip(candidates, first_scores, strict=True)]
    second_scores = _score_all(second, [[answer.features for answer in row] for row in rows])
    return [row[int(scores.argmax())] for row, scores in zip(rows, second_scores, strict=True)]


def shortlist(candidates: Candidates, scores: Sequence[float] | NDArray[np.float64]) -> list[Answer]:
    """Return the answers of the second round: the likeliest few dates, and those without a phrase.

    `scores` are the first round's log-odds, one for each date. Each date gets its share of belief, which several
    phrases that say the same date have in common. The answers without a phrase get features of the likeliest date.
    """
    if not candidates.dates:
        return [replace(answer, features=answer.features._replace(score=NO_SCORE)) for answer in candidates.undated]
    best: dict[Key, int] = {}
    belief: dict[Key, float] = {}
    for index, share in enumerate(shares(scores)):
        key = candidates.dates[index].key
        belief[key] = belief.get(key, 0.0) + share
        if key not in best or scores[index] > scores[best[key]]:
            best[key] = index
    answers = []
    for key in sorted(belief, key=lambda key: -belief[key])[:SHORTLIST]:
        candidate = candidates.dates[best[key]]
        features = NO_ANSWER._replace(
            **candidate.features._asdict(), belief=belief[key], score=float(scores[best[key]])
        )
        answers.append(Answer(candidate.said, candidate.evidence, features))
    likeliest = answers[0].features
    return [
        *answers,
        *(replace(answer, features=_beside(answer.features, likeliest)) for answer in candidates.undated),
    ]


def _beside(undated: AnswerFeatures, likeliest: AnswerFeatures) -> AnswerFeatures:
    """Return the row of an answer without a phrase, with the features of the likeliest date."""
    return undated._replace(
        belief=likeliest.belief,
        score=likeliest.score,
        best_here=likeliest.here,
        best_paragraphs=likeliest.paragraphs,
        best_age=likeliest.age,
        best_width=likeliest.width,
        best_of_speaker=likeliest.of_speaker,
        best_of_event=likeliest.of_event,
        best_speech=likeliest.speech,
        best_from_cue=likeliest.from_cue,
        best_said_before=likeliest.said_before,
        best_same_there=likeliest.same_there,
        best_other_there=likeliest.other_there,
        best_before_named=likeliest.before_named,
    )


def shares(scores: Iterable[float]) -> list[float]:
    """Return log-odds as shares of one, in the same order."""
    odds = np.array([float(score) for score in scores])
    powers = np.exp(odds - odds.max())
    return [float(power) for power in powers / powers.sum()]


def _score_all(trees: Trees, rows: Sequence[Sequence[tuple[float, ...]]]) -> list[NDArray[np.float64]]:
    """Return the scores of each quotation's rows, with all rows of the article scored in one pass."""
    scores = trees.score([row for own in rows for row in own])
    ends = accumulate(len(own) for own in rows)
    return [scores[end - len(own) : end] for own, end in zip(rows, ends, strict=True)]
