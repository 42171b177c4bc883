"""Measure extraction against gold: figures, errors by category, and reliability of the confidences.

A predicted part matches an annotated one when their characters agree; its mention, name and day are judged only then,
and its day only in an article with a day of publication.
The figures equal those of the gold data's own `score.py`, number for number.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import DateBasis, Span, hull_of
from quotetrack.core.names import have_same_ends, without_suffixes
from quotetrack.evaluation.gold import (
    PERSON,
    SAME_PART,
    GoldArticle,
    GoldPart,
    Label,
    bare_span,
    intersection_over_union,
    is_inside,
    read_lines,
    read_span,
)
from quotetrack.lang import sections

RESAMPLES = 500  # number of resampled sets of articles for the 95 % intervals of core parts
SEED = 1  # of the resampling
# Edges of the reliability table: narrow where most confidences are.
RELIABILITY_EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
SURE = 0.9  # least confidence of a sure name
NEAR_SHARE = 0.5  # least share of the shorter of two spans that makes an unmatched prediction an error of a part's kind
LEAST_NAME_OVERLAP = 0.5  # share of the words of an organisation's name that a right name has

_WORDS = sections("evaluation_words.txt")
_FUNCTION_WORDS, _PRONOUNS = _WORDS["function_words"], _WORDS["pronouns"]


class Aspect(StrEnum):
    """What is measured of each part."""

    SPAN = "span"
    MENTION = "mention"
    SURNAME = "surname"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PredictedPart:
    """One part of an extracted quotation, with the quotation's speaker and day.

    `bare` has no marks at its ends. `claims_day` is True where a first day is given and its basis is not "unknown".
    `confidence` is that of the name, `day_confidence` that of the day: None where it was never computed. `likeliest` is
    the name, else the first alternative, with its confidence.
    """

    bare: Span
    name: str | None
    likeliest: tuple[str | None, float]
    mention: Span | None
    first: date | None
    last: date | None
    claims_day: bool
    confidence: float
    mention_confidence: float
    day_confidence: float | None

    @property
    def is_unsure(self) -> bool:
        """Whether there is no name, but an alternative."""
        return self.name is None and self.likeliest[0] is not None

    @property
    def claims_single_day(self) -> bool:
        """Whether one day is claimed, and not a longer interval."""
        return self.claims_day and self.first == self.last


@dataclass(frozen=True, slots=True)
class MatchedArticle:
    """A gold article with its predictions: each annotated part with the part that matches it, and those without one."""

    gold: GoldArticle
    matches: tuple[tuple[GoldPart, PredictedPart | None], ...]
    unmatched: tuple[PredictedPart, ...]

    @property
    def text(self) -> str:
        """The text of the article."""
        return self.gold.article.text


@dataclass(frozen=True, slots=True)
class Measure:
    """Precision, recall and F1, each from 0 to 1, and the 95 % interval of F1 by resampling articles."""

    precision: float
    recall: float
    f1: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SingleDays:
    """Claims of one single day: the share that is right, and the share of the judged parts that have one.

    Both are 0 where there is none.
    """

    right: float
    share: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one kind of parts.

    `number` counts the annotated parts. `dates` is the share of right days. `dates` and `single_days` are None where no
    day is judged, as without labels. `by_basis` has the number of right days and of all days.
    """

    number: int
    measures: Mapping[Aspect, Measure]
    dates: float | None
    single_days: SingleDays | None
    by_basis: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error: its place, the expected value and the given one; None means that there is no such value."""

    category: str
    article: str
    span: Span
    words: str
    expected: str | None
    given: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions with a confidence from `low` up to below `high`: number, mean confidence, and share right.

    The last bin includes `high`.
    """

    low: float
    high: float
    number: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class SureNames:
    """Names with this confidence or more: the share that is right, and the share of labelled core parts that have one.

    Both are 0 where there is none.
    """

    confidence: float
    right: float
    share: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often mention, name and day are right, by their confidences; bins without a prediction are left out.

    `mention` is over the matched parts that have an annotated mention, `name` over the matched core parts that have a
    label; an unsure part counts by its first alternative. `day` is over the core parts whose day is judged, where a day
    or an interval is claimed with a confidence; an interval is right if it holds the day. Without labels `name` and
    `day` are empty.
    """

    mention: tuple[Bin, ...]
    name: tuple[Bin, ...]
    day: tuple[Bin, ...]
    sure_names: SureNames

    @property
    def mention_error(self) -> float:
        """Return the expected calibration error of the mention."""
        return calibration_error(self.mention)

    @property
    def name_error(self) -> float:
        """Return the expected calibration error of the name."""
        return calibration_error(self.name)

    @property
    def day_error(self) -> float:
        """Return the expected calibration error of the day."""
        return calibration_error(self.day)


KINDS: Mapping[str, Callable[[GoldPart], bool]] = {
    "all": lambda part: True,
    "core": lambda part: part.is_core,
    "full": lambda part: part.is_full,
    "mixed": lambda part: not part.is_full,
}
CORE = "core"


def match(gold: Sequence[GoldArticle], predictions: Mapping[str, Sequence[PredictedPart]]) -> list[MatchedArticle]:
    """Return each article with its predictions matched to its parts.

    `predictions` are by article id; an article that is not there counts as one in which nothing was found.
    """
    return [_match_article(article, predictions.get(article.id, ())) for article in gold]


def figures(matched: Sequence[MatchedArticle], *, resamples: int = RESAMPLES) -> dict[str, Figures]:
    """Return the figures by kind of part; those of core have intervals, unless `resamples` is 0."""
    return {kind: _figures_of_kind(matched, kind, resamples if kind == CORE else 0) for kind in KINDS}


def mistakes(matched: Iterable[MatchedArticle]) -> dict[str, list[Mistake]]:
    """Return every error by category; categories are sorted by name, errors are in order of the articles."""
    by_category: defaultdict[str, list[Mistake]] = defaultdict(list)
    for article in matched:
        for mistake in _mistakes_of_article(article):
            by_category[mistake.category].append(mistake)
    return dict(sorted(by_category.items()))


def reliability(matched: Sequence[MatchedArticle]) -> Reliability:
    """Return how often mention, name and day are right, by their confidences."""
    matches = [match for article in matched for match in article.matches]
    mentions = [(p.mention_confidence, _is_mention_right(part, p)) for part, p in matches if p and part.mentions]
    labelled = [(part.label, p) for part, p in matches if part.label is not None and part.is_core]
    likeliest = [(label, *predicted.likeliest) for label, predicted in labelled if predicted]
    names = [(chance, _is_name_right(label, name, with_first_name=True)) for label, name, chance in likeliest]
    claims = [(day.predicted.day_confidence, day) for day in _judged_days(matched, CORE) if day.predicted.claims_day]
    days = [(confidence, day.is_claim_right) for confidence, day in claims if confidence is not None]
    return Reliability(_bins(mentions), _bins(names), _bins(days), _sure_names(labelled))


def _sure_names(labelled: Sequence[tuple[Label, PredictedPart | None]]) -> SureNames:
    sure = [(label, p.name) for label, p in labelled if p and p.name is not None and p.confidence >= SURE]
    right = sum(_is_name_right(label, name, with_first_name=True) for label, name in sure)
    return SureNames(SURE, right / len(sure) if sure else 0.0, len(sure) / len(labelled) if labelled else 0.0)


def _bins(judged: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    bins = []
    for low, high in pairwise(RELIABILITY_EDGES):
        is_last = high == RELIABILITY_EDGES[-1]
        inside = [pair for pair in judged if low <= pair[0] < high or (is_last and pair[0] == high)]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), mean, sum(is_right for _, is_right in inside) / len(inside)))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean of |confidence - share right|, weighted by number; 0 if empty."""
    number = sum(bin_.number for bin_ in bins)
    return sum(bin_.number * abs(bin_.confidence - bin_.right) for bin_ in bins) / number if number else 0.0


