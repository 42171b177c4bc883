"""Read a question: its form, speakers, topic, quoted words, window of days and outlet, by its words. Pure.

The forms ("what did X say about Y", "did X ever mention Y", "who said Z", "most quoted people") are listed in
`forms.py`; days ("since November") and an outlet ("in the Harbour Post") may stand anywhere in them. Words inside
quotation marks are searched for as they are. The English patterns are in `lang/en/question_forms.py`.
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
from quotetrack.search.forms import Form

LONGEST_NAME = 6  # words at the head of a question that may be a speaker, or after "in" an outlet
LONGEST_QUESTION = 400  # characters, before any pattern is tried; a longer text is searched as a topic
LOWEST_YEAR = 1000  # a smaller number in a date is a month or a day

IsSpeaker = Callable[[str], bool]
"""Whether a stored speaker has a name: it distinguishes "Venn on piers" from "a fire on the pier"."""


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day asked for, both included; None is open."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """The parts of a question. None, or no speaker: the question asks for no particular one.

    `speakers` are printed as in the question and may be unknown to the store; `outlet` is the slug of a stored outlet.
    `quoted` are words between quotation marks that somebody is asked to have said. A follow-up has the window only if
    it says the year.
    """

    form: Form
    speakers: tuple[str, ...] = ()
    about: str | None = None
    window: Window = Window()
    outlet: str | None = None
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a pattern took from a question."""

    form: Form
    speakers: tuple[str, ...] = ()
    about: str | None = None
    is_quoted: bool = False  # the words in quotation marks are those that are asked for


def read_question(
    question: str, today: date, is_speaker: IsSpeaker, outlets: Mapping[str, str], year: int | None = None
) -> ParsedQuestion:
    """Read a question asked on this day. `outlets` maps each name of an outlet, in `normalise`d words, to its slug.

    A month without a year is the latest one that has begun; in a follow-up that of `year`, of the question before.
    A question of more than LONGEST_QUESTION characters is a text that somebody pasted: its words are searched for.
    """
    if len(question) > LONGEST_QUESTION:
        return ParsedQuestion(Form.STATEMENTS, about=_topic(" ".join(question.split())))
    marked, quoted = _without_quotation(" ".join(question.split()))
    marked, outlet = _without_outlet(marked, outlets)
    bare, window = _without_window(marked, today, is_speaker)
    asked = _asked(bare, quoted is not None, is_speaker)
    asked, outlet = _outlet_for_speaker(asked, outlet, outlets, is_speaker)
    if asked.form is Form.FOLLOW_UP and forms.DAY_WITHOUT_YEAR.search(marked):
        window = _without_window(marked, date(year, 12, 31), is_speaker)[1] if year is not None else Window()
    about = asked.about
    if quoted is not None and about is not None:
        about = about.replace(forms.QUOTED, "" if asked.is_quoted else quoted)
    return ParsedQuestion(
        asked.form,
        asked.speakers,
        _topic(about),
        window,
        outlet,
        quoted if asked.is_quoted else None,
    )


def _without_quotation(question: str) -> tuple[str, str | None]:
    """Return the question with one character for its first words in quotation marks, and these words."""
    match = forms.QUOTATIONS.search(question)
    words = _topic(match["double"] or match["single"]) if match else None
    if match is None or words is None:
        return question, None
    return f"{question[: match.start()]} {forms.QUOTED} {question[match.end() :]}".strip(), words


# Form, speaker and topic


def _asked(question: str, has_quotation: bool, is_speaker: IsSpeaker) -> _Asked:
    bare = _bare(question)
    if not bare:
        return _Asked(Form.STATEMENTS, about=_topic(bare))
    for kind in forms.FORMS:
        asked = _as_form(kind, Form(kind.name), bare, is_speaker) if kind.cue.search(bare) else None
        if asked is not None:
            return asked
    return _loose(bare, is_speaker)


def _as_form(kind: forms.Forms, form: Form, bare: str, is_speaker: IsSpeaker) -> _Asked | None:
    """Return what the first pattern says that takes all words and can be meant; None if none does."""
    for pattern in kind.patterns():
        match = pattern.fullmatch(bare)
        if match and (asked := _from_groups(form, match.groupdict(), is_speaker)) is not None:
            return asked
    return None


