"""The figures of `evaluate` as text: what stands in a line, and which tables are shown."""

from __future__ import annotations

from quotetrack.evaluation.metrics import Aspect, Bin, Figures, Measure, Reliability, SingleDays, SureNames
from quotetrack.render.evaluation import figures_lines, reliability_lines

BINS = (Bin(0.9, 0.95, 4, 0.92, 0.75),)
NO_SURE_NAMES = SureNames(0.9, 0.0, 0.0)


def figures_of(dates: float | None, single_days: SingleDays | None) -> Figures:
    return Figures(8, {Aspect.SPAN: Measure(1.0, 0.5, 2 / 3)}, dates, single_days, {})


def test_the_single_days_stand_beside_the_right_days() -> None:
    lines = list(figures_lines({"core": figures_of(0.625, SingleDays(2 / 3, 0.75))}))
    assert lines == ["core       8 | span P 100.0 R 50.0 F1 66.7 | date  62.5 (day P 66.7, claimed 75.0)"]


def test_without_labels_a_line_has_no_days() -> None:
    assert list(figures_lines({"core": figures_of(None, None)})) == ["core       8 | span P 100.0 R 50.0 F1 66.7"]


def test_a_table_of_name_or_day_is_shown_where_it_has_a_row() -> None:
    def titles(name: tuple[Bin, ...], day: tuple[Bin, ...]) -> list[str]:
        lines = reliability_lines(Reliability(BINS, name, day, NO_SURE_NAMES))
        return [line for line in lines if line.endswith(":")]

    assert titles((), ()) == ["Mention:"]
    assert titles(BINS, ()) == ["Mention:", "Name, core parts:"]
    assert titles(BINS, BINS) == ["Mention:", "Name, core parts:", "Day, core parts:"]


def test_the_table_of_the_day_ends_with_its_calibration_error() -> None:
    lines = list(reliability_lines(Reliability((), (), BINS, NO_SURE_NAMES)))
    assert lines[lines.index("Day, core parts:") :] == [
        "Day, core parts:",
        "",
        "| confidence | parts | mean confidence | share right |",
        "|---|---|---|---|",
        "| 0.90 to 0.95 | 4 | 0.920 | 0.750 |",
        "",
        "Expected calibration error: 0.170",
    ]
