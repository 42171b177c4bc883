"""Pronouns, by the persons or things that each may mean. Lower case."""

import re

from quotetrack.lang.en.body_words import QUOTED

HE = frozenset("he him his himself".split())
SHE = frozenset("she her hers herself".split())
HE_OR_SHE = HE | SHE
OF_SEX = {
    sex: re.compile(rf"\b(?:{'|'.join(sorted(words))})\b", re.IGNORECASE) for sex, words in (("m", HE), ("f", SHE))
}
# What stands before a pronoun that opens a sentence of the reporter.
OPENS = re.compile(rf"(?:\A|[.?!{QUOTED}”\"]\s|\n\s*)\Z")
SUBJECT_PRONOUNS = frozenset({"he", "she", "they"})
SUBJECT = re.compile(r"(?:he|she)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:I|me|my|myself|we|us|our)\b")
# Pronouns that name no single man or woman.
OTHERS = frozenset("they them we us i you it its who that which one others some many both".split())
# Pronouns that may mean an organisation or a document.
THINGS = frozenset("it its they".split())
# Pronouns that mean the person who spoke last where the article gives no better answer.
OF_LAST_SPEAKER = frozenset("they it who its".split())
AUTHOR = "i"
# Possessives before those who speak with a person ("Lee and her aides"), with the gender of that person.
OWNERS = {"his": "m", "her": "f", "their": None}
