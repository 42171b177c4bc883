"""Phrases and marks that several renderers share."""

from __future__ import annotations

from datetime import date

from quotetrack.core.domain import DateBasis, SaidOn

NO_SPEAKER = "(no speaker named)"
BOLD_UNDERLINED, PLAIN = "\x1b[1;4m", "\x1b[0m"

BASIS_PHRASE = {
    DateBasis.DECIDED: "a person decided",
    DateBasis.STATED_HERE: "the sentence says so",
    DateBasis.STATED_NEARBY: "the article says so nearby",
    DateBasis.IMPLIED: "recent news: in the days up to publication or the last change",
    DateBasis.PAST: "a past occasion that the article dates",
    DateBasis.UNKNOWN: "the article does not say",
}


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def count(number: int, noun: str) -> str:
    """Return "1 outlet" or "5 outlets"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size_text(size: int) -> str:
    """Return a number of bytes as "512 bytes", "1.5 KiB", "2.0 MiB" or "3.1 GiB"."""
    for exponent, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**exponent:
            return f"{size / 1024**exponent:.1f} {unit}"
    return count(size, "byte")


def days_text(said: SaidOn) -> str:
    """Return the day or the days of speaking; an open end is left out."""
    if said.first is None and said.last is None:
        return "day unknown"
    if said.is_a_day():
        return str(said.first)
    if said.first is None:
        return f"by {said.last}"
    return f"{said.first} to {said.last}" if said.last else f"since {said.first}"


def long_days_text(said: SaidOn) -> str:
    """Return the day or the days of speaking as `days_text` does, in words: "7 March 2026", "7 to 9 March 2026"."""
    first, last = said.first, said.last
    if first is None:
        return f"by {long_day(last)}" if last else "day unknown"
    if last is None:
        return f"since {long_day(first)}"
    if first == last:
        return long_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {long_day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {long_day(last)}"
    return f"{long_day(first)} to {long_day(last)}"


def long_day(day: date) -> str:
    """Return a day as "7 March 2026"."""
    return f"{day.day} {day:%B %Y}"
