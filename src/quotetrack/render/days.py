"""Days of speaking in words: the day or the days, how sure they are, and the phrase of the article that tells them.

7 Nov 2024 (from “on Nov. 7”, paragraph 1)
probably 7 Nov 2024 (from “Thursday”, paragraph 1, not beside the words)
9 to 12 Nov 2024 (no day printed; fresh news of 12 Nov 2024)
day not told; by 12 Nov 2024
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from quotetrack.core.domain import SURE_DAY, DateBasis, Quotation, ReportedStatement, SaidOn, Sighting, Utterance
from quotetrack.core.paragraphs import paragraph_number
from quotetrack.core.texts import gettext, pgettext, pgettext_noop
from quotetrack.render.text import one_line

_SHORT_MONTHS = (
    pgettext_noop("short month", "Jan"),
    pgettext_noop("short month", "Feb"),
    pgettext_noop("short month", "Mar"),
    pgettext_noop("short month", "Apr"),
    pgettext_noop("short month", "May"),
    pgettext_noop("short month", "Jun"),
    pgettext_noop("short month", "Jul"),
    pgettext_noop("short month", "Aug"),
    pgettext_noop("short month", "Sep"),
    pgettext_noop("short month", "Oct"),
    pgettext_noop("short month", "Nov"),
    pgettext_noop("short month", "Dec"),
)
_LONG_MONTHS = (
    pgettext_noop("month", "January"),
    pgettext_noop("month", "February"),
    pgettext_noop("month", "March"),
    pgettext_noop("month", "April"),
    pgettext_noop("month", "May"),
    pgettext_noop("month", "June"),
    pgettext_noop("month", "July"),
    pgettext_noop("month", "August"),
    pgettext_noop("month", "September"),
    pgettext_noop("month", "October"),
    pgettext_noop("month", "November"),
    pgettext_noop("month", "December"),
)

MonthName: TypeAlias = Callable[[date], str]


def short_month(day: date) -> str:
    """Return the month as "Nov"."""
    return pgettext(*_SHORT_MONTHS[day.month - 1])


def long_month(day: date) -> str:
    """Return the month as "November"."""
    return pgettext(*_LONG_MONTHS[day.month - 1])


def day_of_quotation(quotation: Quotation | ReportedStatement, text: str) -> str:
    """Return when a quotation of a text was said, and how that is known."""
    evidence = quotation.said_evidence
    phrase = _Phrase(evidence.of(text), paragraph_number(text, evidence.start)) if evidence else None
    return _day_text(quotation.said, quotation.said_confidence, phrase, short_month)


def day_of_sighting(sighting: Sighting, month: MonthName = short_month) -> str:
    """Return when a sighting was said, and how that is known."""
    is_told = sighting.said_phrase is not None and sighting.said_paragraph is not None
    phrase = _Phrase(sighting.said_phrase or "", sighting.said_paragraph or 0) if is_told else None
    return _day_text(sighting.said, sighting.said_confidence, phrase, month)


def day_of_utterance(utterance: Utterance, month: MonthName = short_month) -> str:
    """Return when an utterance was said, by the sighting that tells it best."""
    return day_of_sighting(utterance.best_dated, month)


def days_text(said: SaidOn, month: MonthName = short_month) -> str:
    """Return the day or the days alone: "7 Nov 2024", "7 to 9 Nov 2024", "by 9 Nov 2024", "since 7 Nov 2024"."""
    first, last = said.first, said.last
    if first is None:
        by = gettext("by %(day)s", day=_day(last, month)) if last else ""
        is_claimed = last is not None and said.basis is not DateBasis.UNKNOWN
        return by if is_claimed else "; ".join(filter(None, (gettext("day not told"), by)))
    if last is None:
        return gettext("since %(day)s", day=_day(first, month))
    if first == last:
        return _day(first, month)
    if (first.year, first.month) == (last.year, last.month):
        return from_to(str(first.day), _day(last, month))
    if first.year == last.year:
        return from_to(gettext("%(day)s %(month)s", day=first.day, month=month(first)), _day(last, month))
    return from_to(_day(first, month), _day(last, month))


def from_to(first: str, last: str) -> str:
    """Return two days in words as "7 to 9 Nov 2024"."""
    return gettext("%(first)s to %(last)s", first=first, last=last)


def long_day(day: date) -> str:
    """Return a day as "7 November 2024"."""
    return _day(day, long_month)


def short_day(day: date) -> str:
    """Return a day as "7 Nov 2024"."""
    return _day(day, short_month)


def _day(day: date, month: MonthName) -> str:
    return gettext("%(day)s %(month)s %(year)s", day=day.day, month=month(day), year=day.year)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The characters that tell a day, and the number of their paragraph."""

    words: str
    paragraph: int


def _day_text(said: SaidOn, confidence: float | None, phrase: _Phrase | None, month: MonthName) -> str:
    days, reason = days_text(said, month), _reason(said, phrase, month)
    if _is_probable(said, confidence):
        days = gettext("probably %(days)s", days=days)
    return f"{days} ({reason})" if reason else days


def _is_probable(said: SaidOn, confidence: float | None) -> bool:
    """Return whether a claimed day is not sure. Without a confidence a day that stands beside the words is taken so."""
    if said.basis is DateBasis.UNKNOWN:
        return False
    return said.basis is DateBasis.STATED_NEARBY if confidence is None else confidence < SURE_DAY


def _reason(said: SaidOn, phrase: _Phrase | None, month: MonthName) -> str:
    """Return how the days are known; empty where they are not."""
    source = ""
    if phrase:
        words = one_line(phrase.words)
        source = gettext("from “%(phrase)s”, paragraph %(number)s", phrase=words, number=phrase.paragraph)
    match said.basis:
        case DateBasis.DECIDED:
            return gettext("a person decided")
        case DateBasis.STATED_HERE:
            return source or gettext("from the sentence with the words")
        case DateBasis.STATED_NEARBY:
            nearby = gettext("%(source)s, not beside the words", source=source)
            return nearby if source else gettext("not from beside the words")
        case DateBasis.PAST:
            return source or gettext("a past occasion that the article dates")
        case DateBasis.IMPLIED:
            if said.last is None:
                return gettext("no day printed; fresh news")
            return gettext("no day printed; fresh news of %(day)s", day=_day(said.last, month))
        case DateBasis.UNKNOWN:
            return ""
