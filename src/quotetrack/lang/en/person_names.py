"""Words that stand in, before and behind the names of persons. Lower case, without stops."""

from __future__ import annotations

from quotetrack.lang import lines, sections

# Forms of address and offices that stand before a name.
TITLES = frozenset(line.partition("\t")[0].strip().strip(".") for line in lines("titles.txt"))

# In a quotation these words replace or precede a name: "the Senator" and "Senator Marek" are not two names.
TITLES_IN_SPEECH = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady sen senator senators gov governor rep representative congressman "
    "congresswoman president vice secretary minister prime chancellor chairman chairwoman chair judge justice general "
    "gen col colonel captain king queen prince princess pope mayor director speaker ambassador jr sr".split()
)

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})

# The words that a full name may have in lower case: "Ursula von der Leyen", "João das Neves", "Duke of Tarn".
_NAMES = {section: frozenset(" ".join(names).split()) for section, names in sections("names.txt").items()}
PARTICLES = _NAMES["particle"] | {"bint", "of"}

# A name that ends in one of the first, has one of the second, or begins with one of the third is that of no person.
ENDS_OF_ORGANISATIONS, BODIES, NOT_GIVEN = _NAMES["organisation"], _NAMES["body"], _NAMES["not_given"]

# The names that one person may be called by, long and short: a set a line.
NICKNAMES = tuple(frozenset(line.split()) for line in lines("nicknames.txt"))

# Behind one of these a name belongs to someone else: "a spokesman for the mayor", "director of the zoo".
OFFICE_PREPOSITIONS = frozenset({"for", "of", "to", "at", "from"})
DESCRIPTION_WORDS = ("and", "for", "who", "that", "said")  # no name of one person has them
