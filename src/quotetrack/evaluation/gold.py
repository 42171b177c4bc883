"""Read gold: annotated articles, with labels of their speakers and days.

A line of an articles file (JSONL) has `id`, `text`, `quotes`, and may have `date`, `title`, `url`, `outlet`, `author`,
`discard` and `ignore`. A quote has `start`, `end`, `kind` ("full" or "mixed"), `words` (their number), `group` (the
parts of one quotation share it) and `speaker_spans` (the places that mention the speaker). A line of a labels file says
who spoke and when, by `id` and `group`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from quotetrack.core.domain import Article, Span
from quotetrack.core.errors import QuotetrackError

SAME_PART = 0.8  # least intersection over union of the characters of two bare spans that are the same part
CORE_WORDS = 4  # least number of words of a core fragment; every full quotation is core
CORE_STATEMENT_WORDS = 5  # least number of words of a core statement
EXCLUDED_SHARE = 0.5  # least share of a span inside excluded characters that excludes the span
FRESH_NEWS = "implied_recent"  # basis of a label: said for this article, within the days up to publication
PERSON = "person"  # the kind of a speaker who has a first name and a surname

_OUTER_MARKS = " \t\n\r\"“”‘’'`,.;:!?…—–-„«»"
# Automatic names of these confidences are right for 95 % (high) and 88 % (medium).
_TRUSTED_CONFIDENCES = frozenset({"high", "medium"})
_DAYS_OF_FRESH_NEWS = timedelta(days=3)  # before publication
_DAY_AFTER_PUBLICATION = timedelta(days=1)


class GoldFormatError(QuotetrackError):
    """A line of gold, labels or predictions that does not have the documented format."""


@dataclass(frozen=True, slots=True)
class Label:
    """Who spoke and when, for one group of parts.

    `kind` is person, organisation, document, group or unnamed. `said_on` is "2016-09-12", "2016-09" or "2016", or None
    where the text does not say; `precision` is day, month, year, span or none. `until` is the last day of a span that
    begins on `said_on`. `is_quotation` is False where the words in marks are nobody's own words (a title, a scare
    quote). `also` are other names that are right: "Bruce" for Bruce Koch.
    """

    name: str
    kind: str
    said_on: str | None
    precision: str
    basis: str
    is_quotation: bool
    until: str | None = None
    also: tuple[str, ...] = ()

    def is_day_right(self, first: date | None, last: date | None, published: date | None, *, is_claimed: bool) -> bool:
        """Return whether an interval says exactly what the article says about the day, as the scorer counts.

        A stated day or span must be hit exactly; a month or year must hold the whole interval; fresh news was said from
        three days before publication to one day after. Where the article does not say, no day may be claimed.
        """
        if self.said_on is None:
            return not is_claimed
        if first is None or last is None:
            return False
        if self.basis == FRESH_NEWS:
            return published is not None and (
                published - _DAYS_OF_FRESH_NEWS <= first <= last <= published + _DAY_AFTER_PUBLICATION
            )
        if self.precision in ("day", "span"):
            return first.isoformat() == self.said_on and last.isoformat() == (self.until or self.said_on)
        return first.isoformat().startswith(self.said_on) and last.isoformat().startswith(self.said_on)

    def is_day_within(self, first: date, last: date, published: date) -> bool:
        """Return whether the day of the label lies within an interval: what a claim of several days says.

        Fresh news was said within the days up to publication. False where the article does not say.
        """
        if self.said_on is None:
            return False
        if self.basis == FRESH_NEWS:
            return first <= published and last >= published - _DAYS_OF_FRESH_NEWS
        return first.isoformat()[: len(self.said_on)] <= self.said_on <= last.isoformat()[: len(self.said_on)]


@dataclass(frozen=True, slots=True)
class GoldPart:
    """One annotated part of a quotation.

    `span` is as annotated, with its marks; `bare` has no marks, space or punctuation at its ends. `mentions` are the
    places that name the speaker. `guessed_name` is the full name of a person that a machine gave, right in nine of ten
    cases.
    """

    span: Span
    bare: Span
    group: str
    is_full: bool
    is_core: bool
    mentions: tuple[Span, ...]
    label: Label | None = None
    guessed_name: str | None = None

    @property
    def is_quotation(self) -> bool:
        """Whether the words are a quotation: True unless a label says otherwise."""
        return self.label is None or self.label.is_quotation


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its annotated parts, and the `excluded` characters that count neither way."""

    id: str
    article: Article
    parts: tuple[GoldPart, ...]
    excluded: tuple[Span, ...]

    def part_at(self, span: Span) -> GoldPart | None:
        """Return the annotated part that has the characters of `span`, or None."""
        bare = bare_span(self.article.text, span) or span
        return next((part for part in self.parts if is_same_part(part.bare, bare)), None)

    def is_excluded(self, span: Span) -> bool:
        """Return whether half of the characters lie inside one excluded span."""
        return is_inside(span, self.excluded)


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """One annotated attribution: what is said, by whom, and the words that report it, each as spans in order.

    `kind` is reported (no quotation marks), mixed or direct. `content` has no marks, space or punctuation at the ends
    of its spans. A core statement is a reported one of five words or more with source and cue.
    """

    kind: str
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    is_core: bool


