"""Describe the dates, the speakers and the quotations of one article, each with its own sentence.

`ArticleDates` finds the dates that the reporter writes. `Speakers` says who speaks where. `context_of` describes a
quotation as far as that bears on its day, whatever the date. `occasion_in` finds the occasion that a sentence names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.dating.expressions import DatePhrase, find_dates
from quotetrack.extract.dating.features import Values
from quotetrack.extract.dating.grammar import NO_CLAUSE, DateClause
from quotetrack.extract.sentences import Reporter
from quotetrack.lang import sections
from quotetrack.lang.en import date_words
from quotetrack.lang.en.mention_words import ANSWERS
from quotetrack.lang.en.occasions import HELD, KIND, TOLD

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
# Places that name a speaker, as far as they are counted.
MOST_TIMES = 30
# Characters from the first place of a name within which a mention is that place.
NEAR_FIRST = 60
# Characters behind a mention within which its speaker is introduced.
LONGEST_INTRODUCTION = 20
# Days before publication above which ages of dates count alike.
MOST_DAYS_AROUND = 800

EMBEDDED = "embedded"  # the method of an attribution to an inner speaker

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
    clause: DateClause
    features: Values


class ArticleDates:
    """One article with the dates of its reporter, in the order of the text."""

    def __init__(
        self,
        article: Article,
        published: date,
        paragraphs: Sequence[Span],
        quoted: Sequence[Span],
        clauses: Mapping[Span, DateClause],
    ) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's.

        `clauses` are those of the dates that stand in parsed sentences.
        """
        self.text = article.text
        self._clauses = clauses
        self.title = article.title or ""
        self.published = published
        self.reporter = Reporter(article.text, paragraphs, quoted)
        found = find_dates(article.text, published, self.reporter.is_quoted)
        phrases = [phrase for phrase in found if self._is_reporters(phrase)]
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
        """Return whether a date is that of the printing or of the report.

        The paragraph is little more than the date (the head of the page), begins with place and date, or tells of the
        text itself ("Update, Wednesday: ...").
        """
        if not self.reporter.paragraphs:
            return True
        paragraph = self.reporter.paragraphs[self.reporter.paragraph_of(phrase.span.start)]
        if len(paragraph) - len(phrase.span) < LONGEST_DATE_LINE:
            return True
        if date_words.OF_PRINTING.match(self.text, paragraph.start):
            return True
        is_behind_place = date_words.BEFORE_DATELINE.match(self.text[paragraph.start : phrase.span.start])
        return bool(is_behind_place and date_words.BEHIND_DATELINE.match(self.text, phrase.span.end))

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
            clause=self._clauses.get(phrase.span, NO_CLAUSE),
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


