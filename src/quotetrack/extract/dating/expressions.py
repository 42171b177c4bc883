"""The dates that a reporter writes, resolved against the day of publication. Characters only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from quotetrack.core.calendar import (
    Interval,
    days_in_month,
    latest_weekday,
    monday_of,
    month_before,
    month_interval,
    month_number,
    one_day,
    week_from,
    weekday_number,
    year_interval,
)
from quotetrack.core.domain import Span
from quotetrack.lang.en.calendar import FIRST_MONTH_OF_SEASON, MONTH_ABBREVIATION_IN_NEWS, MONTH_NAME, WEEKDAY_NAME
from quotetrack.lang.en.words import NUMBERS

_MONTH = rf"(?-i:(?P<month>{MONTH_NAME}|(?:{MONTH_ABBREVIATION_IN_NEWS})\.))"
_DAY = r"(?P<day>[12]?\d|3[01]|0\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[789]|20)\d\d)"
_COUNTS = {"a": 1, "an": 1} | {word: number for word, number in NUMBERS.items() if 1 <= number <= 12}
_NUMBER = rf"(?P<number>\d+|{'|'.join(_COUNTS)})"

# A day of a month without a year is the nearest such day: reporters write the year of one that is longer ago. Of the
# 26 read in train none lies farther back. A month alone is told of the last twelve.
NEAREST_DAYS = 183
# "The next day" is counted from the date before it, where that stands so near, in characters.
FARTHEST_COUNTED_FROM = 600

_OF_EVENT = re.compile(
    r"[’']s?\b|\s+(?:[\w-]+\s){0,2}?(?:convention|speech|debate|rally|interview|primary|election|campaign|caucus(?:es)?|race|"
    r"front-?runner|nominee|candidate|hopeful|bid|cycle)\b"
)

# How a date may be told, by the groups of `_PHRASES`; the first that matched counts, and "year" where none did.
MANNERS = {
    "weekday": ("weekday",),
    "today": ("today",),
    "yesterday": ("yesterday",),
    "counted": ("counted",),
    "ago": ("unit",),
    "relative": ("relative",),
    "season": ("season",),
    "day": ("iso", "day", "day2"),
    "month": ("month", "month3", "month4"),
}


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """Words of the reporter that tell a day, a month or a year: `first` to `last`, both within it."""

    span: Span
    first: date
    last: date
    of_event: bool  # "Thursday's rally", "the 2008 convention": the date of something named behind it
    manner: str  # how it is told: one of `MANNERS`, or "year"


def find_dates(text: str, published: date) -> list[DatePhrase]:
    """The dates that a text tells, in order, resolved against the day of publication; none after it.

    A weekday is the latest such day up to publication, the day itself included; a day and a month without a year
    are the nearest such date, which may lie ahead; a month or a season alone is the latest that had begun. "The next
    day" and its kin are counted from the day told before them.
    """
    found: list[DatePhrase] = []
    for match in _PHRASES.finditer(text):
        interval = _counted(match, found, published) if match["counted"] else _resolve(match, published)
        if interval is None or interval[0] > published:
            continue
        of_event = bool(_OF_EVENT.match(text, match.end()))
        span = Span(match.start(), match.end())
        found.append(DatePhrase(span, interval[0], min(interval[1], published), of_event, _manner(match)))
    return found


def _manner(match: re.Match[str]) -> str:
    return next((manner for manner, groups in MANNERS.items() if any(match[group] for group in groups)), "year")


_PHRASES = re.compile(
    rf"(?<![\w$£€#,.-])(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?\b(?!\s*(?:percent|%|points|years|million))"
    rf"|(?P<day2>[12]?\d|3[01])(?:st|nd|rd|th)?\s+(?:of\s+)?(?-i:(?P<month2>{MONTH_NAME}))(?:,?\s+(?P<year2>(?:1[789]|20)\d\d))?\b"
    rf"|(?-i:(?P<month3>{MONTH_NAME})),?\s+(?:of\s+)?(?P<year3>(?:1[789]|20)\d\d)\b"
    rf"|(?P<lead>in|last|this|this past|since|early|late|mid-?|an?|the|his|her|their)\s+(?:early\s+|late\s+|mid-?)?"
    rf"(?-i:(?P<month4>{MONTH_NAME}))\b(?!\s+\d\d?\b)(?:,?\s+(?:of\s+)?(?P<year4>(?:19|20)\d\d))?"
    rf"|(?P<season>(?:last|this(?: past)?) (?:spring|summer|fall|autumn|winter))\b"
    rf"|(?P<counted>the (?:next|following|same) (?:day|morning|evening|night)"
    rf"|(?:later )?that (?:same )?(?:day|morning|afternoon|evening|night)"
    rf"|a day later|the (?:day|night) before(?=[,.;]))\b"
    rf"|(?:(?P<before>last )|this past |this |past )?"
    # "Next Tuesday" is to come, and "Super Tuesday" is what happened on one.
    rf"(?<!next )(?<!coming )(?<!super )(?<!black )(?P<weekday>{WEEKDAY_NAME})\b"
    rf"(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?P<today>today|tonight|this (?:morning|afternoon|evening))\b"
    rf"|(?P<yesterday>yesterday|last (?:night|evening))\b"
    rf"|{_NUMBER}\s+(?P<unit>day|week|month|year)s?\s+(?:ago|earlier)\b"
    rf"|(?!(?-i:This Week)\b)(?P<relative>(?:earlier |late |later )?(?:last|this|the past|in the past|over the past)"
    rf"\s+(?:week(?:end)?|month|year)|over the weekend)\b"
    rf"|(?P<year5>(?:19|20)\d\d|(?<=\bin )1[78]\d\d)\b(?![-–]\d|\s*(?:percent|%|points|people|voters|words))"
    rf")",
    re.IGNORECASE,
)


def _resolve(match: re.Match[str], published: date) -> Interval | None:
    """The first and the last day that a phrase may mean."""
    named = {key: value.lower() for key, value in match.groupdict().items() if value}
    try:
        if "iso" in named:
            return one_day(date.fromisoformat(named["iso"]))
        if (weekday := weekday_number(named.get("weekday", ""))) is not None:
            day = latest_weekday(weekday, published)
            return one_day(day - timedelta(days=7) if day == published and "before" in named else day)
        if "season" in named:
            return _season(named["season"], published)
        if "today" in named:
            return one_day(published)
        if "yesterday" in named:
            return one_day(published - timedelta(days=1))
        if "unit" in named:
            return _ago(named["number"], named["unit"], published)
        if "relative" in named:
            return _relative(named["relative"], published)
        return _calendar(named, published)
    except (KeyError, ValueError, OverflowError):  # KeyError: the pattern also matches "ſ" for "s"
        return None


def _calendar(named: dict[str, str], published: date) -> Interval | None:
    """A day, month or year by its name; where the year is not told, a day that lies ahead is nothing that was."""
    month = next((month_number(named[key]) for key in ("month", "month2", "month3", "month4") if key in named), None)
    told = next((int(named[key]) for key in ("year", "year2", "year3", "year4", "year5") if key in named), None)
    day = next((int(named[key]) for key in ("day", "day2") if key in named), None)
    if month is None:
        return year_interval(told) if told else None
    if day is not None and not told and _is_ahead(month, day, published):
        return None
    for year in [told] if told else range(published.year, published.year - 9, -1):  # 29 February may be years away
        if day is not None and day > days_in_month(year, month):
            continue
        first = date(year, month, day or 1)
        if told or first <= published:
            return one_day(first) if day else month_interval(year, month)
    return None


def _is_ahead(month: int, day: int, published: date) -> bool:
    """Whether the next such day is nearer than the last."""
    nearest = published + timedelta(days=NEAREST_DAYS)
    return any(
        day <= days_in_month(year, month) and published < date(year, month, day) <= nearest
        for year in {published.year, nearest.year}
    )


def _ago(number: str, unit: str, published: date) -> Interval | None:
    """A day for days, a calendar month or year for the longer units: nobody counts them to the day."""
    count = int(number) if number.isdigit() else _COUNTS[number]
    if unit == "day":
        return one_day(published - timedelta(days=count))
    if unit == "week":
        return published - timedelta(days=7 * count + 3), published - timedelta(days=7 * count - 3)
    if unit == "year":
        return year_interval(published.year - count)
    return month_before(published, count)


def _season(phrase: str, published: date) -> Interval | None:
    """The latest such season: of "last" ones one that had ended; a winter is told by the year in which it began."""
    season = phrase.split()[-1]
    month = FIRST_MONTH_OF_SEASON[season]
    for year in range(published.year, published.year - 3, -1):
        first = date(year, month, 1)
        _, last = month_before(first, -2)
        if last < published or (first <= published and not phrase.startswith("last")):
            return first, last
    return None


def _counted(match: re.Match[str], before: list[DatePhrase], published: date) -> Interval | None:
    """A day told from the day before it in the text: "on Monday ... and the next day ..."."""
    told = next((phrase for phrase in reversed(before) if phrase.first == phrase.last), None)
    if told is None or match.start() - told.span.end > FARTHEST_COUNTED_FROM:
        return None
    words = match["counted"].lower()
    days = 1 if "next" in words or "following" in words or "later" in words.split()[-1:] else 0
    try:
        return one_day(told.first + timedelta(days=-1 if words.endswith("before") else days))
    except OverflowError:
        return None


def _relative(phrase: str, published: date) -> Interval:
    """Last week is the calendar week before; this month what of it has passed."""
    monday = monday_of(published)
    if "weekend" in phrase:
        saturday = monday - timedelta(days=2)
        return saturday, saturday + timedelta(days=1)
    if "past week" in phrase:
        return published - timedelta(days=7), published
    if "week" in phrase:
        return week_from(monday - timedelta(days=7)) if "last" in phrase else (monday, published)
    if "year" in phrase:
        return year_interval(published.year - ("last" in phrase))
    if "last" in phrase:
        return month_before(published)
    return date(published.year, published.month, 1), published
