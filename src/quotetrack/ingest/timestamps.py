"""Read printed dates and times. A missing year, month or day is never filled in from the clock."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime

from dateutil import parser

from quotetrack.core.domain import day_of
from quotetrack.lang.en.calendar import MONTH_ABBREVIATION, MONTH_NAME
from quotetrack.lang.en.pages import AM_OR_PM, BEFORE_TIME, DATE_LABELS, READING_TIME, ZONE_HOURS

_SECONDS_EAST = {zone: hours * 3600 for zone, hours in ZONE_HOURS.items()}
# Two defaults for the parser that agree in no field. A field in which both results agree was printed, not filled in.
_DEFAULTS = (datetime(2000, 1, 1, 1, 0), datetime(2004, 12, 12, 12, 0))

_SLASHED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}")
_MONTH = rf"(?:{MONTH_NAME}|{MONTH_ABBREVIATION})\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|{_MONTH}\s+{_NTH},?\s+\d{{4}}|{_NTH}\s+{_MONTH},?\s+\d{{4}})"
_TIME = rf"\d{{1,2}}(?:[:.]\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s*{AM_OR_PM})?|\s*{AM_OR_PM})"
_ZONE = r"(?:Z\b|[+-]\d{2}:?\d{2}\b|\(?\b[A-Z]{2,4}T?\b\)?)"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_ONLY_LABELS = re.compile(rf"\W*(?:\b(?:{DATE_LABELS}|{_WEEKDAY}|{READING_TIME})\b\W*)*", re.I)
_PRINTED_MOMENT = re.compile(
    rf"(?:(?P<early>{_TIME})\s*(?P<early_zone>{_ZONE})?\s*[,|·•-]?\s*)?(?P<day>{_DAY})"
    rf"(?:\s*[T,|·•/–—-]?\s*{BEFORE_TIME}(?P<late>{_TIME})\s*(?P<late_zone>{_ZONE})?)?",
    re.I,
)


def read_moment(printed: str) -> datetime | date | None:
    """Return the moment of a printed date: a date if no hour is printed, a naive datetime if no zone is.

    None if it is no whole date.
    """
    text = printed.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _read_loosely(text)


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


def read_date_line(line: str) -> datetime | date | None:
    """Return the moment on a line that holds a date and nothing else but labels ("Updated", "Friday"); else None."""
    printed = _PRINTED_MOMENT.search(line)
    if printed is None:
        return None
    if not (_ONLY_LABELS.fullmatch(line[: printed.start()]) and _ONLY_LABELS.fullmatch(line[printed.end() :])):
        return None
    time = (printed["early"] or printed["late"] or "").lower()
    time = time.replace(".m", "m").rstrip(".").replace(".", ":")  # "8.13 p.m." becomes "8:13 pm"
    zone = (printed["early_zone"] or printed["late_zone"] or "").strip("()")
    return read_moment(f"{printed['day']} {time} {zone}".strip())


def _read_loosely(text: str) -> datetime | date | None:
    """Return the moment that dateutil reads, if nothing in its day was filled in or is ambiguous."""
    # 7/11/2024 is July in Boston and November in Leeds. It is read both ways, and rejected if the days differ.
    is_day_first = (False, _SLASHED.match(text) is not None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            first, second = (
                parser.parse(text, default=default, tzinfos=_SECONDS_EAST, dayfirst=day_first)
                for default, day_first in zip(_DEFAULTS, is_day_first, strict=True)
            )
            first.utcoffset()  # raises ValueError for +99:99
    except (ValueError, OverflowError):
        return None
    if first.date() != second.date():
        return None
    return first if first.hour == second.hour else first.date()
