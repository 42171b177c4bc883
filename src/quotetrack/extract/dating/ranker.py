"""Date quotations: a first and a last possible day, how it is known, and the phrase that says it.

Fitted trees choose the day in two rounds. First: which of the dates that the reporter wrote would be the day of these
words, if any? Then, of the likeliest few: is it one of them, is it fresh news without a date, or does the article not
say? `quotetrack.training.dating` fits the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from math import log1p
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import UNKNOWN_DAY, Article, DateBasis, Quotation, SaidOn, Span, day_of
from quotetrack.extract.dating.context import (
    NEWS_DAYS,
    THESE_DAYS,
    VERB,
    ArticleDates,
    DateContext,
    QuotationContext,
    Speakers,
    context_of,
    occasion_in,
)
from quotetrack.extract.dating.features import NO_ANSWER, AnswerFeatures, DateFeatures, Values
from quotetrack.lang.en.date_phrases import MANNERS, YEAR_MANNER
from quotetrack.models.trees import Trees, load_ensemble

# Fresh news without a phrase was said on the day of publication or in these days before it.
IMPLIED_DAYS = 3
# A page that was changed this many days after its publication, or more, is not dated by its publication alone.
DAYS_OF_LIVING_PAGE = 2
# The value of the distance to the nearest fresh date, in paragraphs, where none stands above.
NO_NEWS = 30.0
# Above these an age or a width, in days, and a place in a sentence, in characters, count alike.
MOST_DAYS, MOST_DAYS_LAST, MOST_CHARACTERS = 400, 800, 300
# Different dates that reach the second round. On held-out folds the day is among them for 96 % of those that a date
# says.
SHORTLIST = 3
# The score of "no date at all" beside which the likeliest date is weighed.
NO_SCORE = -9.0

Key = tuple[date | None, date | None]

_MANNERS = (*MANNERS, YEAR_MANNER)
_MANNER: dict[str, Values] = {
    manner: {f"told_by_{other}": float(other == manner) for other in _MANNERS} for manner in _MANNERS
}


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


def day_at_home(article: Article) -> date | None:
    """Return the day of publication in the outlet's own time zone, which "Tuesday" is counted from."""
    return _day_in_zone(article.published_at, article.timezone)


def _day_in_zone(moment: datetime | date | None, timezone: str | None) -> date | None:
    """Return the day of a moment in the outlet's own time zone.

    A day without an hour is never converted, nor is an hour without a zone, which is the outlet's.
    """
    if timezone is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return day_of(moment)
    try:
        return moment.astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):  # no such zone here, or the first day of the calendar
        return day_of(moment)


def _last_change(article: Article, published: date | None) -> date | None:
    """Return the day on which a page was changed last; None unless that is days after its publication."""
    modified = _day_in_zone(article.modified_at, article.timezone)
    if published is None or modified is None or (modified - published).days < DAYS_OF_LIVING_PAGE:
        return None
    return modified


