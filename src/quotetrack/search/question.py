"""What a question asks for: speaker, topic, window and outlet, read off its words. Pure.

"what did X say about Y", "X on Y", "who said Z", "quotes by X about Y", "did X ever mention Y", with days ("since
November") and an outlet ("in the Harbour Post") anywhere in it. Words inside quotation marks are left alone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quotetrack.core.normalize import normalise

LONGEST_NAME = 6  # words at the head of a question that may be a speaker, or after "in" an outlet

IsSpeaker = Callable[[str], bool]
"""Whether somebody on file goes by a name: what tells "Venn on piers" from "a fire on the pier"."""


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day asked for, both included; None is open."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """What the words of a question ask for; None where they ask for no particular one.

    `speaker` is as asked, not yet anybody on file; `outlet` is the slug of one.
    """

    speaker: str | None = None
    about: str | None = None
    window: Window = Window()
    outlet: str | None = None


def read_question(question: str, today: date, is_speaker: IsSpeaker, outlets: Mapping[str, str]) -> ParsedQuestion:
    """Read a question asked on this day. `outlets` gives the slug for each name of an outlet, in `normalise`d words.

    A month without a year is the latest one that has begun.
    """
    bare, outlet = _without_outlet(" ".join(question.split()), outlets)
    bare, window = _without_window(bare, today)
    speaker, about = _speaker_and_topic(bare, is_speaker)
    return ParsedQuestion(speaker, about, window, outlet)


# Who is asked about

_MARKED = r"[\"“„«‘'](?P<{}>.+)[\"”“»’']"
_ADVERBS = r"(?:(?:ever|actually|really|publicly|recently|lately|just|exactly|also|already|previously|once)\s+)*"
_SAY = (
    r"(?:say|says|said|saying|tell|tells|told|think|thinks|thought|claim|claims|claimed|promise|promises|promised|"
    r"comment|comments|commented|mention|mentions|mentioned|speak|speaks|spoke|spoken|talk|talks|talked|state|stated|"
    r"argue|argues|argued|write|wrote|written|tweet|tweeted|remark|remarked|declare|declared|warn|warned|respond|"
    r"responded|react|reacted|discuss|discussed|address|addressed|announce|announced|admit|admitted|deny|denied)"
)
# The verb of the question: "Tell" is none in "what did Wilma Tell say".
_SAYS = rf"{_SAY}(?!\s+{_SAY}\b)"
_ABOUT = (
    r"(?:about|on|regarding|concerning|of|re|over|with\s+regard\s+to|in\s+regard\s+to|as\s+to|when\s+asked\s+about|"
    r"in\s+response\s+to|on\s+the\s+(?:subject|topic|question|issue)\s+of)"
)
_QUOTES = (
    r"(?:quotes?|quotations?|words|statements?|remarks?|comments?|views?|opinions?|position|stance|thoughts?|line|"
    r"reactions?|response)"
)
_SHOW = (
    r"(?:(?:please\s+)?(?:show|give|find|list|get)\s+(?:me\s+)?)?(?:all\s+|any\s+|some\s+|the\s+|direct\s+|recent\s+)*"
)
_THING = r"(?:(?:any|some|every)thing|a\s+word|much)"
_NOBODY = frozenset({"anybody", "anyone", "people", "they", "everybody", "everyone", "somebody", "someone"})

# Tried in order. Each has the groups `speaker`, `about`, or both; a missing one means that the question asks for none.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"who\s+(?:was\s+it\s+that\s+|first\s+|has\s+|have\s+|had\s+)?{_ADVERBS}{_SAY}\s*[,:]?\s*(?:that\s+)?"
        + _MARKED.format("about"),
        rf"(?:who|which\s+\w+)\s+(?:has\s+|have\s+|had\s+)?{_ADVERBS}{_SAY}(?:\s+{_THING})?\s+{_ABOUT}\s+(?P<about>.+)",
        rf"who\s+(?:was\s+it\s+that\s+|first\s+|has\s+|have\s+|had\s+)?{_ADVERBS}{_SAY}\s+(?:that\s+)?(?P<about>.+)",
        rf"what\s+(?:was|is|has\s+been|were)\s+{_SAY}\s+{_ABOUT}\s+(?P<about>.+)",
        rf"(?:what|when|where|how)\s+(?:did|does|do|has|have|had|is|was)\s+(?P<speaker>.+?)\s+{_ADVERBS}{_SAYS}"
        rf"(?:\s+{_ADVERBS}(?:{_ABOUT}|to)\s+(?P<about>.+)|\s+(?:that\s+)?(?P<after>.+))?",
        rf"what\s+(?:is|was|are|were)\s+(?P<speaker>.+?)(?:'s|’s|'|’)\s+{_QUOTES}\s+(?:{_ABOUT}|to)\s+(?P<about>.+)",
        rf"what\s+(?P<speaker>.+?)\s+(?:has\s+|had\s+)?{_ADVERBS}{_SAYS}(?:\s+{_ABOUT}\s+(?P<about>.+))?",
        rf"(?:did|has|have|had|does)\s+(?P<speaker>.+?)\s+{_ADVERBS}{_SAYS}(?:\s+{_THING})?"
        rf"(?:\s+(?:{_ABOUT}|to|that)\s+(?P<about>.+)|\s+(?P<after>.+))?",
        rf"{_SHOW}{_QUOTES}\s+(?:by|from|of)\s+(?P<speaker>.+?)(?:\s+{_ABOUT}\s+(?P<about>.+))?",
        rf"{_SHOW}{_QUOTES}\s+{_ABOUT}\s+(?P<about>.+?)\s+(?:by|from)\s+(?P<speaker>.+)",
        rf"{_SHOW}{_QUOTES}\s+{_ABOUT}\s+(?P<about>.+)",
        rf"(?P<speaker>.+?)(?:'s|’s|'|’)\s+{_QUOTES}\s+(?:{_ABOUT}|to)\s+(?P<about>.+)",
    )
)
_LOOSE_FORM = re.compile(rf"(?P<speaker>.+?)\s*(?:\s{_ABOUT}|:)\s+(?P<about>.+)", re.IGNORECASE)


def _speaker_and_topic(question: str, is_speaker: IsSpeaker) -> tuple[str | None, str | None]:
    bare = question.strip().rstrip("?!. ")
    form = next((found for form in _FORMS if (found := form.fullmatch(bare))), None)
    if form is not None:
        groups = form.groupdict()
        asked, about = groups.get("speaker"), _topic(groups.get("about") or groups.get("after"))
        return (None if asked is None or asked.casefold() in _NOBODY else _name(asked)), about
    loose = _LOOSE_FORM.fullmatch(bare)
    if loose and is_speaker(loose["speaker"]):
        return _name(loose["speaker"]), _topic(loose["about"])
    return _led_by_name(bare, is_speaker)


def _led_by_name(question: str, is_speaker: IsSpeaker) -> tuple[str | None, str | None]:
    """ "Venn piers": the most words at the head that are a name on file."""
    words = question.split()
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        head = " ".join(words[:length])
        if is_speaker(head):
            return _name(head), _topic(" ".join(words[length:]))
    return None, _topic(question)


def _name(asked: str) -> str:
    return asked.strip(' ,;:"“”')


def _topic(text: str | None) -> str | None:
    bare = (text or "").strip(" \t\n\"“”‘’«»„',.;:?!")
    return bare or None


# Where

_CARRIED = r"(?:carried\s+(?:by|in)|published\s+(?:by|in)|reported\s+(?:by|in)|printed\s+(?:by|in)|in|via|to)"
_AFTER_CARRIED = re.compile(rf"\b{_CARRIED}\s+(?=\S)", re.IGNORECASE)


def _without_outlet(question: str, outlets: Mapping[str, str]) -> tuple[str, str | None]:
    """The question without "in the Harbour Post", and the outlet's slug; as it is where it names no outlet on file."""
    for found in _AFTER_CARRIED.finditer(question):
        if _is_marked(question, found.start()):
            continue
        words = question[found.end() :].split()
        for length in range(min(len(words), LONGEST_NAME), 0, -1):
            printed = " ".join(words[:length])
            slug = outlets.get(normalise(printed)) or outlets.get(normalise(printed).removeprefix("the "))
            if slug is not None:
                rest = f"{question[: found.start()]} {' '.join(words[length:])}"
                return " ".join(rest.split()).rstrip(" ,"), slug
    return question, None


