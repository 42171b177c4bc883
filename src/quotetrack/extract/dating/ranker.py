"""When was it said? A first and a last possible day, how we know, and the phrase that tells.

Asked in two rounds of fitted trees over features that a reader understands. First: which of the dates that the
reporter wrote would be the day of these words, if any? Then, of the likeliest few: is it one of them, is it fresh news
without a day, or does the article not tell? `quotetrack.fit.dating` fits the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from math import log1p
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import UNKNOWN_DAY, Article, Attribution, DateBasis, Quotation, SaidOn, Span
from quotetrack.extract.dating.expressions import DatePhrase, find_dates
from quotetrack.extract.dating.occasion import KIND, kinds_in, occasion_in
from quotetrack.extract.sentences import Reporter
from quotetrack.lang import sections
from quotetrack.models.trees import Trees, load_trees

# Fresh news without a phrase was said on the day of publication or in the days before it.
IMPLIED_DAYS = 3
# A date that ended so many days before publication belongs to a past occasion rather than to the news.
NEWS_DAYS = 45
# A date so many days before publication is one of these days.
THESE_DAYS = 7
# Characters beside the date in the line of a page's head that tells when it was printed ("8:13 PM", "Updated:").
LONGEST_DATE_LINE = 25
# Dates that are weighed for one quotation; a tenth of them from the opening. Articles of news have a dozen.
MOST_DATES = 60
# Dates farther from the quotation than this many paragraphs below it do not date it.
FARTHEST_BELOW = 3
# Different dates that reach the second round. On held-out folds the day is among them for 96 % of what a date tells.
SHORTLIST = 3
# The score of "no date at all" beside which the likeliest date is weighed.
NO_SCORE = -9.0

_NOT_SAID_THEN = re.compile(
    r"\b(?:next|coming|upcoming|until|till|before|since|every|each|any|ahead of|scheduled for|due|by|after|for)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|would|to be held|plans?|set|scheduled|expected|due|going)\s+(?:\w+\s+){0,6}$", re.IGNORECASE
)
_PERFECT = re.compile(
    r"(?:\b(?:has|have|had)|[’'](?:s|ve|d))\s+(?:\w+\s+){0,2}\w+(?:ed|id|en|ld|wn|ut|ght)\b", re.IGNORECASE
)
_HABIT = re.compile(
    r"\b(?:once|often|always|repeatedly|famously|previously|formerly|long|frequently|regularly|sometimes|usually|"
    r"in the past|over the years|years ago|at the time|used to|back then|then|earlier|at one point|later)\b",
    re.IGNORECASE,
)
_LATELY = re.compile(r"\b(?:recently|recent|lately|in recent (?:days|weeks)|the other day)\b", re.IGNORECASE)
_PRESENT = re.compile(
    r"\b(?:says?|writes?|adds?|notes?|argues?|explains?|thinks?|believes?|calls?|tells?|asks?|recalls?|insists?)\b"
)
_SAID_JUST_BEFORE = re.compile(
    r"\b(?:said|told(?: \S+){1,4}|wrote|tweeted|spoke|announced|added)\s+(?:(?:on|late|early|last)\s+)*$"
)
_DONE_JUST_BEFORE = re.compile(r"\b\w+ed\s+(?:(?:on|late|early|last)\s+)*$")
_CLAUSE_BEHIND = re.compile(r"\W*(?:when|as|after|before|that|while|during|to|in an?)\b")
_PART_OF_DAY = re.compile(r"night|evening|morning|afternoon", re.IGNORECASE)
# What stands just before the cue: "has said", "had said", "would say".
_HAS = re.compile(r"(?:\b(?:has|have)|[’'](?:s|ve))\s+(?:\w+\s+)?$")
_HAD = re.compile(r"(?:\bhad|[’']d)\s+(?:\w+\s+)?$")
_RECALLED = re.compile(
    r"\b(?:once|often|always|repeatedly|frequently|regularly|usually|previously|famously|formerly)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_WOULD = re.compile(r"\b(?:would|will|could|can|may|might|to|likes? to|used to)\s+(?:\w+\s+)?$")
# Somebody who is introduced to the reader: "Ann Lee, a baker", "Ann Lee, 52,", "Ann Lee (R)".
_INTRODUCED = re.compile(r"\s*(?:\([^)]{1,12}\))?,?\s*(?:an?|the|who|\d\d,|\()", re.IGNORECASE)
_CAPITALISED = re.compile(r"\b[A-Z][a-zA-Z]{2,}")
_NOT_OF_A_PLACE = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December The This That When But And After Mr Mrs Ms President Senator Sen Rep Gov "
    "Republican Democratic Republicans Democrats".split()
)
_SPOKEN = frozenset(
    "said told spoke speaking tweeted wrote added asked announced called argued speech interview appeared".split()
)
# Characters before a cue or a date in which its verb stands.
_VERB = 40

Features = dict[str, float]
Key = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One answer to "when?": an interval with the phrase that tells it; no phrase where it is implied or not told."""

    said: SaidOn
    evidence: Span | None
    features: Features

    @property
    def key(self) -> Key:
        """Two candidates with one key are one answer."""
        return self.said.first, self.said.last


