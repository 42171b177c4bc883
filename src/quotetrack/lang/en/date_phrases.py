"""The patterns of dates in news prose, and the words by which a date belongs to an event."""

from __future__ import annotations

import re

from quotetrack.lang.en.calendar import MONTH_ABBREVIATION_IN_NEWS, MONTH_NAME, WEEKDAY_NAME
from quotetrack.lang.en.holidays import FIXED, FROM_EASTER, OF_MONTH
from quotetrack.lang.en.words import NUMBERS

# Number words that count days, weeks, months or years: "two days ago".
COUNTS = {"a": 1, "an": 1} | {word: number for word, number in NUMBERS.items() if 1 <= number <= 12}

_MONTH = rf"(?-i:(?P<month>{MONTH_NAME}|(?:{MONTH_ABBREVIATION_IN_NEWS})\.?))"
_DAY = r"(?P<day>[12]?\d|3[01]|0\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[789]|20)\d\d)"
# Longer names first: "Thanksgiving Day" before "Thanksgiving".
_HOLIDAY = "|".join(
    re.escape(name).replace("’", "[’']") for name in sorted({*FIXED, *FROM_EASTER, *OF_MONTH}, key=len, reverse=True)
)
_COUNT = rf"(?:\d+|{'|'.join(COUNTS)})"
_NUMBER = rf"(?P<number>\d+|{'|'.join(COUNTS)})"

# Newspapers: "beat Scotland on Sunday" is a day, "told Scotland on Sunday" is none.
_BEFORE_ON_SUNDAY = "|".join(f"(?<={name} on )" for name in ("[Tt]he Mail", "[Tt]he Independent", "told Scotland"))
_ON_SUNDAY = rf"(?-i:(?:{_BEFORE_ON_SUNDAY})Sunday\b(?! (?:morning|afternoon|evening|night)))"
# "The driver, Monday Okpako,", "The Sunday Quarter" and "Saturday Night Live" are names;
# "the Monday City Council meeting" is on a Monday.
_NAME_WITH_WEEKDAY = (
    r"(?-i:Saturday Night Live\b"
    r"|(?<!on )Sunday (?:Express|Herald|Independent|Mail|Mirror|People|Post|Telegraph|Times|Tribune|World)\b"
    rf"|(?:(?<=^)|(?<=\n)|(?<=[,.(] ))(?:{WEEKDAY_NAME}) [A-Z][a-z]+(?=[,’']|$)"
    rf"|(?<=[Tt]he )(?:{WEEKDAY_NAME}) (?:[A-Z][a-z]+ ){{0,2}}"
    r"(?:Book|Business|Chronicle|Club|Courier|Edition|Gazette|Group|Interview|Journal|Magazine|News|Paper|Papers|Project"
    r"|Quarter|Review|Sport|Show|Society|Star|Sun|Supplement)\b)"
)
# The groups say how a date is written; `MANNERS` has the names of the manners.
PHRASE = re.compile(
    rf"(?<![\w$£€#,.-])(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?\b(?!\s*(?:percent|%|points|years|million))"
    rf"|(?P<day2>[12]?\d|3[01])(?:st|nd|rd|th)?\s+(?:of\s+)?(?-i:(?P<month2>{MONTH_NAME}))(?:,?\s+(?P<year2>(?:1[789]|20)\d\d))?\b"
    # Of the month of publication, or the one before: "told the paper on the 13th that".
    r"|(?:(?<=\bon )|(?<=\bmorning of )|(?<=\bevening of )|(?<=\bnight of ))the (?P<nth>[12]?\d|3[01])(?:st|nd|rd|th)"
    r"(?=[,.;:”\"]|\s+(?:about|after|and|as|at|but|by|from|he|in|said|she|that|they|to|told|when|with)\b)"
    rf"|(?-i:(?P<month3>{MONTH_NAME})),?\s+(?:of\s+)?(?P<year3>(?:1[789]|20)\d\d)\b"
    rf"|(?P<lead>in|last|this|this past|since|early|late|mid-?|an?|the|his|her|their)\s+(?:early\s+|late\s+|mid-?)?"
    rf"(?-i:(?P<month4>{MONTH_NAME}))\b(?!\s+\d\d?\b)(?:,?\s+(?:of\s+)?(?P<year4>(?:19|20)\d\d))?"
    rf"|(?P<season>(?:last|this(?: past)?) (?:spring|summer|fall|autumn|winter))\b"
    rf"|(?P<counted>the (?:next|following|same) (?:day|morning|evening|night)"
    rf"|(?:later )?that (?:same )?(?:day|morning|afternoon|evening|night)"
    rf"|the previous (?:day|morning|afternoon|evening|night)|the (?:day|night) before(?=[,.;])"
    rf"|{_COUNT} (?:day|week)s? (?:later|earlier|before(?=[,.;])))\b"
    rf"|(?-i:(?=[A-Z]))(?P<holiday>{_HOLIDAY})\b(?:,? (?P<year6>(?:19|20)\d\d)\b)?"
    rf"|(?:(?P<before>last )|this past |this |past )?"
    # "Next Tuesday" is to come, and "Super Tuesday" is an event.
    r"(?<!\bone )(?<!\bevery )(?<!\beach )(?<!\bany )(?!(?<=\ba )\w+(?:[,.;]|\s+(?:and|in|like|that|when|with)\b))"
    rf"(?<!next )(?<!coming )(?<!super )(?<!black )(?!{_ON_SUNDAY}|{_NAME_WITH_WEEKDAY})(?P<weekday>{WEEKDAY_NAME})\b"
    rf"(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?P<today>today|tonight|this (?:morning|afternoon|evening))\b"
    rf"|(?P<yesterday>yesterday|last (?:night|evening))\b"
    rf"|{_NUMBER}\s+(?:(?P<unit>day|week|fortnight|month|year|decade)s?\s+ago"
    rf"(?:\s+(?P<to_day>today|tonight|yesterday|this (?:morning|afternoon|evening)))?"
    rf"|(?P<unit2>month|year)s?\s+earlier)\b"
    rf"|(?!(?-i:This Week)\b)(?P<relative>(?:earlier |late |later )?(?:last|this|the past|in the past|over the past)"
    rf"\s+(?:week(?:end)?|month|year)|(?:over|at|on|during) the weekend)\b"
    rf"|(?P<year5>(?:19|20)\d\d|(?<=\bin )1[78]\d\d)\b(?![-–]\d|\s*(?:percent|%|points|people|voters|words))"
    rf")",
    re.IGNORECASE,
)

# Beside "the 13th": it is a hole of a golf course.
GOLF = re.compile(r"\b(?:birdies?|bogeys?|bunker|caddie|eagle|fairway|golf(?:er)?|greens?|holes?|par|putts?|tee)\b")

# How a date may be written, by the groups of `PHRASE`. The first that matched counts, and "year" where none did.
MANNERS = {
    "weekday": ("weekday",),
    "today": ("today",),
    "yesterday": ("yesterday",),
    "counted": ("counted",),
    "ago": ("unit", "unit2"),
    "relative": ("relative",),
    "season": ("season",),
    "day": ("iso", "day", "day2", "nth", "holiday"),
    "month": ("month", "month3", "month4"),
}
YEAR_MANNER = "year"

# Behind a date that belongs to an event: "Thursday's rally", "the 2008 convention".
OF_EVENT = re.compile(
    r"[’']s?\b|\s+(?:[\w-]+\s){0,2}?(?:convention|speech|debate|rally|interview|primary|election|campaign|caucus(?:es)?|race|"
    r"front-?runner|nominee|candidate|hopeful|bid|cycle)\b"
)