# When

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}  # days
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)}|couple\s+of|few)"
_AGO = rf"{_COUNT}\s+(?:day|week|month|year)s?\s+ago"
_DAYS = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}-\d{{2}}|(?:the\s+)?{_NTH}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}|"
    rf"{_MONTH}\s+{_NTH},?\s+{_YEAR}|{_MONTH},?\s+{_YEAR}|{_YEAR}s?|{_NTH}\s+{_MONTH}|{_MONTH}\s+{_NTH}|{_AGO}|"
    rf"(?:last\s+|this\s+)?(?:{_MONTH}|{'|'.join(_WEEKDAYS)})|(?:last|this)\s+(?:week|month|year)|"
    r"yesterday|today)"
)
_BETWEEN = re.compile(rf"\b(?:between|from)\s+({_DAYS})\s+(?:and|to|until|till|through)\s+({_DAYS})(?!\w)", re.I)
_PAST = re.compile(
    rf"\b(?:in|over|during|within|for)?\s*(?:the\s+)?(?:last|past)\s+(?P<count>{_COUNT}\s+)?"
    r"(?P<unit>day|week|month|year)s\b",
    re.I,
)
_WHEN = re.compile(
    rf"\b(?P<how>ever\s+since|since|from|after|until|till|up\s+to|by|before|in|during|on)\s+(?P<days>{_DAYS})(?!\w)",
    re.I,
)
_BARE_WHEN = re.compile(
    rf"\b(?P<days>yesterday|today|(?:last|this)\s+(?:week|month|year|{_MONTH}|{'|'.join(_WEEKDAYS)}))(?!\w)", re.I
)


