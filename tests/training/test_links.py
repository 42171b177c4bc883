"""The fit of the linker is held to the plain way, on random features."""

from __future__ import annotations

import numpy as np
import pytest

from quotetrack.linking.compare import Features
from quotetrack.training.links import RIDGE, fit_rows

ROWS = 60


def by_newton(rows: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Fit by Newton's method; the bias, which stands first, is not penalised."""
    weights, ridge = np.zeros(rows.shape[1]), RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 0.0
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - same) + ridge @ weights
        curve = rows.T @ (rows * (likely * (1 - likely))[:, None]) + ridge
        weights = weights - np.linalg.solve(curve, slope)
    return weights


@pytest.mark.parametrize("seed", range(5))
def test_the_weights_are_those_of_newtons_method_on_scaled_features(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.normal(3.0, 2.0, (ROWS, len(Features._fields)))
    same = rows[:, 0] + draw.normal(size=ROWS) > 3.0
    fitted = fit_rows([Features(*row) for row in rows], same.tolist())
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    expected = by_newton(np.column_stack([np.ones(ROWS), (rows - mean) / scale]), same.astype(float))
    assert list(fitted.weights) == pytest.approx(list(expected[1:] / scale), abs=1e-4)
    assert fitted.bias == pytest.approx(expected[0] - mean @ (expected[1:] / scale), abs=1e-4)
