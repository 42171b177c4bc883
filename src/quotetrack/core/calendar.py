"""Days of the calendar: months and weekdays by name, and the first and last day of an interval. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from quotetrack.lang.en.calendar import MONTHS, WEEKDAYS

DAY_LENGTH = len("2024-11-07")

Interval = tuple[date, date]
"""The first and the last day, both included."""

_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_WEEKDAY_NUMBERS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}


def month_number(name: str) -> int | None:
    """Return the number, from 1, of a month by its name or abbreviation; only the first three letters count."""
    return _MONTH_NUMBERS.get(name[:3].lower())


def weekday_number(name: str) -> int | None:
    """Return the number of a weekday by its full name; Monday is 0, as in `date.weekday`."""
    return _WEEKDAY_NUMBERS.get(name.lower())


def latest_weekday(weekday: int, until: date) -> date:
    """Return the latest such weekday up to a day, that day included."""
    return until - timedelta(days=(until.weekday() - weekday) % 7)


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def days_in_month(year: int, month: int) -> int:
    """Return the number of days. Raises ValueError for an impossible month."""
    return monthrange(year, month)[1]


def one_day(day: date) -> Interval:
    """Return the interval of a single day."""
    return day, day


def week_from(monday: date) -> Interval:
    """Return the seven days from a Monday."""
    return monday, monday + timedelta(days=6)


def month_interval(year: int, month: int) -> Interval:
    """Return the first and last day of a month. Raises ValueError for an impossible month or year."""
    return date(year, month, 1), date(year, month, days_in_month(year, month))


def year_interval(year: int) -> Interval:
    """Return the first and last day of a year. Raises ValueError for an impossible year."""
    return date(year, 1, 1), date(year, 12, 31)


def month_before(day: date, months: int = 1) -> Interval:
    """Return the calendar month that lies some months before that of a day. Raises ValueError before the year 1."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return month_interval(year, month + 1)


def read_printed_moment(value: str | None) -> date | None:
    """Return the day or moment of its ISO 8601 form: a date, or a datetime if it has a time."""
    if value is None:
        return None
    return date.fromisoformat(value) if len(value) == DAY_LENGTH else datetime.fromisoformat(value)
