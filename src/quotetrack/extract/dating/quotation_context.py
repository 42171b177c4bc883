"""Describe a quotation by its own sentence, as far as that bears on the day, whatever the date."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p

from quotetrack.core.domain import Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.dating.article_dates import THESE_DAYS, VERB, ArticleDates, cue_of, places_in
from quotetrack.extract.dating.features import Values
from quotetrack.extract.dating.occasion import kinds_in
from quotetrack.extract.dating.speakers import Speakers
from quotetrack.lang import sections
from quotetrack.lang.en import date_words

# Characters behind a mention within which its speaker is introduced.
LONGEST_INTRODUCTION = 20
# Days before publication above which ages of dates count alike.
MOST_DAYS_AROUND = 800


@dataclass(frozen=True, slots=True)
class QuotationContext:
    """A quotation with its own sentence: the same for all dates.

    `is_recalled` ("once called") and `is_lately` ("recently said") are for rules. The trees know only the second: the
    weights were fitted before the first was a feature.
    """

    number: int
    sentence: Span
    paragraph: int
    kinds: frozenset[str]
    places: frozenset[str]
    features: Values
    is_lately: bool
    is_recalled: bool


def context_of(number: int, speakers: Speakers, dates: ArticleDates) -> QuotationContext:
    """Return a quotation of an article, by its number, with its own sentence."""
    quotation, surname = speakers.quotations[number], speakers.surnames[number]
    reporter = dates.reporter
    sentence = reporter.sentences_of(quotation)
    words = reporter.words(sentence)
    kinds = kinds_in(words)
    lead = reporter.sentence_before(sentence)
    paragraph = reporter.paragraph_of(quotation.span.start)
    is_lately = bool(date_words.LATELY.search(words))
    features: Values = {
        "perfect": float(bool(date_words.PERFECT.search(words))),
        "habit": float(bool(date_words.HABIT.search(words))),
        "lately": float(is_lately),
        "mixed": float(quotation.kind == QuotationKind.MIXED),
        "words": log1p(len(quotation.words.split())),
        "occasion_here": float(bool(kinds)),
        "statement": float(any(word in words for word in date_words.STATEMENTS)),
        "led_by_colon": float(lead is not None and lead.of(dates.text).rstrip().endswith(":")),
        "paragraph": log1p(paragraph),
        "place": paragraph / max(1, len(reporter.paragraphs)),
        **_cue_features(quotation, dates.text),
        **_speaker_features(quotation.attribution, surname, dates.title),
        **_mention_features(quotation.attribution, dates.text),
        **speakers.prominence(number),
        **_dates_around(surname, paragraph, dates),
    }
    return QuotationContext(
        number=number,
        sentence=sentence,
        paragraph=paragraph,
        kinds=kinds,
        places=places_in(words) | places_in(reporter.words(lead) if lead is not None else ""),
        features=features,
        is_lately=is_lately,
        is_recalled=bool(date_words.RECALLED.search(_before_cue(quotation, dates.text))),
    )


def _before_cue(quotation: Quotation, text: str) -> str:
    """Return the characters before the cue in which its auxiliary verbs stand; empty without a cue."""
    cue = quotation.attribution.cue if quotation.attribution else None
    return text[max(0, cue.start - VERB) : cue.start] if cue else ""


def _cue_features(quotation: Quotation, text: str) -> Values:
    """Return which reporting word a quotation has, and in which tense."""
    word, before = cue_of(quotation, text), _before_cue(quotation, text)
    return {
        "has_cue": float(word != ""),
        "said": float(word == "said"),
        "told": float(word in date_words.TOLD),
        "wrote": float(word in date_words.WROTE),
        "goes_on": float(word in date_words.GOES_ON),
        "calls": float(word.startswith(date_words.CALLS)),
        "vows": float(word.startswith(date_words.VOWS)),
        "according": float(word.startswith(date_words.ACCORDING)),
        "stance": float(word != "" and _is_stance(word)),
        "present": float(bool(date_words.PRESENT.fullmatch(word))),
        "cue_s": float(word.endswith("s")),
        "cue_ed": float(word.endswith("ed")),
        "has_said": float(bool(date_words.HAS.search(before))),
        "had_said": float(bool(date_words.HAD.search(before))),
        "would_say": float(bool(date_words.WOULD.search(before))),
    }


def _is_stance(cue: str) -> bool:
    """Return whether a cue is a form of a verb that takes a stance: "mocked", "praises"."""
    return any(
        cue in (verb, verb + "s", verb + "d", verb + "ed", verb.rstrip("e") + "ing")
        for verb in sections("reporting.txt")["stance"]
    )


def _speaker_features(attribution: Attribution | None, surname: str | None, title: str) -> Values:
    """Return how the speaker is known: by a name or by a description."""
    name = attribution.name if attribution else None
    return {
        "has_speaker": float(name is not None),
        "lower_name": float(name is not None and not name[:1].isupper()),
        "name_words": float(len(name.split())) if name else 0.0,
        "speaker_in_title": float(surname is not None and surname in title),
    }


def _mention_features(attribution: Attribution | None, text: str) -> Values:
    """Return how the speaker is mentioned here: introduced to the reader, by a pronoun, not by name."""
    mention = attribution.mention if attribution else None
    if mention is None:
        return {"is_pronoun": 0.0, "introduced": 0.0, "mention_words": 0.0, "mention_lower": 0.0}
    words, end = mention.of(text), mention.end
    return {
        "is_pronoun": float(words.lower() in date_words.PRONOUNS),
        "introduced": float(bool(date_words.INTRODUCED.match(text, end, end + LONGEST_INTRODUCTION))),
        "mention_words": float(len(words.split())),
        "mention_lower": float(words[:1].islower()),
    }


def _dates_around(surname: str | None, paragraph: int, dates: ArticleDates) -> Values:
    """Return the ages of the dates around a quotation, and how many fresh dates its speaker has."""
    around = [date.age for date in dates.dates if abs(date.paragraph - paragraph) <= 1]
    fresh = [date for date in dates.dates if date.age <= THESE_DAYS] if surname else []
    return {
        "speaker_dates": float(sum(surname is not None and surname in date.sentence.of(dates.text) for date in fresh)),
        "oldest_around": float(min(max(around, default=-1), MOST_DAYS_AROUND)),
        "newest_around": float(min(min(around, default=-1), MOST_DAYS_AROUND)),
    }
