"""The quality gate from the command line: `python -m tests.quality.run gate | gate-full | pin | report`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

from tests.quality import baseline
from tests.quality.gold_sets import (
    DEV,
    GOLD,
    PAGES,
    PINNED_SETS,
    ROOT,
    SHARED,
    TRAIN,
    GoldSet,
    articles_of,
    extract_all,
    gold_lines,
    labelled_sample,
)
from tests.quality.scorer import KIND, RESAMPLES, Figures, Score, score
from tests.quality.trivial_baseline import trivial_baseline

MARKS = {"gate": "gate", "gate-full": "gate or gate_full"}


def main() -> int:
    """Run one command. The exit code is 0, or 1 where a test fails or a floor would be lowered without a reason."""
    arguments = _parser().parse_args()
    if not GOLD.is_dir():
        print(f"GATE SKIPPED: no measuring data at {GOLD}")
        return 0
    if arguments.command == "pin":
        return pin(arguments.lower)
    if arguments.command == "report":
        return report(arguments.train)
    return gate(MARKS[arguments.command])


def gate(marks: str) -> int:
    """Run every test with these marks in a new pytest process."""
    command = [sys.executable, "-m", "pytest", "-m", marks, "tests"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"QUOTETRACK_SHARED": str(SHARED)}).returncode


def pin(reason: str | None) -> int:
    """Raise the floors to the figures of today; lower them only with a reason, which is printed for the changelog."""
    measured = {gold.name: _measure(gold) for gold in PINNED_SETS}
    lowered = {name: baseline.shortfalls(baseline.floors(name), figures) for name, figures in measured.items()}
    for name, shortfalls in lowered.items():
        for shortfall in shortfalls:
            line = f"{name} {KIND} {shortfall}"
            print(f"- lowered: {line}: {reason}" if reason else f"below its floor: {line}")
    if any(lowered.values()) and not reason:
        print('nothing pinned: give the reason with --lower "..."')
        return 1
    baseline.pin(measured, lower=bool(reason))
    print(f"pinned in {baseline.FILE.relative_to(ROOT)}: {measured}")
    return 0


def report(train: int) -> int:
    """Print the figures of each set, and of `train` articles of train, next to those of the trivial baseline."""
    samples = {DEV: gold_lines(DEV), PAGES: gold_lines(PAGES)}
    if train:
        samples[TRAIN] = labelled_sample(TRAIN, train)
    columns: dict[str, tuple[Score, Score]] = {}
    for gold, lines in samples.items():
        ours = extract_all(articles_of(lines))
        trivial = [(article, trivial_baseline(article, quotations)) for article, quotations in ours]
        columns[f"{gold.name} ({len(lines)})"] = score(lines, gold, ours, RESAMPLES), score(lines, gold, trivial)
    print(_table(columns))
    return 0


def _measure(gold: GoldSet) -> Figures:
    lines = gold_lines(gold)
    return score(lines, gold, extract_all(articles_of(lines))).figures


def _table(columns: Mapping[str, tuple[Score, Score]]) -> str:
    """Return one line a figure: for each set ours with its 95 % interval, then the trivial baseline."""
    lines = [f"{KIND:12}" + "".join(f"{name:>32}{'trivial':>9}" for name in columns)]
    for figure in next(iter(columns.values()))[0].figures:
        line = f"{figure:12}"
        for ours, trivial in columns.values():
            line += f"{_with_interval(ours, figure):>32}{trivial.figures[figure]:9.1f}"
        lines.append(line)
    return "\n".join(lines)


def _with_interval(ours: Score, figure: str) -> str:
    interval = ours.intervals.get(figure)
    return f"{ours.figures[figure]:.1f}" + (f" [{interval[0]:.1f}-{interval[1]:.1f}]" if interval else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.run", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, marks in MARKS.items():
        commands.add_parser(name, help=f"run the tests marked {marks!r}")
    pinning = commands.add_parser("pin", help="write the figures of today into baseline.json")
    pinning.add_argument("--lower", metavar="WHY", help="allow lower floors, for this reason")
    reporting = commands.add_parser("report", help="print every set side by side with the trivial baseline")
    reporting.add_argument("--train", metavar="N", type=int, default=0, help="add N labelled articles of train")
    return parser


if __name__ == "__main__":
    sys.exit(main())
