"""Fit when it was said: `python -m quotetrack.fit.dating GOLD_FOLDER`. Deterministic; some minutes on two cores.

Fitted on the groups of `speakers_dates_train.jsonl` (read by a person) and on nothing else. Writes
`extract/weights/dating.json`. The figures printed are of held-out folds, by the basis of the label.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from quotetrack.extract import attributed, load_language
from quotetrack.extract.dating import Candidate, Dating, Features, beside_others, shares
from quotetrack.fit import boost
from quotetrack.fit.gold import Label, articles_in_folds, read_gold
from quotetrack.model import DateBasis, SaidOn
from quotetrack.settings import Settings

FOLDS = 5
OPTIONS = boost.Options(max_iter=100, max_leaf_nodes=15, learning_rate=0.08)
FITTED_ON = "speakers_dates_train.jsonl: 410 US political news articles, November 2015 to September 2016"
WEIGHTS = Path(__file__).parent.parent / "extract" / "weights" / "dating.json"
# Quotations whose day the article does not tell are a seventh of train and a quarter to a third of other news: without
# this weight hardly any would be left undated. On held-out folds 2.5 and 4 give the same where a third is undated.
WEIGHT_OF_UNDATED = 3.0


@dataclass(slots=True)
class Dated:
    """The quotations of one article with their candidates, labels (None: nobody read it) and held-out chances."""

    id: str
    published: date
    names: list[str | None]
    candidates: list[list[Candidate]]
    labels: list[Label | None]
    chances: list[list[float]]


def main(folder: Path) -> None:
    """Fit, report, write."""
    articles = read_articles(folder)
    first_names = boost.feature_names([c.features for a in articles for row in a.candidates for c in row])
    fold_of = articles_in_folds([a.id for a in articles], FOLDS)
    for fold in range(FOLDS):
        model = _fit([a for a in articles if fold_of[a.id] != fold], _first_rows, first_names)
        for article in (a for a in articles if fold_of[a.id] == fold):
            article.chances = [shares(model.log_odds(row)) for row in _first_rows(article)]
    second_names = boost.feature_names([row for a in articles for rows in _second_rows(a) for row in rows])
    counts: Counter[tuple[str, bool]] = Counter()
    for fold in range(FOLDS):
        model = _fit([a for a in articles if fold_of[a.id] != fold], _second_rows, second_names)
        for article in (a for a in articles if fold_of[a.id] == fold):
            counts += _verdicts(article, [model.log_odds(rows) for rows in _second_rows(article)])
    for basis in sorted({basis for basis, _ in counts}):
        right, wrong = counts[basis, True], counts[basis, False]
        print(f"{basis:28}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}")
    first, second = _fit(articles, _first_rows, first_names), _fit(articles, _second_rows, second_names)
    boost.write(WEIGHTS, FITTED_ON, {"first": first.packed(), "second": second.packed()})


def read_articles(folder: Path, name: str = "quotations_train", labels: str = "speakers_dates_train") -> list[Dated]:
    """The labelled articles, with our own quotations and speakers: what dating will see in use."""
    nlp = load_language(Settings().spacy_model)
    articles = []
    for gold in read_gold(folder, name, labels):
        if not any(part.label for part in gold.parts):
            continue
        quotations, paragraphs, quoted = attributed(gold.article, nlp)
        parts = [next((g for p in q.parts if (g := gold.part_at(p)) is not None), None) for q in quotations]
        told = [part.label if part is not None else None for part in parts]
        candidates = Dating(gold.article, paragraphs, quoted).candidates(quotations)
        names = [q.attribution.name if q.attribution else None for q in quotations]
        published = gold.article.published_on
        if published is not None:
            labels_read = [label if label and label.is_quotation else None for label in told]
            articles.append(Dated(gold.id, published, names, candidates, labels_read, []))
    return articles


def is_right(said: SaidOn, label: Label, published: date) -> bool:
    """Whether an interval says what the label says, no more and no less (as the scorer counts)."""
    told = label.said_on
    if told is None:
        return said.first is None or said.basis is DateBasis.UNKNOWN
    if said.first is None or said.last is None:
        return False
    if label.basis == "implied_recent":
        return published - timedelta(days=3) <= said.first and said.last <= published + timedelta(days=1)
    if label.precision == "day":
        return said.first == said.last == date.fromisoformat(told)
    return said.first.isoformat().startswith(told) and said.last.isoformat().startswith(told)


def _first_rows(article: Dated) -> list[list[Features]]:
    return [[c.features for c in row] for row in article.candidates]


def _second_rows(article: Dated) -> list[list[Features]]:
    return beside_others(article.candidates, article.chances, article.names)


def _fit(articles: list[Dated], rows_of: Callable[[Dated], list[list[Features]]], names: list[str]) -> boost.Model:
    rows: list[Features] = []
    right: list[bool] = []
    weights: list[float] = []
    for article in articles:
        for row, label, candidates in zip(rows_of(article), article.labels, article.candidates, strict=True):
            if label is not None:
                rows += row
                right += [is_right(c.said, label, article.published) for c in candidates]
                weights += [WEIGHT_OF_UNDATED if label.said_on is None else 1.0] * len(row)
    return boost.fit(rows, right, names, OPTIONS, weights)


def _verdicts(article: Dated, scores: list[boost.Numbers]) -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    for label, candidates, given in zip(article.labels, article.candidates, scores, strict=True):
        if label is not None:
            verdict = is_right(candidates[int(np.argmax(given))].said, label, article.published)
            counts[("undated " if label.said_on is None else "") + label.basis, verdict] += 1
            counts["all", verdict] += 1
    return counts


if __name__ == "__main__":
    main(Path(sys.argv[1]))
