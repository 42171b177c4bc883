"""How right are the quotations? Predictions beside annotated articles: figures, errors by category, reliability.

A part is found when its characters agree with an annotated part's; whose it is, under which name and when said count
only then. The figures are those of the measuring data's own `score.py`, number for number.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import DateBasis, Span, hull_of
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import have_same_ends, without_suffixes
from quotetrack.lang.en.words import SMALL_WORDS_OF_ORGANISATIONS

SAME_PART = 0.8  # intersection over union of the characters, marks and outer punctuation aside
CORE_WORDS = 4  # a fragment of so many words is core, as every full quotation
RESAMPLED = 500  # times, for the 95 % intervals of core
SEED = 1
# Edges of the reliability table: narrow where most confidences are.
EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)

PERSON = "person"  # the type of a speaker who has a first name and a surname
_OUTER = " \t\n\r\"“”‘’'`,.;:!?…—–-„«»"
_PRONOUNS = frozenset(
    {"he", "she", "they", "who", "it", "i", "we", "you", "him", "her", "them", "one", "that", "which"}
)
_RECENT_DAYS = timedelta(days=3)  # before publication, in which fresh news was said
_DAY_AFTER = timedelta(days=1)


class GoldFormatError(QuotetrackError):
    """A line of gold, labels or predictions that is not what the format says."""


class Measured(StrEnum):
    """What is counted of each part."""

    SPAN = "span"
    MENTION = "mention"
    SURNAME = "surname"
    NAME = "name"


# The nouns


@dataclass(frozen=True, slots=True)
class Label:
    """Who spoke and when, as a person read it; `said_on` is a day, month or year, None where the text tells none."""

    name: str
    type: str
    said_on: str | None
    precision: str
    basis: str


@dataclass(frozen=True, slots=True)
class GoldPart:
    """An annotated part without its marks; `mentions` are the places that name its speaker."""

    span: Span
    is_full: bool
    is_core: bool
    mentions: tuple[Span, ...]
    label: Label | None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An annotated article; what is predicted in `passed_over` counts neither way."""

    id: str
    text: str
    published: date | None
    parts: tuple[GoldPart, ...]
    passed_over: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Predicted:
    """One part as an extractor gave it, without its marks, with the speaker and the day of its quotation.

    `claims_a_day`: a first day is given, and not called unknown.
    """

    span: Span
    name: str | None
    mention: Span | None
    first: date | None
    last: date | None
    claims_a_day: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """An article with what was found: each annotated part with its prediction, and the predictions that are none."""

    article: GoldArticle
    parts: tuple[tuple[GoldPart, Predicted | None], ...]
    invented: tuple[Predicted, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Precision, recall and F1 as shares of one, and the 95 % interval of F1 by resampling articles."""

    precision: float
    recall: float
    f1: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one kind of parts: `dates` the share right (None: no labels), `by_basis` the right and all."""

    number: int
    measures: Mapping[Measured, Measure]
    dates: float | None
    by_basis: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error: where, what was there, what was given instead; None is nothing."""

    category: str
    article: str
    span: Span
    words: str
    expected: str | None
    given: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences from `low` up to below `high` (the last bin has both): how many, their mean, and the share right."""

    low: float
    high: float
    number: int
    confidence: float
    right: float


KINDS: Mapping[str, Callable[[GoldPart], bool]] = {
    "all": lambda part: True,
    "core": lambda part: part.is_core,
    "full": lambda part: part.is_full,
    "mixed": lambda part: not part.is_full,
}
CORE = "core"


# What is asked


def judge(gold: Sequence[GoldArticle], predictions: Mapping[str, Sequence[Predicted]]) -> list[ScoredArticle]:
    """Each article with its predictions beside the annotated parts; one without a prediction is found empty."""
    return [_judged(article, predictions.get(article.id, ())) for article in gold]


def figures(judged: Sequence[ScoredArticle], *, resampled: int = RESAMPLED) -> dict[str, Figures]:
    """The figures by kind; those of core with intervals, where `resampled` is not 0."""
    return {kind: _figures(judged, kind, resampled if kind == CORE else 0) for kind in KINDS}


def mistakes(judged: Iterable[ScoredArticle]) -> dict[str, list[Mistake]]:
    """Every error by its category, in order of the categories' names and of the articles."""
    found: defaultdict[str, list[Mistake]] = defaultdict(list)
    for one in judged:
        for mistake in _mistakes(one):
            found[mistake.category].append(mistake)
    return dict(sorted(found.items()))


def reliability(judged: Iterable[ScoredArticle]) -> list[Bin]:
    """How often the mention is right by how sure the prediction is, over the found parts that have a speaker."""
    told = [
        (predicted.confidence, _is_mentioned(part, predicted))
        for one in judged
        for part, predicted in one.parts
        if predicted is not None and part.mentions
    ]
    bins = []
    for low, high in pairwise(EDGES):
        inside = [(sure, right) for sure, right in told if low <= sure < high or sure == high == EDGES[-1]]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), mean, sum(right for _, right in inside) / len(inside)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance of confidence and share right, each bin by its number (ECE); 0 for no bins."""
    number = sum(one.number for one in bins)
    return sum(one.number * abs(one.confidence - one.right) for one in bins) / number if number else 0.0


# Reading


class _Quote(TypedDict):
    start: int
    end: int
    kind: str
    words: int
    group: str
    speaker_spans: list[list[int]]


class _Ends(TypedDict):
    start: int
    end: int


class _GoldJson(TypedDict, total=False):
    id: str
    text: str
    date: str
    quotes: list[_Quote]
    discard: list[list[int] | _Ends]
    ignore: list[list[int] | _Ends]


class _LabelJson(TypedDict):
    id: str
    group: str
    speaker_name: str | None
    speaker_type: str
    said_on: str | None
    date_precision: str
    date_basis: str
    is_truly_quote: bool


class _SpeakerJson(TypedDict, total=False):
    name: str | None
    mention: list[int] | None


class _SaidJson(TypedDict, total=False):
    first: str | None
    last: str | None
    basis: str


class _QuotationJson(TypedDict, total=False):
    parts: list[list[int]]
    speaker: _SpeakerJson | None
    said: _SaidJson | None
    confidence: float


class _PredictionJson(TypedDict):
    id: str
    quotations: list[_QuotationJson]


_Row = TypeVar("_Row")


def read_gold(lines: Iterable[str], labels: Iterable[str] = ()) -> list[GoldArticle]:
    """The articles of gold JSONL, with the lines of a file of labels beside; raises GoldFormatError.

    What the labels say is nobody's quotation counts neither way.
    """
    told = {(label["id"], label["group"]): label for label in _each(labels, "labels", _label_row)}
    return list(_each(lines, "gold", lambda line: _gold_article(line, told)))


def read_predictions(lines: Iterable[str], gold: Iterable[GoldArticle]) -> dict[str, list[Predicted]]:
    """The parts of each article by its id, from what `quotetrack extract --jsonl` prints; raises GoldFormatError.

    An article that `gold` does not have gets none.
    """
    texts = {article.id: article.text for article in gold}
    return dict(_each(lines, "predictions", lambda line: _prediction(line, texts)))


def _each(lines: Iterable[str], what: str, read: Callable[[str], _Row]) -> Iterator[_Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = read(line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GoldFormatError(f"line {number} of the {what} is not what it should be: {error!r}") from error
        yield row


def _label_row(line: str) -> _LabelJson:
    row: _LabelJson = json.loads(line)
    return row


def _gold_article(line: str, labels: Mapping[tuple[str, str], _LabelJson]) -> GoldArticle:
    row: _GoldJson = json.loads(line)
    text, parts = row["text"], []
    passed_over = [span for ends in (*row.get("discard", []), *row.get("ignore", [])) if (span := _span(ends))]
    for quote in row["quotes"]:
        span = _bare(text, quote["start"], quote["end"])
        label = labels.get((row["id"], quote["group"]))
        if span is None:
            continue
        if label is not None and not label["is_truly_quote"]:
            passed_over.append(span)
        else:
            parts.append(_gold_part(quote, span, label))
    published = date.fromisoformat(row["date"]) if row.get("date") else None
    return GoldArticle(row["id"], text, published, tuple(parts), tuple(passed_over))


def _gold_part(quote: _Quote, span: Span, label: _LabelJson | None) -> GoldPart:
    is_full = quote["kind"] == "full"
    mentions = tuple(mention for ends in quote["speaker_spans"] if (mention := _span(ends)))
    return GoldPart(span, is_full, is_full or quote["words"] >= CORE_WORDS, mentions, _label(label) if label else None)


def _label(row: _LabelJson) -> Label:
    return Label(
        name=row["speaker_name"] or "",
        type=row["speaker_type"],
        said_on=row["said_on"],
        precision=row["date_precision"],
        basis=row["date_basis"],
    )


def _prediction(line: str, texts: Mapping[str, str]) -> tuple[str, list[Predicted]]:
    """The id and the parts, each once; none where there is no such article."""
    row: _PredictionJson = json.loads(line)
    text = texts.get(row["id"])
    parts: dict[Span, Predicted] = {}
    for quotation in row["quotations"] if text is not None else []:
        for start, end in quotation["parts"]:
            span = _bare(text or "", start, end)
            if span is not None and span not in parts:
                parts[span] = _predicted(quotation, span)
    return row["id"], list(parts.values())


def _predicted(quotation: _QuotationJson, span: Span) -> Predicted:
    speaker, said = quotation.get("speaker") or _SpeakerJson(), quotation.get("said") or _SaidJson()
    mention, first, last = speaker.get("mention"), said.get("first"), said.get("last")
    return Predicted(
        span=span,
        name=speaker.get("name"),
        mention=_span(mention) if mention else None,
        first=date.fromisoformat(first) if first else None,
        last=date.fromisoformat(last) if last else None,
        claims_a_day=bool(first) and said.get("basis") != DateBasis.UNKNOWN,
        confidence=quotation.get("confidence", 0.0),
    )


def _span(ends: Sequence[int] | _Ends) -> Span | None:
    """The characters, which may be written as a pair or by name; None where there are none."""
    start, end = (ends["start"], ends["end"]) if isinstance(ends, dict) else ends
    return Span(start, end) if 0 <= start < end else None


def _bare(text: str, start: int, end: int) -> Span | None:
    """The span without marks and punctuation at its ends; None where nothing is left. Raises ValueError."""
    words = Span(start, end).of(text)
    bare = words.strip(_OUTER)
    first = start + len(words) - len(words.lstrip(_OUTER))
    return Span(first, first + len(bare)) if bare else None


# Which prediction is which annotated part


def _judged(article: GoldArticle, predicted: Sequence[Predicted]) -> ScoredArticle:
    """The best agreeing pairs first, each part and each prediction in one pair at most."""
    pairs = sorted(
        (
            (-_agreement(part.span, one.span), i, j)
            for i, part in enumerate(article.parts)
            for j, one in enumerate(predicted)
        ),
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for agreement, i, j in pairs:
        if -agreement >= SAME_PART and i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    parts = tuple((part, predicted[found[i]] if i in found else None) for i, part in enumerate(article.parts))
    rest = (one for j, one in enumerate(predicted) if j not in taken)
    return ScoredArticle(article, parts, tuple(one for one in rest if not _is_passed_over(article, one)))


def _agreement(one: Span, other: Span) -> float:
    common = one.overlap(other)
    return common / (len(one) + len(other) - common)


def _is_passed_over(article: GoldArticle, predicted: Predicted) -> bool:
    return any(predicted.span.overlap(span) >= 0.5 * len(predicted.span) for span in article.passed_over)


# What is right


def _verdicts(part: GoldPart, predicted: Predicted | None) -> dict[Measured, bool]:
    """Whether each thing that is annotated of a part is right; nothing is where the part was not found."""
    asked = {Measured.SPAN: True, Measured.MENTION: bool(part.mentions)}
    asked |= dict.fromkeys((Measured.SURNAME, Measured.NAME), part.label is not None)
    if predicted is None:
        return {what: False for what in Measured if asked[what]}
    right = {Measured.SPAN: True, Measured.MENTION: _is_mentioned(part, predicted)}
    if part.label is not None:
        right[Measured.SURNAME] = _is_named(part.label, predicted.name, first_name=False)
        right[Measured.NAME] = _is_named(part.label, predicted.name, first_name=True)
    return {what: right[what] for what in Measured if asked[what]}


def _is_mentioned(part: GoldPart, predicted: Predicted) -> bool:
    return predicted.mention is not None and any(predicted.mention.overlap(span) for span in part.mentions)


def _is_named(label: Label, name: str | None, *, first_name: bool) -> bool:
    """A person by the last word, and by the first one or its initial; others by half of their words."""
    wanted, given = _name_words(label.name), _name_words(name or "")
    if not wanted or not given:
        return False
    if label.type != PERSON:
        telling = set(wanted) - SMALL_WORDS_OF_ORGANISATIONS
        return bool(telling) and len(telling & set(given)) / len(telling) >= 0.5
    return have_same_ends(wanted, given) if first_name else wanted[-1] == given[-1]


def _name_words(name: str) -> list[str]:
    words = (re.sub(r"[^\wà-ÿ]", "", re.sub(r"['’]s$", "", word).lower()) for word in name.split())
    return without_suffixes(filter(None, words))


def _is_dated(label: Label, predicted: Predicted, published: date | None) -> bool:
    """What the article tells, no more and no less: the day, within the month or year, the fresh news, or nothing."""
    first, last = predicted.first, predicted.last
    if label.said_on is None:
        return not predicted.claims_a_day
    if first is None or last is None:
        return False
    if label.basis == "implied_recent":
        return published is not None and published - _RECENT_DAYS <= first <= last <= published + _DAY_AFTER
    if label.precision == "day":
        return first.isoformat() == last.isoformat() == label.said_on
    return first.isoformat().startswith(label.said_on) and last.isoformat().startswith(label.said_on)


# Counting

_Counts = NDArray[np.int64]
RIGHT, WRONG, ANNOTATED = range(3)


def _figures(judged: Sequence[ScoredArticle], kind: str, resampled: int) -> Figures:
    counts = np.array([_counted(one, KINDS[kind]) for one in judged], dtype=np.int64).reshape(-1, len(Measured), 3)
    total = counts.sum(axis=0)
    intervals = _intervals(counts, resampled) if resampled else {}
    by_basis = _dated(judged, KINDS[kind])
    dated = sum(number for _, number in by_basis.values())
    return Figures(
        number=int(total[0, ANNOTATED]),
        measures={what: _measure(total[i], intervals.get(what)) for i, what in enumerate(Measured)},
        dates=sum(right for right, _ in by_basis.values()) / dated if dated else None,
        by_basis=by_basis,
    )


def _counted(judged: ScoredArticle, wanted: Callable[[GoldPart], bool]) -> list[list[int]]:
    """Right, wrong and annotated, for each `Measured`: a part that was not found is neither right nor wrong."""
    counts = {what: [0, 0, 0] for what in Measured}
    for part, predicted in judged.parts:
        for what, is_right in _verdicts(part, predicted).items() if wanted(part) else ():
            counts[what][RIGHT] += is_right
            counts[what][WRONG] += predicted is not None and not is_right
            counts[what][ANNOTATED] += 1
    for row in counts.values():
        row[WRONG] += sum(_counts_for(judged.article, one, wanted) for one in judged.invented)
    return list(counts.values())


def _counts_for(article: GoldArticle, invented: Predicted, wanted: Callable[[GoldPart], bool]) -> bool:
    """Whether an invented part counts for a kind: those that half agree with annotated parts only for theirs."""
    near = [
        part
        for part in article.parts
        if invented.span.overlap(part.span) >= 0.5 * min(len(invented.span), len(part.span))
    ]
    return not near or any(wanted(part) for part in near)


def _dated(judged: Iterable[ScoredArticle], wanted: Callable[[GoldPart], bool]) -> dict[str, tuple[int, int]]:
    """By the basis of the label: how many days are right, and how many there are."""
    right: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for one in judged:
        for part, predicted in one.parts:
            if predicted is not None and part.label is not None and wanted(part):
                right[_basis(part.label)] += _is_dated(part.label, predicted, one.article.published)
                number[_basis(part.label)] += 1
    return {basis: (right[basis], number[basis]) for basis in sorted(number)}


def _basis(label: Label) -> str:
    return label.basis if label.said_on else f"{label.basis} (undated)"


def _measure(counts: _Counts, interval: tuple[float, float] | None) -> Measure:
    right, wrong, annotated = (int(count) for count in counts)
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / annotated if annotated else 0.0
    return Measure(precision, recall, _f1(precision, recall), interval)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _intervals(counts: _Counts, resampled: int) -> dict[Measured, tuple[float, float]]:
    """The 95 % intervals of F1 when so many sets of articles are drawn; the same ones each time."""
    draw = random.Random(SEED)
    samples = [[draw.randrange(len(counts)) for _ in counts] for _ in range(resampled)]
    totals = [counts[sample].sum(axis=0) for sample in samples]
    low, high = int(0.025 * resampled), int(0.975 * resampled)
    intervals = {}
    for i, what in enumerate(Measured):
        drawn = sorted(_measure(total[i], None).f1 for total in totals)
        intervals[what] = drawn[low], drawn[high]
    return intervals


# Errors


def _mistakes(judged: ScoredArticle) -> Iterator[Mistake]:
    article = judged.article

    def mistake(
        category: str, one: GoldPart | Predicted, expected: str | None, given: Predicted | None, what: str | None
    ) -> Mistake:
        words = one.span.of(article.text)
        return Mistake(category, article.id, one.span, words, expected, what, given.confidence if given else None)

    for part, predicted in judged.parts:
        if predicted is None:
            yield mistake("span missed", part, _speaker(article.text, part), None, None)
            continue
        if part.mentions and not _is_mentioned(part, predicted):
            given = _printed(article.text, predicted.mention) if predicted.mention else None
            kind = f"wrong mention: {_wrong_mention(article.text, part, predicted)}"
            yield mistake(kind, part, _printed(article.text, _nearest(part)), predicted, given)
        if part.label is not None and not _is_named(part.label, predicted.name, first_name=True):
            kind = f"wrong name: {_wrong_name(article.text, part, part.label, predicted)}"
            yield mistake(kind, part, part.label.name or None, predicted, predicted.name)
        if part.label is not None and not _is_dated(part.label, predicted, article.published):
            kind = f"wrong date: {_basis(part.label)}"
            yield mistake(kind, part, part.label.said_on, predicted, _interval(predicted))
    for one in judged.invented:
        yield mistake("span invented", one, None, one, one.name)


def _speaker(text: str, part: GoldPart) -> str | None:
    """Who spoke, by the label, else as printed."""
    if part.label is not None and part.label.name:
        return part.label.name
    return _nearest(part).of(text) if part.mentions else None


def _printed(text: str, mention: Span) -> str:
    """The words and where they stand: one "he" is not the other."""
    return f"{mention.of(text)} (at {mention.start})"


def _wrong_mention(text: str, part: GoldPart, predicted: Predicted) -> str:
    """What the right mention is that was not chosen: where it stands beside the one that was."""
    right = _nearest(part)
    if predicted.mention is None:
        return "none given"
    if right.of(text).lower() in _PRONOUNS:
        return "the right one is a pronoun"
    if "\n" in hull_of([right, part.span]).of(text):
        return "the right one is in another paragraph"
    is_nearer = _gap(right, part.span) < _gap(predicted.mention, part.span)
    return "the right one is nearer" if is_nearer else "the right one is farther"


def _wrong_name(text: str, part: GoldPart, label: Label, predicted: Predicted) -> str:
    """What had to be resolved: of a person the form of the mention, of others what they are."""
    if part.mentions and not _is_mentioned(part, predicted):
        return "after a wrong mention"
    if label.type != PERSON:
        return label.type
    printed = (_nearest(part) if part.mentions else predicted.mention or part.span).of(text)
    if printed.lower() in _PRONOUNS:
        return "pronoun"
    return "surname" if set(_name_words(printed)) & set(_name_words(label.name)[-1:]) else "role"


def _nearest(part: GoldPart) -> Span:
    return min(part.mentions, key=lambda mention: _gap(mention, part.span))


def _gap(one: Span, other: Span) -> int:
    """Characters between two spans."""
    return max(0, one.start - other.end, other.start - one.end)


def _interval(predicted: Predicted) -> str | None:
    if predicted.first is None and predicted.last is None:
        return None
    return f"{predicted.first or ''}..{predicted.last or ''}"
