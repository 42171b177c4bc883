"""The gate from the command line: `python -m tests.quality.run gate | gate-full | pin | report`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

from tests.quality import baseline
from tests.quality.trivial import trivial
from tests.quality.yardstick import (
    DEV,
    GOLD,
    KIND,
    PAGES,
    PINNED_SETS,
    RESAMPLED,
    ROOT,
    SHARED,
    TRAIN,
    Figures,
    GoldSet,
    Row,
    Score,
    a_labelled_sample,
    gold_articles,
    read_all,
    score,
)

MARKS = {"gate": "gate", "gate-full": "gate or gate_full"}


def main() -> int:
    """Run one command; the exit code: 0 where all is well, 1 where a floor stands in the way."""
    asked = _parser().parse_args()
    if not GOLD.is_dir():
        print(f"GATE SKIPPED: no measuring data at {GOLD}")
        return 0
    if asked.command == "pin":
        return pin(asked.lower)
    if asked.command == "report":
        return report(asked.train)
    return gate(MARKS[asked.command])


def gate(marks: str) -> int:
    """Every test with these marks, in a pytest of its own."""
    command = [sys.executable, "-m", "pytest", "-m", marks, "tests"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"QUOTETRACK_SHARED": str(SHARED)}).returncode


def pin(why: str | None) -> int:
    """Raise the floors to what is reached now; lower them only for a reason, printed for the changelog."""
    measured = {gold.name: _measured(gold) for gold in PINNED_SETS}
    lowered = {name: baseline.shortfalls(baseline.floors(name), figures) for name, figures in measured.items()}
    for line in (f"{name} {KIND} {moved}" for name, all_moved in lowered.items() for moved in all_moved):
        print(f"- lowered: {line}: {why}" if why else f"below its floor: {line}")
    if any(lowered.values()) and not why:
        print('nothing pinned: give the reason with --lower "..."')
        return 1
    baseline.pin(measured, lower=bool(why))
    print(f"pinned in {baseline.FILE.relative_to(ROOT)}: {measured}")
    return 0


def report(train: int) -> int:
    """Print the figures of each set, and of so many articles of train, beside those of the trivial baseline."""
    samples = {DEV: gold_articles(DEV), PAGES: gold_articles(PAGES)}
    if train:
        samples[TRAIN] = a_labelled_sample(TRAIN, train)
    columns: dict[str, tuple[Score, Score]] = {}
    for gold, rows in samples.items():
        columns[f"{gold.name} ({len(rows)})"] = _beside_trivial(gold, rows)
    print(_table(columns))
    return 0


def _measured(gold: GoldSet) -> Figures:
    rows = gold_articles(gold)
    return score(rows, gold, read_all(rows)).figures


def _beside_trivial(gold: GoldSet, rows: list[Row]) -> tuple[Score, Score]:
    ours = read_all(rows)
    theirs = [(article, trivial(article, quotations)) for article, quotations in ours]
    return score(rows, gold, ours, RESAMPLED), score(rows, gold, theirs)


def _table(columns: Mapping[str, tuple[Score, Score]]) -> str:
    """A line a figure; for each set ours with its 95 % interval, then the trivial one."""
    lines = [f"{KIND:12}" + "".join(f"{name:>32}{'trivial':>9}" for name in columns)]
    for figure in next(iter(columns.values()))[0].figures:
        cells = (
            f"{_with_interval(ours, figure):>32}{theirs.figures[figure]:9.1f}" for ours, theirs in columns.values()
        )
        lines.append(f"{figure:12}" + "".join(cells))
    return "\n".join(lines)


def _with_interval(reached: Score, figure: str) -> str:
    interval = reached.intervals.get(figure)
    return f"{reached.figures[figure]:.1f}" + (f" [{interval[0]:.1f}-{interval[1]:.1f}]" if interval else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.run", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, marks in MARKS.items():
        commands.add_parser(name, help=f"run the tests marked {marks!r}")
    pinning = commands.add_parser("pin", help="write what is reached now into baseline.json")
    pinning.add_argument("--lower", metavar="WHY", help="allow floors to sink, for this reason")
    reporting = commands.add_parser("report", help="print every set side by side with the trivial baseline")
    reporting.add_argument("--train", metavar="N", type=int, default=0, help="also so many labelled articles of train")
    return parser


if __name__ == "__main__":
    sys.exit(main())
