"""Boosted trees that choose one of several: the scores of a group compete, as in McFadden's conditional logit.

Trees fitted row by row have to learn from its features that a rival is better; here the rival's score says so. For
dates that is worth 4 points (`fit/dating.py`). Written as the same file of trees as `boost.py` writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
from sklearn.ensemble._hist_gradient_boosting.grower import TreeGrower
from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

from quotetrack.training.gradient_boosting import Numbers, Row, matrix, packed_node

BINS = 256
# A curvature below this would make steps of any length.
LEAST_CURVATURE = 1e-3


@dataclass(frozen=True, slots=True)
class ChoiceTreeOptions:
    """How trees are grown; each split looks at a `feature_share` of the features."""

    max_iter: int = 120
    learning_rate: float = 0.1
    max_leaf_nodes: int = 8
    min_samples_leaf: int = 20
    l2: float = 5.0
    feature_share: float = 0.3


class Choice:
    """Fitted trees over named features."""

    def __init__(self, names: Sequence[str], trees: Sequence[TreePredictor]) -> None:
        self.names = list(names)
        self._trees = list(trees)

    def log_odds(self, rows: Sequence[Row]) -> Numbers:
        """The score of each row, shape (rows,); only differences within a group mean anything."""
        if not rows:
            return np.zeros(0)
        values = matrix(rows, self.names)
        scores: Numbers = np.sum([_predicted(tree, values) for tree in self._trees], axis=0)
        return scores

    def packed(self) -> dict[str, object]:
        """The trees as lists, as `extract/trees.py` reads them."""
        trees = [[packed_node(i, node) for i, node in enumerate(tree.nodes)] for tree in self._trees]
        return {"features": self.names, "bias": 0.0, "trees": trees}


def fit(
    groups: Sequence[Sequence[Row]], right: Sequence[Sequence[bool]], names: Sequence[str], options: ChoiceTreeOptions
) -> Choice:
    """Trees whose softmax within a group gives the right rows the most; each group has one right row or more."""
    values = matrix([row for group in groups for row in group], names)
    is_right = np.array([float(x) for group in right for x in group])
    sizes = [len(group) for group in groups]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group_of = np.repeat(np.arange(len(sizes)), sizes)
    bins = _BinMapper(n_bins=BINS, random_state=0, n_threads=1)
    binned = np.asfortranarray(bins.fit_transform(values))
    scores = np.zeros(len(values))
    trees = []
    for iteration in range(options.max_iter):
        chance = _softmax(scores, starts, group_of)
        of_right = chance * is_right
        wanted = of_right / np.add.reduceat(of_right, starts)[group_of]  # several right rows share as they stand
        grower = TreeGrower(
            binned,
            (chance - wanted).astype(np.float32),
            np.maximum(chance * (1 - chance), LEAST_CURVATURE).astype(np.float32),
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
    return Choice(names, trees)


def _softmax(scores: Numbers, starts: np.ndarray, group_of: np.ndarray) -> Numbers:
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[group_of])
    shares: Numbers = powers / np.add.reduceat(powers, starts)[group_of]
    return shares


def _predicted(tree: TreePredictor, values: Numbers) -> Numbers:
    no_categories = np.zeros((0, 8), np.uint32), np.zeros(values.shape[1], np.uint32)
    return np.asarray(tree.predict(values, *no_categories, 1), dtype=np.float64)