def _bare(question: str) -> str:
    """Return the question without its stops, and without "please tell me" and "so far" around it."""
    bare = question.strip().rstrip("?!. ,;")
    preamble = forms.PREAMBLE.match(bare)
    bare = forms.CONTRACTED.sub(r"\1 is", bare[preamble.end() :] if preamble else bare)
    while afterwords := forms.AFTERWORDS.search(bare):
        bare = bare[: afterwords.start()]
    return " ".join(bare.split())


def _from_groups(form: Form, groups: Mapping[str, str | None], is_speaker: IsSpeaker) -> _Asked | None:
    """Return what the groups of a pattern say; None if they cannot be meant so."""
    if groups.get("pronoun"):
        return _Asked(Form.FOLLOW_UP, about=_joined(groups))
    if rest := groups.get("rest"):
        return _of_words(form, rest, is_speaker)
    if both := groups.get("speakers"):
        speakers = _several(forms.BOTH.sub("", both), is_speaker, forms.PARTS_OF_SPEAKERS)
        if len(speakers) < 2:
            return None
        return _Asked(form, speakers, _joined(groups))
    printed = groups.get("speaker")
    speakers = _several(printed, is_speaker, forms.AND_ONLY) if printed else ()
    if other := groups.get("other"):
        speakers = (*speakers, _name(other))
    if any(speaker.casefold() in forms.PRONOUNS for speaker in speakers):
        return _Asked(Form.FOLLOW_UP, about=_joined(groups))
    speakers = tuple(speaker for speaker in speakers if speaker.casefold() not in forms.NO_ONE)
    if any(forms.QUOTED in speaker or (_is_no_name(speaker) and not is_speaker(speaker)) for speaker in speakers):
        return None
    asked = _Asked(form, speakers, _joined(groups), _asks_for_quotation(groups))
    if form is Form.FOLLOW_UP and not speakers and asked.about and is_speaker(asked.about):
        return _Asked(form, (_name(asked.about),))
    if form is Form.FOLLOW_UP and asked.is_quoted:
        return None
    return asked


def _of_words(form: Form, rest: str, is_speaker: IsSpeaker) -> _Asked | None:
    """Return what "words of X about Y" and the like say; the whole rest is the topic if it has no such form."""
    if rest.strip() == forms.QUOTED:
        return _Asked(form, about=rest, is_quoted=True)
    if is_speaker(rest):
        return _Asked(form, (_name(rest),))
    if (asked := _as_form(forms.WORDS_OF, form, rest, is_speaker)) is not None:
        return asked
    return _Asked(form, about=_topic(forms.BARE_QUOTES.sub("", rest)), is_quoted=forms.QUOTED in rest)


def _asks_for_quotation(groups: Mapping[str, str | None]) -> bool:
    return forms.QUOTED in (groups.get("after") or "")


def _joined(groups: Mapping[str, str | None]) -> str | None:
    """Return the topic of a pattern, which some forms hold in two places."""
    topics = [topic for place in ("about", "after") if (topic := groups.get(place))]
    return " ".join(topics) or None


def _several(printed: str, is_speaker: IsSpeaker, between: re.Pattern[str]) -> tuple[str, ...]:
    """Return the speakers of "Venn and Brisk"; one, if a speaker has the whole name."""
    whole = _name(printed)
    parts = [_name(part) for part in between.split(whole) if _name(part)]
    if len(parts) < 2 or is_speaker(whole):
        return (whole,)
    if between is forms.PARTS_OF_SPEAKERS or all(is_speaker(part) for part in parts) or _are_names(parts):
        return tuple(parts)
    return (whole,)


def _are_names(parts: list[str]) -> bool:
    return all(word[:1].isupper() for part in parts for word in part.split())


def _is_no_name(printed: str) -> bool:
    """Return whether words begin as no name of a speaker does: "the most", "it true that Venn"."""
    return forms.NO_NAME.match(printed) is not None


