"""Read a question: speaker, topic, window of days and outlet, by its words. Pure.

Forms such as "what did X say about Y", "X on Y", "who said Z", "quotes by X about Y" and "did X ever mention Y" are
read, with days ("since November") and an outlet ("in the Harbour Post") anywhere in them. Words inside quotation marks
are searched for as they are. The English patterns are in `lang/en/question_forms.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quotetrack.core.calendar import (
    Interval,
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
from quotetrack.core.normalize import normalise
from quotetrack.lang.en import question_forms as forms
from quotetrack.lang.en.calendar import DAYS_OF_UNIT

LONGEST_NAME = 6  # words at the head of a question that may be a speaker, or after "in" an outlet
LOWEST_YEAR = 1000  # a smaller number in a date is a month or a day

IsSpeaker = Callable[[str], bool]
"""Whether a stored speaker has a name: it distinguishes "Venn on piers" from "a fire on the pier"."""

# Quotation marks; an apostrophe inside a word is none.
_MARKS = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day asked for, both included; None is open."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """The parts of a question. None: the question asks for no particular one.

    `speaker` is printed as in the question and may be unknown to the store; `outlet` is the slug of a stored outlet.
    """

    speaker: str | None = None
    about: str | None = None
    window: Window = Window()
    outlet: str | None = None


def read_question(question: str, today: date, is_speaker: IsSpeaker, outlets: Mapping[str, str]) -> ParsedQuestion:
    """Read a question asked on this day. `outlets` maps each name of an outlet, in `normalise`d words, to its slug.

    A month without a year is the latest one that has begun.
    """
    bare, outlet = _without_outlet(" ".join(question.split()), outlets)
    bare, window = _without_window(bare, today, is_speaker)
    speaker, about = _speaker_and_topic(bare, is_speaker)
    return ParsedQuestion(speaker, about, window, outlet)


# Speaker and topic


def _speaker_and_topic(question: str, is_speaker: IsSpeaker) -> tuple[str | None, str | None]:
    bare = question.strip().rstrip("?!. ")
    for form in forms.FORMS:
        if match := form.fullmatch(bare):
            groups = match.groupdict()
            asked = groups.get("speaker")
            speaker = None if asked is None or asked.casefold() in forms.NO_ONE else _name(asked)
            return speaker, _topic(groups.get("about") or groups.get("after"))
    loose = forms.LOOSE_FORM.fullmatch(bare)
    if loose and is_speaker(loose["speaker"]):
        return _name(loose["speaker"]), _topic(loose["about"])
    return _leading_name_and_topic(bare, is_speaker)


def _leading_name_and_topic(question: str, is_speaker: IsSpeaker) -> tuple[str | None, str | None]:
    """Split "Venn piers" behind the longest run of words at its head that is the name of a speaker."""
    words = question.split()
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        head = " ".join(words[:length])
        if is_speaker(head):
            return _name(head), _topic(" ".join(words[length:]))
    return None, _topic(question)


def _name(printed: str) -> str:
    return printed.strip(' ,;:"“”')


def _topic(text: str | None) -> str | None:
    bare = (text or "").strip(" \t\n\"“”‘’«»„',.;:?!")
    return bare or None


# Outlet


def _without_outlet(question: str, outlets: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the question without "in the Harbour Post", and the outlet's slug; unchanged if it names no outlet."""
    for match in forms.BEFORE_OUTLET.finditer(question):
        if _is_quoted(question, match.start()):
            continue
        words = question[match.end() :].split()
        shortest = 1 if forms.WHEN.match(question, match.start()) else 0  # "in May", though an outlet is called May
        for length in range(min(len(words), LONGEST_NAME), shortest, -1):
            name = normalise(" ".join(words[:length]))
            slug = outlets.get(name) or outlets.get(name.removeprefix("the "))
            if slug is not None:
                rest = f"{question[: match.start()]} {' '.join(words[length:])}"
                return " ".join(rest.split()).rstrip(" ,"), slug
    return question, None


# Days


def _without_window(question: str, today: date, is_speaker: IsSpeaker) -> tuple[str, Window]:
    """Return the question without its days, and the days. A day that does not exist stays in the question."""
    between = forms.BETWEEN.search(question)
    if between and not _is_quoted(question, between.start()):
        first, last = days_of(between[1], today), days_of(between[2], today)
        if first and last and first[0] <= last[1]:
            return _cut(question, between), Window(first[0], last[1])
    window = Window()
    past = forms.PAST.search(question)
    if past and not _is_quoted(question, past.start()):
        back = timedelta(days=_count(past["count"]) * DAYS_OF_UNIT[past["unit"].casefold()])
        question, window = _cut(question, past), Window(today - back, None)
    for pattern in (forms.WHEN, forms.BARE_WHEN):
        for match in reversed(list(pattern.finditer(question))):
            is_no_day = _is_quoted(question, match.start()) or _begins_name(question, match, is_speaker)
            days = None if is_no_day else days_of(match["days"], today)
            if days is not None:
                window = _narrowed(window, match.groupdict().get("how"), days)
                question = _cut(question, match)
    return question, window


