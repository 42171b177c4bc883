"""Find the dates that the reporter of one article writes, each with its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p

from quotetrack.core.domain import Article, Quotation, Span
from quotetrack.extract.dating.expressions import DatePhrase, find_dates
from quotetrack.extract.dating.features import Values
from quotetrack.extract.dating.occasion import kinds_in
from quotetrack.extract.dating.speakers import Speakers
from quotetrack.extract.sentences import Reporter
from quotetrack.lang.en import date_words

# A date that ended more than this many days before publication belongs to a past occasion rather than to the news.
NEWS_DAYS = 45
# A date that ended up to this many days before publication is one of these days.
THESE_DAYS = 7
# Characters beside the date in the line of a page's head that says when it was printed ("8:13 PM", "Updated:").
LONGEST_DATE_LINE = 25
# Dates that are weighed for one quotation; a tenth of them from the beginning of the article, which has a dozen as a
# rule.
MOST_DATES = 60
# Dates farther from the quotation than this many paragraphs below it do not date it.
FARTHEST_BELOW = 3
# Characters before a cue or a date within which its verb stands.
VERB = 40
# Paragraphs that count as the beginning of an article.
FIRST_PARAGRAPHS = 3
# Characters before a date, below which it opens its sentence.
LONGEST_LEAD = 6

_LETTERS = re.compile(r"[A-Za-z][a-z]+")


@dataclass(frozen=True, slots=True)
class DateContext:
    """A date with its own sentence: the same for all quotations. `age` is in days between its end and publication."""

    phrase: DatePhrase
    age: int
    sentence: Span
    paragraph: int
    words: str  # those of the sentence that the reporter wrote
    kinds: frozenset[str]
    places: frozenset[str]
    features: Values


class ArticleDates:
    """One article with the dates of its reporter, in the order of the text."""

    def __init__(self, article: Article, published: date, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's."""
        self.text = article.text
        self.title = article.title or ""
        self.published = published
        self.reporter = Reporter(article.text, paragraphs, quoted)
        phrases = [phrase for phrase in find_dates(article.text, published) if self._is_reporters(phrase)]
        self.dates = [self._context(phrase) for phrase in phrases]
        self._starts = [phrase.span.start for phrase in phrases]
        self._frequency = Counter((phrase.first, phrase.last) for phrase in phrases)

    def times_written(self, phrase: DatePhrase) -> int:
        """Return how often the article writes the date of a phrase, in whatever words."""
        return self._frequency[phrase.first, phrase.last]

    def has_date(self, start: int, end: int) -> bool:
        """Return whether a date begins within a stretch of the text."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)

    def between(self, low: int, high: int) -> list[DateContext]:
        """Return the dates that begin between two places, neither included."""
        return self.dates[bisect_right(self._starts, low) : bisect_left(self._starts, high)]

    def eligible(self, paragraph: int) -> list[DateContext]:
        """Return the dates that may be the day of words in a paragraph; of very many the first and the nearest."""
        above = [date for date in self.dates if date.paragraph <= paragraph + FARTHEST_BELOW]
        return above if len(above) <= MOST_DATES else above[: MOST_DATES // 10] + above[-MOST_DATES * 9 // 10 :]

    def features(self, speakers: Speakers) -> Values:
        """Return whether the article reads as news of these days: a feature or an essay dates little."""
        reporter, paragraphs = self.reporter, self.reporter.paragraphs
        end = paragraphs[min(FIRST_PARAGRAPHS, len(paragraphs)) - 1].end if paragraphs else 0
        news = [date for date in self.dates if date.age <= THESE_DAYS]
        old = sum(date.age > NEWS_DAYS for date in self.dates)
        cues = [cue_of(quotation, self.text) for quotation in speakers.quotations]
        words = reporter.words(Span(0, len(self.text))) if self.text else ""
        return {
            "news_dates_a_paragraph": len(news) / max(1, len(paragraphs)),
            "old_dates": old / max(1, len(self.dates)),
            "opening_news": float(sum(date.phrase.span.start < end for date in news)),
            "present_share": sum(bool(date_words.PRESENT.fullmatch(cue)) for cue in cues) / max(1, len(cues)),
            "first_person": len(date_words.FIRST_PERSON.findall(words)) / max(1, len(paragraphs)),
            "quotations": log1p(len(speakers.quotations)),
            "speakers": log1p(len(set(speakers.names))),
            "long": log1p(len(paragraphs)),
            "keys": float(len(self._frequency)),
        }

    def _is_reporters(self, phrase: DatePhrase) -> bool:
        return not self.reporter.is_quoted(phrase.span.start) and not self._is_date_line(phrase)

    def _is_date_line(self, phrase: DatePhrase) -> bool:
        """Return whether the paragraph is little more than the date: the head of the page, which dates the printing."""
        if not self.reporter.paragraphs:
            return True
        paragraph = self.reporter.paragraphs[self.reporter.paragraph_of(phrase.span.start)]
        return len(paragraph) - len(phrase.span) < LONGEST_DATE_LINE

    def _context(self, phrase: DatePhrase) -> DateContext:
        start = phrase.span.start
        sentence = self.reporter.sentence(start)
        words = self.reporter.words(sentence)
        kinds = kinds_in(words)
        features = {
            **self._sentence_features(sentence, words, kinds),
            **self._features_before(self.text[sentence.start : start]),
            **self._features_behind(phrase),
        }
        return DateContext(
            phrase=phrase,
            age=(self.published - phrase.last).days,
            sentence=sentence,
            paragraph=self.reporter.paragraph_of(start),
            words=words,
            kinds=kinds,
            places=places_in(words),
            features=features,
        )

    def _sentence_features(self, sentence: Span, words: str, kinds: frozenset[str]) -> Values:
        """Return whether the sentence of a date speaks of speech or an occasion."""
        tokens = {word.lower() for word in _LETTERS.findall(words)}
        return {
            "speech": float(not date_words.SPOKEN.isdisjoint(tokens)),
            "occasion": float(bool(kinds)),
            "quotes_there": float(self.reporter.has_quoted(sentence)),
            "date_perfect": float(bool(date_words.PERFECT.search(words))),
        }

    def _features_before(self, before: str) -> Values:
        """Return how the words of the sentence before a date lead up to it."""
        verb, lead = before[-VERB:], before.strip()
        return {
            "future": float(bool(date_words.FUTURE.search(before))),
            "not_then": float(bool(date_words.NOT_SAID_THEN.search(before))),
            "on": float(bool(date_words.ON_BEFORE.search(before))),
            "opens": float(len(lead) < LONGEST_LEAD),
            "dateline": float(bool(date_words.DATELINE.match(lead))),
            "said_before": float(bool(date_words.SAID_JUST_BEFORE.search(verb))),
            "done_before": float(bool(date_words.DONE_JUST_BEFORE.search(verb))),
        }

    def _features_behind(self, phrase: DatePhrase) -> Values:
        """Return how the sentence continues behind a date, and whether the date names a part of the day."""
        end = phrase.span.end
        return {
            "clause_behind": float(bool(date_words.CLAUSE_BEHIND.match(self.text, end))),
            "possessive": float(self.text[end : end + 2] in date_words.POSSESSIVES),
            "part_of_day": float(bool(date_words.PART_OF_DAY.search(phrase.span.of(self.text)))),
        }


def cue_of(quotation: Quotation, text: str) -> str:
    """Return the reporting word of a quotation in lower case; empty where it has none."""
    cue = quotation.attribution.cue if quotation.attribution else None
    return cue.of(text).lower() if cue else ""


def places_in(words: str) -> frozenset[str]:
    """Return the capitalised words, which may name a place, an outlet or another person."""
    return frozenset(date_words.CAPITALISED.findall(words)) - date_words.NO_PLACES