def _loose(bare: str, is_speaker: IsSpeaker) -> _Asked:
    """Read "Venn on the ferry", "Venn ferry" and "the ferry"; other questions are of no form."""
    loose = forms.LOOSE_FORM.fullmatch(bare)
    if loose and not _is_no_name(loose["speaker"]):
        speakers = _several(loose["speaker"], is_speaker, forms.AND_ONLY)
        if all(is_speaker(speaker) for speaker in speakers):
            return _Asked(Form.STATEMENTS, speakers, loose["about"])
    if " " in bare and is_speaker(bare):
        return _Asked(Form.STATEMENTS, (_name(bare),))
    speaker, about = _leading_name_and_topic(bare, is_speaker)
    if speaker is not None:
        return _Asked(Form.STATEMENTS, (speaker,), about, is_quoted=(about or "").strip() == forms.QUOTED)
    if forms.BEYOND.match(bare):
        return _Asked(Form.NOT_UNDERSTOOD, about=forms.BEFORE_TOPIC.sub("", bare) or bare)
    topic = forms.TOPIC_ONLY.fullmatch(bare)
    return _Asked(Form.STATEMENTS, about=topic["about"] if topic else bare)


def _leading_name_and_topic(question: str, is_speaker: IsSpeaker) -> tuple[str | None, str | None]:
    """Split "Venn piers" behind the longest run of words at its head that is the name of a speaker."""
    words = question.split()
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        head = " ".join(words[:length])
        if not _is_no_name(head) and forms.QUOTED not in head and is_speaker(head):
            return _name(head), " ".join(words[length:]) or None
    return None, question


def _name(printed: str) -> str:
    bare = printed.strip(' ,;:"“”')
    owner = forms.OWNER_AT_END.search(bare)
    return bare[: owner.start()] if owner else bare


def _topic(text: str | None) -> str | None:
    bare = (text or "").strip(" \t\n\"“”‘’«»„',.;:?!-–—")
    return " ".join(bare.split()) or None


# Outlet


def _without_outlet(question: str, outlets: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the question without "in the Harbour Post", and the outlet's slug; unchanged if it names no outlet."""
    for match in forms.BEFORE_OUTLET.finditer(question):
        words = question[match.end() :].split()
        shortest = 1 if forms.WHEN.match(question, match.start()) else 0  # "in May", though an outlet is called May
        for length in range(min(len(words), LONGEST_NAME), shortest, -1):
            slug = _slug(" ".join(words[:length]), outlets)
            if slug is not None:
                rest = f"{question[: match.start()]} {' '.join(words[length:])}"
                return " ".join(rest.split()).rstrip(" ,"), slug
    return question, None


def _outlet_for_speaker(
    asked: _Asked, outlet: str | None, outlets: Mapping[str, str], is_speaker: IsSpeaker
) -> tuple[_Asked, str | None]:
    """Take an outlet where a speaker is expected for the outlet: "what did the Harbour Post say about tolls"."""
    if outlet is None and len(asked.speakers) == 1 and not is_speaker(asked.speakers[0]):
        slug = _slug(asked.speakers[0], outlets)
        if slug is not None:
            return replace(asked, speakers=()), slug
    return asked, outlet


def _slug(printed: str, outlets: Mapping[str, str]) -> str | None:
    name = normalise(printed)
    bare = name.removeprefix("the ")
    return outlets.get(name) or outlets.get(bare) or outlets.get(bare.replace(" ", ""))


# Days


def _without_window(question: str, today: date, is_speaker: IsSpeaker) -> tuple[str, Window]:
    """Return the question without its days, and the days. A day that does not exist stays in the question."""
    between = forms.BETWEEN.search(question)
    if between:
        first, last = days_of(between[1], today), days_of(between[2], today)
        if first and last and first[0] <= last[1]:
            return _cut(question, between), Window(first[0], last[1])
    window = Window()
    past = forms.PAST.search(question)
    if past:
        back = timedelta(days=_count(past["count"]) * DAYS_OF_UNIT[past["unit"].casefold()])
        question, window = _cut(question, past), Window(today - back, None)
    for pattern in (forms.WHEN, forms.BARE_WHEN):
        for match in reversed(list(pattern.finditer(question))):
            days = None if _begins_name(question, match, is_speaker) else days_of(match["days"], today)
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


# Cutting


def _cut(question: str, match: re.Match[str]) -> str:
    """Return the question without the matched characters."""
    kept = " ".join(f"{question[: match.start()]} {question[match.end() :]}".split())
    return kept.strip(" ,").replace(" ?", "?").replace(" ,", ",")
