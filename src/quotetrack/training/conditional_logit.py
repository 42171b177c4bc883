"""Fit boosted trees that choose one row of a group: the scores compete, as in McFadden's conditional logit.

Trees that are fitted row by row must learn from a row's own features that a rival is better. Here the rival's score
says so. For dates this is worth 4 points (`training/dating.py`). The trees are written in the format of
`training/gradient_boosting.py`.

scikit-learn has no public interface for trees with a loss of one's choice, so this imports its private modules
(`sklearn.ensemble._hist_gradient_boosting`). They may change in any minor release: the extra `[fit]` therefore pins
one minor version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
from sklearn.ensemble._hist_gradient_boosting.grower import TreeGrower
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

from quotetrack.training.gradient_boosting import Numbers, Row, pack_node

BINS = 256  # of the values of a feature
LEAST_CURVATURE = 1e-3  # below it a step could have any length


@dataclass(frozen=True, slots=True)
class ChoiceTreeOptions:
    """How the trees are grown; each split considers a random `feature_share` of the features."""

    max_iter: int = 120
    learning_rate: float = 0.1
    max_leaf_nodes: int = 8
    min_samples_leaf: int = 20
    l2: float = 5.0
    feature_share: float = 0.3


class FittedChoice:
    """Fitted trees over named features."""

    def __init__(self, names: Sequence[str], trees: Sequence[TreePredictor]) -> None:
        self.names = list(names)
        self._trees = list(trees)

    def log_odds(self, rows: Sequence[Row]) -> Numbers:
        """Return the score of each row, shape (rows,); only differences within a group have a meaning."""
        if not rows:
            return np.zeros(0)
        values = np.array(rows, dtype=float)
        scores: Numbers = np.sum([_predicted(tree, values) for tree in self._trees], axis=0)
        return scores

    def pack(self) -> dict[str, object]:
        """Return names, bias and trees, ready to be written."""
        trees = [[pack_node(i, node) for i, node in enumerate(tree.nodes)] for tree in self._trees]
        return {"features": self.names, "bias": 0.0, "trees": trees}


def fit_choice(
    groups: Sequence[Sequence[Row]],
    is_right: Sequence[Sequence[bool]],
    names: Sequence[str],
    options: ChoiceTreeOptions,
    weights: Sequence[float] | None = None,
) -> FittedChoice:
    """Fit trees whose softmax within a group is highest for the right rows; each group has at least one right row.

    `names` are the fields of the rows, in their order. `weights` say how much each group counts (default: 1).
    """
    values = np.array([row for group in groups for row in group], dtype=float)
    right = np.array([float(x) for group in is_right for x in group])
    sizes = [len(group) for group in groups]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group_of = np.repeat(np.arange(len(sizes)), sizes)
    weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=float)[group_of]
    bins = _BinMapper(n_bins=BINS, random_state=0, n_threads=1)
    binned = np.asfortranarray(bins.fit_transform(values))
    scores = np.zeros(len(values))
    trees = []
    for iteration in range(options.max_iter):
        chance = _softmax(scores, starts, group_of)
        chance_of_right = chance * right
        # Several right rows of a group share the target in proportion to their chances now.
        target = chance_of_right / np.add.reduceat(chance_of_right, starts)[group_of]
        grower = TreeGrower(
            binned,
            (weight * (chance - target)).astype(np.float32),
            (weight * np.maximum(chance * (1 - chance), LEAST_CURVATURE)).astype(np.float32),
            max_leaf_nodes=options.max_leaf_nodes,
            min_samples_leaf=options.min_samples_leaf,
            l2_regularization=options.l2,
            shrinkage=options.learning_rate,
            n_bins=BINS,
            n_bins_non_missing=bins.n_bins_non_missing_,
            feature_fraction_per_split=options.feature_share,
            rng=np.random.default_rng(iteration),
            n_threads=1,
        )
        grower.grow()
        trees.append(grower.make_predictor(bins.bin_thresholds_))
        scores += _predicted(trees[-1], values)
    return FittedChoice(names, trees)


def _softmax(scores: Numbers, starts: np.ndarray, group_of: np.ndarray) -> Numbers:
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[group_of])
    shares: Numbers = powers / np.add.reduceat(powers, starts)[group_of]
    return shares


def _predicted(tree: TreePredictor, values: Numbers) -> Numbers:
    no_categories = np.zeros((0, 8), np.uint32), np.zeros(values.shape[1], np.uint32)
    return np.asarray(tree.predict(values, *no_categories, 1), dtype=np.float64)