def _begins_name(question: str, match: re.Match[str], is_speaker: IsSpeaker) -> bool:
    """Return whether a month is the first word of a name: "quotes by June Hart"."""
    first, behind = match["days"], question[match.end() :].split()
    if not forms.ONLY_MONTH.fullmatch(first) or not behind:
        return False
    is_surname = forms.SURNAME.match(behind[0]) is not None and first[0].isupper()
    if is_surname and (match.groupdict().get("how") or "").casefold() in forms.BEFORE_SPEAKER:
        return True
    return any(is_speaker(_name(" ".join([first, *behind[:length]]))) for length in range(1, LONGEST_NAME))


def _narrowed(window: Window, preposition: str | None, days: Interval) -> Window:
    first, last = days
    how = " ".join((preposition or "").casefold().split())
    if how in forms.FROM_FIRST_DAY:
        return replace(window, since=first)
    if how in forms.FROM_DAY_AFTER:
        return replace(window, since=last + timedelta(days=1))
    if how in forms.TO_LAST_DAY:
        return replace(window, until=last)
    if how in forms.TO_DAY_BEFORE:
        return replace(window, until=first - timedelta(days=1))
    return Window(first, last)


def days_of(printed: str, today: date) -> Interval | None:
    """Return the first and last day of a printed day, week, month, year or decade; None if there is no such day.

    Without a year it is the latest that has begun by today.
    """
    words = " ".join(printed.casefold().split())
    relative = _relative_days(words, today)
    if relative is not None:
        return relative
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    month_name = re.search(r"[a-z]{3}", forms.NO_MONTH_NAME.sub(" ", words))
    month = month_number(month_name[0]) if month_name else None
    years, rest = [n for n in numbers if n >= LOWEST_YEAR], [n for n in numbers if n < LOWEST_YEAR]
    if month is None and rest:
        month, rest = rest[0], rest[1:]
    try:
        if month is None:
            is_decade = words.endswith("s")
            return date(years[0], 1, 1), date(years[0] + (9 if is_decade else 0), 12, 31)
        day = rest[0] if rest else None
        if years:
            return _month_or_day(years[0], month, day)
        this_year = _month_or_day(today.year, month, day)
        return this_year if this_year[0] <= today else _month_or_day(today.year - 1, month, day)
    except (ValueError, IndexError):
        return None


def _relative_days(words: str, today: date) -> Interval | None:
    """Return the days of "yesterday", "this week", "two months ago" or "Monday"; None for other words."""
    if words == forms.TODAY:
        return one_day(today)
    if words == forms.YESTERDAY:
        return one_day(today - timedelta(days=1))
    if ago := forms.AGO.fullmatch(words):
        return one_day(today - timedelta(days=_count(ago[1]) * DAYS_OF_UNIT[ago[2]]))
    if unit := forms.THIS_OR_LAST_UNIT.fullmatch(words):
        return _calendar_unit(unit["unit"], today, is_last=unit["which"] == forms.LAST)
    weekday = weekday_number(forms.LAST_OR_THIS.sub("", words))
    return None if weekday is None else one_day(latest_weekday(weekday, today))


def _calendar_unit(unit: str, today: date, *, is_last: bool) -> Interval:
    if unit == "week":
        return week_from(monday_of(today) - timedelta(days=7 * is_last))
    if unit == "year":
        return year_interval(today.year - is_last)
    return month_before(today, int(is_last))


def _month_or_day(year: int, month: int, day: int | None) -> Interval:
    return month_interval(year, month) if day is None else one_day(date(year, month, day))


def _count(printed: str | None) -> int:
    """Return the number that is printed in digits or words; 1 for none."""
    words = " ".join((printed or "").casefold().split())
    return int(words) if words.isdigit() else forms.COUNTS.get(words, 1)


# Quotation marks and cutting


def _is_quoted(question: str, place: int) -> bool:
    """Return whether a place lies between quotation marks: quoted words are searched for, not interpreted."""
    return len(_MARKS.findall(question[:place])) % 2 == 1 and bool(_MARKS.search(question, place))


def _cut(question: str, match: re.Match[str]) -> str:
    """Return the question without the matched characters."""
    kept = " ".join(f"{question[: match.start()]} {question[match.end() :]}".split())
    return kept.strip(" ,").replace(" ?", "?").replace(" ,", ",")
