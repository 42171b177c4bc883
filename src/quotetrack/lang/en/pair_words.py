"""Patterns of two people who are named together, and of one whom an article calls "they"."""

import re

from quotetrack.lang.en.office_words import SENTENCE_END as SENTENCE_END

FIRST_OR_SECOND = {"former": 0, "latter": 1}
# Of one person: "who is non-binary", "who uses they/them pronouns".
THEY_OF_ONE = re.compile(
    r"\b(?:non-?binary|genderqueer|gender-?fluid|agender|they/them|(?:the pronouns?|as) “?they)\b", re.IGNORECASE
)
# A given name before the full name of a relative, opening a sentence: "Brothers Liam and Noah Carter".
GIVEN_AND = re.compile(r"(?:^|[.?!][”\"]? )(?:[A-Z][a-z]+s |The [a-z]+s )?(?P<given>[A-Z][\w’-]+) and $", re.MULTILINE)
OPENS = re.compile(r"(?:^|[.?!][”\"]? )(?:[A-Z][a-z]+s |The [a-z]+s,? )?$", re.MULTILINE)
# A group of which "they" may speak: "the farmers", "two men", "Residents were", "the council".
GROUP = re.compile(
    r"\b(?:the|some|many|these|those|several|most|all|two|three|four|five|other|both|our|their|his|her) (?:\w+ )?\w+s\b"
    r"|(?:^|[.?!][”\"]? )[A-Z][a-z]+s (?:\w+ed|were|are|have|had|did|say)\b"
    r"|\b(?:police|council|company|club|board|union|team|committee|party|government|ministry|crew|group|firm)\b",
    re.MULTILINE,
)