# Read predictions


class _AlternativeJson(TypedDict):
    name: str
    confidence: float


class _SpeakerJson(TypedDict, total=False):
    name: str | None
    mention: list[int] | None
    mention_confidence: float
    alternatives: list[_AlternativeJson]


class _SaidJson(TypedDict, total=False):
    first: str | None
    last: str | None
    basis: str
    confidence: float | None


class _QuotationJson(TypedDict, total=False):
    parts: list[list[int]]
    speaker: _SpeakerJson | None
    said: _SaidJson | None
    confidence: float


class _PredictionJson(TypedDict):
    id: str
    quotations: list[_QuotationJson]


def read_predictions(lines: Iterable[str], gold: Iterable[GoldArticle]) -> dict[str, list[PredictedPart]]:
    """Return the predicted parts by article id, from the output of `quotetrack extract --jsonl`.

    An article that is not in `gold` gets an empty list. Raises GoldFormatError.
    """
    texts = {article.id: article.article.text for article in gold}
    return dict(read_lines(lines, "predictions", lambda line: _read_prediction(line, texts)))


def _read_prediction(line: str, texts: Mapping[str, str]) -> tuple[str, list[PredictedPart]]:
    """Return the article id and its parts; of two parts with the same bare characters the first."""
    row: _PredictionJson = json.loads(line)
    if row["id"] not in texts:
        return row["id"], []
    parts: dict[Span, PredictedPart] = {}
    for quotation in row["quotations"]:
        for start, end in quotation["parts"]:
            bare = bare_span(texts[row["id"]], Span(start, end))
            if bare is not None and bare not in parts:
                parts[bare] = _predicted_part(quotation, bare)
    return row["id"], list(parts.values())


