"""The pinned figures of the cases, in `baseline.json`: reached once, and not to be missed again.

Figures in LOWER_IS_BETTER may not rise, all others may not sink. `always_right` lists the articles of the fast test.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from tests.cases.cases import ARTICLES
from tests.cases.linking import LINKS
from tests.cases.scoring import CaseScore, Figures

FILE = Path(__file__).with_name("baseline.json")
TOLERANCE = 0.05  # per cent; an update of a library may move a figure by that much
LOWER_IS_BETTER = frozenset({"wrong_mouth", "wrong_mouth_sure"})
CASE_FILES = (ARTICLES, LINKS)
ALWAYS_RIGHT = 40  # articles of the fast test


class Baseline(TypedDict):
    """The contents of the file; `digests` are those of the files with the cases."""

    figures: dict[str, float]
    right_by_area: dict[str, int]
    links_right: list[str]
    always_right: list[str]
    digests: dict[str, str]


def read_baseline() -> Baseline:
    """Return the pinned figures."""
    baseline: Baseline = json.loads(FILE.read_text("utf-8"))
    return baseline


def write_baseline(baseline: Baseline) -> None:
    """Write the pinned figures."""
    FILE.write_text(json.dumps(baseline, indent=2, sort_keys=True) + "\n", "utf-8")


def measured_baseline(scores: Sequence[CaseScore], figures: Figures, links_right: Sequence[str]) -> Baseline:
    """Return the figures of a run in the form in which they are pinned."""
    return {
        "figures": pinned_figures(figures),
        "right_by_area": {area: right for area, (right, _) in figures.right_by_area.items()},
        "links_right": sorted(links_right),
        "always_right": choose_always_right(scores),
        "digests": case_digests(),
    }


def pinned_figures(figures: Figures) -> dict[str, float]:
    """Return the figures that are pinned, by name."""
    return {
        "articles_right": figures.articles_right,
        "speakers_right": figures.speakers_right,
        "wrong_mouth": figures.wrong_mouth,
        "wrong_mouth_sure": figures.wrong_mouth_sure,
        "days_right": figures.days_right,
        "day_precision": figures.day_precision,
    }


def shortfalls(pinned: Baseline, measured: Baseline) -> list[str]:
    """Return every pinned figure that the measured one misses, with both numbers, and every link case that was lost."""
    missed = _missed(pinned["figures"], measured["figures"])
    missed += [f"area {line}" for line in _missed(pinned["right_by_area"], measured["right_by_area"])]
    missed += [f"link case {case} was right" for case in pinned["links_right"] if case not in measured["links_right"]]
    return missed


def raised(pinned: Baseline, measured: Baseline) -> Baseline:
    """Return the measured baseline, in which no figure is worse than the pinned one."""
    return {
        **measured,
        "figures": _best(pinned["figures"], measured["figures"]),
        "right_by_area": {
            area: max(right, pinned["right_by_area"].get(area, right))
            for area, right in measured["right_by_area"].items()
        },
    }


def changed_files(pinned: Baseline) -> list[str]:
    """Return the names of the files with cases that differ from those behind the pinned figures."""
    return [name for name, digest in case_digests().items() if pinned["digests"].get(name) != digest]


def case_digests() -> dict[str, str]:
    """Return the SHA-256 of each file with cases."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in CASE_FILES}


def choose_always_right(scores: Sequence[CaseScore]) -> list[str]:
    """Return the ids of right articles for the fast test, spread over the areas, the shortest first."""
    by_length = sorted((s.case for s in scores if s.is_right), key=lambda case: (len(case.article_line), case.id))
    rank_in_area: dict[str, int] = {}
    number: Counter[str] = Counter()
    for case in by_length:
        rank_in_area[case.id] = number[case.area]
        number[case.area] += 1
    chosen = sorted(by_length, key=lambda case: (rank_in_area[case.id], case.area))
    return sorted(case.id for case in chosen[:ALWAYS_RIGHT])


def _missed(pinned: Mapping[str, float], measured: Mapping[str, float]) -> list[str]:
    lines = []
    for name, floor in pinned.items():
        value = measured.get(name, 0.0)
        is_missed = value > floor + TOLERANCE if name in LOWER_IS_BETTER else value < floor - TOLERANCE
        if is_missed:
            lines.append(f"{name} {floor:g} -> {value:g}")
    return lines


def _best(pinned: Mapping[str, float], measured: Mapping[str, float]) -> dict[str, float]:
    better = {name: min if name in LOWER_IS_BETTER else max for name in measured}
    return {name: better[name](value, pinned.get(name, value)) for name, value in measured.items()}
