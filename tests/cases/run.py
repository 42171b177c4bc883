"""The cases from the command line: `python -m tests.cases.run pin | report [--errors N] [--area AREA]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.cases import baseline
from tests.cases.cases import read_cases
from tests.cases.linking import read_link_cases, score_link_cases
from tests.cases.scoring import CaseScore, Figures, score_cases, summarize


def main() -> int:
    """Run one command. The exit code is 0, or 1 where a pinned figure would get worse without a reason."""
    arguments = _parser().parse_args()
    if arguments.command == "pin":
        return pin(arguments.lower)
    report(arguments.errors, arguments.area)
    return 0


def pin(reason: str | None) -> int:
    """Pin the figures of today; a worse one needs a reason, which is printed for the changelog."""
    scores = score_cases(read_cases())
    return pin_measured(scores, score_link_cases(read_link_cases()), reason)


def pin_measured(scores: Sequence[CaseScore], links_right: Sequence[str], reason: str | None) -> int:
    """Pin the figures of scored cases; the exit code is 1 where one is worse and there is no reason."""
    measured = baseline.measured_baseline(scores, summarize(scores), links_right)
    if not baseline.FILE.exists():
        baseline.write_baseline(measured)
        return 0
    pinned = baseline.read_baseline()
    shortfalls = baseline.shortfalls(pinned, measured)
    for line in shortfalls:
        print(f"- lowered: cases {line}: {reason}" if reason else f"worse than pinned: {line}")
    if shortfalls and not reason:
        print('nothing pinned: give the reason with --lower "..."')
        return 1
    baseline.write_baseline(measured if reason else baseline.raised(pinned, measured))
    print(f"pinned: {measured['figures']}")
    return 0


def report(errors: int, area: str | None) -> None:
    """Print the figures, of one area if it is given, and the faults of the first `errors` articles with one."""
    scores = score_cases([case for case in read_cases() if area in (None, case.area)])
    for score in [score for score in scores if not score.is_right][:errors]:
        print(score.case.id, score.case.area, *score.faults, sep="\n    ")
    for line in figure_lines(summarize(scores)):
        print(line)
    if area is None:
        cases = read_link_cases()
        print(f"link cases right: {len(score_link_cases(cases))} of {len(cases)}")


def figure_lines(figures: Figures) -> list[str]:
    """Return the figures as text: one line for all cases, one for the areas."""
    share = 100 * figures.articles_right / max(1, figures.articles)
    areas = (f"{area} {right}/{number}" for area, (right, number) in figures.right_by_area.items())
    return [
        f"articles right {figures.articles_right} of {figures.articles} ({share:.1f} %)"
        f" | speakers right {figures.speakers_right:.1f} %"
        f" | wrong mouth {figures.wrong_mouth:.1f} %, sure {figures.wrong_mouth_sure:.1f} %"
        f" | days right {figures.days_right:.1f} %, day P {figures.day_precision:.1f} %"
        f" | missed {figures.missed}, extra {figures.extra}",
        "  " + ", ".join(areas),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.cases.run", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    pinning = commands.add_parser("pin", help="write the figures of today into baseline.json")
    pinning.add_argument("--lower", metavar="WHY", help="allow worse figures, for this reason")
    reporting = commands.add_parser("report", help="print the figures")
    reporting.add_argument("--errors", metavar="N", type=int, default=0, help="list the faults of N articles")
    reporting.add_argument("--area", help="one area only, such as pron")
    return parser


if __name__ == "__main__":
    sys.exit(main())