class Dating:
    """Dates the quotations of one article."""

    def __init__(self, article: Article, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's."""
        published = day_at_home(article)
        self._dates = ArticleDates(article, published, paragraphs, quoted) if published is not None else None
        self._last_change = _last_change(article, published)

    def date_all(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Return the quotations, each with its interval, the basis, the phrase that says it and the occasion.

        Without a day of publication they are returned as they are. Fresh words of a page that was changed days after
        its publication may be as late as the change.
        """
        if self._dates is None:
            return list(quotations)
        answers = choose(self.candidates(quotations))
        return [
            replace(q, said=self._until_change(a.said), said_evidence=a.evidence, occasion=_occasion(self._dates, q, a))
            for q, a in zip(quotations, answers, strict=True)
        ]

    def _until_change(self, said: SaidOn) -> SaidOn:
        """Return an implied interval up to the last change of the page; any other as it is."""
        is_implied = said.basis is DateBasis.IMPLIED
        return replace(said, last=self._last_change) if is_implied and self._last_change is not None else said

    def candidates(self, quotations: Sequence[Quotation]) -> list[Candidates]:
        """Return the candidates of each quotation. Raises ValueError for an article without a day of publication.

        Some words have no day but one in their own sentence: those "said recently", those that follow by the same
        speaker before another date is written, and those that are recalled ("once called").
        """
        if self._dates is None:
            raise ValueError("The article has no day of publication, from which its dates are counted.")
        speakers = Speakers(self._dates.text, quotations)
        of_article = self._dates.features(speakers)
        candidates: list[Candidates] = []
        lately: dict[str, int] = {}  # by speaker, where the last words "said recently" end
        for number, quotation in enumerate(quotations):
            context = context_of(number, speakers, self._dates)
            own = _candidates_of(context, speakers, self._dates, of_article)
            name, end = speakers.names[number], quotation.span.end
            since = lately.get(name) if name is not None else None
            is_lately = context.is_lately or (since is not None and not self._dates.has_date(since, end))
            if is_lately or context.is_recalled:
                own = _only_here(own)
            if is_lately and name is not None:
                lately[name] = end
            candidates.append(own)
        return candidates


def _candidates_of(
    quotation: QuotationContext, speakers: Speakers, dates: ArticleDates, of_article: Values
) -> Candidates:
    """Return the dates, then "fresh", then "unknown" for one quotation."""
    common = {**quotation.features, **of_article}
    dated = [
        DateCandidate(
            SaidOn(written.phrase.first, written.phrase.last, _basis(written, quotation)),
            written.phrase.span,
            features_of_pair(written, quotation, speakers, dates, common),
        )
        for written in dates.eligible(quotation.paragraph)
    ]
    news = [c.features.paragraphs for c in dated if c.features.age <= THESE_DAYS]
    undated = NO_ANSWER._replace(
        **common,
        dates=float(len(dated)),
        news_dates=float(len(news)),
        nearest_news=min((paragraphs for paragraphs in news if paragraphs >= 0), default=NO_NEWS),
    )
    fresh = SaidOn(_days_before(dates.published, IMPLIED_DAYS), dates.published, DateBasis.IMPLIED)
    return Candidates(
        dated,
        [
            Answer(fresh, None, undated._replace(is_implied=1.0)),
            Answer(UNKNOWN_DAY, None, undated._replace(is_unknown=1.0)),
        ],
    )


def _basis(written: DateContext, quotation: QuotationContext) -> DateBasis:
    """Return how a date would be known to be the day: it is of a past occasion, or stands here or nearby."""
    if written.age > NEWS_DAYS:
        return DateBasis.PAST
    return DateBasis.STATED_HERE if is_here(written, quotation) else DateBasis.STATED_NEARBY


def _days_before(published: date, days: int) -> date:
    """Return a day before publication, but not before the calendar begins."""
    return date.fromordinal(max(1, published.toordinal() - days))


def _only_here(candidates: Candidates) -> Candidates:
    """Return the dates of the quotation's own sentence, and "unknown"."""
    return Candidates(
        [candidate for candidate in candidates.dates if candidate.features.here],
        [answer for answer in candidates.undated if answer.said.first is None],
    )


def features_of_pair(
    date: DateContext, quotation: QuotationContext, speakers: Speakers, dates: ArticleDates, common: Values
) -> DateFeatures:
    """Return the row of a date for a quotation. `common` are the features of the quotation and of the article."""
    return DateFeatures(
        **common,
        **date.features,
        **_date_features(date, dates),
        **_distances(date, quotation, speakers, dates),
        **_dates_between(date, quotation, speakers, dates),
        **_in_common(date, quotation, speakers, dates),
        **speakers.between(quotation.number, date.phrase.span.start),
        **speakers.within(quotation.number, date.sentence),
        here=float(is_here(date, quotation)),
    )


def is_here(date: DateContext, quotation: QuotationContext) -> bool:
    """Return whether a date stands in the sentence of the quotation."""
    return quotation.sentence.start <= date.phrase.span.start < quotation.sentence.end


def _date_features(date: DateContext, dates: ArticleDates) -> Values:
    """Return which days a phrase means, and how the article writes it."""
    phrase = date.phrase
    width = (phrase.last - phrase.first).days
    times = dates.times_written(phrase)
    return {
        "is_phrase": 1.0,
        "age": float(min(date.age, MOST_DAYS)),
        "age_last": float(min(date.age + width, MOST_DAYS_LAST)),
        "width": float(min(width, MOST_DAYS)),
        "of_event": float(phrase.of_event),
        "often": float(times),
        "share": times / max(1, len(dates.dates)),
        "date_paragraph": float(date.paragraph),
        "first_date": float(date is dates.dates[0]),
        **_MANNER[phrase.manner],
    }


def _distances(date: DateContext, quotation: QuotationContext, speakers: Speakers, dates: ArticleDates) -> Values:
    """Return how far the phrase stands from the words and their cue."""
    start, end = date.phrase.span.start, date.phrase.span.end
    spoken = speakers.quotations[quotation.number]
    cue = spoken.attribution.cue if spoken.attribution else None
    anchor = cue or spoken.span
    quoted = dates.reporter.quoted_before(spoken.span.start) - dates.reporter.quoted_before(end)
    return {
        "paragraphs": float(quotation.paragraph - date.paragraph),
        "below": float(start > spoken.span.start),
        "from_cue": log1p(max(0, start - anchor.end, anchor.start - end)),
        "after_cue": float(cue is not None and 0 <= start - cue.end < VERB),
        "quoted_between": float(max(0, quoted)),
    }


def _dates_between(date: DateContext, quotation: QuotationContext, speakers: Speakers, dates: ArticleDates) -> Values:
    """Return how many other dates stand between the phrase and the words."""
    low, high = sorted((date.phrase.span.start, speakers.quotations[quotation.number].span.start))
    between = dates.between(low, high)
    surname = speakers.surnames[quotation.number]
    keys = {(other.phrase.first, other.phrase.last) for other in between}
    return {
        "between": float(len(between)),
        "between_news": float(sum(other.age <= THESE_DAYS for other in between)),
        "between_own": float(sum(surname is not None and surname in other.words for other in between)),
        "between_keys": float(len(keys - {(date.phrase.first, date.phrase.last)})),
    }


def _in_common(date: DateContext, quotation: QuotationContext, speakers: Speakers, dates: ArticleDates) -> Values:
    """Return whether the sentence of the phrase and that of the words share a speaker, an occasion or a place."""
    surname = speakers.surnames[quotation.number]
    start = date.phrase.span.start
    paragraph = dates.reporter.paragraphs[date.paragraph]
    at = date.words.find(surname) if surname else -1
    places = -1 if is_here(date, quotation) else len((quotation.places & date.places) - {surname})
    return {
        "of_speaker": float(at >= 0),
        "speaker_at": float(min(at, MOST_CHARACTERS)),
        "speaker_first": float(at >= 0 and date.sentence.start + at < start),
        "of_speaker_near": float(surname is not None and surname in paragraph.of(dates.text)),
        "before_named": float(start < speakers.first_named(quotation.number)),
        "same_kinds": float(len(quotation.kinds & date.kinds)),
        "same_places": float(places),
    }


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


def _occasion(dates: ArticleDates, quotation: Quotation, answer: Answer) -> str | None:
    """Return the occasion that the sentence names, else that of the speaker's sentence which says the day."""
    own = occasion_in(dates.reporter.words(dates.reporter.sentences_of(quotation)))
    if own is not None or answer.evidence is None or not answer.features.of_speaker:
        return own
    return occasion_in(dates.reporter.words(dates.reporter.sentence(answer.evidence.start)))
