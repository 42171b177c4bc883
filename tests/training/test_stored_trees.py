"""Fitted trees are stored with the fields of their rows, and score alike when they are read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from quotetrack.models import trees
from quotetrack.training.conditional_logit import ChoiceTreeOptions, FittedChoice, fit_choice
from quotetrack.training.gradient_boosting import FittedTrees, TreeOptions, fit_trees, write_weights

ROWS, GROUP = 200, 4


class Boat(NamedTuple):
    """A row of three features, of which `unused` is always 0."""

    speed: float
    unused: float
    width: float


def boats() -> list[Boat]:
    draw = np.random.default_rng(0)
    return [Boat(float(speed), 0.0, float(width)) for speed, width in draw.normal(size=(ROWS, 2))]


def fitted_trees() -> FittedTrees:
    rows = boats()
    return fit_trees(rows, [boat.speed > boat.width for boat in rows], Boat._fields, TreeOptions(max_iter=20))


def fitted_choice() -> FittedChoice:
    rows = boats()
    groups = [rows[start : start + GROUP] for start in range(0, ROWS, GROUP)]
    is_right = [[boat is max(group) for boat in group] for group in groups]
    return fit_choice(groups, is_right, Boat._fields, ChoiceTreeOptions(max_iter=20))


@pytest.mark.parametrize("fit", [fitted_trees, fitted_choice])
def test_stored_trees_score_as_the_fitted_ones(fit, tmp_path: Path):
    fitted = fit()
    file = tmp_path / "boats.json"
    write_weights(file, "invented boats", {"fast": fitted.pack()})
    stored = trees._unpack(json.loads(file.read_text("utf-8"))["stages"]["fast"])
    assert stored.features == Boat._fields
    assert stored.score(boats()) == pytest.approx(fitted.log_odds(boats()), abs=1e-3)
    assert len(set(fitted.log_odds(boats()))) > GROUP
