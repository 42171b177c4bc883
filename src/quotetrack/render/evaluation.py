"""The figures of `evaluate` as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from quotetrack.render.text import one_line

if TYPE_CHECKING:
    from quotetrack.evaluation.metrics import Bin, Figures, Mistake, Reliability

LONGEST_WORDS = 100  # characters of a quotation in a list of errors


def figures_lines(figures: Mapping[str, Figures]) -> Iterator[str]:
    """Yield a line for each kind: the number of parts, then precision, recall and F1 in per cent.

    The 95 % interval of F1 follows in brackets where it was computed. With labels, the line ends with the share
    of right days: of all parts whose day is judged, and of those with a claim of one single day ("day P").
    """
    for kind, measured in figures.items():
        columns = [f"{kind:6}{measured.number:6d}"]
        for name, measure in measured.measures.items():
            shares = f"P {100 * measure.precision:.1f} R {100 * measure.recall:.1f} F1 {100 * measure.f1:.1f}"
            interval = f" [{100 * measure.interval[0]:.1f}-{100 * measure.interval[1]:.1f}]" if measure.interval else ""
            columns.append(f"{name} {shares}{interval}")
        if measured.dates is not None and measured.single_days is not None:
            single = measured.single_days
            claims = f"day P {100 * single.right:.1f}, claimed {100 * single.share:.1f}"
            columns.append(f"date {100 * measured.dates:5.1f} ({claims})")
        yield " | ".join(columns)
        if any(measure.interval for measure in measured.measures.values()) and measured.by_basis:
            dated = (f"{basis} {right}/{number}" for basis, (right, number) in measured.by_basis.items())
            yield f"       date by basis: {', '.join(dated)}"


def mistake_lines(mistakes: Mapping[str, Sequence[Mistake]], most: int) -> Iterator[str]:
    """Yield the number of errors of each category, and the first `most` of them: place, words, expected and given."""
    for category, errors in mistakes.items():
        yield f"{category}: {len(errors)}"
        for mistake in errors[:most]:
            words = shorten(one_line(mistake.words), LONGEST_WORDS, placeholder=" …")
            confidence = f" ({mistake.confidence:.2f})" if mistake.confidence is not None else ""
            yield f"  {mistake.article} {mistake.span.start}-{mistake.span.end} “{words}”"
            yield f"    expected {_value_text(mistake.expected)}, given {_value_text(mistake.given)}{confidence}"


def reliability_lines(reliability: Reliability) -> Iterator[str]:
    """Yield Markdown tables of confidence and share right, of mention, name and day, and the figures of sure names."""
    yield "Mention:"
    yield from _table_lines(reliability.mention, reliability.mention_error)
    if reliability.name:
        yield ""
        yield "Name, core parts:"
        yield from _table_lines(reliability.name, reliability.name_error)
        sure = reliability.sure_names
        yield ""
        yield f"Names with confidence {sure.confidence} or more: {100 * sure.right:.1f} % right."
        yield f"{100 * sure.share:.1f} % of the core parts have one."
    if reliability.day:
        yield ""
        yield "Day, core parts:"
        yield from _table_lines(reliability.day, reliability.day_error)


def _table_lines(bins: Sequence[Bin], error: float) -> Iterator[str]:
    yield ""
    yield "| confidence | parts | mean confidence | share right |"
    yield "|---|---|---|---|"
    for row in bins:
        yield f"| {row.low:.2f} to {row.high:.2f} | {row.number} | {row.confidence:.3f} | {row.right:.3f} |"
    yield ""
    yield f"Expected calibration error: {error:.3f}"


def _value_text(value: str | None) -> str:
    return f"“{one_line(value)}”" if value else "nothing"
