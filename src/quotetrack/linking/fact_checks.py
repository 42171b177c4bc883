"""Find which published fact-checks review what a statement says, best first, each with a chance. Pure.

Candidates come by words (BM25 over claim and title; Robertson and Zaragoza, 2009) and by vectors (cosine with claim and
title), and from the reviews of what the speaker said in these days. Boosted trees and a logistic regression, fitted by
`quotetrack.training.fact_checks`, choose among them by features that a reader understands. A chance is that of the
fact-check to be about the claim that the statement makes. Whether the claim is true is for its publisher to say.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import FactCheck, Sighting
from quotetrack.core.normalize import normalise
from quotetrack.lang.en.calendar import MONTHS
from quotetrack.lang.en.posts import INSIDE_TAG, LINK, SIGNATURE, TAGGED
from quotetrack.lang.en.words import FUNCTION_WORDS, NEGATIONS, WORD_ENDINGS
from quotetrack.linking.wordings import names_in, tokens_of
from quotetrack.models.trees import load_calibration, load_ensemble

FITTED = "fact_checks"
# The least chance of what is shown. Of sentences without a fact-check 98.8 % then stay without (docs/how-to/checks.md).
SHOWN = 0.86
NO_RIVAL = 5.0  # the lead of an only candidate
LISTED = 20  # best fact-checks of a statement

K1, B = 1.2, 0.75  # of BM25: how soon a repeated word counts no more, and how much the length of a text counts
BY_WORDS, BY_CLAIM, BY_TITLE, BY_SPEAKER = 40, 40, 20, 20  # candidates
LONGEST_TITLE = 300  # characters; some feeds have the whole review in the place of its title
NEAR_DAYS = 14  # between a statement and a review of the speaker's claim, within which the review is a candidate
SHORTEST_STEM = 4  # letters that are left without an ending
UNKNOWN_DAYS = 150  # between statement and review, where a day is unknown
AT_ONCE_FROM, AT_ONCE_TO = -2, 4  # days from the statement to a review of a claim that was made on this occasion

_YEAR = re.compile(r"(?:19|20)\d\d")

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """A fact-check that may be about what a statement says: its score, and the chance that it is.

    `is_repeat` says that it is listed only beside another one with the same publisher, claim and day.
    """

    check: FactCheck
    score: float
    chance: float
    is_repeat: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the chance is high enough to show the fact-check to a reader, who sees one of those that repeat."""
        return self.chance >= SHOWN and not self.is_repeat


class Features(NamedTuple):
    """How a statement and a fact-check agree. Each `behind` is the distance to the best candidate of the statement."""

    claim_cosine: float
    title_cosine: float
    claim_cosine_behind: float
    title_cosine_behind: float
    words: float  # BM25, as a share of the information of the statement's words
    words_behind: float
    with_author: float  # BM25 of the words and the author of a post
    claim_covered: float  # share of the information of the claim's words that the statement has
    title_covered: float
    statement_covered: float
    run: float  # words in a row that both have
    same_year: float  # the claim names the year in which the statement was made
    other_years: float  # of the claim
    same_month: float
    same_numbers: float
    other_numbers: float  # of the claim
    same_names: float
    other_names: float  # of the claim
    names_speaker: float  # the claim or the title names the speaker: "Says Orla Venn ..."
    negated_otherwise: float
    claimant_agrees: float
    claimant_conflicts: float
    days: float  # between them, as a logarithm
    is_before: float  # the review is older than the statement
    is_at_once: float  # the review follows the statement within days
    statement_length: float
    claim_length: float


def rank(statement: Sighting, vector: Vectors, index: Index) -> list[Match]:
    """Return the fact-checks that may be about a statement, the likeliest first, at most LISTED.

    `vector` is the unit vector of the words as printed, by the model that made those of the index.
    """
    if not index.checks:
        return []
    places, rows = features(statement, vector, index)
    scores = load_ensemble(FITTED, "match", Features._fields).score(rows) + _weighed(rows)
    order = np.argsort(-scores, kind="stable")[:LISTED]
    chances = chances_of(scores[order])
    return list(islice(_matches([places[row] for row in order], scores[order], chances, index), LISTED))


def _weighed(rows: Sequence[Features]) -> Numbers:
    """Return the log-odds of each row by the logistic regression, which adds to what the trees say."""
    bias, weights = _weights()
    weighed: Numbers = bias + np.array(rows) @ np.array(weights)
    return weighed