def _predicted_part(quotation: _QuotationJson, bare: Span) -> PredictedPart:
    speaker, said = quotation.get("speaker") or _SpeakerJson(), quotation.get("said") or _SaidJson()
    mention, first, last = speaker.get("mention"), said.get("first"), said.get("last")
    name, confidence, alternatives = speaker.get("name"), quotation.get("confidence", 0.0), speaker.get("alternatives")
    likeliest = (name, confidence)
    if name is None and alternatives:
        likeliest = (alternatives[0]["name"], alternatives[0]["confidence"])
    return PredictedPart(
        bare=bare,
        name=name,
        likeliest=likeliest,
        mention=read_span(mention) if mention else None,
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
        claims_day=bool(first) and said.get("basis") != DateBasis.UNKNOWN,
        confidence=confidence,
        mention_confidence=speaker.get("mention_confidence", confidence),  # once there was one confidence
        day_confidence=said.get("confidence"),
    )


# Match predictions to annotated parts


def _match_article(gold: GoldArticle, predictions: Sequence[PredictedPart]) -> MatchedArticle:
    """Match greedily, the best agreement first; no part and no prediction is used twice.

    A part that the labels call no quotation counts neither way, as the excluded characters do.
    """
    parts = [part for part in gold.parts if part.is_quotation]
    excluded = [*gold.excluded, *(part.bare for part in gold.parts if not part.is_quotation)]
    pairs = []
    for i, part in enumerate(parts):
        for j, predicted in enumerate(predictions):
            agreement = intersection_over_union(part.bare, predicted.bare)
            if agreement >= SAME_PART:
                pairs.append((-agreement, i, j))
    match_of: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in match_of and j not in used:
            match_of[i] = j
            used.add(j)
    matches = tuple((part, predictions[match_of[i]] if i in match_of else None) for i, part in enumerate(parts))
    unmatched = tuple(
        predicted
        for j, predicted in enumerate(predictions)
        if j not in used and not is_inside(predicted.bare, excluded)
    )
    return MatchedArticle(gold, matches, unmatched)


# Judge one match


def _right_aspects(part: GoldPart, predicted: PredictedPart | None) -> dict[Aspect, bool]:
    """Return whether each annotated aspect of a part is right; all are wrong where no prediction matches."""
    is_right: dict[Aspect, bool] = {Aspect.SPAN: predicted is not None}
    if part.mentions:
        is_right[Aspect.MENTION] = predicted is not None and _is_mention_right(part, predicted)
    if part.label is not None:
        name = predicted.name if predicted is not None else None
        is_right[Aspect.SURNAME] = _is_name_right(part.label, name, with_first_name=False)
        is_right[Aspect.NAME] = _is_name_right(part.label, name, with_first_name=True)
    return is_right


def _is_mention_right(part: GoldPart, predicted: PredictedPart) -> bool:
    return predicted.mention is not None and any(predicted.mention.overlap(mention) for mention in part.mentions)


def _is_name_right(label: Label, name: str | None, *, with_first_name: bool) -> bool:
    """Compare a person by surname (and first name or initial), others by half of the words that count."""
    labelled, given = _name_words(label.name), _name_words(name or "")
    if not labelled or not given:
        return False
    if label.kind != PERSON:
        counting = set(labelled) - _FUNCTION_WORDS
        return bool(counting) and len(counting & set(given)) / len(counting) >= LEAST_NAME_OVERLAP
    return have_same_ends(labelled, given) if with_first_name else labelled[-1] == given[-1]


def _name_words(name: str) -> list[str]:
    words = (re.sub(r"[^\wà-ÿ]", "", re.sub(r"['’]s$", "", word).lower()) for word in name.split())
    return without_suffixes(filter(None, words))


def _is_day_right(label: Label, predicted: PredictedPart, published: date) -> bool:
    return label.is_day_right(predicted.first, predicted.last, published, is_claimed=predicted.claims_day)