def read_gold(lines: Iterable[str], labels: Iterable[str] = ()) -> list[GoldArticle]:
    """Return the articles of gold JSONL; each part carries the label of its group, if there is one.

    A part of nothing but marks and punctuation is left out. Raises GoldFormatError.
    """
    label_of = dict(read_lines(labels, "labels", _read_label))
    return list(read_lines(lines, "gold", lambda line: _read_article(line, label_of)))


def read_statements(articles: Iterable[GoldArticle], file: Path) -> dict[str, list[GoldStatement]]:
    """Return the annotated statements of some articles by their ids. Raises GoldFormatError and OSError."""
    texts = {gold.id: gold.article.text for gold in articles}

    def read_line(line: str) -> tuple[str, list[GoldStatement]]:
        row = json.loads(line)
        return row["id"], [_read_statement(entry, texts[row["id"]]) for entry in row["statements"] if entry["content"]]

    wanted = (line for line in file.read_text("utf-8").split("\n") if line and json.loads(line)["id"] in texts)
    return dict(read_lines(wanted, "statements", read_line))


def _read_statement(entry: Mapping[str, Any], text: str) -> GoldStatement:
    content, source, cue = (tuple(Span(*ends) for ends in entry[name]) for name in ("content", "source", "cue"))
    is_core = entry["kind"] == "reported" and entry["words"] >= CORE_STATEMENT_WORDS and bool(source) and bool(cue)
    bare = tuple(bare_span(text, span) or span for span in content)
    return GoldStatement(entry["kind"], bare, source, cue, is_core)


def read_gold_files(articles: Path, labels: Path | None = None) -> list[GoldArticle]:
    """Return the articles of a file, with the labels of another one. Raises GoldFormatError and OSError."""
    label_lines = labels.read_text("utf-8").split("\n") if labels else ()
    return read_gold(articles.read_text("utf-8").split("\n"), label_lines)


_Row = TypeVar("_Row")


