"""Boosted trees, fitted elsewhere and read from a small file: a score for each row of features."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trees:
    """An ensemble: node arrays of shape (trees, nodes); a leaf points to itself on both sides."""

    features: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: int
    bias: float

    def score(self, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """The log-odds of each row, shape (rows,); a feature that a row lacks is 0."""
        if not rows:
            return np.zeros(0)
        matrix = np.array([[row.get(name, 0.0) for name in self.features] for row in rows])
        trees = np.arange(len(self.feature))[:, None]
        at = np.zeros((len(self.feature), len(rows)), dtype=np.int32)
        columns = np.arange(len(rows))[None, :]
        for _ in range(self.depth):
            goes_left = matrix[columns, self.feature[trees, at]] <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        scores: NDArray[np.float64] = self.bias + self.value[trees, at].sum(axis=0)
        return scores


@cache
def load_trees(name: str) -> dict[str, Trees]:
    """The ensembles of one file of `weights/`, by their name in it."""
    stored = json.loads(files("quotetrack.extract").joinpath("weights", f"{name}.json").read_text("utf-8"))
    return {stage: _unpack(entry) for stage, entry in stored["stages"].items()}


@cache
def load_calibration(name: str) -> tuple[float, ...]:
    """The weights that turn a score and its margin into a probability (log-odds: score, margin, one)."""
    stored = json.loads(files("quotetrack.extract").joinpath("weights", f"{name}.json").read_text("utf-8"))
    return tuple(stored["calibration"])


def _unpack(entry: Mapping[str, object]) -> Trees:
    """Trees are stored one list a tree: [feature, threshold, left, right, value] a node."""
    trees = entry["trees"]
    features = entry["features"]
    if not isinstance(trees, list) or not isinstance(features, list):
        raise ValueError("not a file of trees")
    size = max(len(tree) for tree in trees)
    table = np.zeros((len(trees), size, 5))
    for row, tree in zip(table, trees, strict=True):
        row[: len(tree)] = tree
    whole = table.astype(np.int32)
    return Trees(
        features=tuple(str(f) for f in features),
        feature=whole[:, :, 0],
        threshold=table[:, :, 1],
        left=whole[:, :, 2],
        right=whole[:, :, 3],
        value=table[:, :, 4],
        depth=max((_depth(tree) for tree in trees), default=0),
        bias=float(str(entry["bias"])),
    )


def _depth(tree: Sequence[Sequence[float]], node: int = 0) -> int:
    left, right = int(tree[node][2]), int(tree[node][3])
    return 0 if left == node else 1 + max(_depth(tree, left), _depth(tree, right))
