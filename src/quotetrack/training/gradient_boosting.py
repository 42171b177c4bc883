"""Fit boosted trees with scikit-learn, and write them as the JSON that `models/trees.py` reads.

The trees are read from private attributes of scikit-learn's HistGradientBoostingClassifier (`_predictors`,
`_baseline_prediction`), which may change in any minor release. The extra `[fit]` therefore pins one minor version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

L2_REGULARIZATION = 2.0
VALUE_DIGITS = 5  # significant digits of a stored leaf value
THRESHOLD_DIGITS = 7  # significant digits of a stored threshold

Row = tuple[float, ...]  # a named tuple of features; `names` below are its fields
Numbers = NDArray[np.float64]
PackedNode = list[float]  # [feature, threshold, left, right, value]; a leaf points to itself


@dataclass(frozen=True, slots=True)
class TreeOptions:
    """How the trees are grown, in the words of scikit-learn."""

    max_iter: int = 150
    learning_rate: float = 0.08
    max_leaf_nodes: int = 15
    min_samples_leaf: int = 30
    rising: tuple[str, ...] = ()  # features of which a higher value may not lower the score


class FittedTrees:
    """Fitted trees over named features."""

    def __init__(
        self, names: Sequence[str], classifier: HistGradientBoostingClassifier, slope: float = 1.0, shift: float = 0.0
    ) -> None:
        """The score is that of the classifier times `slope`, plus `shift`."""
        self.names = list(names)
        self._classifier = classifier
        self._slope, self._shift = slope, shift

    def scaled(self, slope: float, shift: float) -> FittedTrees:
        """Return the trees with another scale: each score times `slope`, plus `shift`."""
        return FittedTrees(self.names, self._classifier, slope, shift)

    def log_odds(self, rows: Sequence[Row]) -> Numbers:
        """Return the score of each row, shape (rows,), as the shipped file will give it."""
        if not rows:
            return np.zeros(0)
        odds = np.asarray(self._classifier.decision_function(np.array(rows, dtype=float)), dtype=np.float64)
        return self._slope * odds + self._shift

    def pack(self) -> dict[str, object]:
        """Return names, bias and trees, ready to be written."""
        return {"features": self.names, "bias": self.bias(), "trees": self.packed_trees()}

    def bias(self) -> float:
        """Return the score with which every row begins."""
        return self._slope * float(self._classifier._baseline_prediction.ravel()[0]) + self._shift

    def packed_trees(self) -> list[list[PackedNode]]:
        """Return the nodes of each tree."""
        return [
            [pack_node(index, node, self._slope) for index, node in enumerate(tree.nodes)]
            for (tree,) in self._classifier._predictors
        ]


def fit_trees(
    rows: Sequence[Row],
    is_right: Sequence[bool],
    names: Sequence[str],
    options: TreeOptions,
    weights: Sequence[float] | None = None,
) -> FittedTrees:
    """Fit trees that separate right rows from wrong ones; the same rows give the same trees.

    `names` are the fields of the rows, in their order.
    """
    classifier = HistGradientBoostingClassifier(
        random_state=0,
        early_stopping=False,
        l2_regularization=L2_REGULARIZATION,
        max_iter=options.max_iter,
        learning_rate=options.learning_rate,
        max_leaf_nodes=options.max_leaf_nodes,
        min_samples_leaf=options.min_samples_leaf,
        monotonic_cst=[int(name in options.rising) for name in names],
    )
    classifier.fit(np.array(rows, dtype=float), np.array(is_right, dtype=int), sample_weight=weights)
    return FittedTrees(names, classifier)


def pack_node(index: int, node: np.void, slope: float = 1.0) -> PackedNode:
    """Return a node of a scikit-learn tree as `models/trees.py` reads it; the values of leaves are times `slope`."""
    if node["is_leaf"]:
        return [0, 0, index, index, rounded(slope * node["value"])]
    threshold = float(f"{node['num_threshold']:.{THRESHOLD_DIGITS}g}")
    return [int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"]), 0]


def rounded(value: float) -> float:
    """Return a leaf value with the digits that are stored."""
    return float(f"{value:.{VALUE_DIGITS}g}")


def write_weights(
    path: Path, fitted_on: str, stages: Mapping[str, dict[str, object]], calibration: Sequence[float] = ()
) -> None:
    """Write the packed trees of each stage and a calibration to one file; `fitted_on` says which data were used."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {"fitted_on": fitted_on, "calibration": list(calibration), "stages": stages}
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
