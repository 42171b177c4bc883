"""The cases: small invented articles with their right reading, and our extraction of them.

A line of `articles.jsonl` has the `article`, the `area` of the language that it tries (pronouns, titles, dates ...),
and every quotation that a careful reader would list, as `expected`: its `words`, the `speakers` of which any is right,
and the days of which any is right (`said`: pairs of first and last day; null where the day is not judged).

The cases are no sample of news. Where something failed, more of the same kind was tried: shares of them say how a
change moves, not how good extraction is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from quotetrack.core.domain import Article, Failure, Quotation

ARTICLES = Path(__file__).with_name("articles.jsonl")

Days = tuple[str | None, str | None]  # first and last day, each as "2026-03-09"; None where open


@dataclass(frozen=True, slots=True)
class ExpectedQuotation:
    """One quotation: its words, the speakers that are right, and the days that are right (empty: not judged)."""

    words: str
    speakers: tuple[str, ...]
    days: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One article, as a line that `extract --jsonl` reads, and all its quotations."""

    id: str
    area: str
    article_line: str
    expected: tuple[ExpectedQuotation, ...]


def read_cases(path: Path = ARTICLES) -> list[Case]:
    """Return the cases in the order of the file."""
    return [_read_case(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]


def extract_articles(article_lines: Iterable[str], name: str) -> Iterator[tuple[Article, list[Quotation]]]:
    """Yield each article with its quotations, in order; raises RuntimeError where an article cannot be read."""
    from quotetrack.core.settings import Settings
    from quotetrack.ingest.outlets import load_outlets
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import load_language
    from quotetrack.pipeline.standalone import ExtractionSetup, extract_lines

    setup = ExtractionSetup(load_language(Settings().spacy_model), load_outlets(), load_pointer())
    stream = BytesIO("".join(f"{line}\n" for line in article_lines).encode())
    for extracted in extract_lines(stream, name, setup):
        if isinstance(extracted, Failure):
            raise RuntimeError(f"{extracted.where}: {extracted.reason}")
        yield extracted.article, extracted.quotations


def _read_case(row: dict[str, Any]) -> Case:
    expected = tuple(
        ExpectedQuotation(
            words=quotation["words"],
            speakers=tuple(quotation["speakers"]),
            days=tuple((first, last) for first, last in quotation["said"] or ()),
        )
        for quotation in row["expected"]
    )
    return Case(row["id"], row["area"], json.dumps(row["article"]), expected)