@lru_cache(maxsize=1)
def _weights() -> tuple[float, Features]:
    file = files("quotetrack.models").joinpath("weights", f"{FITTED}.json")
    stored = json.loads(file.read_text("utf-8"))["linear"]
    return float(stored["bias"]), Features(**stored["weights"])


def _matches(places: Sequence[int], scores: Numbers, chances: Sequence[float], index: Index) -> Iterator[Match]:
    for place, score, chance in zip(places, scores, chances, strict=True):
        yield Match(index.checks[place], float(score), chance)
        for repeat in index.repeats.get(place, ()):
            yield Match(index.checks[repeat], float(score), chance, is_repeat=True)


def chances_of(scores: Numbers) -> list[float]:
    """Return the chance of each of the best candidates of one statement, given their scores, the best first."""
    by_score, by_lead, constant = load_calibration(FITTED)
    return [
        1 / (1 + math.exp(-(by_score * score + by_lead * lead + constant)))
        for score, lead in zip(scores, leads(scores), strict=True)
    ]


def leads(scores: Numbers) -> list[float]:
    """Return how far each candidate is before its best rival: negative for all but the best.

    Two reviews of one claim may both be right, but a rival that is as good makes either less likely.
    """
    if len(scores) < 2:
        return [NO_RIVAL] * len(scores)
    return [float(scores[0] - scores[1]), *(float(score - scores[0]) for score in scores[1:])]


# Texts as they are compared


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of a text: its tokens, and of these the stems without function words, the numbers and names."""

    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    numbers: frozenset[str]
    names: frozenset[str]
    is_negated: bool


def read_text(text: str) -> Text:
    """Return what is compared of a text."""
    tokens = tokens_of(text)
    stems = tuple(stem_of(token) for token in tokens if token not in FUNCTION_WORDS)
    numbers = frozenset(stem for stem in stems if any(character.isdigit() for character in stem))
    return Text(tokens, stems, numbers, names_in(text), not NEGATIONS.isdisjoint(tokens))


def stem_of(token: str) -> str:
    """Return a token without the first listed ending that leaves enough of it."""
    bare = token.removesuffix("'s")
    for ending in WORD_ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= SHORTEST_STEM:
            return bare.removesuffix(ending)
    return bare


@dataclass(frozen=True, slots=True)
class Post:
    """The words of a statement without links and signature, its tags as words; and who signed it and when, if so."""

    words: str
    author: str | None
    day: date | None


def read_post(words: str) -> Post:
    """Return what a quoted post of a social network says; for other words these words, without author and day."""
    signature = SIGNATURE.search(words)
    kept = words[: signature.start()] if signature else words
    bare = TAGGED.sub(lambda tag: INSIDE_TAG.sub(" ", tag[1]), LINK.sub(" ", kept))
    plain = " ".join(bare.split())
    if signature is None:
        return Post(plain, None, None)
    return Post(plain, f"{signature['handle']} {signature['author']}", _signed_on(signature))


def _signed_on(signature: re.Match[str]) -> date | None:
    try:
        return date(int(signature["year"]), MONTHS.index(signature["month"]) + 1, int(signature["day"]))
    except (TypeError, ValueError):  # no day, or none of the calendar
        return None


# The index


def compared_texts(checks: Sequence[FactCheck]) -> list[str]:
    """Return the texts whose vectors an index needs: all claims, then all titles, or the claim where there is none."""
    return [check.claim for check in checks] + [(check.title or check.claim)[:LONGEST_TITLE] for check in checks]


class Index:
    """Fact-checks with what is compared of them. Build it once, and rank many statements against it.

    `vectors` are the unit vectors of `compared_texts`.
    """

    def __init__(self, checks: Sequence[FactCheck], vectors: Vectors) -> None:
        self.checks = checks
        self.claims, self.titles = vectors[: len(checks)], vectors[len(checks) :]
        self.claim_texts = [read_text(check.claim) for check in checks]
        self.title_stems = [read_text(check.title[:LONGEST_TITLE]).stems if check.title else () for check in checks]
        self.by_words = Postings(
            [(*t.stems, *more) for t, more in zip(self.claim_texts, self.title_stems, strict=True)]
        )
        self.first_of, self.repeats = _repeated(checks)
        self.claimants = [_name(check.claimant) for check in checks]
        self.by_claimant: dict[str, list[int]] = defaultdict(list)
        for place, claimant in enumerate(self.claimants):
            if claimant:
                self.by_claimant[claimant[-1][0]].append(place)


def _repeated(checks: Sequence[FactCheck]) -> tuple[list[int], dict[int, list[int]]]:
    """Return for each fact-check the first that has its publisher, claim and day, and for these first ones the others.

    Feeds hold some reviews twice, under two addresses or with other quotation marks.
    """
    first_of: list[int] = []
    repeats: dict[int, list[int]] = defaultdict(list)
    first: dict[tuple[str | None, str, date | None], int] = {}
    for place, check in enumerate(checks):
        first_of.append(first.setdefault((check.publisher, normalise(check.claim), check.published), place))
        if first_of[place] != place:
            repeats[first_of[place]].append(place)
    return first_of, repeats


class Postings:
    """An inverted index of texts, given as stems: which texts have a stem, how often, and how much that says."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.number = len(texts)
        lengths = np.array([len(text) for text in texts], dtype=float)
        norms = K1 * (1 - B + B * lengths / max(lengths.mean() if len(lengths) else 0.0, 1.0))
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, text in enumerate(texts):
            for stem, times in Counter(text).items():
                found[stem].append((place, times))
        self._found: dict[str, tuple[NDArray[np.intp], Numbers]] = {}
        self._information: dict[str, float] = {}
        for stem, entries in found.items():
            self._information[stem] = math.log(1 + (self.number - len(entries) + 0.5) / (len(entries) + 0.5))
            places = np.array([place for place, _ in entries], dtype=np.intp)
            times_each = np.array([times for _, times in entries], dtype=float)
            self._found[stem] = places, times_each * (K1 + 1) / (times_each + norms[places])

    def information(self, stem: str) -> float:
        """Return how much a stem says, in nats: the rarer among the texts, the more."""
        return self._information.get(stem) or math.log(1 + (self.number + 0.5) / 0.5)

    def total(self, stems: Iterable[str]) -> float:
        """Return how much these stems say together."""
        return math.fsum(map(self.information, stems))  # the same in any order

    def scores(self, stems: Iterable[str]) -> Numbers:
        """Return the BM25 score of each text."""
        scores = np.zeros(self.number)
        for stem in stems:
            if stem in self._found:
                places, weights = self._found[stem]
                scores[places] += self.information(stem) * weights
        return scores


