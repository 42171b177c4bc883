"""Extraction measured on gold: articles in, the figures of `score.py` out."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NotRequired, TypeAlias, TypedDict

from quotetrack.core.domain import Article, Quotation, Span

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("QUOTETRACK_SHARED") or ROOT.parent / "shared").resolve()
GOLD = SHARED / "gold"

KIND = "core"  # full quotations and fragments of four words or more: the figure to watch
SCORED = ("span", "mention", "surname", "name")
RESAMPLED = 500  # times, for the 95 % intervals of the report; the gate needs none
SEED = 1  # of the sample of train articles: the same in every run

Row: TypeAlias = "dict[str, Json]"
Json: TypeAlias = "bool | int | float | str | list[Json] | Row | None"
Figures: TypeAlias = dict[str, float]  # name of a figure -> per cent
Readings: TypeAlias = list[tuple[Article, list[Quotation]]]


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Annotated articles and the labels of their speakers and days; `name` is the key in baseline.json."""

    name: str
    articles: Path
    labels: Path


DEV = GoldSet("quotations_dev", GOLD / "quotations_dev.jsonl", GOLD / "speakers_dates_dev.jsonl")
PAGES = GoldSet("quotations_pages_dev", GOLD / "quotations_pages_dev.jsonl", GOLD / "labels_pages_dev.jsonl")
TRAIN = GoldSet("train", GOLD / "quotations_train.jsonl", GOLD / "speakers_dates_train.jsonl")

PINNED_SETS = (DEV, PAGES)
YARDSTICK = GOLD / "score.py"


class Measure(TypedDict):
    """One entry of what `score.py` writes: shares of 1."""

    p: float
    r: float
    f1: float
    ci95: NotRequired[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one set, in per cent, and the 95 % intervals of those that have one."""

    figures: Figures
    intervals: Mapping[str, tuple[float, float]]


def gold_articles(gold: GoldSet) -> list[Row]:
    """The rows of a set, in the order of the file."""
    return _rows(gold.articles)


def a_labelled_sample(gold: GoldSet, size: int) -> list[Row]:
    """So many of the articles that have labels, the same ones each time; all where there are no more."""
    labelled = {row["id"] for row in _rows(gold.labels)}
    rows = [row for row in gold_articles(gold) if row["id"] in labelled]
    return random.Random(SEED).sample(rows, min(size, len(rows)))


def article_of(row: Row) -> Article:
    """The article of a gold row, with no more than an outlet would print."""
    return Article(
        url=str(row["url"]),
        outlet=str(row["outlet"]),
        text=str(row["text"]),
        title=str(row["title"]),
        published_at=date.fromisoformat(str(row["date"])),
        byline=str(row["author"]) if row["author"] else None,
        external_id=str(row["id"]),
    )


def read_all(rows: Iterable[Row]) -> Readings:
    """Each article with what we extract from it."""
    from quotetrack.core.settings import Settings
    from quotetrack.extract.extractor import extract
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import load_language

    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    return [(article, extract(article, nlp, encoder)) for article in map(article_of, rows)]


def score(rows: Sequence[Row], gold: GoldSet, readings: Readings, resampled: int = 0) -> Score:
    """What `score.py` says of the readings of these rows; raises CalledProcessError where it refuses them."""
    with TemporaryDirectory() as folder:
        articles, predicted, out = (Path(folder, name) for name in ("gold.jsonl", "predicted.jsonl", "score.json"))
        _write_rows(articles, rows)
        _write_rows(predicted, (_extract_line(article, quotations) for article, quotations in readings))
        command = [sys.executable, str(YARDSTICK), "quotations", str(articles), str(predicted)]
        options = ["--labels", str(gold.labels), "--json", str(out), "--bootstrap", str(resampled)]
        subprocess.run([*command, *options], check=True, capture_output=True)
        entry = json.loads(out.read_text("utf-8"))[KIND]
    return _score({what: entry[what] for what in SCORED}, entry["date"])


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _write_rows(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


def _extract_line(article: Article, quotations: Iterable[Quotation]) -> Row:
    """The line that `quotetrack extract --jsonl` prints, as far as `score.py` reads it."""
    return {"id": article.external_id, "quotations": [_quotation(quotation) for quotation in quotations]}


def _quotation(quotation: Quotation) -> Row:
    said, attribution = quotation.said, quotation.attribution
    return {
        "parts": [_pair(part) for part in quotation.parts],
        "speaker": {
            "name": attribution.name if attribution else None,
            "mention": _pair(attribution.mention) if attribution and attribution.mention else None,
        },
        "said": {
            "first": said.first.isoformat() if said.first else None,
            "last": said.last.isoformat() if said.last else None,
            "basis": said.basis.value,
        },
    }


def _pair(span: Span) -> Json:
    return [span.start, span.end]


def _score(measures: Mapping[str, Measure], days_right: float) -> Score:
    """From the shares of `score.py` to per cent."""
    shares = {"span_p": measures["span"]["p"], "span_r": measures["span"]["r"]}
    shares |= {f"{what}_f1": measure["f1"] for what, measure in measures.items()}
    shares["date"] = days_right
    intervals = {f"{what}_f1": measure["ci95"] for what, measure in measures.items() if "ci95" in measure}
    return Score(
        {figure: round(100 * share, 2) for figure, share in shares.items()},
        {figure: (100 * low, 100 * high) for figure, (low, high) in intervals.items()},
    )
