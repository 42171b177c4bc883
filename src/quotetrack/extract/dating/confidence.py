"""Tell how sure a day is: the chance of the likeliest date, and that of fresh news where it is not that date.

Two ensembles of small trees over what the trees of the choice and the reading model weighed; two more where there is no
reading model. `quotetrack.training.dating` fits them on held-out folds, of which neither trees nor reading model have
seen the outlet or genre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

import numpy as np

from quotetrack.extract.dating.features import AnswerFeatures, Values
from quotetrack.models.trees import load_ensemble

# Log-odds beyond which a choice counts as no surer.
SUREST = 6.0
# Paragraphs and days above which distances and ages count alike.
MOST_PARAGRAPHS, MOST_AGE = 8.0, 60.0
DECIMALS = 3
# The weight of the reading model beside that of the trees in the choice of the likeliest date; the rest is theirs. On
# held-out folds .5, .7 and 1 date alike; dev and pages lose a point with 1.
READING_WEIGHT = 0.5
LEAST_SHARE = 1e-4  # added to a chance before its logarithm is taken
_PAST_DAYS = 45  # older dates are of a past occasion


class DayFeatures(NamedTuple):
    """What the chance of a day is computed from: of the likeliest date, its rivals, the quotation and the article."""

    score: float
    fresh: float
    unknown: float
    rival: float
    margin: float
    no_date: float
    belief: float
    here: float
    at_cue: float
    at_cue_here: float
    of_speech: float
    subject_is_speaker: float
    ahead: float
    beside_noun: float
    content: float
    adverbial: float
    noun: float
    until: float
    perfect: float
    paragraphs: float
    below: float
    age: float
    past: float
    wide: float
    weekday: float
    year: float
    today: float
    day: float
    yesterday: float
    counted: float
    relative: float
    of_event: float
    possessive: float
    often: float
    has_cue: float
    pronoun: float
    mixed: float
    of_speaker: float
    others_between: float
    same_between: float
    between_keys: float
    present: float
    has_said: float
    habit: float
    opening_news: float
    news_dates: float
    old_dates: float
    present_share: float
    first_person: float
    speakers: float
    long: float
    quotations: float
    read_date: float
    read_fresh: float
    read_unknown: float
    read_rival: float
    read_margin: float
    read_odds: float
    read_share: float


@dataclass(frozen=True, slots=True)
class Opinions:
    """What trees and reading model think of the answers of one shortlist, in its order.

    `scores` are log-odds of the trees, `read` log-probabilities of the reading model; None without one.
    """

    answers: Sequence[AnswerFeatures]
    scores: Sequence[float]
    read: Sequence[float] | None

    def likeliest_date(self) -> int | None:
        """Return the number of the likeliest date; None where no answer is a date."""
        dates = self._dates_in_order()
        return dates[0] if dates else None

    def _dates_in_order(self) -> list[int]:
        """Return the numbers of the dates, the likeliest first."""
        powers = np.exp(np.asarray(self.scores) - max(self.scores))
        shares = powers / powers.sum()
        weight = 0.0 if self.read is None else READING_WEIGHT
        read = [0.0] * len(self.answers) if self.read is None else self.read
        together = [
            weight * log(exp(own) + LEAST_SHARE) + (1 - weight) * log(share + LEAST_SHARE)
            for own, share in zip(read, shares, strict=True)
        ]
        dates = [number for number, answer in enumerate(self.answers) if answer.is_phrase]
        return sorted(dates, key=lambda number: -together[number])

    def features(self) -> DayFeatures:
        """Return what the chances are computed from."""
        dates = self._dates_in_order()
        date = self.answers[dates[0]] if dates else self.answers[-1]
        score = _cut(self.scores[dates[0]]) if dates else -SUREST
        fresh, unknown = self._undated(self.scores)
        return DayFeatures(
            score=score,
            fresh=fresh,
            unknown=unknown,
            rival=max((_cut(self.scores[other]) for other in dates[1:]), default=-SUREST),
            margin=score - max(fresh, unknown),
            no_date=float(not dates),
            **_of_date(date),
            **_of_quotation(date),
            **self._of_reading(dates),
        )

    def _undated(self, scores: Sequence[float]) -> tuple[float, float]:
        """Return the scores of "fresh news" and "unknown"; the lowest where an answer is missing."""
        named = list(zip(self.answers, scores, strict=True))
        fresh = next((_cut(score) for answer, score in named if answer.is_implied), -SUREST)
        return fresh, next((_cut(score) for answer, score in named if answer.is_unknown), -SUREST)

    def _of_reading(self, dates: Sequence[int]) -> Values:
        """Return what the reading model thinks of the likeliest date and of the others; zeros without one."""
        if self.read is None:
            return dict.fromkeys(_OF_READING, 0.0)
        logs = [log(exp(own) + LEAST_SHARE) for own in self.read]
        fresh, unknown = self._undated(logs)
        own = logs[dates[0]] if dates else log(LEAST_SHARE)
        share = exp(self.read[dates[0]]) if dates else 0.0
        return {
            "read_date": own,
            "read_fresh": fresh,
            "read_unknown": unknown,
            "read_rival": max((logs[other] for other in dates[1:]), default=log(LEAST_SHARE)),
            "read_margin": own - max(fresh, unknown),
            "read_odds": own - log(1 - min(share, 1 - LEAST_SHARE)),
            "read_share": share,
        }


_OF_READING = tuple(name for name in DayFeatures._fields if name.startswith("read_"))


class Chances(NamedTuple):
    """The chance that the likeliest date is the day, and that the words are fresh news if it is not; both 0 to 1."""

    date: float
    fresh: float


def _of_date(date: AnswerFeatures) -> Values:
    """Return the features of the likeliest date: where it stands, what its clause says, and how it is written."""
    return {
        "belief": date.belief,
        "here": date.here,
        "at_cue": date.clause_cue,
        "at_cue_here": date.clause_cue * date.here,
        "of_speech": date.clause_speech,
        "subject_is_speaker": date.clause_speaker,
        "ahead": date.clause_ahead,
        "beside_noun": date.clause_relative + date.clause_participle + date.clause_apposition,
        "content": date.clause_content,
        "adverbial": date.clause_adverbial,
        "noun": date.clause_noun,
        "until": date.clause_until,
        "perfect": date.date_perfect,
        "paragraphs": min(date.paragraphs, MOST_PARAGRAPHS),
        "below": float(date.paragraphs < 0),
        "age": min(date.age, MOST_AGE),
        "past": float(date.age > _PAST_DAYS),
        "wide": float(date.width > 0),
        "weekday": date.told_by_weekday,
        "year": date.told_by_year,
        "today": date.told_by_today,
        "day": date.told_by_day,
        "yesterday": date.told_by_yesterday,
        "counted": date.told_by_counted,
        "relative": date.told_by_relative,
        "of_event": date.of_event,
        "possessive": date.possessive,
        "often": date.often,
        "of_speaker": date.of_speaker,
        "others_between": date.others_between,
        "same_between": date.same_between,
        "between_keys": date.between_keys,
    }


def _of_quotation(answer: AnswerFeatures) -> Values:
    """Return the features of the quotation and of the article, which all answers have."""
    return {
        "has_cue": answer.has_cue,
        "pronoun": answer.is_pronoun,
        "mixed": answer.mixed,
        "present": answer.present,
        "has_said": answer.has_said,
        "habit": answer.habit,
        "opening_news": answer.opening_news,
        "news_dates": answer.news_dates_a_paragraph,
        "old_dates": answer.old_dates,
        "present_share": answer.present_share,
        "first_person": answer.first_person,
        "speakers": answer.speakers,
        "long": answer.long,
        "quotations": answer.quotations,
    }


def chances_of(opinions: Sequence[Opinions]) -> list[Chances]:
    """Return the calibrated chances of each quotation."""
    found: dict[int, Chances] = {}
    for kind in ("trees", "reading"):
        numbers = [n for n, own in enumerate(opinions) if (own.read is None) == (kind == "trees")]
        rows = [opinions[n].features() for n in numbers]
        scores = [
            load_ensemble("day_confidence", f"{kind}_{of}", DayFeatures._fields).score(rows) for of in Chances._fields
        ]
        for number, *odds in zip(numbers, *scores, strict=True):
            found[number] = Chances(*(1 / (1 + exp(-score)) for score in odds))
    return [found[number] for number in range(len(opinions))]


def _cut(score: float) -> float:
    return max(-SUREST, min(SUREST, float(score)))
