"""Months and weekdays are found by their names, and intervals have their first and last day."""

from datetime import date

import pytest

from quotetrack.core.calendar import (
    latest_weekday,
    monday_of,
    month_before,
    month_interval,
    month_number,
    week_from,
    weekday_number,
    year_interval,
)

SUNDAY = date(2031, 6, 15)


@pytest.mark.parametrize(
    ("name", "number"), [("January", 1), ("sept.", 9), ("DEC", 12), ("may", 5), ("Monday", None), ("", None)]
)
def test_a_month_is_known_by_its_first_letters(name: str, number: int | None) -> None:
    assert month_number(name) == number


@pytest.mark.parametrize(("name", "number"), [("Monday", 0), ("sunday", 6), ("mon", None)])
def test_a_weekday_is_known_by_its_full_name(name: str, number: int | None) -> None:
    assert weekday_number(name) == number


@pytest.mark.parametrize(("weekday", "day"), [(6, SUNDAY), (5, date(2031, 6, 14)), (0, date(2031, 6, 9))])
def test_the_latest_weekday_may_be_the_day_itself(weekday: int, day: date) -> None:
    assert latest_weekday(weekday, SUNDAY) == day


def test_intervals_hold_their_first_and_last_day() -> None:
    assert month_interval(2032, 2) == (date(2032, 2, 1), date(2032, 2, 29))
    assert year_interval(2031) == (date(2031, 1, 1), date(2031, 12, 31))
    assert month_before(date(2031, 1, 31)) == (date(2030, 12, 1), date(2030, 12, 31))
    assert month_before(SUNDAY, 0) == month_interval(2031, 6)
    assert week_from(monday_of(SUNDAY)) == (date(2031, 6, 9), SUNDAY)


@pytest.mark.parametrize(("year", "month"), [(2031, 13), (0, 1)])
def test_an_impossible_month_is_refused(year: int, month: int) -> None:
    with pytest.raises(ValueError, match=r"must be in|out of range"):
        month_interval(year, month)
