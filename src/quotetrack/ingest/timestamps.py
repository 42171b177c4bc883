"""Read printed dates and times. A missing year, month or day is never filled in from the clock."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil import parser

from quotetrack.core.domain import day_of
from quotetrack.lang.en.calendar import MONTH_ABBREVIATION, MONTH_NAME, MONTHS
from quotetrack.lang.en.pages import AM_OR_PM, BEFORE_TIME, DATE_LABELS, READING_TIME, ZONE_HOURS

LONGEST_MOMENT = 100  # characters; a longer text is prose
EARLIEST_YEAR = 1800  # of the articles that newspapers' own archives put online
LATEST_YEAR = 2049  # a later one is a fault of the template; no clock is asked, so that a page is always read alike

_SECONDS_EAST = {zone: hours * 3600 for zone, hours in ZONE_HOURS.items()}
# Two defaults for the parser that agree in no field. An hour in which both results agree was printed, not filled in.
_DEFAULTS = (time(1, 0), time(12, 0))
# The first days of the clocks of Unix, spreadsheets and databases, and the evening before in America: nobody's date.
_ZERO_DAYS = frozenset(
    {date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1), date(1969, 12, 31), date(1970, 1, 1)}
)

_MONTH = rf"(?:{MONTH_NAME}|{MONTH_ABBREVIATION})\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
# The forms of a whole day, each with its groups. 2026.03 and 2026-3 are months, 1773129600 is a count of seconds.
_YEAR_FIRST = re.compile(r"(?<![\d.])(?P<year>\d{4})(?P<mark>[-/.:])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=$|[T ]|\d{4}(?:\d{2})?Z?$)")
_NAMED_MONTH = re.compile(
    rf"(?<!\w)(?:(?P<early>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?)?(?P<name>{_MONTH})[\s-]*"
    rf"(?(early)|(?P<late>\d{{1,2}})(?:st|nd|rd|th)?),?(?:\s+\d{{1,2}}:[\d:]{{2,5}}(?:\s+[A-Z]{{2,5}})?)?[\s,-]+(?P<year>\d{{4}})(?!\d)",
    re.I,
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?!\d)"
)
_DAY = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|(?<!\d)\d{{1,2}}/\d{{1,2}}/\d{{4}}(?!\d)|(?<!\d)\d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\d)|"
    rf"{_MONTH}\s+{_NTH},?\s+\d{{4}}|{_NTH}\s+{_MONTH},?\s+\d{{4}})"
)
_TIME = rf"\d{{1,2}}(?:[:.]\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s*{AM_OR_PM})?|\s*{AM_OR_PM})"
_ZONE = r"(?:Z\b|[+-]\d{2}:?\d{2}\b|\(?\b[A-Z]{2,4}T?\b\)?)"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_ONLY_LABELS = re.compile(rf"\W*(?:\b(?:{DATE_LABELS}|{_WEEKDAY}|{READING_TIME})\b\W*)*", re.I)
_PRINTED_MOMENT = re.compile(
    rf"(?:(?P<early>{_TIME})\s*(?P<early_zone>{_ZONE})?\s*[,|·•-]?\s*)?(?P<day>{_DAY})"
    rf"(?:\s*[T,|·•/–—-]?\s*{BEFORE_TIME}(?P<late>{_TIME})\s*(?P<late_zone>{_ZONE})?)?",
    re.I,
)


def read_moment(printed: str, day_first: bool | None = None) -> datetime | date | None:
    """Return the moment of a printed date: a date if no hour is printed, a naive datetime if no zone is.

    None if it is no whole date, if its year is none of a newspaper's, or if it is the zero of a clock, 1970-01-01.
    `day_first` says how the outlet's country reads 05/03/2026; if it is None, such a date is ambiguous and None.
    """
    text = printed.strip()[:LONGEST_MOMENT]
    found = _find_day(text, day_first)
    if found is None or not _is_plausible(found.day):
        return None
    return _with_time(text, found)


def is_ambiguous(printed: str) -> bool:
    """Return whether a printed date may be two days, as 05/03/2026 is March in Leeds and May in Boston."""
    text = printed.strip()[:LONGEST_MOMENT]
    readings = {found.day for found in (_find_day(text, True), _find_day(text, False)) if found}
    return len(readings) > 1 and _find_day(text, None) is None


def later_than(published: datetime | date | None, modified: datetime | date | None) -> datetime | date | None:
    """Return when a page was changed last; None if that is not after its publication.

    If one of the two lacks the hour or the zone, their days are compared.
    """
    if published is None or modified is None:
        return modified
    try:
        is_later = modified > published
    except TypeError:  # one lacks the hour or the zone
        first, last = day_of(published), day_of(modified)
        is_later = first is not None and last is not None and last > first
    return modified if is_later else None


def read_date_line(line: str, day_first: bool | None = None) -> datetime | date | None:
    """Return the moment on a line that holds a date and nothing else but labels ("Updated", "Friday"); else None.

    `day_first` is that of `read_moment`.
    """
    line = line[:LONGEST_MOMENT]
    printed = _PRINTED_MOMENT.search(line)
    if printed is None:
        return None
    if not (_ONLY_LABELS.fullmatch(line[: printed.start()]) and _ONLY_LABELS.fullmatch(line[printed.end() :])):
        return None
    hour = (printed["early"] or printed["late"] or "").lower()
    hour = hour.replace(".m", "m").rstrip(".").replace(".", ":")  # "8.13 p.m." becomes "8:13 pm"
    zone = (printed["early_zone"] or printed["late_zone"] or "").strip("()")
    return read_moment(f"{printed['day']} {hour} {zone}".strip(), day_first)


@dataclass(frozen=True, slots=True)
class _PrintedDay:
    """A day, and the characters that print it in one of the forms."""

    day: date
    start: int
    end: int
    form: re.Pattern[str]


def _find_day(text: str, day_first: bool | None) -> _PrintedDay | None:
    """Return the first whole day in a text; None if there is none, or if it can be read in two ways."""
    for form in (_YEAR_FIRST, _COMPACT, _NAMED_MONTH, _NUMERIC):
        match = form.match(text) if form is _COMPACT else form.search(text)
        if match:
            day = _numeric_day(match, day_first) if form is _NUMERIC else _day_of_match(match)
            return _PrintedDay(day, match.start(), match.end(), form) if day else None
    return None


def _day_of_match(match: re.Match[str]) -> date | None:
    fields = match.groupdict()
    if "name" in fields:
        return _day(int(fields["year"]), _month_number(fields["name"]), int(fields["early"] or fields["late"]))
    return _day(int(fields["year"]), int(fields["month"]), int(fields["day"]))


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.lower().startswith(name[:3].lower()))


def _numeric_day(match: re.Match[str], day_first: bool | None) -> date | None:
    """Return the day of 25/03/2026 or 5.3.2026: dots always have the day in front. Two digits need a known country."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if len(match["year"]) == 2:
        if day_first is None:
            return None
        year += 2000
    elif match["mark"] == ".":
        day_first = True
    readings = {_day(year, second, first), _day(year, first, second)} - {None}
    if len(readings) == 1:
        return readings.pop()
    if day_first is None:
        return None
    return _day(year, second, first) if day_first else _day(year, first, second)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_plausible(day: date) -> bool:
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR and day not in _ZERO_DAYS


