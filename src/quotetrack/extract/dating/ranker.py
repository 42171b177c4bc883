"""Date quotations: a first and a last possible day, how it is known, and the phrase that says it.

The grammar has the first word: a date at the reporting verb is the day, and one that tells when something else happened
is not. Among the rest fitted trees choose in two rounds. First: which of the dates that the reporter wrote would be the
day of these words, if any? Then, of the likeliest few: is it one of them, is it fresh news without a date, or does the
article not say? A day is claimed only where its chance is high (`confidence.py`); below that the claim is widened.
`quotetrack.training.dating` fits the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from math import log, log1p
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import UNKNOWN_DAY, Article, DateBasis, Quotation, SaidOn, Span, day_of
from quotetrack.extract.dating.confidence import DECIMALS, LEAST_SHARE, Chances, Opinions, chances_of
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
from quotetrack.extract.dating.grammar import Clause, DateClause
from quotetrack.extract.dating.reading import DayModel, StatesOfArticle, question_of
from quotetrack.extract.windows import Questions
from quotetrack.lang.en import date_words
from quotetrack.lang.en.date_phrases import MANNERS, YEAR_MANNER
from quotetrack.lang.en.occasions import KIND
from quotetrack.models.day_question import DayQuestion, Floats
from quotetrack.models.trees import Trees, load_ensemble

# Fresh news without a phrase was said on the day of publication or in these days before it.
IMPLIED_DAYS = 3
# A page that was changed this many days after its publication, or more, is not dated by its publication alone.
DAYS_OF_LIVING_PAGE = 2
# The value of the distance to the nearest fresh date, in paragraphs, where none stands above.
NO_NEWS = 30.0
# Above these an age or a width, in days, and a place in a sentence, in characters, count alike.
MOST_DAYS, MOST_DAYS_LAST, MOST_CHARACTERS = 400, 800, 300
# Paragraphs in which an article may tell what had happened before: "Lee had given the press ten minutes on Thursday".
OPENING_PARAGRAPHS = 2
# Different dates that reach the second round. On held-out folds the day is among them for 96 % of those that a date
# says.
SHORTLIST = 3
# The least chance of a single day, and of a week, month or year, that is claimed.
LEAST_DAY, LEAST_INTERVAL = 0.88, 0.5
# The least chance of a day from which on fresh news may have been said.
LEAST_WIDENED = 0.3
# The least chance of fresh news among words whose day is not claimed.
LEAST_FRESH = 0.5
# The chances by the trees alone from which on the reading model is not asked: that a date is the day, or none is;
# and of fresh news or its contrary.
SURE_DATE, NO_DATE, FRESH_OR_NOT = 0.87, 0.3, 0.6
# Quotations about which the reading model is asked at one time: what it sees of one may take 300 kB.
READ_AT_ONCE = 64
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

    @property
    def key(self) -> Key:
        """Return the first and last day: two answers with one key are one."""
        return self.said.first, self.said.last

    @property
    def is_one_day(self) -> bool:
        """Return whether the answer is a single day."""
        return self.said.first is not None and self.said.first == self.said.last


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

    def __init__(
        self,
        article: Article,
        paragraphs: Sequence[Span],
        quoted: Sequence[Span],
        clauses: Mapping[Span, DateClause],
        questions: Questions | None = None,
    ) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's.

        `clauses` are those of the dates (`grammar.py`); `questions` have the encoder that the reading model needs.
        """
        self._questions = questions
        published = day_at_home(article)
        self._dates = ArticleDates(article, published, paragraphs, quoted, clauses) if published is not None else None
        self._last_change = _last_change(article, published)

    def date_all(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Return the quotations, each with its interval, basis and chance, the phrase that says it and the occasion.

        Without a day of publication they are returned as they are. Fresh words of a page that was changed days after
        its publication may be as late as the change.
        """
        if self._dates is None:
            return list(quotations)
        candidates = self.candidates(quotations)
        weighed = self._read(quotations, candidates, weigh(candidates))
        chances = chances_of([own.opinions() for own in weighed])
        claims = [claim_day(own, chance, self._dates.published) for own, chance in zip(weighed, chances, strict=True)]
        return [
            replace(
                quotation,
                said=self._until_change(claim.said),
                said_evidence=claim.evidence,
                said_confidence=claim.confidence,
                occasion=_occasion(self._dates, quotation, claim),
            )
            for quotation, claim in zip(quotations, claims, strict=True)
        ]

    def _read(
        self, quotations: Sequence[Quotation], candidates: Sequence[Candidates], weighed: list[WeighedAnswers]
    ) -> list[WeighedAnswers]:
        """Return the answers with what the reading model thinks, where there is one and the trees are not sure."""
        model = self._questions.encoder if self._questions is not None else None
        if not isinstance(model, DayModel):
            return weighed
        chances = chances_of([own.opinions() for own in weighed])
        asked = [number for number, chance in enumerate(chances) if not is_decided(chance)]
        weighed = list(weighed)
        for start in range(0, len(asked), READ_AT_ONCE):
            some = asked[start : start + READ_AT_ONCE]
            likely = [weighed[number].likely(candidates[number]) for number in some]
            questions = self.questions([quotations[number] for number in some], likely)
            for number, own, read in zip(some, likely, model.read_days(questions), strict=True):
                weighed[number] = weighed[number].read_as(own, read)
        return weighed

    def questions(self, quotations: Sequence[Quotation], candidates: Sequence[Candidates]) -> list[DayQuestion]:
        """Return what the reading model is asked about each quotation. Raises ValueError without an encoder."""
        if self._dates is None or self._questions is None:
            raise ValueError("The reading model needs an encoder and a day of publication.")
        phrases = dict.fromkeys(date.evidence for own in candidates for date in own.dates)
        states = StatesOfArticle(self._questions, self._dates, quotations, phrases)
        return [
            question_of(
                states,
                quotation,
                [(candidate.evidence, candidate.features) for candidate in own.dates],
                own.undated[-1].features,
                may_be_fresh=any(answer.features.is_implied for answer in own.undated),
            )
            for quotation, own in zip(quotations, candidates, strict=True)
        ]

    def _until_change(self, said: SaidOn) -> SaidOn:
        """Return an implied or unknown interval up to the last change of the page; any other as it is."""
        is_open = said.basis in (DateBasis.IMPLIED, DateBasis.UNKNOWN)
        return replace(said, last=self._last_change) if is_open and self._last_change is not None else said

    def candidates(self, quotations: Sequence[Quotation]) -> list[Candidates]:
        """Return the candidates of each quotation. Raises ValueError for an article without a day of publication.

        Some words have no day but one in their own sentence: those "said recently", those that follow by the same
        speaker before another date is written, those that are recalled ("once called", "had said"), those of somebody
        who has died, and those of a record that came out ("leaked emails"). Words "said at the time" are never fresh,
        and have a date of their own sentence or the one before; those brought as evidence ("told police"), and those of
        a sign or a contract, only one at their verb.
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
            if is_lately or context.is_recalled or context.is_earlier or context.is_of_dead or context.is_of_record:
                own = _only_here(own)
            if context.is_then:
                own = _then(own, (context.sentence, self._dates.reporter.sentence_before(context.sentence)))
            if context.is_evidence or context.is_standing:
                own = _not_fresh(replace(own, dates=[date for date in own.dates if _is_at_cue(date.features)]))
            if is_lately and name is not None:
                lately[name] = end
            candidates.append(own)
        return candidates


def _candidates_of(
    quotation: QuotationContext, speakers: Speakers, dates: ArticleDates, of_article: Values
) -> Candidates:
    """Return the dates that may be the time of speaking, then "fresh", then "unknown" for one quotation."""
    common = {**quotation.features, **of_article}
    written_dates = dates.eligible(quotation.paragraph)
    rows = [features_of_pair(written, quotation, speakers, dates, common) for written in written_dates]
    possible = [
        DateCandidate(
            SaidOn(written.phrase.first, written.phrase.last, _basis(written, quotation)), written.phrase.span, row
        )
        for written, row in zip(written_dates, rows, strict=True)
        if not _is_of_something_else(row)
        and not _is_before_present(row)
        and not _is_of_scene_before(written, row)
        and not _is_of_anothers_paper(written, quotation, speakers)
        and not _is_of_interview_below(written, row, dates.text)
        and not _is_of_thing(written, dates.text)
        and not _is_of_hearing_below(written, row, quotation)
        and not (_comes_out_then(written, dates.text) and not _is_at_cue(row))
        and written.phrase.span.of(dates.text) not in speakers.name_words  # Nora Friday
    ]
    dated = [candidate for candidate in possible if _is_at_cue(candidate.features)] or possible
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


def _is_at_cue(date: DateFeatures) -> bool:
    """Return whether a date tells the time of the reporting verb; "has said since 2008" tells no day."""
    return bool(date.clause_cue) and not date.clause_until and not date.clause_negated


def _is_of_something_else(date: DateFeatures) -> bool:
    """Return whether the grammar says that a date is not the time of speaking.

    "The council will vote on Monday", "Fors will say on Monday" lie ahead; "said Fors, who was sacked in January" tells
    when she was sacked.
    """
    is_ahead = date.clause_ahead and not date.clause_present
    return bool(is_ahead or (date.clause_about and not date.clause_cue and not date.clause_speech))


def _is_before_present(date: DateFeatures) -> bool:
    """Return whether a day before publication, told elsewhere, is of other things than what somebody "says".

    "The board resigned on Monday. ... “I sleep well,” Vale says" tells no day; what she posted on Monday is
    quoted in that sentence as well. On labelled articles 3 of 7 such days were those of the words.
    """
    is_told_there = date.here or date.clause_cue or date.same_there
    return bool(date.age > 0 and not is_told_there and date.present)


def _is_of_scene_before(written: DateContext, date: DateFeatures) -> bool:
    """Return whether a date tells of what had happened before, and the words stand in another paragraph.

    "On Sunday he had stood on the same spot. ..." dates no words of others. An article may open so.
    """
    is_elsewhere = date.paragraphs != 0 and not date.of_speaker and not date.same_there and not date.clause_cue
    return written.clause.is_earlier and is_elsewhere and written.paragraph >= OPENING_PARAGRAPHS


def _is_of_anothers_paper(written: DateContext, quotation: QuotationContext, speakers: Speakers) -> bool:
    """Return whether a date tells when a paper came out in which another speaks: "in a notice issued on Monday"."""
    before = speakers.text[written.sentence.start : written.phrase.span.start]
    if date_words.PAPER_OF.fullmatch(before) is None:
        return False
    quoted = speakers.within(quotation.number, written.sentence)
    return bool(quoted["other_there"]) and not quoted["same_there"]


def _is_of_interview_below(written: DateContext, date: DateFeatures, text: str) -> bool:
    """Return whether a date below tells when another speaks, in a way of his or her own: "Lee said by email Monday".

    So does "Lee wrote on Monday".
    """
    verbs = [verb.of(text).lower() for verb in written.clause.verbs]
    is_written = any(date_words.WRITTEN.fullmatch(verb) for verb in verbs)
    is_own_way = written.clause.is_speech and (written.clause.by_way_of in date_words.OWN_WAYS or is_written)
    return bool(is_own_way and date.paragraphs < 0 and not date.of_speaker and not date.same_there)


def _is_of_hearing_below(written: DateContext, date: DateFeatures, quotation: QuotationContext) -> bool:
    """Return whether a date below tells when a court heard others: "The inquest heard on Monday that ..."."""
    is_below = date.paragraphs < 0 and not date.of_speaker and not date.same_there
    return is_below and date_words.HEARING.search(written.words) is not None and not quotation.kinds & written.kinds


def _is_of_thing(written: DateContext, text: str) -> bool:
    """Return whether "today" says which thing somebody speaks of, and not when: "called today’s pattern ugly".

    "Called Monday’s ruling a win" tells the day: on labelled articles those who react do so on that day.
    """
    is_owner = text.startswith(date_words.POSSESSIVES, written.phrase.span.end)
    return written.phrase.manner == "today" and is_owner and not written.clause.preposition


def _comes_out_then(written: DateContext, text: str) -> bool:
    """Return whether a date tells when a record of earlier words came out: "emails released on Monday"."""
    sentence, date = written.sentence, written.phrase.span
    record = date_words.COMES_OUT.search(text, sentence.start, sentence.end)
    if record is None:
        return False
    opens = date_words.BEFORE_FIRST_DATE.fullmatch(text, sentence.start, date.start) is not None
    return opens or record.start() <= date.start <= record.end() + date_words.LONGEST_TO_DATE


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
    return _not_fresh(replace(candidates, dates=[date for date in candidates.dates if date.features.here]))


def _then(candidates: Candidates, sentences: Sequence[Span | None]) -> Candidates:
    """Return the candidates of words "said then": the dates of their own sentence and of the one before.

    "On Saturday she spoke at the fair. “...,” Oyler said then." What a relative clause tells of something in the
    sentence itself is later: "she said then, according to a page that was taken down on Tuesday".
    """
    near = [date for date in candidates.dates if any(own and own.overlap(date.evidence) for own in sentences)]
    near = [date for date in near if not (date.features.here and date.features.clause_relative)]
    return _not_fresh(replace(candidates, dates=near))


def _not_fresh(candidates: Candidates) -> Candidates:
    """Return the dates, and "unknown"."""
    return replace(candidates, undated=[answer for answer in candidates.undated if answer.said.first is None])


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
        **_clause_features(date, quotation, speakers),
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


def _clause_features(date: DateContext, quotation: QuotationContext, speakers: Speakers) -> Values:
    """Return what the grammar says: whose time the date tells, and in what kind of clause."""
    clause = date.clause
    attribution = speakers.quotations[quotation.number].attribution
    cue, mention = (attribution.cue, attribution.mention) if attribution else (None, None)
    surname = speakers.surnames[quotation.number]
    subject = clause.subject
    is_speakers = subject is not None and (
        (mention is not None and subject.overlap(mention) > 0)
        or (surname is not None and surname in subject.of(speakers.text))
    )
    kind_features = {f"clause_{kind}": float(clause.clause is kind) for kind in Clause}
    return {
        **kind_features,
        "clause_cue": float(cue is not None and any(verb.overlap(cue) for verb in clause.verbs)),
        "clause_speech": float(clause.is_speech),
        "clause_speaker": float(is_speakers),
        "clause_about": float(
            clause.about is not None
            and (
                (mention is not None and clause.about.overlap(mention) > 0) or _is_about(surname, clause, speakers.text)
            )
        ),
        "clause_ahead": float(clause.is_ahead),
        "clause_present": float(clause.is_present),
        "clause_perfect": float(clause.is_perfect),
        "clause_negated": float(clause.is_negated),
        "clause_occasion": float(bool(KIND.fullmatch(clause.by_way_of))),
        "clause_until": float(clause.preposition in date_words.LIMITS),
    }


def _is_about(surname: str | None, clause: DateClause, text: str) -> bool:
    """Return whether a relative clause tells what a speaker did, at no occasion: "Vale, who took office on Monday"."""
    if clause.about is None or clause.clause is not Clause.RELATIVE:
        return False
    return clause.about.of(text) == surname and not KIND.fullmatch(clause.by_way_of)


def weigh(candidates: Sequence[Candidates]) -> list[WeighedAnswers]:
    """Return the likeliest answers for each quotation with what the trees think of them."""
    first = load_ensemble("dating", "first", DateFeatures._fields)
    second = load_ensemble("dating", "second", AnswerFeatures._fields)
    first_scores = _score_all(first, [[c.features for c in own.dates] for own in candidates])
    rows = [shortlist(own, scores) for own, scores in zip(candidates, first_scores, strict=True)]
    second_scores = _score_all(second, [[answer.features for answer in row] for row in rows])
    return [
        WeighedAnswers(answers, [float(score) for score in scores])
        for answers, scores in zip(rows, second_scores, strict=True)
    ]


def is_decided(chances: Chances) -> bool:
    """Return whether the trees alone are sure: of a date, or that it is none, and then of fresh news or not."""
    is_undated = chances.date <= NO_DATE and not (1 - FRESH_OR_NOT < chances.fresh < FRESH_OR_NOT)
    return chances.date >= SURE_DATE or is_undated


@dataclass(frozen=True, slots=True)
class WeighedAnswers:
    """The answers of one shortlist, with the log-odds of the trees, and what the reading model thinks of them."""

    answers: list[Answer]
    scores: list[float]
    read: list[float] | None = None

    def opinions(self) -> Opinions:
        """Return what the chances are computed from."""
        return Opinions([answer.features for answer in self.answers], self.scores, self.read)

    def likely(self, candidates: Candidates) -> Candidates:
        """Return the candidates without the dates that are not on the shortlist."""
        keys = {answer.key for answer in self.answers}
        return replace(candidates, dates=[date for date in candidates.dates if date.key in keys])

    def read_as(self, candidates: Candidates, read: Floats) -> WeighedAnswers:
        """Return the same with the answer of the reading model: its log-probabilities of all candidates."""
        return replace(self, read=read_answers(candidates, self.answers, read))


def read_answers(candidates: Candidates, answers: Sequence[Answer], read: Floats) -> list[float]:
    """Return the log-probability of each answer of a shortlist: phrases that say the same date have it together."""
    chances = np.exp(read.astype(float))
    of_date: dict[Key, float] = {}
    for candidate, chance in zip(candidates.dates, chances, strict=False):
        of_date[candidate.key] = of_date.get(candidate.key, 0.0) + float(chance)
    fresh, unknown = float(chances[-2]), float(chances[-1])
    return [
        log(max(LEAST_SHARE, fresh if a.features.is_implied else unknown if a.features.is_unknown else of_date[a.key]))
        for a in answers
    ]


@dataclass(frozen=True, slots=True)
class Claim:
    """When some words were said, as far as it is claimed, with the chance that this is right; None where it is not."""

    said: SaidOn
    evidence: Span | None
    confidence: float | None
    is_of_speaker: bool  # the sentence of the evidence names the speaker


def claim_day(weighed: WeighedAnswers, chances: Chances, published: date) -> Claim:
    """Return the likeliest date if it is sure enough; else fresh news, widened by that date; else nothing but an end.

    Nobody can be quoted later than on the day of publication.
    """
    number = weighed.opinions().likeliest_date()
    likeliest = weighed.answers[number] if number is not None else None
    if likeliest is not None and chances.date >= (LEAST_DAY if likeliest.is_one_day else LEAST_INTERVAL):
        chance = round(chances.date, DECIMALS)
        return Claim(likeliest.said, likeliest.evidence, chance, bool(likeliest.features.of_speaker))
    fresh = next((answer for answer in weighed.answers if answer.features.is_implied), None)
    if fresh is None or chances.fresh < LEAST_FRESH:
        return Claim(SaidOn(None, published, DateBasis.UNKNOWN), None, None, False)
    chance = (1 - chances.date) * chances.fresh
    said = fresh.said
    may_be = likeliest is not None and likeliest.is_one_day and chances.date >= LEAST_WIDENED
    if likeliest is not None and may_be and likeliest.features.age <= THESE_DAYS:
        said = replace(said, first=min(filter(None, (said.first, likeliest.said.first))))
        chance += chances.date
    return Claim(said, None, round(chance, DECIMALS), False)


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
        best_clause_cue=likeliest.clause_cue,
        best_clause_speech=likeliest.clause_speech,
        best_clause_speaker=likeliest.clause_speaker,
        best_clause_main=likeliest.clause_main,
        best_clause_ahead=likeliest.clause_ahead,
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


def _occasion(dates: ArticleDates, quotation: Quotation, claim: Claim) -> str | None:
    """Return the occasion that the sentence names, else that of the speaker's sentence which says the day."""
    own = occasion_in(dates.reporter.words(dates.reporter.sentences_of(quotation)))
    if own is not None or claim.evidence is None or not claim.is_of_speaker:
        return own
    return occasion_in(dates.reporter.words(dates.reporter.sentence(claim.evidence.start)))