@lru_cache(maxsize=65_536)
def _name(name: str | None) -> tuple[str, ...]:
    return tuple(normalise(name or "").split())


# Candidates and their features


@dataclass(frozen=True, slots=True)
class _Said:
    """What is compared of a statement: its text, its stems and those of the author, who said it and when."""

    text: Text
    stems: frozenset[str]
    tokens: frozenset[str]
    by_author: frozenset[str]
    speaker: tuple[str, ...]
    day: date | None


def _read_statement(statement: Sighting) -> _Said:
    post = read_post(statement.words)
    text = read_text(post.words)
    return _Said(
        text,
        frozenset(text.stems),
        frozenset(text.tokens),
        frozenset(read_text(post.author or "").stems),
        _name(statement.speaker or post.author),
        statement.said.last or statement.published_on or post.day,
    )


def features(statement: Sighting, vector: Vectors, index: Index) -> tuple[list[int], list[Features]]:
    """Return the candidates of a statement, as places in the index, and the features of each."""
    said = _read_statement(statement)
    information = max(index.by_words.total(said.stems), 1.0)
    likeness = _Likeness(
        index.claims @ vector,
        index.titles @ vector,
        index.by_words.scores(sorted(said.stems)) / information,
        index.by_words.scores(sorted(said.stems | said.by_author)) / information,
    )
    places = _candidates(likeness, _of_speaker(said.speaker, said.day, index), index)
    best = _Likeness(*(each[places].max(keepdims=True) for each in likeness))
    return places, [_features(said, place, likeness, best, index) for place in places]


class _Likeness(NamedTuple):
    """How near each fact-check is to a statement, before they are compared closely."""

    claims: Vectors
    titles: Vectors
    words: Numbers
    with_author: Numbers