def _without_window(question: str, today: date) -> tuple[str, Window]:
    """The question without its days, and the days. A day that does not exist is left in the question."""
    between = _BETWEEN.search(question)
    if between and not _is_marked(question, between.start()):
        first, last = days_of(between[1], today), days_of(between[2], today)
        if first and last and first[0] <= last[1]:
            return _cut(question, between), Window(first[0], last[1])
    window = Window()
    past = _PAST.search(question)
    if past and not _is_marked(question, past.start()):
        back = timedelta(days=_number(past["count"]) * _UNITS[past["unit"].casefold()])
        question, window = _cut(question, past), Window(today - back, None)
    for pattern in (_WHEN, _BARE_WHEN):
        for found in reversed(list(pattern.finditer(question))):
            days = None if _is_marked(question, found.start()) else days_of(found["days"], today)
            if days is not None:
                window = _narrowed(window, found.groupdict().get("how"), *days)
                question = _cut(question, found)
    return question, window


def _narrowed(window: Window, how: str | None, first: date, last: date) -> Window:
    match " ".join((how or "in").casefold().split()):
        case "since" | "ever since" | "from":
            return replace(window, since=first)
        case "after":
            return replace(window, since=last + timedelta(days=1))
        case "until" | "till" | "up to" | "by":
            return replace(window, until=last)
        case "before":
            return replace(window, until=first - timedelta(days=1))
        case _:
            return Window(first, last)


def days_of(printed: str, today: date) -> tuple[date, date] | None:
    """The first and last day of what is printed: a day, week, month, year or decade. None where there is none such.

    Without a year it is the latest that has begun by today.
    """
    words = " ".join(printed.casefold().split())
    relative = _relative_days(words, today)
    if relative is not None:
        return relative
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    named = re.search(r"[a-z]{3}", re.sub(r"\d+(?:st|nd|rd|th|s)?|\b(?:the|of|last|this)\b", " ", words))
    month = _MONTHS.get(named[0]) if named else None
    years, rest = [n for n in numbers if n >= 1000], [n for n in numbers if n < 1000]
    if month is None and rest:
        month, rest = rest[0], rest[1:]
    try:
        if month is None:
            return date(years[0], 1, 1), date(years[0] + (9 if words.endswith("s") else 0), 12, 31)
        day = rest[0] if rest else None
        if years:
            return _month_or_day(years[0], month, day)
        this_year = _month_or_day(today.year, month, day)
        return this_year if this_year[0] <= today else _month_or_day(today.year - 1, month, day)
    except (ValueError, IndexError, calendar.IllegalMonthError):
        return None


def _relative_days(words: str, today: date) -> tuple[date, date] | None:
    """Yesterday, this week, two months ago, Monday; None where the words are none of these."""
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return day, day
    if ago := re.fullmatch(rf"({_COUNT})\s+(day|week|month|year)s?\s+ago", words):
        day = today - timedelta(days=_number(ago[1]) * _UNITS[ago[2]])
        return day, day
    if unit := re.fullmatch(r"(last|this) (week|month|year)", words):
        return _calendar_unit(unit[2], today, is_last=unit[1] == "last")
    weekday = _WEEKDAYS.get(words.removeprefix("last ").removeprefix("this "))
    if weekday is not None:
        day = today - timedelta(days=(today.weekday() - weekday) % 7)
        return day, day
    return None


def _calendar_unit(unit: str, today: date, *, is_last: bool) -> tuple[date, date]:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * is_last)
        return monday, monday + timedelta(days=6)
    if unit == "year":
        return _year(today.year - is_last)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1) if is_last else today.replace(day=1)
    return _month_or_day(first.year, first.month, None)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _month_or_day(year: int, month: int, day: int | None) -> tuple[date, date]:
    if day is not None:
        return date(year, month, day), date(year, month, day)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _number(printed: str | None) -> int:
    """ "two", "couple of", "few" and nothing at all as numbers: 2, 2, 3 and 1."""
    words = " ".join((printed or "one").casefold().split())
    if words.isdigit():
        return int(words)
    return {"couple of": 2, "few": 3}.get(words) or _NUMBERS[words]


# Cutting

_MARKS = re.compile(r"[\"“”„«»]|(?<!\w)['‘]|['’](?!\w)")


def _is_marked(question: str, place: int) -> bool:
    """Whether a place lies between quotation marks: what is quoted is looked for, not understood."""
    return len(_MARKS.findall(question[:place])) % 2 == 1 and bool(_MARKS.search(question, place))


def _cut(question: str, found: re.Match[str]) -> str:
    kept = " ".join(f"{question[: found.start()]} {question[found.end() :]}".split())
    return kept.strip(" ,").replace(" ?", "?").replace(" ,", ",")