def _with_time(text: str, found: _PrintedDay) -> datetime | date:
    """Return the day with the hour and zone that are printed beside it; the day alone if dateutil reads another one."""
    try:
        moment = None if text.isdigit() else datetime.fromisoformat(text)  # which takes any digit for the "T"
    except ValueError:
        moment = None
    if moment is not None and moment.date() == found.day and len(text) > found.end - found.start:
        return moment
    has_time_inside = found.form is _NAMED_MONTH and ":" in text[found.start : found.end]  # Mar 05 14:20:00 UTC 2026
    gap = " " if text[found.end : found.end + 1].isdigit() else ""
    iso = f"{text[: found.start]}{found.day.isoformat()}{gap}{text[found.end :]}"
    return _parse(text if has_time_inside else iso, found.day) or found.day


def _parse(text: str, day: date) -> datetime | date | None:
    """Return the moment that dateutil reads on this day; a date if it would have to fill in the hour."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            first, second = (
                parser.parse(text, default=datetime.combine(day, default), tzinfos=_SECONDS_EAST)
                for default in _DEFAULTS
            )
            first.utcoffset()  # raises ValueError for +99:99
    except (parser.ParserError, OverflowError, ValueError, TypeError):
        return None
    if first.date() != day or second.date() != day:
        return None
    return first if first.hour == second.hour else day
