"""When was it said? A first and a last possible day, how we know, and the phrase that tells.

Candidates are the dates that the reporter wrote, the days up to publication (fresh news), and "not told". Each is
described by features that a reader understands and scored by fitted trees, in two rounds: first each quotation by
itself, then beside what the other quotations of its speaker were given. `quotetrack.fit.dating` fits the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from quotetrack.extract.cues import sections
from quotetrack.extract.dates import DatePhrase, find_dates
from quotetrack.extract.trees import Trees, load_trees
from quotetrack.model import NOT_TOLD, Article, DateBasis, Quotation, SaidOn, Span

# Fresh news without a phrase was said on the day of publication or in the days before it.
IMPLIED_DAYS = 3
# A date that ended so many days before publication belongs to a past occasion rather than to the news.
NEWS_DAYS = 45
# Characters beside the date in the line of a page's head that tells when it was printed ("8:13 PM", "Updated:").
LONGEST_DATE_LINE = 25
# Dates that are weighed for one quotation; a tenth of them from the opening. Articles of news have a dozen.
MOST_DATES = 60
# Dates farther from the quotation than this many paragraphs below it do not date it.
FARTHEST_BELOW = 3

_NOT_SAID_THEN = re.compile(
    r"\b(?:next|coming|upcoming|until|till|before|since|every|each|any|ahead of|scheduled for|due|by|after|for)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|would|to be held|plans?|set|scheduled|expected|due|going)\s+(?:\w+\s+){0,6}$", re.IGNORECASE
)
_OCCASION = re.compile(
    r"\b(?P<kind>interview|speech|rally|debate|news conference|press conference|conference|briefing|statement|hearing|"
    r"tweet|tweets|post|town hall|forum|convention|meeting|event|appearance|remarks|address|letter|email|e-mail|memo|"
    r"op-ed|column|article|book|memoir|report|testimony|broadcast|show|podcast|phone call|call|fundraiser|summit|"
    r"campaign stop|stop|visit|panel|lecture|sermon|trial|ruling|video|ad|announcement|press release|release|"
    r"blog post)\b",
    re.IGNORECASE,
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
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bJr)(?<!\bSr)(?<!\bSt)(?<!\bvs)(?<!\bNo)(?<!\bMrs)(?<!\bSen)(?<!\bRep)"
    r"(?<!\bGov)(?<!\bGen)(?<!\bCol)(?<!\bJan)(?<!\bFeb)(?<!\bMar)(?<!\bApr)(?<!\bAug)(?<!\bSep)(?<!\bOct)(?<!\bNov)"
    r"(?<!\bDec)(?<!\bSept)[.?!][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])"
)

_SPOKEN = frozenset(
    "said told spoke speaking tweeted wrote added asked announced called argued speech interview appeared".split()
)

Features = dict[str, float]
Key = tuple[date | None, date | None]
Belief = dict[Key, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer to "when?": an interval with the phrase that tells it; no phrase where it is implied or not told."""

    said: SaidOn
    evidence: Span | None
    features: Features

    @property
    def key(self) -> Key:
        """Two candidates with one key are one answer."""
        return self.said.first, self.said.last