# Count

_Counts = NDArray[np.int64]
RIGHT, WRONG, ANNOTATED = range(3)


def _figures_of_kind(matched: Sequence[MatchedArticle], kind: str, resamples: int) -> Figures:
    counts = np.array([_count(article, KINDS[kind]) for article in matched], dtype=np.int64)
    counts = counts.reshape(-1, len(Aspect), 3)
    total = counts.sum(axis=0)
    intervals = _intervals(counts, resamples) if resamples else {}
    days = _judged_days(matched, kind)
    return Figures(
        number=int(total[0, ANNOTATED]),
        measures={aspect: _measure(total[i], intervals.get(aspect)) for i, aspect in enumerate(Aspect)},
        dates=sum(day.is_right for day in days) / len(days) if days else None,
        single_days=_single_days(days) if days else None,
        by_basis=_count_by_basis(days),
    )


def _count(article: MatchedArticle, is_of_kind: Callable[[GoldPart], bool]) -> list[list[int]]:
    """Return the numbers of right, wrong and annotated parts for each aspect, shape (aspects, 3).

    A part without a matching prediction is annotated, but neither right nor wrong.
    """
    counts = {aspect: [0, 0, 0] for aspect in Aspect}
    for part, predicted in article.matches:
        if not is_of_kind(part):
            continue
        for aspect, is_right in _right_aspects(part, predicted).items():
            counts[aspect][RIGHT] += is_right
            counts[aspect][WRONG] += predicted is not None and not is_right
            counts[aspect][ANNOTATED] += 1
    unmatched = sum(_counts_for_kind(article, predicted, is_of_kind) for predicted in article.unmatched)
    for row in counts.values():
        row[WRONG] += unmatched
    return list(counts.values())


def _counts_for_kind(article: MatchedArticle, unmatched: PredictedPart, is_of_kind: Callable[[GoldPart], bool]) -> bool:
    """Return whether an unmatched prediction is an error of this kind.

    A prediction that shares half of the shorter span with annotated parts counts for their kinds only.
    """
    near = [
        part
        for part, _ in article.matches
        if unmatched.bare.overlap(part.bare) >= NEAR_SHARE * min(len(unmatched.bare), len(part.bare))
    ]
    return not near or any(is_of_kind(part) for part in near)


@dataclass(frozen=True, slots=True)
class _JudgedDay:
    """The day of a matched part, with the basis of the label."""

    predicted: PredictedPart
    basis: str
    is_right: bool  # exactly, as the scorer counts
    is_claim_right: bool  # one day exactly; of several days the right one is among them


def _judged_days(matched: Iterable[MatchedArticle], kind: str) -> list[_JudgedDay]:
    """Return the days of the matched parts of a kind that have a label; those of an undated article are not judged."""
    return [
        _judge_day(part.label, predicted, published)
        for article in matched
        if (published := article.gold.article.published_on) is not None
        for part, predicted in article.matches
        if predicted is not None and part.label is not None and KINDS[kind](part)
    ]


def _judge_day(label: Label, predicted: PredictedPart, published: date) -> _JudgedDay:
    is_right = _is_day_right(label, predicted, published)
    is_claim_right = is_right
    if predicted.first is not None and predicted.last is not None and not predicted.claims_single_day:
        is_claim_right = label.is_day_within(predicted.first, predicted.last, published)
    return _JudgedDay(predicted, _basis(label), is_right, is_claim_right)


def _single_days(days: Sequence[_JudgedDay]) -> SingleDays:
    claimed = [day for day in days if day.predicted.claims_single_day]
    right = sum(day.is_right for day in claimed)
    return SingleDays(right / len(claimed) if claimed else 0.0, len(claimed) / len(days))


def _count_by_basis(days: Iterable[_JudgedDay]) -> dict[str, tuple[int, int]]:
    """Return the number of right days, and of all days, by the basis of the label."""
    right: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for day in days:
        right[day.basis] += day.is_right
        number[day.basis] += 1
    return {basis: (right[basis], number[basis]) for basis in sorted(number)}


def _basis(label: Label) -> str:
    return label.basis if label.said_on else f"{label.basis} (undated)"


def _measure(counts: _Counts, interval: tuple[float, float] | None) -> Measure:
    right, wrong, annotated = (int(count) for count in counts)
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / annotated if annotated else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Measure(precision, recall, f1, interval)


