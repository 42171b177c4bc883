"""What deserves the look of a person, and how likely it is wrong. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from quotetrack.core.domain import Sighting
from quotetrack.core.names import is_full_name, may_be_one_person, name_words
from quotetrack.core.texts import gettext, ngettext
from quotetrack.lang.en.name_faults import (
    BEHIND_NOUN,
    CIRCUMSTANCE,
    CONTRACTED,
    CUT_OFF,
    POINTING,
    POINTING_NOUNS,
    QUANTITY,
    VERB,
    may_speak,
)
from quotetrack.lang.en.words import ARTICLES

LONGEST_NAME = 6  # words; longer ones are mostly whole descriptions, and some are pieces of sentences


class DoubtKind(StrEnum):
    """What may be wrong.

    `NAME`: the name; or there is none, because none is sure enough. `SPEAKERS`: sightings of one utterance have
    different speakers. `REWORDED`: two wordings may not be one utterance. `DEBRIS`: the name names nobody. `DAY`: the
    day has a low confidence; where an older extractor gave none, it is told far from the words.
    """

    NAME = "name"
    SPEAKERS = "speakers"
    REWORDED = "reworded"
    DEBRIS = "debris"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sighting that a person should look at.

    `probability` is that of an error, 0 to 1; `outlets` is the number of outlets that carry the utterance. `why` is a
    sentence. `command` are the arguments of the command that corrects it; what a person has to fill in is in capitals.
    `other` is the second sighting of a pair.
    """

    kind: DoubtKind
    probability: float
    outlets: int
    sighting: Sighting
    why: str
    command: tuple[str, ...]
    other: Sighting | None = None

    @property
    def weight(self) -> float:
        """Return how much a look is worth: the probability of an error times the outlets that it would correct."""
        return self.probability * self.outlets


@dataclass(frozen=True, slots=True)
class NameFault:
    """What is wrong with a name, as a clause, and the probability that it is no speaker."""

    what: str
    probability: float


def fault_of_name(name: str) -> NameFault | None:
    """Return what is wrong with a speaker's name; None for a name that looks well."""
    words = re.findall(r"[\w’'.-]+", name.casefold())
    bare = words[1:] if words[:1] and words[0] in ARTICLES else words
    if not bare:
        return NameFault(gettext("it has no word"), 0.95)
    if re.search(r"[\n\r\t]", name):
        return NameFault(gettext("it has a line break"), 0.95)
    is_capital = name.split()[-1][:1].isupper()  # a headline has capitals, and so has "Simon Will"
    if len(words) > (3 if is_capital else 1) and words[-1] in CUT_OFF:
        return NameFault(gettext("it ends in “%(word)s”", word=words[-1]), 0.95)
    if " ".join(bare) in POINTING or bare[-1] in POINTING_NOUNS or CONTRACTED.fullmatch(name):
        return NameFault(gettext("it points at somebody whom it does not name"), 0.9)
    if len(bare) == len(bare[0]) == 1:
        return NameFault(gettext("it has one letter"), 0.8)
    if VERB.search(name):
        return NameFault(gettext("it has a verb"), 0.85)
    if CIRCUMSTANCE.search(name):
        return NameFault(gettext("it tells when or how it was said"), 0.7)
    if not any(character.isupper() for character in _without_article(name)) and not may_speak(_noun(name)):
        return NameFault(gettext("“%(word)s” means neither a person nor a body", word=_noun(name)), 0.5)
    if "," in name:
        return NameFault(gettext("it has a comma"), 0.4)
    if re.search(r"\d", name):
        return NameFault(gettext("it has a digit"), 0.3)
    if len(words) > LONGEST_NAME and not may_speak(_noun(name)):
        return NameFault(ngettext("it has %(num)s words", "it has %(num)s words", len(words)), 0.3)
    return None


def _without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.casefold() in ARTICLES else name


def _noun(name: str) -> str:
    """Return the noun of a description: the last word before what says more about it."""
    described = QUANTITY.sub("", name.casefold(), count=1)
    before = BEHIND_NOUN.split(f"{_without_article(described)} ", maxsplit=1)[0].split()
    return before[-1] if before else name


# Shares of wrong days among 643 single days told nearby, in 190 articles of the annotated training data; for days that
# have no confidence of their own.
WRONG_DAY = {2: 0.25, 3: 0.4}  # by the days before publication; of the days 0 and 1 some 14 % are wrong
WRONG_DAY_OF_UNSURE_SPEAKER = 0.4
UNSURE_SPEAKER = 0.8  # confidence of the name
# Two speakers of one utterance, by their names: "Venn" and "Orla Venn"; "the harbour master" and "Orla Venn"; "Tadeo
# Brisk" and "Orla Venn". Estimates: no annotated data say who spoke in linked sightings.
ONE_PERSON, NAME_AND_DESCRIPTION, DIFFERENT_PEOPLE = 0.15, 0.35, 0.8


def doubt_of_day(days_before: int, confidence: float) -> float | None:
    """Return the probability that a single day told elsewhere in the article is wrong; None if it is low.

    `days_before` is the number of days from it to the publication; `confidence` is that of the name.
    """
    if days_before < 0 or days_before >= max(WRONG_DAY):
        return WRONG_DAY[max(WRONG_DAY)]
    if confidence < UNSURE_SPEAKER:
        return WRONG_DAY_OF_UNSURE_SPEAKER
    return WRONG_DAY.get(days_before)


def doubt_of_names(usual: str, other: str) -> float:
    """Return the probability that one of two speakers of the same words is wrong, by their names."""
    words, other_words = name_words(usual), name_words(other)
    if words and other_words and may_be_one_person(words, other_words):
        return ONE_PERSON
    return DIFFERENT_PEOPLE if is_full_name(usual) and is_full_name(other) else NAME_AND_DESCRIPTION