class Speakers:
    """The quotations of an article with the names and surnames of their speakers, by number."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        self.text = text
        self.quotations = list(quotations)
        self.names = [q.attribution.name if q.attribution else None for q in quotations]
        self.surnames = [name.split()[-1] if name else None for name in self.names]
        self.name_words = {word for name in self.names if name for word in name.split()}
        self._length = max(1, len(text))
        self._starts = [quotation.span.start for quotation in quotations]
        self._first_named = {surname: text.find(surname) for surname in set(self.surnames) if surname}
        self._times_named = {surname: text.count(surname) for surname in self._first_named}
        self._times_quoted = Counter(self.names)
        self._dead: dict[str, bool] = {}
        self._first_quoted = {name: number for number, name in reversed(list(enumerate(self.names)))}

    def first_named(self, number: int) -> int:
        """Return where the text first names the speaker of a quotation; -1 for nowhere."""
        return self._first_named.get(self.surnames[number] or "", -1)

    def is_dead(self, number: int, reporter: Reporter) -> bool:
        """Return whether the reporter tells that the speaker of a quotation, by the full name, has died."""
        name = self.names[number]
        if name is None or " " not in name or not name.split()[-1][:1].isupper():
            return False
        if name not in self._dead:
            ends = [match.end() for match in re.finditer(rf"\b{re.escape(name)}", self.text)]
            self._dead[name] = any(not reporter.is_quoted(at) and date_words.DIED.match(self.text, at) for at in ends)
        return self._dead[name]

    def prominence(self, number: int) -> Values:
        """Return how much of the article is about the speaker of a quotation."""
        name, surname = self.names[number], self.surnames[number]
        attribution = self.quotations[number].attribution
        mention = attribution.mention if attribution else None
        is_near_first = mention is not None and abs(self.first_named(number) - mention.start) < NEAR_FIRST
        return {
            "speaker_quotations": log1p(self._times_quoted[name]),
            "speaker_share": self._times_quoted[name] / len(self.names),
            "speaker_times": float(min(MOST_TIMES, self._times_named.get(surname or "", 0))),
            "speaker_named_at": self.first_named(number) / self._length,
            "first_quotation": float(name is not None and self._first_quoted[name] == number),
            "first_mention": float(is_near_first),
        }

    def between(self, number: int, position: int) -> Values:
        """Return who is quoted between a quotation and a place."""
        low, high = sorted((bisect_left(self._starts, position), number))
        names = self.names[low:high]
        return {
            "others_between": float(len(set(names) - {self.names[number]})),
            "same_between": float(names.count(self.names[number])),
        }

    def within(self, number: int, sentence: Span) -> Values:
        """Return who is quoted in a sentence: the same speaker, or other ones."""
        first = max(0, bisect_right(self._starts, sentence.start) - 1)
        last = bisect_left(self._starts, sentence.end)
        names = [self.names[i] for i in range(first, last) if self.quotations[i].span.end > sentence.start]
        same = names.count(self.names[number])
        return {"same_there": float(same), "other_there": float(len(names) - same)}


@dataclass(frozen=True, slots=True)
class QuotationContext:
    """A quotation with its own sentence: the same for all dates.

    `is_recalled` ("once called"), `is_then` ("said at the time"), `is_evidence` ("told police") and `is_lately`
    ("recently said") are for rules; the trees know them too. `is_of_record`, `is_of_dead`, `is_earlier` ("had said")
    and `is_standing` ("a sign reads") are for rules alone.
    """

    number: int
    sentence: Span
    paragraph: int
    kinds: frozenset[str]
    places: frozenset[str]
    features: Values
    is_lately: bool
    is_recalled: bool
    is_then: bool
    is_evidence: bool
    is_of_record: bool
    is_of_dead: bool
    is_earlier: bool
    is_standing: bool


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
    is_recalled = bool(date_words.RECALLED.search(_before_cue(quotation, dates.text)))
    is_then = _is_then(quotation, dates.text, f"{reporter.words(lead) if lead else ''} {words}")
    told = reporter.words(Span(sentence.start, start)) if (start := quotation.span.start) > sentence.start else ""
    is_evidence = _is_evidence(words, reporter.words(lead) if lead else "", told) or _is_retold(
        quotation, sentence, reporter
    )
    if lead is not None and cue_of(quotation, dates.text) in ANSWERS:
        is_evidence |= date_words.EVIDENCE.search(reporter.words(lead)) is not None
    features: Values = {
        "perfect": float(bool(date_words.PERFECT.search(words))),
        "habit": float(bool(date_words.HABIT.search(words))),
        "lately": float(is_lately),
        "recalled": float(is_recalled),
        "then": float(is_then),
        "evidence": float(is_evidence),
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
        is_recalled=is_recalled,
        is_then=is_then,
        is_evidence=is_evidence,
        is_of_record=_is_of_record(number, speakers, reporter, sentence),
        is_standing=_is_of_standing_text(quotation, dates.text),
        is_of_dead=speakers.is_dead(number, reporter),
        is_earlier=bool(date_words.HAD.search(_before_cue(quotation, dates.text))) and not is_then,
    )


def _is_of_standing_text(quotation: Quotation, text: str) -> bool:
    """Return whether a text speaks that says the same every day: "a sign above the counter", no "rules chief"."""
    mention = quotation.attribution.mention if quotation.attribution else None
    if mention is not None and date_words.NOTICE.search(text, mention.start, mention.end + VERB):
        return True
    noun = date_words.STANDING_TEXT.search(mention.of(text)) if mention is not None else None
    return noun is not None and date_words.GOES_ON_BEHIND.match(noun.string, noun.end()) is not None


def _before_cue(quotation: Quotation, text: str) -> str:
    """Return the characters before the cue in which its auxiliary verbs stand; empty without a cue."""
    cue = quotation.attribution.cue if quotation.attribution else None
    return text[max(0, cue.start - VERB) : cue.start] if cue else ""


def _is_then(quotation: Quotation, text: str, words: str) -> bool:
    """Return whether the words behind the cue say that it was another time: "she said then".

    So does an event in `words`, those of the sentence and of the one before: "the morning after the fire".
    """
    cue = quotation.attribution.cue if quotation.attribution else None
    is_then = cue is not None and date_words.THEN.match(text, cue.end) is not None
    return is_then or date_words.BY_EVENT.search(words) is not None


def _is_evidence(words: str, before: str, told: str) -> bool:
    """Return whether the sentence of a quotation, and the one before, quote its words as evidence.

    `told` are the words of its sentence before it, in which somebody may recount what another said.
    """
    if date_words.RECOUNTED.search(told):
        return True
    is_paper = date_words.PAPER.search(words) and date_words.COURT.search(f"{before} {words}")
    return date_words.EVIDENCE.search(words) is not None or bool(is_paper)


def _is_retold(quotation: Quotation, sentence: Span, reporter: Reporter) -> bool:
    """Return whether the words are repeated by another speaker: "Lee testified on Monday that Dahl had told him to go".

    Also whether they are read out by one: "Lee put a message to him: ...".
    """
    said = quotation.attribution
    if said is None or said.mention is None or said.method != EMBEDDED or said.mention.start <= sentence.start:
        return False
    before = reporter.words(Span(sentence.start, said.mention.start))
    return date_words.RETOLD.search(before) is not None or date_words.READ_OUT.search(before) is not None


def _is_of_record(number: int, speakers: Speakers, reporter: Reporter, sentence: Span) -> bool:
    """Return whether words are written or heard in a record that has come out: "Emails released on Monday show ...".

    It is told of in the same sentence, or above it in this paragraph or the one before.
    """
    if date_words.COMES_OUT.search(reporter.words(sentence)):
        return True
    quotation = speakers.quotations[number]
    place = quotation.attribution.cue if quotation.attribution else None
    if place is not None and date_words.ON_TAPE.match(speakers.text, place.end):
        return True
    cue = cue_of(quotation, speakers.text)
    mention = quotation.attribution.mention if quotation.attribution else None
    is_paper = mention is not None and mention.of(speakers.text).lower() == date_words.IT
    is_heard = date_words.ON_RECORD.match(speakers.text, sentence.start) is not None
    is_read = (
        is_paper
        or is_heard
        or any(form.fullmatch(cue) for form in (date_words.WRITTEN, date_words.PRESENT, date_words.HEARD))
    )
    paragraph = reporter.paragraph_of(quotation.span.start)
    above = reporter.paragraphs[max(0, paragraph - 1)].start
    if not is_read or above == quotation.span.start:
        return False
    return date_words.COMES_OUT.search(reporter.words(Span(above, quotation.span.start))) is not None


def _cue_features(quotation: Quotation, text: str) -> Values:
    """Return which reporting word a quotation has, and in which tense."""
    word, before = cue_of(quotation, text), _before_cue(quotation, text)
    return {
        "has_cue": float(word != ""),
        "said": float(word == "said"),
        "told": float(word in date_words.TOLD),
        "wrote": float(bool(date_words.WRITTEN.fullmatch(word))),
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


def cue_of(quotation: Quotation, text: str) -> str:
    """Return the reporting word of a quotation in lower case; empty where it has none."""
    cue = quotation.attribution.cue if quotation.attribution else None
    return cue.of(text).lower() if cue else ""


def places_in(words: str) -> frozenset[str]:
    """Return the capitalised words, which may name a place, an outlet or another person."""
    return frozenset(date_words.CAPITALISED.findall(words)) - date_words.NO_PLACES


def kinds_in(words: str) -> frozenset[str]:
    """Return the kinds of occasion that a sentence names: {"interview", "rally"}."""
    return frozenset(kind.lower() for kind in KIND.findall(words))


def occasion_in(words: str) -> str | None:
    """Return the occasion that a sentence names, as printed; None where it names none.

    An event ("a rally in St. Orm") counts before the people who were told ("the council"). Weekdays and months are no
    part of it.
    """
    match = HELD.search(words) or TOLD.search(words)
    return " ".join(match["occasion"].split()) if match else None
