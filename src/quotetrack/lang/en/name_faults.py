"""Signs that a speaker's name is a piece of a sentence and names nobody. Lower case."""

from __future__ import annotations

import re

from quotetrack.lang import sections
from quotetrack.lang.en.calendar import MONTH_NAME, WEEKDAY_NAME
from quotetrack.lang.en.mention_words import HUMAN

# A name that ends so goes on in the article.
CUT_OFF = frozenset(
    "a about after also an and are as at be been before between but by could did do does for from had has have he her "
    "his how if in into is it its my of on or our over shall she should than that the their they this through to under "
    "until was we were what when where which while who whom whose why will with without would you your".split()
)
# Words that name nobody without the sentence before.
POINTING = frozenset(
    "all another both each everybody everyone few he her hers herself him himself his i it its itself many me mine "
    "most my myself nobody none one others ours ourselves she some somebody someone that their theirs them themselves "
    "these they this those us we what which who whoever whom you your".split()
)
POINTING_NOUNS = frozenset({"one", "ones", "other", "others", "each other"})  # "another one", "the others"
# A pronoun with its verb: "we've", "I’m".
CONTRACTED = re.compile(r"\w+[’'](?:m|ll|re|ve|d)", re.IGNORECASE)
VERB = re.compile(
    r"\s(?:is|are|was|were|has|have|had|will|would|could|should|said|says|saying|told|tells|added|adds|wrote|writes"
    r"|explained|argued|insisted|warned|asked)\s"
)
# The time or manner of speaking: "the committee on Wednesday", "the army in a statement".
CIRCUMSTANCE = re.compile(
    rf" (?:on (?:{WEEKDAY_NAME})|in (?:{MONTH_NAME})|in (?:a|an|his|her|their|its) [\w-]+"
    r"|(?:last|this) (?:week|month|year))\b",
    re.IGNORECASE,
)
# What tells a noun apart from the words that say more about it: "officials at the port", "one of the survivors".
BEHIND_NOUN = re.compile(r",? (?:of|for|from|at|in|on|with|who|that|to|near|inside|close|familiar|behind) ")
# A number of people or things, which the noun behind "of" names: "one of the survivors".
QUANTITY = re.compile(
    r"(?:a (?:group|number|handful|couple|majority|few)|[a-z]*[0-9]\S*|all|both|dozens|each|half|hundreds|many|members"
    r"|most|one|several|some|thousands|three|two)(?: percent| per cent|%)? of"
    r" (?:the |his |her |their |its |these |those )?"
)
# Nouns that speak and that neither their ending nor a list tells.
_SPEAKING = frozenset(
    "adult aides athlete baby book boy bride campaigners champion charity child children city clerk coach "
    "colleague cop country couple crew crowd data defence defense duo embassy expert family fan figure folk "
    "forces friend girl guest guidance guidelines guy handbook host kid kids label lawmakers lawsuit leaflet "
    "locals manual media nation neighbor neighbour official pair palace parents people pilot plaintiff podcast "
    "police politician press programme prosecution public rabbi relative rules site source spokespeople staff "
    "state teen town treasury troops two voice website witness youth".split()
)
_LISTED = _SPEAKING.union(
    *(
        line.split()
        for file, section in (
            ("names.txt", "body"),
            ("names.txt", "group"),
            ("reporting.txt", "document"),
            ("reporting.txt", "noun"),
        )
        for line in sections(file)[section]
    )
)


def may_speak(noun: str) -> bool:
    """Return whether a noun, singular or plural, means people, a body or a document: what may be quoted."""
    forms = {noun, noun.removesuffix("s"), noun.removesuffix("es"), re.sub("ies$", "y", noun)}
    return any(form in _LISTED or HUMAN.search(form) for form in forms)
