"""The English forms of a question: patterns for speaker and topic, outlet and days. Upper and lower case are alike."""

from __future__ import annotations

import re

from quotetrack.lang.en.calendar import MONTH_ABBREVIATION, MONTH_NAME, WEEKDAY_NAME
from quotetrack.lang.en.words import NUMBERS

# Speaker and topic

_MARKED = r"[\"“„«‘'](?P<{}>.+)[\"”“»’']"
_ADVERBS = r"(?:(?:ever|actually|really|publicly|recently|lately|just|exactly|also|already|previously|once)\s+)*"
_SAY = (
    r"(?:say|says|said|saying|tell|tells|told|think|thinks|thought|claim|claims|claimed|promise|promises|promised|"
    r"comment|comments|commented|mention|mentions|mentioned|speak|speaks|spoke|spoken|talk|talks|talked|state|stated|"
    r"argue|argues|argued|write|wrote|written|tweet|tweeted|remark|remarked|declare|declared|warn|warned|respond|"
    r"responded|react|reacted|discuss|discussed|address|addressed|announce|announced|admit|admitted|deny|denied)"
)
# The verb of the question. In "what did Wilma Tell say" the verb is "say".
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
NO_ONE = frozenset({"anybody", "anyone", "people", "they", "everybody", "everyone", "somebody", "someone"})

# Tried in order. Each has the groups `speaker`, `about`, or both; a missing group: the question asks for none.
# `after` is a topic without a preposition.
FORMS = tuple(
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
LOOSE_FORM = re.compile(rf"(?P<speaker>.+?)\s*(?:\s{_ABOUT}|:)\s+(?P<about>.+)", re.IGNORECASE)

BEFORE_OFFICE = "the"  # "the harbour master" may be an office where it is the name of no speaker

# Outlet

_CARRIED = r"(?:carried\s+(?:by|in)|published\s+(?:by|in)|reported\s+(?:by|in)|printed\s+(?:by|in)|in|via|to)"
BEFORE_OUTLET = re.compile(rf"\b{_CARRIED}\s+(?=\S)", re.IGNORECASE)

# Days

_MONTH = rf"(?:{MONTH_NAME}|{MONTH_ABBREVIATION})\b\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d{2}"
COUNTS = {word: number for word, number in NUMBERS.items() if 1 <= number <= 10} | {"couple of": 2, "few": 3}
_COUNT_WORDS = "|".join(COUNTS).replace(" ", r"\s+")
_COUNT = rf"(?:\d{{1,3}}|{_COUNT_WORDS})"
_AGO = rf"{_COUNT}\s+(?:day|week|month|year)s?\s+ago"
_DAYS = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{4}}-\d{{2}}|(?:the\s+)?{_NTH}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}|"
    rf"{_MONTH}\s+{_NTH},?\s+{_YEAR}|{_MONTH},?\s+{_YEAR}|{_YEAR}s?|{_NTH}\s+{_MONTH}|{_MONTH}\s+{_NTH}|{_AGO}|"
    rf"(?:last\s+|this\s+)?(?:{_MONTH}|{WEEKDAY_NAME})|(?:last|this)\s+(?:week|month|year)|"
    r"yesterday|today)"
)
BETWEEN = re.compile(rf"\b(?:between|from)\s+({_DAYS})\s+(?:and|to|until|till|through)\s+({_DAYS})(?!\w)", re.I)
PAST = re.compile(
    rf"\b(?:in|over|during|within|for)?\s*(?:the\s+)?(?:last|past)\s+(?P<count>{_COUNT}\s+)?"
    r"(?P<unit>day|week|month|year)s\b",
    re.I,
)
WHEN = re.compile(
    rf"\b(?P<how>ever\s+since|since|from|after|until|till|up\s+to|by|before|in|during|on)\s+(?P<days>{_DAYS})(?!\w)",
    re.I,
)
BARE_WHEN = re.compile(
    rf"\b(?P<days>yesterday|today|(?:last|this)\s+(?:week|month|year|{_MONTH}|{WEEKDAY_NAME}))(?!\w)", re.I
)

# A month that may be the first word of a name, what may follow it there, and the prepositions before a speaker.
ONLY_MONTH = re.compile(_MONTH, re.I)
SURNAME = re.compile(rf"(?!(?:{MONTH_NAME}|{WEEKDAY_NAME})\b)[A-Z][\w'’-]")
BEFORE_SPEAKER = frozenset({"by", "from"})

TODAY, YESTERDAY = "today", "yesterday"
AGO = re.compile(rf"({_COUNT})\s+(day|week|month|year)s?\s+ago")
THIS_OR_LAST_UNIT = re.compile(r"(?P<which>last|this) (?P<unit>week|month|year)")
LAST = "last"
LAST_OR_THIS = re.compile(r"^(?:last )?(?:this )?")
# Beside a date: ordinals, a decade's "s", and words that name no month.
NO_MONTH_NAME = re.compile(r"\d+(?:st|nd|rd|th|s)?|\b(?:the|of|last|this)\b")

# The prepositions before days, by the end of the window that they set. Any other one sets both ends.
FROM_FIRST_DAY = frozenset({"since", "ever since", "from"})
FROM_DAY_AFTER = frozenset({"after"})
TO_LAST_DAY = frozenset({"until", "till", "up to", "by"})
TO_DAY_BEFORE = frozenset({"before"})