def day_at_home(article: Article) -> date | None:
    """The day of publication in the outlet's own time zone, which "Tuesday" is counted from.

    A day without an hour is never converted, nor is an hour without a zone, which is the outlet's.
    """
    moment = article.published_at
    if article.timezone is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return article.published_on
    try:
        return moment.astimezone(ZoneInfo(article.timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):  # no such zone here, or the first day of the calendar
        return article.published_on


class Dating:
    """Dates the quotations of one article."""

    def __init__(self, article: Article, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's."""
        self._text = article.text
        self._title = article.title or ""
        self._published = day_at_home(article)
        self._reporter = Reporter(article.text, paragraphs, quoted)
        self._phrases = [] if self._published is None else self._reporters(find_dates(article.text, self._published))
        self._phrase_starts = [phrase.span.start for phrase in self._phrases]
        self._often = Counter((p.first, p.last) for p in self._phrases)
        self._told = [self._tell(phrase) for phrase in self._phrases]

    def date_all(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """The quotations, each with its interval, the basis, the phrase that tells it and the occasion."""
        if self._published is None:
            return list(quotations)
        chosen = choose(self.candidates(quotations))
        return [
            replace(q, said=c.said, said_evidence=c.evidence, occasion=self._occasion(q, c))
            for q, c in zip(quotations, chosen, strict=True)
        ]

    def candidates(self, quotations: Sequence[Quotation]) -> list[list[DateCandidate]]:
        """For each quotation its candidates: the dates, then "fresh", then "not told".

        Words "said recently", what the same speaker goes on to say before another date is told, and what somebody
        "once called" a thing have no day but one in the sentence itself.
        """
        speakers = _Speakers(self._text, quotations)
        about = self._of_article(speakers)
        rows: list[list[DateCandidate]] = []
        lately: dict[str, int] = {}  # where each speaker's run of words "said recently" has come to
        for number, quotation in enumerate(quotations):
            row = self._candidates_of(number, speakers, about)
            name = speakers.names[number]
            since = lately.get(name) if name is not None else None
            own = row[-1].features
            is_lately = own["lately"] or (since is not None and not self._has_date(since, quotation.span.end))
            if is_lately or own["recalled"]:
                row = [c for c in row if c.features.get("here") or (c.evidence is None and c.said.first is None)]
            if is_lately and name is not None:
                lately[name] = quotation.span.end
            rows.append(row)
        return rows

    def _has_date(self, start: int, end: int) -> bool:
        return bisect_left(self._phrase_starts, start) < bisect_left(self._phrase_starts, end)

    def _reporters(self, phrases: Sequence[DatePhrase]) -> list[DatePhrase]:
        return [p for p in phrases if not self._reporter.is_quoted(p.span.start) and not self._is_date_line(p)]

    def _is_date_line(self, phrase: DatePhrase) -> bool:
        """Whether the paragraph is little more than the date: the head of the page, which dates the printing."""
        reporter = self._reporter
        if not reporter.paragraphs:
            return True
        paragraph = reporter.paragraphs[reporter.paragraph_of(phrase.span.start)]
        return len(paragraph) - len(phrase.span) < LONGEST_DATE_LINE

    def _candidates_of(self, number: int, speakers: _Speakers, about: Features) -> list[DateCandidate]:
        assert self._published is not None
        scene = self._scene(number, speakers)
        common = scene.features | about
        found = [self._dated(told, scene, speakers, common) for told in self._eligible(scene.at)]
        news = [c for c in found if c.features["age"] <= THESE_DAYS]
        near = min((c.features["paragraphs"] for c in news if c.features["paragraphs"] >= 0), default=30.0)
        counts = {"dates": float(len(found)), "news_dates": float(len(news)), "nearest_news": near}
        fresh = SaidOn(self._days_before(IMPLIED_DAYS), self._published, DateBasis.IMPLIED)
        found.append(DateCandidate(fresh, None, {**common, **counts, "is_implied": 1.0}))
        found.append(DateCandidate(UNKNOWN_DAY, None, {**common, **counts, "is_unknown": 1.0}))
        return found

    def _days_before(self, days: int) -> date:
        """A day before publication, but not before the calendar begins."""
        assert self._published is not None
        return date.fromordinal(max(1, self._published.toordinal() - days))

    def _age(self, phrase: DatePhrase) -> int:
        """How many days before publication a date ended."""
        assert self._published is not None
        return (self._published - phrase.last).days

    def _eligible(self, at: int) -> list[_DateContext]:
        """The dates that may tell the day of words in this paragraph; of very many the first and the nearest."""
        above = [told for told in self._told if told.paragraph <= at + FARTHEST_BELOW]
        return above if len(above) <= MOST_DATES else above[: MOST_DATES // 10] + above[-MOST_DATES * 9 // 10 :]

    def _of_article(self, speakers: _Speakers) -> Features:
        """Whether the article reads as news of these days: a feature or an essay dates little."""
        reporter = self._reporter
        paragraphs = reporter.paragraphs
        ages = [self._age(p) for p in self._phrases]
        opening = paragraphs[min(3, len(paragraphs)) - 1].end if paragraphs else 0
        cues = [self._cue(q) for q in speakers.quotations]
        outside = reporter.words(Span(0, len(self._text))) if self._text else ""
        return {
            "news_dates_a_paragraph": sum(age <= THESE_DAYS for age in ages) / max(1, len(paragraphs)),
            "old_dates": sum(age > NEWS_DAYS for age in ages) / max(1, len(ages)),
            "opening_news": float(
                sum(p.span.start < opening and a <= THESE_DAYS for p, a in zip(self._phrases, ages, strict=True))
            ),
            "present_share": sum(bool(_PRESENT.fullmatch(cue)) for cue in cues) / max(1, len(cues)),
            "first_person": len(re.findall(r"\b(?:I|me|my)\b", outside)) / max(1, len(paragraphs)),
            "quotations": log1p(len(speakers.quotations)),
            "speakers": log1p(len(set(speakers.names))),
            "long": log1p(len(paragraphs)),
            "keys": float(len(self._often)),
        }

    def _cue(self, quotation: Quotation) -> str:
        cue = quotation.attribution.cue if quotation.attribution else None
        return cue.of(self._text).lower() if cue else ""

    def _scene(self, number: int, speakers: _Speakers) -> _QuotationContext:
        """What the reporter's sentence tells of the occasion, whatever the date."""
        quotation = speakers.quotations[number]
        reporter = self._reporter
        sentence = reporter.sentences_of(quotation)
        words = reporter.words(sentence)
        lead = reporter.sentence_before(sentence)
        lead_words = reporter.words(lead) if lead is not None else ""
        at = reporter.paragraph_of(quotation.span.start)
        features: Features = {
            "perfect": float(bool(_PERFECT.search(words))),
            "habit": float(bool(_HABIT.search(words))),
            "lately": float(bool(_LATELY.search(words))),
            "mixed": float(quotation.kind == "mixed"),
            "words": log1p(len(quotation.words.split())),
            "occasion_here": float(bool(KIND.search(words))),
            "statement": float("statement" in words or "release" in words),
            "led_by_colon": float(lead is not None and lead.of(self._text).rstrip().endswith(":")),
            "paragraph": log1p(at),
            "place": at / max(1, len(reporter.paragraphs)),
        }
        features |= self._of_cue(quotation) | self._of_mention(quotation.attribution, speakers.surnames[number])
        features |= speakers.told(number) | self._of_dates(speakers.surnames[number], at)
        places = _places(words) | _places(lead_words)
        return _QuotationContext(number, sentence, at, kinds_in(words), places, features)

    def _of_cue(self, quotation: Quotation) -> Features:
        """The verb of saying: which one, and in which tense."""
        cue = quotation.attribution.cue if quotation.attribution else None
        word = self._cue(quotation)
        before = self._text[max(0, cue.start - _VERB) : cue.start] if cue else ""
        return {
            "has_cue": float(word != ""),
            "said": float(word == "said"),
            "told": float(word in ("told", "telling")),
            "wrote": float(word in ("wrote", "writes", "writing", "tweeted", "posted")),
            "goes_on": float(word in ("added", "continued", "adding", "concluded", "replied", "asked")),
            "calls": float(word.startswith(("call", "describ", "refer", "dub", "label", "brand"))),
            "vows": float(word.startswith(("vow", "promis", "pledg", "propos", "want", "seek", "oppos", "support"))),
            "according": float(word.startswith("according")),
            "stance": float(word != "" and _is_stance(word)),
            "present": float(bool(_PRESENT.fullmatch(word))),
            "cue_s": float(word.endswith("s")),
            "cue_ed": float(word.endswith("ed")),
            "has_said": float(bool(_HAS.search(before))),
            "had_said": float(bool(_HAD.search(before))),
            "would_say": float(bool(_WOULD.search(before))),
            "recalled": float(bool(_RECALLED.search(before))),
        }

    def _of_mention(self, attribution: Attribution | None, surname: str | None) -> Features:
        """How the speaker is named here: introduced to the reader, by a surname, by a pronoun, not by name."""
        name = attribution.name if attribution else None
        mention = attribution.mention if attribution else None
        features = {
            "has_speaker": float(name is not None),
            "lower_name": float(name is not None and not name[:1].isupper()),
            "name_words": float(len(name.split())) if name else 0.0,
            "speaker_in_title": float(surname is not None and surname in self._title),
        }
        if mention is not None:
            words = mention.of(self._text)
            features |= {
                "is_pronoun": float(words.lower() in ("he", "she", "they", "who")),
                "introduced": float(bool(_INTRODUCED.match(self._text, mention.end, mention.end + 20))),
                "mention_words": float(len(words.split())),
                "mention_lower": float(words[:1].islower()),
            }
        return features

    def _of_dates(self, surname: str | None, at: int) -> Features:
        """The dates around the words, and those that are told of their speaker."""
        around = [self._age(told.phrase) for told in self._told if abs(told.paragraph - at) <= 1]
        own = [told for told in self._told if surname and surname in told.sentence.of(self._text)]
        return {
            "speaker_dates": float(sum(self._age(told.phrase) <= THESE_DAYS for told in own)),
            "oldest_around": float(min(max(around, default=-1), 800)),
            "newest_around": float(min(min(around, default=-1), 800)),
        }

    def _dated(
        self, told: _DateContext, scene: _QuotationContext, speakers: _Speakers, common: Features
    ) -> DateCandidate:
        phrase = told.phrase
        age = self._age(phrase)
        here = scene.sentence.start <= phrase.span.start < scene.sentence.end
        basis = DateBasis.STATED_HERE if here else DateBasis.STATED_NEARBY
        if age > NEWS_DAYS:
            basis = DateBasis.PAST
        often = float(self._often[phrase.first, phrase.last])
        features = {
            **common,
            **told.features,
            **self._between(told, scene, speakers),
            **self._shared(told, scene, speakers, here),
            "is_phrase": 1.0,
            "here": float(here),
            "age": float(min(age, 400)),
            "age_last": float(min(age + (phrase.last - phrase.first).days, 800)),
            "width": float(min((phrase.last - phrase.first).days, 400)),
            "of_event": float(phrase.of_event),
            f"told_by_{phrase.manner}": 1.0,
            "often": often,
            "share": often / max(1, len(self._phrases)),
        }
        return DateCandidate(SaidOn(phrase.first, phrase.last, basis), phrase.span, features)

    def _tell(self, phrase: DatePhrase) -> _DateContext:
        """What the sentence of a date speaks of, whoever is quoted: speech, an occasion, the future."""
        sentence = self._reporter.sentence(phrase.span.start)
        words = self._reporter.words(sentence)
        before = self._text[sentence.start : phrase.span.start]
        verb = before[-_VERB:]
        tokens = {w.lower() for w in re.findall(r"[A-Za-z][a-z]+", words)}
        kinds = kinds_in(words)
        features = {
            "speech": float(bool(tokens & _SPOKEN)),
            "occasion": float(bool(kinds)),
            "future": float(bool(_FUTURE.search(before))),
            "not_then": float(bool(_NOT_SAID_THEN.search(before))),
            "on": float(bool(re.search(r"\b(?:on|late|early)\s+$", before, re.IGNORECASE))),
            "opens": float(len(before.strip()) < 6),
            "dateline": float(bool(re.match(r"[A-Z .,']{4,40}$", before.strip()))),
            "quotes_there": float(self._reporter.has_quoted(sentence)),
            "date_perfect": float(bool(_PERFECT.search(words))),
            "said_before": float(bool(_SAID_JUST_BEFORE.search(verb))),
            "done_before": float(bool(_DONE_JUST_BEFORE.search(verb))),
            "clause_behind": float(bool(_CLAUSE_BEHIND.match(self._text, phrase.span.end))),
            "possessive": float(self._text[phrase.span.end : phrase.span.end + 2] in ("'s", "’s")),
            "part_of_day": float(bool(_PART_OF_DAY.search(phrase.span.of(self._text)))),
        }
        paragraph = self._reporter.paragraph_of(phrase.span.start)
        return _DateContext(phrase, sentence, paragraph, words, kinds, _places(words), features)

    def _between(self, told: _DateContext, scene: _QuotationContext, speakers: _Speakers) -> Features:
        """How far the phrase stands from the words and their cue, and what stands between."""
        phrase = told.phrase
        quotation, surname = speakers.quotations[scene.number], speakers.surnames[scene.number]
        cue = quotation.attribution.cue if quotation.attribution else None
        anchor = cue or quotation.span
        low, high = sorted((phrase.span.start, quotation.span.start))
        between = self._told[bisect_right(self._phrase_starts, low) : bisect_left(self._phrase_starts, high)]
        keys = {(t.phrase.first, t.phrase.last) for t in between}
        spoken = self._reporter.quoted_before(quotation.span.start) - self._reporter.quoted_before(phrase.span.end)
        return {
            "paragraphs": float(scene.at - told.paragraph),
            "below": float(phrase.span.start > quotation.span.start),
            "from_cue": log1p(max(0, phrase.span.start - anchor.end, anchor.start - phrase.span.end)),
            "after_cue": float(cue is not None and 0 <= phrase.span.start - cue.end < _VERB),
            "between": float(len(between)),
            "between_news": float(sum(self._age(t.phrase) <= THESE_DAYS for t in between)),
            "between_own": float(sum(surname is not None and surname in t.words for t in between)),
            "between_keys": float(len(keys - {(phrase.first, phrase.last)})),
            "quoted_between": float(max(0, spoken)),
            "date_paragraph": float(told.paragraph),
            "first_date": float(phrase is self._phrases[0]),
            **speakers.between(scene.number, phrase.span.start),
        }

    def _shared(self, told: _DateContext, scene: _QuotationContext, speakers: _Speakers, here: bool) -> Features:
        """What the sentence of the phrase has in common with that of the words: speaker, occasion, place."""
        surname = speakers.surnames[scene.number]
        start = told.phrase.span.start
        paragraph = self._reporter.paragraphs[told.paragraph]
        at = told.words.find(surname) if surname else -1
        return {
            "of_speaker": float(at >= 0),
            "speaker_at": float(min(at, 300)),
            "speaker_first": float(at >= 0 and told.sentence.start + at < start),
            "of_speaker_near": float(surname is not None and surname in paragraph.of(self._text)),
            "before_named": float(start < speakers.first_named(scene.number)),
            "same_kinds": float(len(scene.kinds & told.kinds)),
            "same_places": -1.0 if here else float(len((scene.places & told.places) - {surname})),
            **speakers.within(scene.number, told.sentence),
        }

    def _occasion(self, quotation: Quotation, chosen: DateCandidate) -> str | None:
        """The occasion that the sentence names, else that of the speaker's sentence which tells the day."""
        own = occasion_in(self._reporter.words(self._reporter.sentences_of(quotation)))
        if own is not None or chosen.evidence is None or not chosen.features["of_speaker"]:
            return own
        return occasion_in(self._reporter.words(self._reporter.sentence(chosen.evidence.start)))


@dataclass(frozen=True, slots=True)
class _QuotationContext:
    """A quotation as its own sentence tells it: the same for all dates."""

    number: int
    sentence: Span
    at: int  # its paragraph
    kinds: frozenset[str]
    places: frozenset[str]
    features: Features


@dataclass(frozen=True, slots=True)
class _DateContext:
    """A date as its own sentence tells it: the same for all quotations."""

    phrase: DatePhrase
    sentence: Span
    paragraph: int
    words: str
    kinds: frozenset[str]
    places: frozenset[str]
    features: Features


class _Speakers:
    """Who speaks where in an article."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        self.quotations = list(quotations)
        self.names = [_name(q) for q in quotations]
        self.surnames = [name.split()[-1] if name else None for name in self.names]
        self._length = max(1, len(text))
        self._starts = [q.span.start for q in quotations]
        self._first = {surname: text.find(surname) for surname in set(self.surnames) if surname}
        self._times = {surname: text.count(surname) for surname in self._first}
        self._spoken = Counter(self.names)
        self._opening = {name: number for number, name in reversed(list(enumerate(self.names)))}

    def first_named(self, number: int) -> int:
        """Where in the text the speaker of a quotation is first named; -1 for nowhere."""
        return self._first.get(self.surnames[number] or "", -1)

    def told(self, number: int) -> Features:
        """How much of the article is this speaker's."""
        name, surname = self.names[number], self.surnames[number]
        mention = _mention(self.quotations[number])
        return {
            "speaker_quotations": log1p(self._spoken[name]),
            "speaker_share": self._spoken[name] / len(self.names),
            "speaker_times": float(min(30, self._times.get(surname or "", 0))),
            "speaker_named_at": self.first_named(number) / self._length,
            "first_quotation": float(name is not None and self._opening[name] == number),
            "first_mention": float(mention is not None and abs(self.first_named(number) - mention.start) < 60),
        }

    def between(self, number: int, position: int) -> Features:
        """Who is quoted between a quotation and a place."""
        low, high = sorted((bisect_left(self._starts, position), number))
        names = self.names[low:high]
        return {
            "others_between": float(len(set(names) - {self.names[number]})),
            "same_between": float(names.count(self.names[number])),
        }

    def within(self, number: int, sentence: Span) -> Features:
        """Who is quoted in a sentence: the same speaker, or another one."""
        first = max(0, bisect_right(self._starts, sentence.start) - 1)
        last = bisect_left(self._starts, sentence.end)
        names = [self.names[i] for i in range(first, last) if self.quotations[i].span.end > sentence.start]
        same = names.count(self.names[number])
        return {"same_there": float(same), "other_there": float(len(names) - same)}


def choose(candidates: Sequence[Sequence[DateCandidate]]) -> list[DateCandidate]:
    """The best candidate of each quotation, by two rounds of scores."""
    trees = load_trees("dating")
    first = _scored(trees["first"], [[c.features for c in dates_of(row)] for row in candidates])
    rows = [shortlist(row, scores) for row, scores in zip(candidates, first, strict=True)]
    second = _scored(trees["second"], [[c.features for c in row] for row in rows])
    return [row[int(scores.argmax())] for row, scores in zip(rows, second, strict=True)]


def dates_of(candidates: Sequence[DateCandidate]) -> list[DateCandidate]:
    """The candidates that a phrase tells: those of the first round."""
    return [c for c in candidates if c.evidence is not None]


def shortlist(
    candidates: Sequence[DateCandidate], scores: Sequence[float] | NDArray[np.float64]
) -> list[DateCandidate]:
    """The candidates of the second round: the likeliest few dates, and those without a phrase.

    `scores` are the first round's log-odds, one for each of `dates_of`; each date is told its share of belief, which
    several phrases that tell the same date have in common, and the others are told of the likeliest date.
    """
    dated = dates_of(candidates)
    others = [c for c in candidates if c.evidence is None]
    if not dated:
        return [replace(c, features={**c.features, "score": NO_SCORE}) for c in others]
    best: dict[Key, int] = {}
    share: dict[Key, float] = {}
    for index, part in enumerate(shares(scores)):
        key = dated[index].key
        share[key] = share.get(key, 0.0) + part
        if key not in best or scores[index] > scores[best[key]]:
            best[key] = index
    keys = sorted(share, key=lambda key: -share[key])[:SHORTLIST]
    weighed = {key: {"belief": share[key], "score": float(scores[best[key]])} for key in keys}
    likeliest = dated[best[keys[0]]].features
    beside = {**weighed[keys[0]], **{f"best_{name}": likeliest[name] for name in _TOLD_OF_THE_BEST}}
    return [
        *(replace(dated[best[key]], features={**dated[best[key]].features, **weighed[key]}) for key in keys),
        *(replace(c, features={**c.features, **beside}) for c in others),
    ]


# What the candidates without a phrase are told of the likeliest date.
_TOLD_OF_THE_BEST = (
    "here", "paragraphs", "age", "width", "of_speaker", "of_event", "speech", "from_cue", "said_before",
    "same_there", "other_there", "before_named",
)  # fmt: skip


def shares(scores: Iterable[float]) -> list[float]:
    """Log-odds as shares of one, in the same order."""
    odds = np.array([float(score) for score in scores])
    powers = np.exp(odds - odds.max())
    return [float(power) for power in powers / powers.sum()]


def _scored(trees: Trees, rows: Sequence[Sequence[Features]]) -> list[NDArray[np.float64]]:
    """The scores of each quotation's rows, all rows of the article in one pass."""
    scores = trees.score([row for own in rows for row in own])
    ends = accumulate(len(own) for own in rows)
    return [scores[end - len(own) : end] for own, end in zip(rows, ends, strict=True)]


def _name(quotation: Quotation) -> str | None:
    return quotation.attribution.name if quotation.attribution else None


def _mention(quotation: Quotation) -> Span | None:
    return quotation.attribution.mention if quotation.attribution else None


def _places(words: str) -> frozenset[str]:
    """Capitalised words, which may name a place, an outlet or another person."""
    return frozenset(_CAPITALISED.findall(words)) - _NOT_OF_A_PLACE


def _is_stance(cue: str) -> bool:
    return any(
        cue in (verb, verb + "s", verb + "d", verb + "ed", verb.rstrip("e") + "ing")
        for verb in sections("reporting.txt")["stance"]
    )