def read_lines(lines: Iterable[str], name: str, read: Callable[[str], _Row]) -> Iterator[_Row]:
    """Yield what `read` makes of each line that is not blank; raises GoldFormatError with `name` and line number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = read(line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GoldFormatError(f"line {number} of the {name} is not what it should be: {error!r}") from error
        yield row


def bare_span(text: str, span: Span) -> Span | None:
    """Return the span without marks, space and punctuation at its ends; None where nothing is left.

    Raises ValueError when the span does not lie inside the text.
    """
    words = span.of(text)
    bare = words.strip(_OUTER_MARKS)
    start = span.start + len(words) - len(words.lstrip(_OUTER_MARKS))
    return Span(start, start + len(bare)) if bare else None


def intersection_over_union(left: Span, right: Span) -> float:
    """Return the share of their characters that two spans have in common, from 0 to 1."""
    common = left.overlap(right)
    return common / (len(left) + len(right) - common)


def is_same_part(left: Span, right: Span) -> bool:
    """Return whether two bare spans are the same part."""
    return intersection_over_union(left, right) >= SAME_PART


def is_inside(span: Span, excluded: Iterable[Span]) -> bool:
    """Return whether half of the characters of a span lie inside one of the excluded spans."""
    return any(span.overlap(other) >= EXCLUDED_SHARE * len(span) for other in excluded)


class SpanJson(TypedDict):
    """A span by name; files may also write it as a pair."""

    start: int
    end: int


class _QuoteJson(TypedDict):
    start: int
    end: int
    kind: str
    words: int
    group: str
    speaker_spans: list[list[int]]


class _ArticleJson(TypedDict, total=False):
    id: str
    text: str
    date: str
    url: str
    outlet: str
    title: str
    author: str
    quotes: list[_QuoteJson]
    discard: list[list[int] | SpanJson]
    ignore: list[list[int] | SpanJson]


class _LabelJson(TypedDict):
    id: str
    group: str
    speaker_name: str | None
    speaker_type: str | None
    said_on: str | None
    date_precision: str
    date_basis: str
    is_truly_quote: bool


def _read_label(line: str) -> tuple[tuple[str, str], Label]:
    """Return article id and group, and the label."""
    row: _LabelJson = json.loads(line)
    label = Label(
        name=row["speaker_name"] or "",
        kind=row["speaker_type"] or "",
        said_on=row["said_on"],
        precision=row["date_precision"],
        basis=row["date_basis"],
        is_quotation=row["is_truly_quote"],
    )
    return (row["id"], row["group"]), label


def _read_article(line: str, labels: Mapping[tuple[str, str], Label]) -> GoldArticle:
    row: _ArticleJson = json.loads(line)
    article = Article(
        url=row.get("url") or f"gold:{row['id']}",
        outlet=row.get("outlet") or "",
        text=row["text"],
        title=row.get("title"),
        published_at=date.fromisoformat(row["date"]) if row.get("date") else None,
        byline=row.get("author") or None,
        external_id=row["id"],
    )
    parts = [_read_part(row["text"], quote, labels.get((row["id"], quote["group"]))) for quote in row["quotes"]]
    excluded = [read_span(ends) for ends in (*row.get("discard", []), *row.get("ignore", []))]
    return GoldArticle(
        id=row["id"],
        article=article,
        parts=tuple(part for part in parts if part is not None),
        excluded=tuple(span for span in excluded if span is not None),
    )


def _read_part(text: str, quote: _QuoteJson, label: Label | None) -> GoldPart | None:
    """Return the part, or None where it is nothing but marks and punctuation."""
    span = Span(quote["start"], quote["end"])
    bare = bare_span(text, span)
    if bare is None:
        return None
    is_full = quote["kind"] == "full"
    return GoldPart(
        span=span,
        bare=bare,
        group=quote["group"],
        is_full=is_full,
        is_core=is_full or quote["words"] >= CORE_WORDS,
        mentions=tuple(mention for ends in quote["speaker_spans"] if (mention := read_span(ends))),
        label=label,
        guessed_name=_guessed_name(quote),
    )


def _guessed_name(quote: Mapping[str, object]) -> str | None:
    is_trusted = quote.get("canonical_conf") in _TRUSTED_CONFIDENCES and quote.get("canonical_type") == PERSON
    return str(quote["canonical"]) if is_trusted else None


def read_span(ends: Sequence[int] | SpanJson) -> Span | None:
    """Return the span that a file writes as a pair or by name; None where it is empty or begins before the text."""
    start, end = (ends["start"], ends["end"]) if isinstance(ends, dict) else ends
    return Span(start, end) if 0 <= start < end else None
