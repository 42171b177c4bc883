"""A printed date or time -> a moment, a day, or nothing. What is not printed is never filled in from the clock."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime

from dateutil import parser

from quotetrack.lang.en.calendar import MONTH_ABBREVIATION, MONTH_NAME

_HOUR = 3600
# Zones that pages print by letters. Not IST, AST or ET: each means more than one zone; the hour is kept without it.
_ZONES = {
    "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "SGT": 8,
    "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_SECONDS_EAST = {name: hours * _HOUR for name, hours in _ZONES.items()}
# Two days that share no field: what a parser fills in differs between them, what is printed does not.
_FILLERS = (datetime(2000, 1, 1, 1, 0), datetime(2004, 12, 12, 12, 0))

_SLASHED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}")
_MONTH = rf"(?:{MONTH_NAME}|{MONTH_ABBREVIATION})\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|{_MONTH}\s+{_NTH},?\s+\d{{4}}|{_NTH}\s+{_MONTH},?\s+\d{{4}})"
_TIME = r"\d{1,2}(?:[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\b\.?)?|\s*[ap]\.?m\b\.?)"
_ZONE = r"(?:Z\b|[+-]\d{2}:?\d{2}\b|\(?\b[A-Z]{2,4}T?\b\)?)"
_LABELS = (
    r"first|published|posted|updated|last|modified|issued|released|on|at|date|time|local|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|\d+\s*min(?:ute)?s?\s*read"
)
_BARE_DATE = re.compile(rf"\W*(?:\b(?:{_LABELS})\b\W*)*", re.I)
_PRINTED = re.compile(
    rf"(?:(?P<early>{_TIME})\s*(?P<early_zone>{_ZONE})?\s*[,|·•-]?\s*)?(?P<day>{_DAY})"
    rf"(?:\s*[T,|·•/–—-]?\s*(?:at\s+)?(?P<late>{_TIME})\s*(?P<late_zone>{_ZONE})?)?",
    re.I,
)


def read_moment(printed: str) -> datetime | date | None:
    """A date where no hour is printed; a naive datetime where no zone is; None for what is not a whole date."""
    text = printed.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _read_loosely(text)


def read_date_line(line: str) -> datetime | date | None:
    """The moment on a line that holds a date and, but for labels ("Updated", "Friday"), nothing else."""
    found = _PRINTED.search(line)
    if found is None:
        return None
    if not (_BARE_DATE.fullmatch(line[: found.start()]) and _BARE_DATE.fullmatch(line[found.end() :])):
        return None
    time = (found["early"] or found["late"] or "").lower().replace(".m", "m").rstrip(".").replace(".", ":")
    zone = (found["early_zone"] or found["late_zone"] or "").strip("()")
    return read_moment(f"{found['day']} {time} {zone}".strip())


def _read_loosely(text: str) -> datetime | date | None:
    # 7/11/2024 is July in Boston and November in Leeds: read both ways, and kept where both agree.
    orders = (False, _SLASHED.match(text) is not None)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            low, high = (
                parser.parse(text, default=filler, tzinfos=_SECONDS_EAST, dayfirst=day_first)
                for filler, day_first in zip(_FILLERS, orders, strict=True)
            )
    except (parser.ParserError, OverflowError):
        return None
    if low.date() != high.date():
        return None
    return low if low.hour == high.hour else low.date()
