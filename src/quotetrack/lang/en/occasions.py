"""The patterns of occasions: "in an interview with Radio Orle", "told the council"."""

from __future__ import annotations

import re

from quotetrack.lang import sections
from quotetrack.lang.en.calendar import MONTH_ABBREVIATION_IN_NEWS, MONTH_NAME, WEEKDAY_NAME

_KIND = "|".join(sorted(map(re.escape, sections("occasions.txt")["kinds"]), key=len, reverse=True))
KIND = re.compile(rf"\b(?:{_KIND})\b", re.IGNORECASE)

_DATE = rf"{WEEKDAY_NAME}|{MONTH_NAME}|(?:{MONTH_ABBREVIATION_IN_NEWS})\."
_NAME_WORD = (
    rf"(?!(?:{_DATE})\b)(?:(?:St|Mt|Ft|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|Gen|Lt|Rev)\.|(?:[A-Z]\.){{2,}}|[A-Z][\w’'&-]*)"
)
_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:of|the|and|for)\s+(?:the\s+)?)?{_NAME_WORD})*"
_BESIDE = rf"(?:\s+(?:with|in|to|at|on|of|for|from|near)\s+(?:the\s+)?{_NAME})"
# The event or text in which words were said: "at a rally in St. Orm".
HELD = re.compile(
    r"\b(?:in|at|during|on|to|via|with|from)\s+(?P<occasion>(?:(?:a|an|the|his|her|their|its)\s+)?"
    rf"(?:[\w’'.-]+\s+){{0,3}}?(?i:{_KIND})\b{_BESIDE}{{0,2}})"
)
# The people or outlet to whom they were said: "told reporters".
TOLD = re.compile(
    rf"\b(?:told|telling|tells)\s+(?P<occasion>(?:(?:the|a|an)\s+)?{_NAME}|(?:the\s+)?(?:[a-z]+\s+)?(?i:reporters|"
    r"journalists|supporters|voters|crowd|audience|council|court|committee|parliament|delegates|lawmakers|senators))\b"
)
