"""The figures that `score.py` of the gold data gives our quotations."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NotRequired, TypedDict

from tests.quality.gold_sets import SCORER, Extractions, GoldSet

from quotetrack.core.domain import Quotation
from quotetrack.render.schemas import QuotationSchema

KIND = "core"  # full quotations and fragments of four words or more: the pinned figures are of these
SCORED = ("span", "mention", "surname", "name")
RESAMPLES = 500  # for the 95 % intervals of the report; the gate needs none

Figures = dict[str, float]  # name of a figure -> per cent


class Measure(TypedDict):
    """One entry of the output of `score.py`: shares of 1."""

    p: float
    r: float
    f1: float
    ci95: NotRequired[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one set in per cent, and the 95 % intervals of those that have one."""

    figures: Figures
    intervals: Mapping[str, tuple[float, float]]


def score(lines: Sequence[str], gold: GoldSet, extractions: Extractions, resamples: int = 0) -> Score:
    """Return the scores of the extractions of these gold lines; raises CalledProcessError if `score.py` fails."""
    with TemporaryDirectory() as folder:
        articles, predicted, out = (Path(folder, name) for name in ("gold.jsonl", "predicted.jsonl", "score.json"))
        _write_lines(articles, lines)
        _write_lines(predicted, (extract_line(str(article.external_id), found) for article, found in extractions))
        command = [sys.executable, str(SCORER), "quotations", str(articles), str(predicted)]
        options = ["--labels", str(gold.labels), "--json", str(out), "--bootstrap", str(resamples)]
        subprocess.run([*command, *options], check=True, capture_output=True)
        entry = json.loads(out.read_text("utf-8"))[KIND]
    return _in_per_cent({aspect: entry[aspect] for aspect in SCORED}, entry["date"])


def extract_line(article_id: str, quotations: Iterable[Quotation]) -> str:
    """Return the line that `quotetrack extract --jsonl` prints of an article."""
    return json.dumps({"id": article_id, "quotations": [QuotationSchema.of(found).to_json() for found in quotations]})


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _in_per_cent(measures: Mapping[str, Measure], days_right: float) -> Score:
    shares = {"span_p": measures["span"]["p"], "span_r": measures["span"]["r"]}
    shares |= {f"{aspect}_f1": measure["f1"] for aspect, measure in measures.items()}
    shares["date"] = days_right
    intervals = {f"{aspect}_f1": measure["ci95"] for aspect, measure in measures.items() if "ci95" in measure}
    return Score(
        {figure: round(100 * share, 2) for figure, share in shares.items()},
        {figure: (100 * low, 100 * high) for figure, (low, high) in intervals.items()},
    )
