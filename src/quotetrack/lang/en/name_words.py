"""Words and patterns of people's names, and of the words directly beside them. Longer lists are in `names.txt`."""

import re

CAPITAL = "A-ZÀ-ÖØ-ÞŠŽŁŚĆŻ"
_PARTICLE = r"d[eai]s?|d[ou]s?|v[ao]n|de[rn]|bin|ibn|al|el|la|le|ter|zu|y"
_WORD = (
    rf"(?:[{CAPITAL}][\w’'\-]*(?:\.[A-Z])*\.?"
    rf"|(?:{_PARTICLE})(?=[ \xa0](?:(?:{_PARTICLE})[ \xa0])?[{CAPITAL}])"
    r"|d[’'][A-Z]\w+|al-[A-Z]\w+)"
)
# In John “Jack” Lee, where one word stands behind it and no sentence ends before it.
_NICKNAME = (
    rf"(?<![a-z]\.[ \xa0])[\"“][{CAPITAL}][\w-]{{1,12}}[\"”][ \xa0]"
    rf"(?=[{CAPITAL}][\w’'-]*(?![\w’'-]|[ \xa0][{CAPITAL}]))"
)
# A run of capitalised words with the small words of surnames between them.
RUN = re.compile(rf"(?<![\w@#/.])[{CAPITAL}][\w’'\-]*\.?(?:\.?[A-Z]\.)*(?:[ \xa0](?:{_NICKNAME})?{_WORD})*")
SUFFIX = re.compile(r",?[ \xa0](?:Jr|Sr|II|III|IV)\.?$")
# Honours and degrees behind a name, which are no part of it.
HONOURS = frozenset("MBE OBE CBE DBE KBE MP MSP MEP QC KC PhD MD Esq".split())
# Titles that are part of a name of one word: "Pope Anselm".
REGNAL = re.compile(r"\b(?:Pope|King|Queen|Prince|Princess)[ \xa0]$")
LONGEST_REGNAL = 9  # characters of such a title and the space behind it
POSSESSIVE = re.compile(r"[’']s?$")
INITIAL = re.compile(r"^(?:[A-Z]\.)+$")
LETTER = re.compile(r"^[A-HJ-Z]$")  # an initial without its stop; "I" is a pronoun
CONTRACTION = re.compile(r"[’'](?:m|ll|re|ve|d)$")

# Forms of address, in lower case, with the gender of the person addressed.
ADDRESS = {
    "mr": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "sir": "m",
    "lord": "m",
    "lady": "f",
    "dame": "f",
    "baroness": "f",
}
# Titles that say man or woman and name no office.
NO_OFFICES = ("", "man", "woman")
PRONOUN = re.compile(r"\b(?:he|his|him|she|her)\b", re.IGNORECASE)

_SPEECH = (
    "said|says|told|tells|added|adds|wrote|writes|explained|continued|asked|argued|noted|tweeted|recalled|insisted"
)
SPEECH_BEFORE = re.compile(rf"\b(?:{_SPEECH}|according to)\s(?:[A-Z][\w.]+\s)*$")
SPEECH_BEHIND = re.compile(rf"\s(?:\w+\s)?(?:{_SPEECH})\b")
# A verb behind a name that is a subject, maybe after an aside: "Ann Lee, a baker, has".
ACTS = re.compile(
    r"(?:,[^,.\n]{3,80},)?\s(?:\w+ly\s|also\s|then\s|has\s|had\s|have\s|would\s|will\s)?"
    r"(?:is|was|has|had|will|would|could|may|did|does|took|went|made|came|got|gave|ran|met|held|led|left|won|lost|\w{2,}ed|\w{3,}s)\b"
)
# The aside behind a name that may hold an office: "Jim Doe, a Texas senator,".
ASIDE = re.compile(r"(?: \([^)]*\))?, ((?!who|and|but)[^.;:\n]{2,90})")
