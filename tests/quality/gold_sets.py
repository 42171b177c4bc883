"""The gold sets of extraction, and our extraction of their articles."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quotetrack.core.domain import Article, Quotation
from quotetrack.evaluation.gold import read_gold

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("QUOTETRACK_SHARED") or ROOT.parent / "shared").resolve()
GOLD = SHARED / "gold"
SCORER = GOLD / "score.py"
SAMPLE_SEED = 1  # of the sample of train articles: the same in every run

Extractions = list[tuple[Article, list[Quotation]]]


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


def gold_lines(gold: GoldSet) -> list[str]:
    """Return the lines of the articles of a set, in the order of the file."""
    return lines_of(gold.articles)


def labelled_sample(gold: GoldSet, size: int) -> list[str]:
    """Return the lines of `size` articles that have labels, the same in every run; all if there are fewer."""
    by_line = zip(gold_lines(gold), read_gold(gold_lines(gold), lines_of(gold.labels)), strict=True)
    labelled = [line for line, article in by_line if any(part.label for part in article.parts)]
    return random.Random(SAMPLE_SEED).sample(labelled, min(size, len(labelled)))


def articles_of(lines: Iterable[str]) -> list[Article]:
    """Return the articles of gold lines, with no more than an outlet would print."""
    return [gold.article for gold in read_gold(lines)]


def extract_all(articles: Iterable[Article]) -> Extractions:
    """Return each article with its quotations."""
    from quotetrack.core.settings import Settings
    from quotetrack.extract.extractor import extract
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import load_language

    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    return [(article, extract(article, nlp, encoder)) for article in articles]


def lines_of(path: Path) -> list[str]:
    """Return the lines of a JSONL file that are not blank."""
    return [line for line in path.read_text("utf-8").split("\n") if line.strip()]
