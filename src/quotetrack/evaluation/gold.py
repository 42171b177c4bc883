"""The annotated articles, read as articles, with what the annotators found at each quoted part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from csv import DictReader
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from quotetrack.core.domain import Article, Span
from quotetrack.core.normalize import sha256

# A part is the annotated one when it covers it with this intersection over union, as the scorer counts.
SAME_PART = 0.8
# Automatic names: right for 95 and 88 of a hundred.
_TRUSTED = frozenset({"high", "medium"})
# The reading model is fitted on all articles of train but one in so many.
HELD_OUT = 8
# Days that a language model read of the other articles of train, as docs/decisions/0008 tells; articles by hash.
DAYS_READ = Path(__file__).with_name("days_read.tsv")
_PRECISIONS = {1: "none", 4: "year", 7: "month", 10: "day"}
_STRIPPED = " \t\n\r\"“”‘’'`,.;:!?…—–-„«»"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person read of one group: name and kind of the speaker, the day as "2016-09-12", "2016-09" or "2016"."""

    name: str
    kind: str  # person, organisation, document, group, unnamed
    said_on: str | None
    precision: str
    basis: str
    is_quotation: bool


@dataclass(frozen=True, slots=True)
class GoldPart:
    """One annotated part: where it stands, where its speaker is mentioned, and the label of its group if one was read.

    `guessed` is the full name of a person that a machine gave, where it is right for nine in ten.
    """

    span: Span
    is_core: bool
    mentions: tuple[Span, ...]
    label: Label | None
    guessed: str | None = None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article, its annotated parts, and the stretches that the annotators passed over."""

    id: str
    article: Article
    parts: list[GoldPart]
    passed_over: list[Span]

    def part_at(self, span: Span) -> GoldPart | None:
        """The annotated part that these characters are."""
        here = _stripped(self.article.text, span)
        return next((part for part in self.parts if _same(_stripped(self.article.text, part.span), here)), None)

    def is_passed_over(self, span: Span) -> bool:
        """Whether half of the characters lie where nobody annotated."""
        return any(span.overlap(other) >= 0.5 * len(span) for other in self.passed_over)


def _label(row: dict[str, Any]) -> Label:
    return Label(
        name=row["speaker_name"] or "",
        kind=row["speaker_type"] or "",
        said_on=row["said_on"],
        precision=row["date_precision"],
        basis=row["date_basis"],
        is_quotation=row["is_truly_quote"],
    )


def days_read() -> dict[tuple[str, str], Label]:
    """The labels of `days_read.tsv` by article (see `hash_of`) and group; they name no speaker."""
    with DAYS_READ.open(encoding="utf-8", newline="") as lines:
        return {
            (row["article"], row["group"]): Label(
                name="",
                kind="",
                said_on=None if row["said_on"] == "-" else row["said_on"],
                precision=_PRECISIONS[len(row["said_on"])],
                basis=row["basis"],
                is_quotation=row["basis"] != "not_quote",
            )
            for row in DictReader(lines, delimiter="\t")
        }


def hash_of(article_id: str) -> str:
    """What stands for an article in our own files: an id holds the words of a title."""
    return sha256(article_id)[:12]


def read_gold(
    folder: Path, name: str, labels: str | None = None, more: Mapping[tuple[str, str], Label] = MappingProxyType({})
) -> Iterator[GoldArticle]:
    """The articles of `<name>.jsonl` in the folder; with `labels`, each group carries the line of that file.

    A group that has none there carries its label of `more`, which has articles by hash.
    """
    told = {}
    if labels is not None:
        told = {(row["id"], row["group"]): _label(row) for row in _rows(folder / f"{labels}.jsonl")}
    for row in _rows(folder / f"{name}.jsonl"):
        article = Article(
            url=f"gold:{row['id']}",
            outlet=row["outlet"],
            text=row["text"],
            title=row["title"],
            published_at=date.fromisoformat(row["published"][:10]),
            byline=row["author"],
            external_id=row["id"],
        )
        parts = [
            GoldPart(
                Span(q["start"], q["end"]),
                q["kind"] == "full" or q["words"] >= 4,
                tuple(Span(*span) for span in q["speaker_spans"]),
                told.get((row["id"], q["group"])) or more.get((hash_of(row["id"]), q["group"])),
                _guessed(q),
            )
            for q in row["quotes"]
        ]
        passed = [
            Span(*x) if isinstance(x, list) else Span(x["start"], x["end"]) for x in row["discard"] + row["ignore"]
        ]
        yield GoldArticle(row["id"], article, parts, passed)


def _guessed(row: dict[str, Any]) -> str | None:
    is_trusted = row.get("canonical_conf") in _TRUSTED and row.get("canonical_type") == "person"
    return row["canonical"] if is_trusted else None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _stripped(text: str, span: Span) -> Span:
    words = span.of(text)
    inner = words.strip(_STRIPPED) or words
    start = span.start + words.index(inner)
    return Span(start, start + len(inner))


def _same(one: Span, other: Span) -> bool:
    common = one.overlap(other)
    return common >= SAME_PART * (len(one) + len(other) - common)


def articles_in_folds(ids: Sequence[str], number: int) -> dict[str, int]:
    """The fold of each article: the same id is always in the same fold."""
    return {key: index % number for index, key in enumerate(sorted(set(ids)))}


def held_out(ids: Iterable[str]) -> set[str]:
    """The articles that the reading model has not seen: how far to believe it is fitted on them."""
    return {key for index, key in enumerate(sorted(ids)) if index % HELD_OUT == 0}
