"""The pinned floors: figures that were once reached, and the digests of the gold files they were taken on.

Each yardstick owns its keys in `baseline.json` and leaves the others' alone.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.quality.yardstick import KIND, PINNED_SETS, YARDSTICK, Figures

FILE = Path(__file__).with_name("baseline.json")
TOLERANCE = 0.05  # points: what a library's update may move without anybody's doing
GOLD_FILES = (YARDSTICK, *(path for gold in PINNED_SETS for path in (gold.articles, gold.labels)))


def floors(name: str) -> Figures:
    """The pinned figures of a set; none where it was never pinned."""
    return _pinned().get(name, {}).get(KIND, {})


def shortfalls(floor: Figures, measured: Figures) -> list[str]:
    """Which figures are below their floor by more than the tolerance, each with both numbers."""
    return [
        f"{figure} {floor[figure]:.2f} -> {measured[figure]:.2f}"
        for figure in floor
        if measured[figure] < floor[figure] - TOLERANCE
    ]


def changed_files() -> list[str]:
    """The gold files, and the scorer, that are not those on which the floors were taken."""
    pinned = _pinned_digests()
    return [path.name for path in GOLD_FILES if pinned.get(path.name) != _digest(path)]


def pin(measured: dict[str, Figures], *, lower: bool) -> None:
    """Raise the floors to what was measured; with `lower`, set them to it whether above or below."""
    pinned = _pinned()
    for name, figures in measured.items():
        floor = {} if lower else floors(name)
        pinned[name] = {KIND: {figure: max(value, floor.get(figure, value)) for figure, value in figures.items()}}
    digests = _pinned_digests() | {path.name: _digest(path) for path in GOLD_FILES}
    FILE.write_text(json.dumps(pinned | {"digests": digests}, indent=2, sort_keys=True) + "\n", "utf-8")


def _pinned() -> dict[str, dict[str, Figures]]:
    """All keys of the file; those of other yardsticks, and the digests, only to be written back as they are."""
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}


def _pinned_digests() -> dict[str, str]:
    return json.loads(FILE.read_text("utf-8")).get("digests", {}) if FILE.exists() else {}


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
