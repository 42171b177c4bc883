"""Describe a date as the day of a quotation, by the features of the two together."""

from __future__ import annotations

from math import log1p

from quotetrack.extract.dating.article_dates import THESE_DAYS, VERB, ArticleDates, DateContext
from quotetrack.extract.dating.features import DateFeatures, Values
from quotetrack.extract.dating.quotation_context import QuotationContext
from quotetrack.extract.dating.speakers import Speakers
from quotetrack.lang.en.date_phrases import MANNERS, YEAR_MANNER

# Above these an age or a width, in days, and a place in a sentence, in characters, count alike.
MOST_DAYS, MOST_DAYS_LAST, MOST_CHARACTERS = 400, 800, 300

_MANNERS = (*MANNERS, YEAR_MANNER)
_MANNER: dict[str, Values] = {
    manner: {f"told_by_{other}": float(other == manner) for other in _MANNERS} for manner in _MANNERS
}


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
