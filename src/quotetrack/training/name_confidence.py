"""Fit the chance that a name is right, from what was weighed. `quotetrack.training.calibration` runs this.

A logistic regression over the features of `extract/entities/confidence.py`, on articles that no other fit has seen.
Prints for each kind of article how many of the sure names are right, and the threshold below which a name is not given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle
from quotetrack.extract.entities.confidence import NameFeatures
from quotetrack.extract.extractor import attribute_text, make_resolver, weigh_names
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.coreference import is_meant
from quotetrack.training.corpora import Domain

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "name_confidence.json"
# Of an invented article. They are hard on purpose, and no sample of news: but with .5 the sure names (.9 and more) of
# the invented articles that are only measured on were wrong for 5.2 % instead of 4.8.
INVENTED_WEIGHT = 1.0
C = 0.3  # inverse strength of the penalty, on scaled features
FOLDS = 10
DIGITS = 4
SURE = 0.9  # the confidence at which a name counts as sure
WANTED = 0.97  # share of the given names that shall be right


@dataclass(frozen=True, slots=True)
class NamedPart:
    """One labelled core part: what its name's chance is computed from, and whether the name is right."""

    article: str
    features: NameFeatures
    is_right: bool


def fit_name_confidence(articles: Sequence[GoldArticle], domain_of: Mapping[str, Domain]) -> None:
    """Fit on the labelled parts of some articles, report, write."""
    parts = named_parts(articles)
    rows = np.array([part.features for part in parts])
    right = np.array([part.is_right for part in parts])
    scale = np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=C, max_iter=2000)
    groups = [part.article for part in parts]
    weights = np.array([INVENTED_WEIGHT if domain_of[name] is Domain.INVENTED else 1.0 for name in groups])
    chances = np.zeros(len(parts))
    for inside, outside in GroupKFold(FOLDS).split(rows, right, groups):
        model.fit(rows[inside] / scale, right[inside], sample_weight=weights[inside])
        chances[outside] = model.predict_proba(rows[outside] / scale)[:, 1]
    for domain in Domain:
        own = np.array([domain_of[part.article] is domain for part in parts])
        print(f"{domain}: {report(chances[own], right[own])}")
    news = np.array([domain_of[part.article] is not Domain.INVENTED for part in parts])
    print(f"news: names from {threshold(chances[news], right[news]):.3f} on are right for {WANTED:.0%}")
    model.fit(rows / scale, right, sample_weight=weights)
    by_name = dict(zip(NameFeatures._fields, model.coef_[0] / scale, strict=True)) | {"bias": model.intercept_[0]}
    stored = {name: round(float(weight), DIGITS) for name, weight in by_name.items()}
    fitted_on = f"{len(set(groups))} articles that the adapters and the trees did not see"
    WEIGHTS.write_text(json.dumps({"fitted_on": fitted_on, "weights": stored}, indent=1) + "\n", encoding="utf-8")


def named_parts(articles: Sequence[GoldArticle]) -> list[NamedPart]:
    """Return the labelled core parts that extraction finds, with the encoder."""
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    parts = []
    for gold in articles:
        if not any(part.label for part in gold.parts):
            continue
        attributed = attribute_text(gold.article.text, nlp, encoder)
        weighed = weigh_names(attributed, make_resolver(gold.article, attributed))
        for quotation in attributed.quotations:
            name = weighed.get(quotation.parts[0])
            for span in quotation.parts:
                part = gold.part_at(span)
                if name is None or part is None or part.label is None or not (part.is_core and part.is_quotation):
                    continue
                parts.append(NamedPart(gold.id, name.features(), is_meant(part.label, name.resolved.name)))
    return parts


def report(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> str:
    """Return the figures of some names in words."""
    sure = chances >= SURE
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [abs(chances[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
    return (
        f"{len(right)} names, right {right.mean():.3f}, expected calibration error {sum(gaps):.3f}; "
        f"sure {sure.mean():.3f}, of these right {right[sure].mean():.3f}"
    )


def threshold(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the least chance from which on the given names are right for `WANTED`."""
    order = np.argsort(-chances)
    shares = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    enough = np.flatnonzero(shares >= WANTED)
    return float(chances[order[enough[-1]]]) if len(enough) else 1.0
