"""Where, or to whom, was it said? The occasion in the reporter's own words: "an interview with Radio Orle"."""

from __future__ import annotations

import re

from quotetrack.lang import sections
from quotetrack.lang.en.calendar import MONTH_ABBREVIATION_IN_NEWS, MONTH_NAME, WEEKDAY_NAME

_KIND = "|".join(sorted(map(re.escape, sections("occasions.txt")["kinds"]), key=len, reverse=True))
KIND = re.compile(rf"\b(?:{_KIND})\b", re.IGNORECASE)

_DAY = rf"{WEEKDAY_NAME}|{MONTH_NAME}|(?:{MONTH_ABBREVIATION_IN_NEWS})\."
_NAME_WORD = rf"(?!(?:{_DAY})\b)(?:(?:St|Mt|Ft|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|Gen|Lt|Rev)\.|(?:[A-Z]\.){{2,}}|[A-Z][\w’'&-]*)"
_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:of|the|and|for)\s+(?:the\s+)?)?{_NAME_WORD})*"
_BESIDE = rf"(?:\s+(?:with|in|to|at|on|of|for|from|near)\s+(?:the\s+)?{_NAME})"
_HELD = re.compile(
    r"\b(?:in|at|during|on|to|via|with|from)\s+(?P<what>(?:(?:a|an|the|his|her|their|its)\s+)?"
    rf"(?:[\w’'.-]+\s+){{0,3}}?(?i:{_KIND})\b{_BESIDE}{{0,2}})"
)
_TOLD = re.compile(
    rf"\b(?:told|telling|tells)\s+(?P<what>(?:(?:the|a|an)\s+)?{_NAME}|(?:the\s+)?(?:[a-z]+\s+)?(?i:reporters|journalists|"
    r"supporters|voters|crowd|audience|council|court|committee|parliament|delegates|lawmakers|senators))\b"
)


def kinds_in(words: str) -> frozenset[str]:
    """The kinds of occasion that a sentence speaks of: {"interview", "rally"}."""
    return frozenset(kind.lower() for kind in KIND.findall(words))


def occasion_in(words: str) -> str | None:
    """The occasion that the reporter's words of a sentence name, as printed; None where they name none.

    What was held ("a rally in St. Orm") before whom it was told to ("the council"). Weekdays and months are no part
    of it.
    """
    found = _HELD.search(words) or _TOLD.search(words)
    return " ".join(found["what"].split()) if found else None