class Dating:
    """Dates the quotations of one article."""

    def __init__(self, article: Article, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's."""
        self._text = article.text
        self._published = article.published_on
        self._paragraphs = list(paragraphs)
        self._quoted = sorted(quoted)
        self._quoted_starts = [span.start for span in self._quoted]
        self._stops: dict[int, list[tuple[int, int]]] = {}
        self._told: dict[Span, tuple[str, Features]] = {}
        self._phrases = [] if self._published is None else self._reporters(find_dates(article.text, self._published))
        self._phrase_starts = [phrase.span.start for phrase in self._phrases]
        self._often = Counter((p.first, p.last) for p in self._phrases)
        self._title = article.title or ""
        self._about: Features = {}

    def date_all(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """The quotations, each with its interval, the basis, the phrase that tells it and the occasion."""
        if self._published is None:
            return list(quotations)
        chosen = self.choose(self.candidates(quotations), [_name(q) for q in quotations])
        return [
            replace(q, said=c.said, said_evidence=c.evidence, occasion=self._occasion(q))
            for q, c in zip(quotations, chosen, strict=True)
        ]

    def candidates(self, quotations: Sequence[Quotation]) -> list[list[Candidate]]:
        """For each quotation its candidates, "not told" last.

        Words "said recently", and what the same speaker goes on to say before another date is told, have no day but
        one in the sentence itself.
        """
        self._about = self._of_article(quotations)
        rows: list[list[Candidate]] = []
        lately: dict[str, int] = {}  # where each speaker's run of words "said recently" has come to
        for quotation in quotations:
            row = self._candidates_of(quotation, quotations)
            name = _name(quotation)
            since = lately.get(name) if name is not None else None
            if row[-1].features["lately"] or (since is not None and not self._has_date(since, quotation.span.end)):
                row = [c for c in row if c.features.get("here") or (c.evidence is None and c.said.first is None)]
                if name is not None:
                    lately[name] = quotation.span.end
            rows.append(row)
        return rows

    def _has_date(self, start: int, end: int) -> bool:
        return any(start <= phrase.span.start < end for phrase in self._phrases)

    def choose(self, candidates: Sequence[Sequence[Candidate]], names: Sequence[str | None]) -> list[Candidate]:
        """The best candidate of each quotation, by two rounds of scores."""
        trees = load_trees("dating")
        first = [
            shares(scores) for scores in _scored(trees["first"], [[c.features for c in row] for row in candidates])
        ]
        second = _scored(trees["second"], beside_others(candidates, first, names))
        return [row[int(scores.argmax())] for row, scores in zip(candidates, second, strict=True)]

    def _reporters(self, phrases: Sequence[DatePhrase]) -> list[DatePhrase]:
        return [
            p
            for p in phrases
            if not any(q.start <= p.span.start < q.end for q in self._quoted) and not self._is_date_line(p)
        ]

    def _is_date_line(self, phrase: DatePhrase) -> bool:
        """Whether the paragraph is little more than the date: the head of the page, which dates the printing."""
        paragraph = self._paragraphs[self._paragraph_of(phrase.span.start)] if self._paragraphs else phrase.span
        return len(paragraph) - len(phrase.span) < LONGEST_DATE_LINE

    def _candidates_of(self, quotation: Quotation, all_quotations: Sequence[Quotation]) -> list[Candidate]:
        assert self._published is not None
        sentence = self._sentences(quotation)
        at = self._paragraph_of(quotation.span.start)
        scene = self._scene(quotation, sentence, at) | self._about | self._of_speaker(quotation, all_quotations, at)
        found = [self._dated(quotation, phrase, sentence, at, scene) for phrase in self._eligible(at)]
        news = [c for c in found if c.features["age"] <= 7]
        for kind in ("implied", "unknown"):
            said = (
                SaidOn(self._published - timedelta(days=IMPLIED_DAYS), self._published, DateBasis.IMPLIED)
                if kind == "implied"
                else NOT_TOLD
            )
            context = {"is_" + kind: 1.0, "dates": len(found), "news_dates": len(news)}
            near = min((c.features["paragraphs"] for c in news if c.features["paragraphs"] >= 0), default=30.0)
            found.append(Candidate(said, None, {**scene, **context, "nearest_news": near}))
        return found

    def _of_article(self, quotations: Sequence[Quotation]) -> Features:
        """Whether the article reads as news of these days: a feature or an essay dates little."""
        ages = self._ages()
        opening = self._paragraphs[min(3, len(self._paragraphs)) - 1].end if self._paragraphs else 0
        cues = [self._cue(q) for q in quotations]
        outside = self._outside(Span(0, len(self._text))) if self._text else ""
        return {
            "news_dates_a_paragraph": sum(age <= 7 for age in ages) / max(1, len(self._paragraphs)),
            "old_dates": sum(age > NEWS_DAYS for age in ages) / max(1, len(ages)),
            "opening_news": float(
                sum(p.span.start < opening and a <= 7 for p, a in zip(self._phrases, ages, strict=True))
            ),
            "present_share": sum(bool(_PRESENT.fullmatch(cue)) for cue in cues) / max(1, len(cues)),
            "first_person": float(len(re.findall(r"\b(?:I|me|my)\b", outside)) / max(1, len(self._paragraphs))),
            "quotations": log1p(len(quotations)),
            "speakers": log1p(len({_name(q) for q in quotations})),
        }

    def _of_speaker(self, quotation: Quotation, quotations: Sequence[Quotation], at: int) -> Features:
        """What the article tells of the speaker, and how old the dates around the words are."""
        name = _name(quotation)
        surname = name.split()[-1] if name else None
        own = sum(_name(q) == name for q in quotations)
        told = [p for p in self._phrases if surname and surname in self._sentence(p.span.start).of(self._text)]
        assert self._published is not None
        around = [
            (self._published - p.last).days for p in self._phrases if abs(self._paragraph_of(p.span.start) - at) <= 1
        ]
        return {
            "speaker_quotations": log1p(own),
            "speaker_share": own / max(1, len(quotations)),
            "speaker_in_title": float(surname is not None and surname in self._title),
            "speaker_dates": float(sum((self._published - p.last).days <= 7 for p in told)),
            "oldest_around": float(min(max(around, default=-1), 800)),
            "newest_around": float(min(min(around, default=-1), 800)),
        }

    def _ages(self) -> list[int]:
        return [(self._published - p.last).days for p in self._phrases] if self._published else []

    def _cue(self, quotation: Quotation) -> str:
        cue = quotation.attribution.cue if quotation.attribution else None
        return cue.of(self._text).lower() if cue else ""

    def _eligible(self, at: int) -> list[DatePhrase]:
        """The dates that may tell the day of words in this paragraph; of very many the first and the nearest."""
        above = [p for p in self._phrases if self._paragraph_of(p.span.start) <= at + FARTHEST_BELOW]
        return above if len(above) <= MOST_DATES else above[: MOST_DATES // 10] + above[-MOST_DATES * 9 // 10 :]

    def _scene(self, quotation: Quotation, sentence: Span, at: int) -> Features:
        """What the reporter's sentence tells of the occasion, whatever the date."""
        words = self._outside(sentence)
        cue_word = self._cue(quotation)
        mention = quotation.attribution.mention if quotation.attribution else None
        name = _name(quotation)
        return {
            "perfect": float(bool(_PERFECT.search(words))),
            "habit": float(bool(_HABIT.search(words))),
            "lately": float(bool(_LATELY.search(words))),
            "present": float(bool(_PRESENT.fullmatch(cue_word))),
            "has_cue": float(cue_word != ""),
            "said": float(cue_word == "said"),
            "told": float(cue_word in ("told", "telling")),
            "wrote": float(cue_word in ("wrote", "writes", "writing", "tweeted", "posted")),
            "stance": float(cue_word != "" and _is_stance(cue_word)),
            "mixed": float(quotation.kind == "mixed"),
            "words": log1p(len(quotation.words.split())),
            "occasion_here": float(bool(_OCCASION.search(words))),
            "statement": float("statement" in words or "release" in words),
            "has_speaker": float(name is not None),
            "is_pronoun": float(mention is not None and mention.of(self._text).lower() in ("he", "she", "they", "who")),
            "lower_name": float(name is not None and not name[:1].isupper()),
            "paragraph": log1p(at),
            "place": at / max(1, len(self._paragraphs)),
            "long": log1p(len(self._paragraphs)),
        }

    def _dated(self, quotation: Quotation, phrase: DatePhrase, sentence: Span, at: int, scene: Features) -> Candidate:
        assert self._published is not None
        age = (self._published - phrase.last).days
        width = (phrase.last - phrase.first).days
        basis = DateBasis.STATED_NEARBY
        here = sentence.start <= phrase.span.start < sentence.end
        if here:
            basis = DateBasis.STATED_HERE
        if age > NEWS_DAYS:
            basis = DateBasis.PAST
        features = {**scene, **self._where(quotation, phrase, at), **self._beside(quotation, phrase)}
        features |= {
            "is_phrase": 1.0,
            "here": float(here),
            "age": float(min(age, 400)),
            "age_last": float(min((self._published - phrase.first).days, 800)),
            "width": float(min(width, 400)),
            "of_event": float(phrase.of_event),
            "often": float(self._often[phrase.first, phrase.last]),
            "share": self._often[phrase.first, phrase.last] / max(1, len(self._phrases)),
        }
        return Candidate(SaidOn(phrase.first, phrase.last, basis), phrase.span, features)

    def _where(self, quotation: Quotation, phrase: DatePhrase, at: int) -> Features:
        """How far the phrase stands from the words and their cue, and what stands between."""
        there = self._paragraph_of(phrase.span.start)
        is_below = phrase.span.start > quotation.span.start
        cue = quotation.attribution.cue if quotation.attribution else None
        anchor = cue or quotation.span
        low, high = sorted((phrase.span.start, quotation.span.start))
        between = self._phrases[bisect_right(self._phrase_starts, low) : bisect_left(self._phrase_starts, high)]
        spoken = max(
            0,
            bisect_left(self._quoted_starts, quotation.span.start) - bisect_left(self._quoted_starts, phrase.span.end),
        )
        return {
            "paragraphs": float(at - there),
            "below": float(is_below),
            "from_cue": log1p(max(0, phrase.span.start - anchor.end, anchor.start - phrase.span.end)),
            "after_cue": float(cue is not None and 0 <= phrase.span.start - cue.end < 40),
            "between": float(len(between)),
            "between_news": float(sum((self._published - p.last).days <= 7 for p in between) if self._published else 0),
            "quoted_between": float(spoken),
            "date_paragraph": float(there),
            "first_date": float(phrase is self._phrases[0]),
        }

    def _beside(self, quotation: Quotation, phrase: DatePhrase) -> Features:
        """What the sentence of the phrase speaks of: the speaker, speech, an occasion, the future."""
        words, features = self._around(phrase)
        name = _name(quotation)
        return {**features, "of_speaker": float(name is not None and name.split()[-1] in words)}

    def _around(self, phrase: DatePhrase) -> tuple[str, Features]:
        """The reporter's words in the sentence of a phrase, and what they tell whoever speaks."""
        if phrase.span not in self._told:
            sentence = self._sentence(phrase.span.start)
            words = self._outside(sentence)
            before = self._text[sentence.start : phrase.span.start]
            tokens = {w.lower() for w in re.findall(r"[A-Za-z][a-z]+", words)}
            self._told[phrase.span] = (
                words,
                {
                    "speech": float(bool(tokens & _SPOKEN)),
                    "occasion": float(bool(_OCCASION.search(words))),
                    "future": float(bool(_FUTURE.search(before))),
                    "not_then": float(bool(_NOT_SAID_THEN.search(before))),
                    "on": float(bool(re.search(r"\b(?:on|late|early)\s+$", before, re.IGNORECASE))),
                    "opens": float(len(before.strip()) < 6),
                    "dateline": float(bool(re.match(r"[A-Z .,']{4,40}$", before.strip()))),
                    "quotes_there": float(any(sentence.start <= q.start < sentence.end for q in self._quoted)),
                    "date_perfect": float(bool(_PERFECT.search(words))),
                },
            )
        return self._told[phrase.span]

    def _occasion(self, quotation: Quotation) -> str | None:
        """The occasion in the reporter's sentence, as printed: "an interview with Radio Orle"."""
        words = self._outside(self._sentences(quotation))
        match = re.search(
            rf"\b(?:in|at|during|on|to|via|with)\s+(?P<what>(?:(?:a|an|the|his|her|their|its)\s+)?(?:[\w’'-]+\s+){{0,3}}?{_OCCASION.pattern}"
            r"(?:\s+(?:with|in|to|at|on|of|for)\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)?)",
            words,
        )
        return " ".join(match["what"].split()) if match else None

    def _outside(self, stretch: Span) -> str:
        """The reporter's words of a stretch: what stands in marks is left out."""
        kept, at = [], stretch.start
        first = max(0, bisect_right(self._quoted_starts, stretch.start) - 1)
        for q in self._quoted[first : bisect_left(self._quoted_starts, stretch.end)]:
            if q.end <= stretch.start:
                continue
            kept.append(self._text[at : max(at, q.start)])
            at = max(at, q.end)
        kept.append(self._text[at : max(at, stretch.end)])
        return " ".join(kept)

    def _sentences(self, quotation: Quotation) -> Span:
        """The reporter's sentence or sentences in which the words and their cue stand."""
        points = [part.start for part in quotation.parts] + [quotation.parts[-1].end]
        if quotation.attribution is not None and quotation.attribution.cue is not None:
            points += [quotation.attribution.cue.start, quotation.attribution.cue.end]
        return Span(self._sentence(min(points)).start, self._sentence(max(points)).end)

    def _sentence(self, position: int) -> Span:
        """The reporter's sentence around a place; a stop inside marks does not end it."""
        number = self._paragraph_of(position)
        paragraph = self._paragraphs[number]
        start, end = paragraph.start, paragraph.end
        for stop, following in self._stops_of(number):
            if following <= position:
                start = following
            elif stop >= position:
                end = following
                break
        return Span(start, max(end, start + 1))

    def _stops_of(self, number: int) -> list[tuple[int, int]]:
        """Where the sentences of a paragraph end, and where the next begins."""
        if number not in self._stops:
            paragraph = self._paragraphs[number]
            inside = [q for q in self._quoted if q.start < paragraph.end and q.end > paragraph.start]
            self._stops[number] = [
                (match.start(), match.end())
                for match in _SENTENCE_END.finditer(self._text, paragraph.start, paragraph.end)
                if not any(q.start <= match.start() < q.end - 1 for q in inside)
            ]
        return self._stops[number]

    def _paragraph_of(self, position: int) -> int:
        low, high = 0, len(self._paragraphs)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._paragraphs[middle].start <= position else (low, middle)
        return low


def beside_others(
    candidates: Sequence[Sequence[Candidate]], given: Sequence[Sequence[float]], names: Sequence[str | None]
) -> list[list[Features]]:
    """The features of the second round: what the first round gave this answer here and at the other quotations.

    `given` are the first round's, between 0 and 1, for each candidate of each quotation.
    """
    belief: list[Belief] = []
    for row, row_given in zip(candidates, given, strict=True):
        best: Belief = defaultdict(float)
        for candidate, chance in zip(row, row_given, strict=True):
            best[candidate.key] = max(best[candidate.key], chance)
        belief.append(best)
    of_all, of_name = _sum(belief), {}
    for name in {name for name in names if name is not None}:
        of_name[name] = _sum([b for b, n in zip(belief, names, strict=True) if n == name])
    neighbours = _neighbours(names)
    rows = []
    for index, (row, row_given) in enumerate(zip(candidates, given, strict=True)):
        before, behind, same = neighbours[index]
        own = of_name.get(names[index] or "", {})
        rows.append(
            [
                {
                    **candidate.features,
                    "chance": chance,
                    "best_rival": max((c for k, c in belief[index].items() if k != candidate.key), default=0.0),
                    "same_before": belief[before].get(candidate.key, 0.0) if before is not None else -1.0,
                    "same_behind": belief[behind].get(candidate.key, 0.0) if behind is not None else -1.0,
                    "same_mean": _mean_of_others(own, belief[index], candidate.key, same),
                    "next_before": belief[index - 1].get(candidate.key, 0.0) if index else -1.0,
                    "next_behind": belief[index + 1].get(candidate.key, 0.0) if index + 1 < len(belief) else -1.0,
                    "all_mean": _mean_of_others(of_all, belief[index], candidate.key, len(belief) - 1),
                    "gap_before": float(index - before) if before is not None else 0.0,
                }
                for candidate, chance in zip(row, row_given, strict=True)
            ]
        )
    return rows


def _scored(trees: Trees, rows: Sequence[Sequence[Features]]) -> list[NDArray[np.float64]]:
    """The scores of each quotation's rows, all rows of the article in one pass."""
    scores = trees.score([row for own in rows for row in own])
    ends = accumulate(len(own) for own in rows)
    return [scores[end - len(own) : end] for own, end in zip(rows, ends, strict=True)]


def _sum(beliefs: Sequence[Belief]) -> Belief:
    total: Belief = defaultdict(float)
    for belief in beliefs:
        for key, value in belief.items():
            total[key] += value
    return total


def _mean_of_others(total: Belief, own: Belief, key: Key, others: int) -> float:
    """The mean belief in an answer at the other quotations; -1 where there is none."""
    return (total.get(key, 0.0) - own.get(key, 0.0)) / others if others > 0 else -1.0


def _neighbours(names: Sequence[str | None]) -> list[tuple[int | None, int | None, int]]:
    """For each quotation the one before and the one behind it of the same speaker, and how many others there are."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        if name is not None:
            places[name].append(index)
    found = []
    for index, name in enumerate(names):
        own = places[name] if name is not None else [index]
        at = bisect_left(own, index)
        found.append((own[at - 1] if at else None, own[at + 1] if at + 1 < len(own) else None, len(own) - 1))
    return found


def shares(scores: Iterable[float]) -> list[float]:
    """The log-odds of the candidates of one quotation as shares of one."""
    odds = [1 / (1 + exp(-float(score))) for score in scores]
    return [value / sum(odds) for value in odds]


def _name(quotation: Quotation) -> str | None:
    return quotation.attribution.name if quotation.attribution else None


def _is_stance(cue: str) -> bool:
    return any(
        cue in (verb, verb + "s", verb + "d", verb + "ed", verb.rstrip("e") + "ing")
        for verb in sections("en.txt")["stance"]
    )