def _intervals(counts: _Counts, resamples: int) -> dict[Aspect, tuple[float, float]]:
    """Return the 95 % interval of each F1 over resampled sets of articles.

    The draws are those of the gold data's scorer, so that the intervals agree with it. For that reason this is not
    `scipy.stats.bootstrap`, which draws others.
    """
    draw = random.Random(SEED)
    samples = [[draw.randrange(len(counts)) for _ in counts] for _ in range(resamples)]
    totals = [counts[sample].sum(axis=0) for sample in samples]
    low, high = int(0.025 * resamples), int(0.975 * resamples)
    intervals = {}
    for i, aspect in enumerate(Aspect):
        drawn = sorted(_measure(total[i], None).f1 for total in totals)
        intervals[aspect] = drawn[low], drawn[high]
    return intervals


# List the errors


def _mistakes_of_article(article: MatchedArticle) -> Iterator[Mistake]:
    for part, predicted in article.matches:
        if predicted is None:
            yield _mistake(article, "span missed", part.bare, _speaker_of(article.text, part))
        else:
            yield from _mistakes_of_part(article, part, predicted)
    for predicted in article.unmatched:
        yield _mistake(article, "span invented", predicted.bare, None, predicted.name, predicted)


def _mistakes_of_part(article: MatchedArticle, part: GoldPart, predicted: PredictedPart) -> Iterator[Mistake]:
    text, label, published = article.text, part.label, article.gold.article.published_on
    if part.mentions and not _is_mention_right(part, predicted):
        given = _with_place(text, predicted.mention) if predicted.mention else None
        expected = _with_place(text, _nearest_mention(part))
        category = f"wrong mention: {_wrong_mention(text, part, predicted)}"
        yield _mistake(article, category, part.bare, expected, given, predicted)
    if label is None:
        return
    if not _is_name_right(label, predicted.name, with_first_name=True):
        category = f"wrong name: {_wrong_name(text, part, label, predicted)}"
        yield _mistake(article, category, part.bare, label.name or None, predicted.name, predicted)
    if published is not None and not _is_day_right(label, predicted, published):
        category = f"wrong date: {_basis(label)}"
        yield _mistake(article, category, part.bare, label.said_on, _interval(predicted), predicted)


def _mistake(
    article: MatchedArticle,
    category: str,
    span: Span,
    expected: str | None,
    given: str | None = None,
    predicted: PredictedPart | None = None,
) -> Mistake:
    confidence = predicted.confidence if predicted else None
    return Mistake(category, article.gold.id, span, span.of(article.text), expected, given, confidence)


def _speaker_of(text: str, part: GoldPart) -> str | None:
    """Return the labelled name, else the mention as printed."""
    if part.label is not None and part.label.name:
        return part.label.name
    return _nearest_mention(part).of(text) if part.mentions else None


def _with_place(text: str, mention: Span) -> str:
    """Return the words of a mention with their place, since an article may say "he" more than once."""
    return f"{mention.of(text)} (at {mention.start})"


def _wrong_mention(text: str, part: GoldPart, predicted: PredictedPart) -> str:
    """Return where the right mention stands, compared with the one that was chosen."""
    right = _nearest_mention(part)
    if predicted.mention is None:
        return "none given"
    if right.of(text).lower() in _PRONOUNS:
        return "the right one is a pronoun"
    if "\n" in hull_of([right, part.bare]).of(text):
        return "the right one is in another paragraph"
    is_nearer = _gap(right, part.bare) < _gap(predicted.mention, part.bare)
    return "the right one is nearer" if is_nearer else "the right one is farther"


def _wrong_name(text: str, part: GoldPart, label: Label, predicted: PredictedPart) -> str:
    """Return what had to be resolved: for a person the form of the mention, for others their kind; or "unsure"."""
    if predicted.is_unsure:
        return "unsure"
    if part.mentions and not _is_mention_right(part, predicted):
        return "after a wrong mention"
    if label.kind != PERSON:
        return label.kind
    printed = (_nearest_mention(part) if part.mentions else predicted.mention or part.bare).of(text)
    if printed.lower() in _PRONOUNS:
        return "pronoun"
    return "surname" if set(_name_words(printed)) & set(_name_words(label.name)[-1:]) else "role"


def _nearest_mention(part: GoldPart) -> Span:
    return min(part.mentions, key=lambda mention: _gap(mention, part.bare))


def _gap(left: Span, right: Span) -> int:
    """Return the number of characters between two spans."""
    return max(0, left.start - right.end, right.start - left.end)


def _interval(predicted: PredictedPart) -> str | None:
    if predicted.first is None and predicted.last is None:
        return None
    return f"{predicted.first or ''}..{predicted.last or ''}"
