"""Fit the chance that a name is right, from what was weighed. `quotetrack.training.calibration` runs this.

Boosted trees over the features of `extract/entities/confidence.py`, on articles that the choices were not fitted on.
Most of these are answered by a pointer model that has learned from fewer articles than the shipped one, so a logistic
regression on the others (Platt scaling) then sets the scale. Prints for each kind of article how many of the sure names
are right, and the threshold below which a name is not given.
"""

from __future__ import annotations

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
from quotetrack.models.pointer import Pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.coreference import is_meant
from quotetrack.training.corpora import Domain
from quotetrack.training.gradient_boosting import FittedTrees, TreeOptions, fit_trees, write_weights

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "name_confidence.json"
OPTIONS = TreeOptions(
    max_iter=120, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=40, rising=("mention", "choice", "agreed")
)
FOLDS = 10
SURE = 0.9  # the confidence at which a name counts as sure
WANTED = 0.97  # share of the given names that shall be right


@dataclass(frozen=True, slots=True)
class NamedPart:
    """One labelled core part: what its name's chance is computed from, and whether the name is right."""

    article: str
    features: NameFeatures
    is_right: bool


def fit_name_confidence(names: Sequence[NamedPart], more: Sequence[NamedPart], domain_of: Mapping[str, Domain]) -> None:
    """Fit on the labelled parts of some articles, report, write.

    `names` are answered by the shipped pointer model, `more` by one that has learned from fewer articles.
    """
    parts = [*names, *more]
    right = np.array([part.is_right for part in parts])
    odds = _held_out_odds(parts)
    scale = LogisticRegression(C=1e3).fit(odds[: len(names), None], right[: len(names)])
    slope, shift = float(scale.coef_[0, 0]), float(scale.intercept_[0])
    chances = scale.predict_proba(odds[:, None])[:, 1]
    print(f"scale {slope:.3f}, {shift:.3f}")
    for domain in Domain:
        for kind, own in (("", slice(len(names))), (", with half of the pointer model's articles", slice(None))):
            is_own = np.array([domain_of[part.article] is domain for part in parts[own]])
            print(f"{domain}{kind}: {report(chances[own][is_own], right[own][is_own])}")
    news = np.array([domain_of[part.article] is not Domain.INVENTED for part in parts])
    print(f"news: names from {threshold(chances[news], right[news]):.3f} on are right for {WANTED:.0%}")
    fitted_on = f"{len({part.article for part in parts})} articles that the adapters and the trees did not see"
    write_weights(WEIGHTS, fitted_on, {"name": _fit(parts).scaled(slope, shift).pack()})


def _held_out_odds(parts: Sequence[NamedPart]) -> NDArray[np.float64]:
    """Return the log-odds of each part by trees that have not seen its article."""
    odds = np.zeros(len(parts))
    for inside, outside in GroupKFold(FOLDS).split(parts, groups=[part.article for part in parts]):
        trees = _fit([parts[index] for index in inside])
        odds[outside] = trees.log_odds([parts[index].features for index in outside])
    return odds


def _fit(parts: Sequence[NamedPart]) -> FittedTrees:
    rows, right = [part.features for part in parts], [part.is_right for part in parts]
    return fit_trees(rows, right, NameFeatures._fields, OPTIONS)


def named_parts(articles: Sequence[GoldArticle], encoder: Pointer) -> list[NamedPart]:
    """Return the labelled core parts that extraction finds with this encoder."""
    nlp = load_language(Settings().spacy_model)
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
                is_right = is_meant(part.label, name.resolved.name)
                parts.append(NamedPart(gold.id, name.features(gold.article.text), is_right))
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
