"""Patterns and words of the names of organisations. Longer lists are in `names.txt`."""

import re

from quotetrack.lang.en.calendar import MONTH_NAME, WEEKDAY_NAME

_CAPITALISED = r"(?:[A-ZÀ-ÖØ-Þ][\w’'&.\-]*[\w’']|[A-ZÀ-ÖØ-Þ]\.?)"
_JOINT = r"(?:of|for|and|on|in|to|&|de|du)"
# Capitalised words with the words that belong to them: "Ministry of Works", "Tarn campaign".
NAME = re.compile(
    rf"(?<![\w@#/.]){_CAPITALISED}(?:[ \xa0]{_CAPITALISED})*"
    rf"(?:[ \xa0]{_JOINT}(?:[ \xa0]the)?(?:[ \xa0]{_CAPITALISED})+)*"
    r"(?:[ \xa0](?:campaign|administration|government|team|foundation|ministry|department|party|police|army)\b)?"
)
ACRONYM = re.compile(r"[A-Z][A-Z&.\-]{1,7}[0-9]*")
# Small words that begin a sentence and are no part of a name.
LEADING = frozenset(
    "the a an this that in on at for by from to as and but if when while after before under according "
    "monday tuesday wednesday thursday friday".split()
)
OWNER = re.compile(r"[’']s?$")
OWNER_END = re.compile(r"(?<=[’']s)[ \xa0]|(?<=s[’'])[ \xa0]")
# Of many people: "Teachers' Union".
PLURAL_OWNER = re.compile(r"(?:The )?(?P<noun>[A-Z]\w+)s[’']")
# A day or month behind a name is no part of it: "Harbour Council on Tuesday", "Harbour Council Tuesday".
WHEN_BEHIND = re.compile(rf" (?:(?:on|in|by|for|to|and) )?(?:{WEEKDAY_NAME}|{MONTH_NAME})$")
# Between two names: "the Harbour Council and the Ferry Union", "the FMC to the Ferry Union"; but "Right to Buy Group".
BETWEEN_TWO = re.compile(r" (?:and|&) the |(?<![Rr]ight)(?<!Access) to (?:the )?")
AND = " and "
FOR = " for "
OF = re.compile(r" of State for (?:the )?| (?:of|for) (?:the )?")
# Behind the place of a dateline: "LONDON, Feb 8 - ", "LONDON (Post) - ".
DATELINE = re.compile(r"(?:, [A-Z][\w. ]{1,25}(?: \([^()\n]{2,30}\))?| \([^()\n]{2,30}\)),? ?(?:—|–|--?) ")
# What is an organisation's, at the beginning of a sentence.
PART_OF = re.compile(
    r"(?:Shares|Stocks?|Bonds|Profits|Sales|Shareholders|Investors|Staff|Workers|Customers|Fans|Members|Talks|Bosses)"
    r" (?:in|at|of|for|with) (?:the )?"
)
FORMER = re.compile(r"^(?:Former |Ex-)")
# Of whom a place or a club is: "Prince of Wales Hospital".
NOBLE = frozenset("duke king prince princess queen".split())
ARTICLE = re.compile(r"^[Tt]he ")
# Of whom a body is that every country has: "Pakistan’s Ministry of Foreign Affairs". Its name begins with such a word.
COUNTRY_BEFORE = re.compile(r"(?<![\w’'-])(?P<country>(?:[A-Z][a-z]+ )?[A-Z][a-z]+)[’']s ")
LONGEST_COUNTRY = 25  # characters
OF_COUNTRY = frozenset(
    "army assembly cabinet department election embassy finance foreign health high home interior ministry navy "
    "parliament senate supreme".split()
)
