"""Boosted trees fitted with scikit-learn and written as the small file that `extract/trees.py` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

Row = Mapping[str, float]
Numbers = NDArray[np.float64]


def feature_names(rows: Sequence[Row]) -> list[str]:
    """Every feature that any row has, in alphabetical order."""
    return sorted({name for row in rows for name in row})


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """How trees are grown."""

    max_iter: int = 150
    learning_rate: float = 0.08
    max_leaf_nodes: int = 15
    min_samples_leaf: int = 30


class Model:
    """Fitted trees over named features."""

    def __init__(self, names: Sequence[str], trees: HistGradientBoostingClassifier) -> None:
        self.names = list(names)
        self._trees = trees

    def log_odds(self, rows: Sequence[Row]) -> Numbers:
        """The score of each row, as the shipped file will give it; shape (rows,)."""
        if not rows:
            return np.zeros(0)
        return np.asarray(self._trees.decision_function(matrix(rows, self.names)), dtype=np.float64)

    def packed(self) -> dict[str, object]:
        """The trees as lists: one [feature, threshold, left, right, value] a node, a leaf pointing to itself."""
        bias, trees = self.parts()
        return {"features": self.names, "bias": bias, "trees": trees}

    def parts(self) -> tuple[float, list[list[list[float]]]]:
        """What every score begins with, and the trees as lists."""
        trees = [[packed_node(i, node) for i, node in enumerate(only.nodes)] for (only,) in self._trees._predictors]
        return float(self._trees._baseline_prediction.ravel()[0]), trees


def fit(
    rows: Sequence[Row],
    right: Sequence[bool],
    names: Sequence[str],
    options: TreeOptions,
    weights: Sequence[float] | None = None,
) -> Model:
    """Trees that tell right candidates from wrong ones; the same rows give the same trees."""
    trees = HistGradientBoostingClassifier(
        random_state=0,
        early_stopping=False,
        l2_regularization=2.0,
        max_iter=options.max_iter,
        learning_rate=options.learning_rate,
        max_leaf_nodes=options.max_leaf_nodes,
        min_samples_leaf=options.min_samples_leaf,
    )
    trees.fit(matrix(rows, names), np.array(right, dtype=int), sample_weight=weights)
    return Model(names, trees)


def write(
    path: Path, fitted_on: str, stages: Mapping[str, dict[str, object]], calibration: Sequence[float] = ()
) -> None:
    """Write the ensembles of one file, with a word on the data they were fitted on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {"fitted_on": fitted_on, "calibration": list(calibration), "stages": stages}
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


def matrix(rows: Sequence[Row], names: Sequence[str]) -> Numbers:
    """The rows as numbers, shape (rows, names); what a row lacks is 0."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=float)


def packed_node(index: int, node: np.void) -> list[float]:
    """A node as `extract/trees.py` reads it."""
    if node["is_leaf"]:
        return [0, 0, index, index, float(f"{node['value']:.5g}")]
    return [int(node["feature_idx"]), float(f"{node['num_threshold']:.7g}"), int(node["left"]), int(node["right"]), 0]
