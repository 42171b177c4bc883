"""Score rows of features by boosted trees that were fitted in `training` and are stored in `weights/*.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trees:
    """An ensemble. The nodes of all trees stand in one array, tree after tree.

    `feature`, `threshold` and `value` have one entry a node. `next` has two: the node to go to where the feature is
    above the threshold, then the node where it is not. A leaf leads to itself on both sides.
    """

    features: tuple[str, ...]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    next: NDArray[np.intp]
    value: NDArray[np.float64]
    roots: NDArray[np.intp]
    depth: int
    bias: float

    def score(self, rows: Sequence[tuple[float, ...]]) -> NDArray[np.float64]:
        """Return the log-odds of each row, shape (rows,).

        A row is a named tuple with the fields `features`, in their order (see `load_ensemble`).
        """
        if not rows:
            return np.zeros(0)
        values = np.array(rows)
        row_starts = np.arange(len(rows)) * len(self.features)  # in the flattened `values`
        at = np.repeat(self.roots[:, None], len(rows), axis=1)  # the node of each tree and row, shape (trees, rows)
        for _ in range(self.depth):
            is_low = values.take(self.feature.take(at) + row_starts) <= self.threshold.take(at)
            at = self.next.take(2 * at + is_low)
        scores: NDArray[np.float64] = self.bias + self.value.take(at).sum(axis=0)
        return scores


@cache
def load_trees(name: str) -> dict[str, Trees]:
    """Return the ensembles of one file of `weights/`, by their name in it."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", f"{name}.json").read_text("utf-8"))
    return {stage: _unpack(entry) for stage, entry in stored["stages"].items()}


@contextmanager
def replaced_trees(stages: Mapping[tuple[str, str], Mapping[str, object]]) -> Iterator[None]:
    """Score with other trees than the stored ones: a calibration needs trees that have not seen its articles.

    `stages` are packed ensembles by the name of their file and their name in it.
    """
    for name in {name for name, _ in stages}:
        load_trees(name).update({stage: _unpack(entry) for (file, stage), entry in stages.items() if file == name})
    load_ensemble.cache_clear()
    try:
        yield
    finally:
        load_trees.cache_clear()
        load_ensemble.cache_clear()


@cache
def load_ensemble(name: str, stage: str, fields: tuple[str, ...]) -> Trees:
    """Return one ensemble of a file of `weights/`, for rows with these fields (`Features._fields` of a named tuple).

    Raises ValueError where the fields are not the features that the weights were fitted on, in their order.
    """
    trees = load_trees(name)[stage]
    if trees.features != fields:
        differing = sorted(set(trees.features) ^ set(fields)) or ["the order"]
        raise ValueError(f"features of {name}/{stage} differ from the fitted ones: {', '.join(differing)}")
    return trees


@cache
def load_threshold(name: str, stage: str) -> float:
    """Return the log-odds from which on a row of one ensemble counts as right."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", f"{name}.json").read_text("utf-8"))
    return float(stored["stages"][stage]["threshold"])


@cache
def load_calibration(name: str) -> tuple[float, ...]:
    """Return the weights of score, margin and constant that give the log-odds of a choice to be right."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", f"{name}.json").read_text("utf-8"))
    return tuple(stored["calibration"])


def _unpack(entry: Mapping[str, object]) -> Trees:
    """Build an ensemble from its stored form: one list a tree, [feature, threshold, left, right, value] a node."""
    trees = entry["trees"]
    features = entry["features"]
    if not isinstance(trees, list) or not isinstance(features, list):
        raise ValueError("an ensemble needs the lists `features` and `trees`")
    table = np.array([node for tree in trees for node in tree], dtype=float).reshape(-1, 5)
    sizes = np.array([len(tree) for tree in trees], dtype=np.intp)
    roots = np.cumsum(sizes) - sizes
    children = table[:, 2:4].astype(np.intp) + np.repeat(roots, sizes)[:, None]
    return Trees(
        features=tuple(str(f) for f in features),
        feature=table[:, 0].astype(np.intp),
        threshold=table[:, 1].copy(),
        next=children[:, ::-1].ravel(),
        value=table[:, 4].copy(),
        roots=roots,
        depth=max((_depth(tree) for tree in trees), default=0),
        bias=float(str(entry["bias"])),
    )


def _depth(tree: Sequence[Sequence[float]], node: int = 0) -> int:
    left, right = int(tree[node][2]), int(tree[node][3])
    return 0 if left == node else 1 + max(_depth(tree, left), _depth(tree, right))
