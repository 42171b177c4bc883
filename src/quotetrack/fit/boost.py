"""Boosted trees fitted with scikit-learn and written as the small file that `extract/trees.py` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

Row = Mapping[str, float]
Model = HistGradientBoostingClassifier


def feature_names(rows: Sequence[Row]) -> list[str]:
    """Every feature that any row has, in alphabetical order."""
    return sorted({name for row in rows for name in row})


def fit(
    rows: Sequence[Row], right: Sequence[bool], names: Sequence[str], weights: Sequence[float] | None = None, **options: float
) -> Model:
    """Trees that tell right candidates from wrong ones; the same rows give the same trees."""
    settings = {"max_iter": 150, "learning_rate": 0.08, "max_leaf_nodes": 15, "min_samples_leaf": 30, "l2_regularization": 2.0}
    settings |= options
    model = HistGradientBoostingClassifier(random_state=0, early_stopping=False, **settings)
    model.fit(_matrix(rows, names), np.array(right, dtype=int), sample_weight=weights)
    return model


def log_odds(model: Model, rows: Sequence[Row], names: Sequence[str]) -> np.ndarray:
    """The score of each row, as the shipped file will give it."""
    return model.decision_function(_matrix(rows, names)) if rows else np.zeros(0)


def packed(model: Model, names: Sequence[str]) -> dict[str, object]:
    """The trees as lists: one [feature, threshold, left, right, value] a node, a leaf pointing to itself."""
    trees = []
    for (predictor,) in model._predictors:
        trees.append([_node(i, node) for i, node in enumerate(predictor.nodes)])
    return {"features": list(names), "bias": float(model._baseline_prediction.ravel()[0]), "trees": trees}


def write(path: Path, fitted_on: str, stages: Mapping[str, dict[str, object]], calibration: Sequence[float] = ()) -> None:
    """Write the ensembles of one file, with a word on the data they were fitted on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {"fitted_on": fitted_on, "calibration": list(calibration), "stages": stages}
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=float)


def _node(index: int, node: np.void) -> list[float]:
    if node["is_leaf"]:
        return [0, 0, index, index, float(f"{node['value']:.5g}")]
    return [int(node["feature_idx"]), float(f"{node['num_threshold']:.7g}"), int(node["left"]), int(node["right"]), 0]
