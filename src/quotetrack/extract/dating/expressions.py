"""Find the dates that a reporter writes, resolved against the day of publication. Characters only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

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
from quotetrack.lang.en.calendar import FIRST_MONTH_OF_SEASON
from quotetrack.lang.en.date_phrases import COUNTS, GOLF, MANNERS, OF_EVENT, PHRASE, YEAR_MANNER
from quotetrack.lang.en.holidays import FIXED, FROM_EASTER, OF_MONTH

# A day of a month without a year is the nearest such day: reporters write the year of one that is longer ago. Of the
# 26 read in train none lies farther back. A month without a day is one of the last twelve.
NEAREST_DAYS = 183
# Characters between "the next day" and the date before it from which it is counted.
FARTHEST_COUNTED_FROM = 600
# Characters beside "on the 13th" within which a golf course makes a hole of it.
GOLF_BESIDE = 300
# Years back in which a day without a year is looked up: 29 February may be eight years away.
MOST_YEARS_BACK = 8
# Days on either side of a day some weeks ago: nobody counts weeks to the day.
WEEK_MARGIN = 3
DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
YEARS_OF_DECADE = 10
LONGEST_MONTH = 31  # days


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """Words of the reporter that mean a day, a month or a year: `first` to `last`, both included."""

    span: Span
    first: date
    last: date
    of_event: bool  # "Thursday's rally", "the 2008 convention": the date of something named behind it
    manner: str  # how it is written: one of `MANNERS`, or "year"


def _nowhere(_at: int) -> bool:
    return False


def find_dates(text: str, published: date, is_quoted: Callable[[int], bool] = _nowhere) -> list[DatePhrase]:
    """Return the dates that a text writes, in order, resolved against the day of publication; none after it.

    A weekday is the latest such day up to publication, that day included. A day and a month without a year are the
    nearest such date; one that lies ahead is left out. A month or a season without a year is the latest that had
    begun. "The next day" and the like are counted from the day written before them, but for one in words that are
    quoted.
    """
    dates: list[DatePhrase] = []
    for match in PHRASE.finditer(text):
        if match["counted"]:
            is_inside = is_quoted(match.start())
            interval = _counted(match, [date for date in dates if is_inside or not is_quoted(date.span.start)])
        else:
            interval = _resolve(match, published)
        if interval is None or interval[0] > published or (match["nth"] and _is_golf(match)):
            continue
        first, last = interval
        of_event = bool(OF_EVENT.match(text, match.end()))
        span = Span(match.start(), match.end())
        dates.append(DatePhrase(span, first, min(last, published), of_event, _manner(match)))
    return dates


def _is_golf(match: re.Match[str]) -> bool:
    return GOLF.search(match.string, max(0, match.start() - GOLF_BESIDE), match.end() + GOLF_BESIDE) is not None


def find_phrases(text: str) -> list[Span]:
    """Return the characters of everything in a text that is written like a date."""
    return [Span(*match.span()) for match in PHRASE.finditer(text)]


def _manner(match: re.Match[str]) -> str:
    return next((manner for manner, groups in MANNERS.items() if any(match[group] for group in groups)), YEAR_MANNER)


# Days from the day before to "the next day" and the like.
_STEPS = {"next": 1, "following": 1, "previous": -1}


def _counted(match: re.Match[str], before: Sequence[DatePhrase]) -> Interval | None:
    """Return a day counted from the day before it in the text: "on Monday ... and the next day ...".

    Where none is near, it means none: "two days earlier" may be before anything. Nobody counts weeks to the day. "That
    night" is of the day, week or month before it: "was arrested last March, and that night ..."; it is of no year.
    """
    words = match["counted"].lower().split()
    if "that" in words[:2]:
        return _date_near(match, before)
    base = _day_near(match, before)
    if base is None:
        return None
    try:
        if words[-1] in ("later", "earlier") or words[0] in COUNTS or words[0].isdigit():
            count = int(words[0]) if words[0].isdigit() else COUNTS[words[0]]
            steps = count if words[-1] == "later" else -count
            if words[1].startswith("week"):
                middle = base + timedelta(weeks=steps)
                return middle - timedelta(days=WEEK_MARGIN), middle + timedelta(days=WEEK_MARGIN)
            return one_day(base + timedelta(days=steps))
        step = -1 if words[-1] == "before" else _STEPS.get(words[1], 0) if words[0] == "the" else 0
        return one_day(base + timedelta(days=step))
    except (KeyError, OverflowError):
        return None


def _date_near(match: re.Match[str], before: Sequence[DatePhrase]) -> Interval | None:
    """Return the date that the text writes before a phrase, if it stands near enough and is no longer than a month."""
    if not before or match.start() - before[-1].span.end > FARTHEST_COUNTED_FROM:
        return None
    if (before[-1].last - before[-1].first).days >= LONGEST_MONTH:
        return None
    return before[-1].first, before[-1].last


def _day_near(match: re.Match[str], before: Sequence[DatePhrase]) -> date | None:
    """Return the last single day that the text writes before a phrase, if it stands near enough."""
    base = next((phrase for phrase in reversed(before) if phrase.first == phrase.last), None)
    return base.first if base is not None and match.start() - base.span.end <= FARTHEST_COUNTED_FROM else None


Groups = dict[str, str]  # the groups of `PHRASE` that matched, in lower case


def _resolve(match: re.Match[str], published: date) -> Interval | None:
    """Return the first and the last day that a phrase may mean; None where it means no day."""
    groups: Groups = {name: value.lower() for name, value in match.groupdict().items() if value}
    resolve = next((rule for group, rule in _RULES if group in groups), _calendar)
    try:
        return resolve(groups, published)
    except (KeyError, ValueError, OverflowError):  # KeyError: the pattern also matches "ſ" for "s"
        return None


def _iso(groups: Groups, published: date) -> Interval:
    return one_day(date.fromisoformat(groups["iso"]))


def _weekday(groups: Groups, published: date) -> Interval | None:
    """Return the latest such day; "last Sunday" on a Sunday is a week ago."""
    weekday = weekday_number(groups["weekday"])
    if weekday is None:
        return None
    day = latest_weekday(weekday, published)
    return one_day(day - timedelta(days=7) if day == published and "before" in groups else day)


def _season(groups: Groups, published: date) -> Interval | None:
    """Return the latest such season, for "last" one that had ended; a winter belongs to the year in which it began."""
    which, _, season = groups["season"].rpartition(" ")
    for year in range(published.year, published.year - 3, -1):
        first = date(year, FIRST_MONTH_OF_SEASON[season], 1)
        _, last = month_before(first, -2)
        if last < published or (first <= published and which != "last"):
            return first, last
    return None


def _today(groups: Groups, published: date) -> Interval:
    return one_day(published)


def _yesterday(groups: Groups, published: date) -> Interval:
    return one_day(published - timedelta(days=1))


def _nth(groups: Groups, published: date) -> Interval | None:
    """Return the latest such day of a month: "on the 13th"."""
    number = int(groups["nth"])
    months = (published - relativedelta(months=back) for back in range(3))
    days = (date(m.year, m.month, number) for m in months if number <= days_in_month(m.year, m.month))
    return next((one_day(day) for day in days if day <= published), None)


def _holiday(groups: Groups, published: date) -> Interval | None:
    """Return the holiday of the year that is written, else the latest one up to publication."""
    name = groups["holiday"].replace("'", "’")
    if "year6" in groups:
        return one_day(_holiday_in(name, int(groups["year6"])))
    days = (_holiday_in(name, year) for year in (published.year, published.year - 1))
    return next((one_day(day) for day in days if day <= published), None)


def _holiday_in(name: str, year: int) -> date:
    """Return the day of a holiday in a year."""
    if name in FIXED:
        month, day = FIXED[name]
        return date(year, month, day)
    if name in FROM_EASTER:
        return easter(year) + timedelta(days=FROM_EASTER[name])
    month, weekday, which = OF_MONTH[name]
    last = days_in_month(year, month)
    return latest_weekday(weekday, date(year, month, min(7 * which, last) if which > 0 else last))


def _ago(groups: Groups, published: date) -> Interval:
    """Return a day for days, and a calendar month or year for the longer units: nobody counts them to the day.

    "A week ago today" is counted so.
    """
    number, unit = groups["number"], groups.get("unit") or groups["unit2"]
    count = int(number) if number.isdigit() else COUNTS[number]
    if "to_day" in groups:
        day = published - timedelta(days=groups["to_day"] == "yesterday")
        months = {"month": count, "year": 12 * count, "decade": 120 * count}.get(unit, 0)
        return one_day(day - relativedelta(months=months, days=DAYS_OF.get(unit, 0) * count))
    if unit == "day":
        return one_day(published - timedelta(days=count))
    if unit in DAYS_OF:
        days, margin = DAYS_OF[unit] * count, WEEK_MARGIN
        return published - timedelta(days=days + margin), published - timedelta(days=days - margin)
    if unit == "decade":  # nobody counts decades to the year
        year = published.year - YEARS_OF_DECADE * count
        return date(year - 1, 1, 1), date(year + 1, 12, 31)
    if unit == "year":
        return year_interval(published.year - count)
    return month_before(published, count)


def _relative(groups: Groups, published: date) -> Interval:
    """Return the calendar week, month or year before for "last", and the part of it that has passed for "this"."""
    phrase, monday = groups["relative"], monday_of(published)
    is_last = "last" in phrase
    if "weekend" in phrase:
        saturday = monday - timedelta(days=2)
        return saturday, saturday + timedelta(days=1)
    if "past week" in phrase:
        return published - timedelta(days=7), published
    if "week" in phrase:
        return week_from(monday - timedelta(days=7)) if is_last else (monday, published)
    if "year" in phrase:
        return year_interval(published.year - is_last)
    if is_last:
        return month_before(published)
    return date(published.year, published.month, 1), published


# By the group of `PHRASE` that matched; the first counts. All other phrases are days, months and years by their names.
_RULES: tuple[tuple[str, Callable[[Groups, date], Interval | None]], ...] = (
    ("iso", _iso),
    ("weekday", _weekday),
    ("season", _season),
    ("today", _today),
    ("yesterday", _yesterday),
    ("unit", _ago),
    ("unit2", _ago),
    ("nth", _nth),
    ("holiday", _holiday),
    ("relative", _relative),
)


def _calendar(groups: Groups, published: date) -> Interval | None:
    """Return a day, month or year by its name. A day without a year that lies ahead is no day of the past."""
    month = next((month_number(groups[key]) for key in ("month", "month2", "month3", "month4") if key in groups), None)
    year = next((int(groups[key]) for key in ("year", "year2", "year3", "year4", "year5") if key in groups), None)
    day = next((int(groups[key]) for key in ("day", "day2") if key in groups), None)
    if month is None:
        return year_interval(year) if year else None
    if year:
        return _in_year(year, month, day)
    if day is not None and _is_ahead(month, day, published):
        return None
    for past in range(published.year, published.year - MOST_YEARS_BACK - 1, -1):
        interval = _in_year(past, month, day)
        if interval is not None and interval[0] <= published:
            return interval
    return None


def _in_year(year: int, month: int, day: int | None) -> Interval | None:
    """Return a month of a year, or a day of it; None for a day that the month does not have."""
    if day is None:
        return month_interval(year, month)
    return one_day(date(year, month, day)) if day <= days_in_month(year, month) else None


def _is_ahead(month: int, day: int, published: date) -> bool:
    """Return whether the next such day is nearer than the last."""
    nearest = published + timedelta(days=NEAREST_DAYS)
    return any(
        day <= days_in_month(year, month) and published < date(year, month, day) <= nearest
        for year in {published.year, nearest.year}
    )
