"""What stands around the words of a post of a social network that is quoted whole: links, handles and a signature."""

from __future__ import annotations

import re

from quotetrack.lang.en.calendar import MONTH_NAME

LINK = re.compile(r"https?:\S*|pic\.twitter\.com/?\S*|www\.\S+", re.I)
# "— Orla Venn (@orlavenn) November 7, 2024" at the end.
SIGNATURE = re.compile(
    r"(?:—|–|--)\s{0,3}(?P<author>[^—–\s][^—–\n]{0,59}?)\s{0,3}\(@?(?P<handle>\w{1,40})\)"
    rf"(?:\s{{0,3}}(?P<month>{MONTH_NAME}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}}))?[\s\"”]*$"
)
TAGGED = re.compile(r"[#@](\w+)")
INSIDE_TAG = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
