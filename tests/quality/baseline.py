"""The pinned floors: figures that were reached once, and the digests of the gold files behind them.

Each test module owns its keys in `baseline.json` and leaves the others' alone.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.quality.gold_sets import PINNED_SETS, SCORER
from tests.quality.scorer import KIND, Figures

FILE = Path(__file__).with_name("baseline.json")
TOLERANCE = 0.05  # points; an update of a library may move a figure by that much
GOLD_FILES = (SCORER, *(path for gold in PINNED_SETS for path in (gold.articles, gold.labels)))


def floors(name: str) -> Figures:
    """Return the pinned figures of a set; empty where it was never pinned."""
    return _pinned().get(name, {}).get(KIND, {})


def shortfalls(floor: Figures, measured: Figures) -> list[str]:
    """Return the figures below their floor by more than the tolerance, each with both numbers."""
    return [
        f"{figure} {floor[figure]:.2f} -> {measured[figure]:.2f}"
        for figure in floor
        if measured[figure] < floor[figure] - TOLERANCE
    ]


def changed_files() -> list[str]:
    """Return the names of the gold files (and the scorer) that differ from those behind the floors."""
    pinned = _pinned_digests()
    return [path.name for path in GOLD_FILES if pinned.get(path.name) != _digest(path)]


def pin(measured: dict[str, Figures], *, lower: bool) -> None:
    """Raise the floors to the measured figures; with `lower`, set them to these figures whether higher or lower."""
    pinned = _pinned()
    for name, figures in measured.items():
        floor = {} if lower else floors(name)
        pinned[name] = {KIND: {figure: max(value, floor.get(figure, value)) for figure, value in figures.items()}}
    digests = _pinned_digests() | {path.name: _digest(path) for path in GOLD_FILES}
    FILE.write_text(json.dumps(pinned | {"digests": digests}, indent=2, sort_keys=True) + "\n", "utf-8")


def _pinned() -> dict[str, dict[str, Figures]]:
    """Return all keys of the file; those of other modules, and the digests, are only written back as they are."""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def _pinned_digests() -> dict[str, str]:
    return json.loads(FILE.read_text("utf-8")).get("digests", {}) if FILE.exists() else {}


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
