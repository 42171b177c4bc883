"""Closed classes of English words, all in lower case, and the few patterns that name words."""

import re

INDEFINITE_DETERMINERS = frozenset({"a", "an", "one", "another", "some"})
DEFINITE_DETERMINERS = frozenset({"the", "this", "his", "her", "their", "its"})
COORDINATING = frozenset({"and", "but"})

# The kind of each pronoun that may name a speaker, or a thing that is cited.
PRONOUN_KINDS = {
    "he": "he_she",
    "she": "he_she",
    "who": "who",
    "i": "i",
    "they": "they",
    "we": "they",
    "it": "it",
    "that": "it",
}
PERSONAL_PRONOUNS = frozenset({"he", "she", "who"})
# Grammatical subjects that speak for nobody.
NOT_SPEAKERS = frozenset({"it", "that", "this", "which", "what", "there", "one", "these", "those"})
OWN_PRONOUNS = frozenset({"i", "we", "you", "my", "our", "i’m", "i'm"})  # seldom in a title or a term

# Words that a headline writes without a capital.
FUNCTION_WORDS = frozenset("a an and as at but by for from in is it nor of on or our the to up vs with your".split())

PLAIN_SPEECH_VERBS = frozenset({"say", "tell", "add", "write"})  # lemmas
NAMING_WORDS = frozenset({"as", "called", "like", "dubbed", "titled", "named", "so"})  # before a term or a title
INTRODUCING = frozenset({",", ":", "that"})  # directly before the marks that a reporting word introduces
ACCORDING_TO = ("according", "to")

# Prepositions that tie a phrase to the noun before it: "the mayor of Orle", "a spokesman for the board".
ATTACHING_PREPOSITIONS = frozenset({"of", "for", "from", "at", "with", "in"})
# Those that the parser may tie to the verb by mistake.
LOOSE_PREPOSITIONS = frozenset({"for", "of"})

# Words that begin with an apostrophe: ’em, ’til, ’90s.
ELIDED = re.compile(r"(?:em|im|er|tis|twas|til|till|cause|bout|round|n|cos|coz|neath|\d\ds?)\b", re.IGNORECASE)