def _features(said: _Said, place: int, likeness: _Likeness, best: _Likeness, index: Index) -> Features:
    check, claim, claimant = index.checks[place], index.claim_texts[place], index.claimants[place]
    claim_stems, title_stems = frozenset(claim.stems), frozenset(index.title_stems[place])
    year = str(said.day.year) if said.day else ""
    month = MONTHS[said.day.month - 1].casefold() if said.day else ""
    years = {number for number in claim.numbers if _YEAR.fullmatch(number)}
    is_named = bool(said.speaker and claimant)
    agrees = is_named and _may_be_one_name(said.speaker, claimant)
    passed = (check.published - said.day).days if check.published and said.day else None
    return Features(
        claim_cosine=float(likeness.claims[place]),
        title_cosine=float(likeness.titles[place]),
        claim_cosine_behind=float(best.claims[0] - likeness.claims[place]),
        title_cosine_behind=float(best.titles[0] - likeness.titles[place]),
        words=float(likeness.words[place]),
        words_behind=float(best.with_author[0] - likeness.with_author[place]),
        with_author=float(likeness.with_author[place]),
        claim_covered=_covered(claim_stems, said.stems, index),
        title_covered=_covered(title_stems, said.stems, index),
        statement_covered=_covered(said.stems, claim_stems | title_stems, index),
        run=float(_longest_run(said.text.tokens, claim.tokens)),
        same_year=float(year in years),
        other_years=float(len(years - said.text.numbers - {year})),
        same_month=float(month in claim.tokens),
        same_numbers=float(len(said.text.numbers & claim.numbers)),
        other_numbers=float(len(claim.numbers - said.text.numbers - years)),
        same_names=float(len(claim.names & said.tokens)),
        other_names=float(len(claim.names - said.tokens)),
        names_speaker=float(
            bool(said.speaker) and (said.speaker[-1] in claim.tokens or said.speaker[-1] in title_stems)
        ),
        negated_otherwise=float(said.text.is_negated != claim.is_negated),
        claimant_agrees=float(agrees),
        claimant_conflicts=float(is_named and not agrees),
        days=math.log1p(UNKNOWN_DAYS if passed is None else abs(passed)),
        is_before=float(passed is not None and passed < AT_ONCE_FROM),
        is_at_once=float(passed is not None and AT_ONCE_FROM <= passed <= AT_ONCE_TO),
        statement_length=float(len(said.text.stems)),
        claim_length=float(len(claim.stems)),
    )


def _candidates(likeness: _Likeness, of_speaker: Sequence[int], index: Index) -> list[int]:
    """Return the places of the fact-checks that are compared closely, in order; one of each that repeat one another."""
    near_speaker = sorted(of_speaker, key=lambda place: -likeness.claims[place])[:BY_SPEAKER]
    found = {
        *_best(likeness.claims, BY_CLAIM),
        *_best(likeness.titles, BY_TITLE),
        *_best(likeness.with_author, BY_WORDS),
        *near_speaker,
    }
    return sorted({index.first_of[place] for place in found})


def _best(scores: Vectors | Numbers, number: int) -> list[int]:
    if number >= len(scores):
        return list(range(len(scores)))
    return [int(place) for place in np.argpartition(-scores, number)[:number]]


def _of_speaker(speaker: Sequence[str], day: date | None, index: Index) -> list[int]:
    """Return the reviews of claims of this speaker that were published within NEAR_DAYS of a day."""
    if not speaker or day is None:
        return []
    days = [(place, index.checks[place].published) for place in index.by_claimant.get(speaker[-1][0], ())]
    near = [place for place, published in days if published and abs((published - day).days) <= NEAR_DAYS]
    return [place for place in near if _may_be_one_name(speaker, index.claimants[place])]


def _may_be_one_name(name: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two names have one last word, which some feeds cut to its first letter: "Orla V"."""
    return name[-1] == other[-1] or (min(len(name[-1]), len(other[-1])) == 1 and name[-1][0] == other[-1][0])


def _covered(stems: frozenset[str], others: frozenset[str], index: Index) -> float:
    """Return the share of the information of stems that others have."""
    total = index.by_words.total(stems)
    return index.by_words.total(stems & others) / total if total else 0.0


def _longest_run(tokens: Sequence[str], others: Sequence[str]) -> int:
    """Return the number of tokens of the longest run that both have."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, other in enumerate(others):
        places[other].append(place)
    longest = 0
    ending_at: dict[int, int] = {}
    for token in tokens:
        ending_at = {place: ending_at.get(place - 1, 0) + 1 for place in places.get(token, ())}
        longest = max(longest, *ending_at.values()) if ending_at else longest
    return longest
