"""Read the words of an office: "the former mayor of Holm" is a mayor, of Holm, whose time is over.

The article gives offices to people (`office_holders.py`); a mention may mean those whose office answers to its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from quotetrack.extract.entities.name_forms import role_of
from quotetrack.extract.entities.nouns import is_general, is_kin, is_part_played, noun_of_person
from quotetrack.lang import lines
from quotetrack.lang.en import office_words
from quotetrack.lang.en.people_nouns import NOT_INSIDE
from quotetrack.lang.en.words import FUNCTION_WORDS

NATIONAL = "national"  # the office of everybody who is called by a country


class Standing(StrEnum):
    """Whether the office is held, as the words tell."""

    FORMER = "former"
    PRESENT = "present"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Office:
    """An office by its noun, with the words that say which one: "foreign", "holm", a country by its name.

    `rank` makes another office of it ("deputy"). `places` are those of the words that say where it is held.
    """

    noun: str
    rank: str | None = None
    standing: Standing = Standing.UNTOLD
    words: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def answers_to(self, wanted: Office) -> bool:
        """Return whether an office may be the wanted one, its time aside: it has all the words of it."""
        if wanted.noun == NATIONAL:
            return wanted.words <= self.words
        return self.noun == wanted.noun and self.rank == wanted.rank and wanted.words <= self.words


def office_in(phrase: str) -> Office | None:
    """Return the office that a phrase names; None where its noun is none for a person."""
    printed = office_words.WORD.findall(phrase)
    if not 0 < len(printed) <= office_words.LONGEST_OFFICE:
        return None
    of = next((i for i, word in enumerate(printed) if i and word.lower() in office_words.OF), len(printed))
    noun = office_noun(printed[of - 1])
    if noun is None or any(word.lower() in NOT_INSIDE for word in printed[1 : of - 1]):
        return None  # a clause, not a phrase: "met the mayor"
    office = _with_words(
        Office(noun, standing=_standing_of_noun(printed[of - 1])), printed[: of - 1], printed[of + 1 :]
    )
    country = national_of(printed[of - 1])
    return office if country is None else replace(office, words=office.words | {country})


def _with_words(office: Office, before: Sequence[str], behind: Sequence[str]) -> Office:
    """Return the office with what the words before and behind its noun say of it."""
    rank, standing = None, office.standing
    words, places = set[str](), set[str]()
    owner = max((index for index, printed in enumerate(before) if office_words.OWNER_END.search(printed)), default=-1)
    for index, printed in enumerate(before):
        word, is_owners = printed.lower(), index <= owner  # "the former mayor’s lawyer" is no former lawyer
        if word in office_words.FORMER and not is_owners:
            standing = Standing.FORMER
        elif word in office_words.PRESENT and standing is Standing.UNTOLD and not is_owners:
            standing = Standing.PRESENT
        elif word in office_words.RANKS and not is_owners:
            rank = word
        elif word not in office_words.NOT_TELLING:
            words.add(key := _key(printed))
            if office_words.OWNER_END.search(printed) or _is_place(printed):
                places.add(key)
    held = {_key(word) for word in behind if word.lower() not in FUNCTION_WORDS | office_words.NOT_TELLING}
    return replace(office, rank=rank, standing=standing, words=frozenset(words | held), places=frozenset(places | held))


def _is_place(printed: str) -> bool:
    """Return whether a word has its capital by being a name: "Holm coach", not "the Foreign Minister"."""
    return printed[:1].isupper() and printed.lower() not in office_words.KINDS


def _key(word: str) -> str:
    """Return a word as it is compared: without a possessive, and a country by its name."""
    bare = office_words.OWNER_END.sub("", word.lower())
    return countries().get(bare, bare)


def office_noun(word: str) -> str | None:
    """Return the noun of an office, rank or nationality; None of what is none, or says no more than "the woman"."""
    bare = office_words.SUFFIX.sub("", office_words.PREFIX.sub("", word.lower()))
    if national_of(bare) is not None:
        return NATIONAL
    if bare in office_words.RELATIONS:
        return bare
    noun = role_of(bare) or noun_of_person(bare)
    if noun is None or is_general(noun) or is_kin(noun) or is_part_played(noun):
        return noun if noun in office_words.EXCLUSIVE else None
    return office_words.SAME_NOUN.get(noun, noun)


def _standing_of_noun(word: str) -> Standing:
    """Return what "ex-" and "-elect" say."""
    if office_words.PREFIX.match(word.lower()):
        return Standing.FORMER
    return Standing.PRESENT if office_words.SUFFIX.search(word.lower()) else Standing.UNTOLD


def is_relation(noun: str) -> bool:
    """Return whether a noun speaks of another holder of the same office: "successor", "deputy"."""
    return noun in office_words.RELATIONS


def is_exclusive(office: Office) -> bool:
    """Return whether nobody holds another such office at the same time: president, judge."""
    return office.noun in office_words.EXCLUSIVE and office.rank is None and office.standing is not Standing.FORMER


@cache
def countries() -> dict[str, str]:
    """Return the country of each name, adjective and noun of one, in lower case."""
    found: dict[str, str] = {}
    for line in lines("countries.txt"):
        country, adjectives, nouns = line.split("\t")
        found |= dict.fromkeys([country, *adjectives.split(), *_nouns(nouns)], country)
    return found


def forms_of(country: str) -> list[str]:
    """Return the adjectives and nouns of a country; none of another word."""
    return [form for form, its_country in countries().items() if its_country == country]


@cache
def _nationals() -> dict[str, str]:
    rows = (line.split("\t") for line in lines("countries.txt"))
    return {noun: country for country, _, nouns in rows for noun in _nouns(nouns)}


def _nouns(column: str) -> list[str]:
    return [noun for noun in column.split() if noun != "-"]


def national_of(word: str) -> str | None:
    """Return the country of which a noun means somebody: "Swede"; None where it means nobody so."""
    return _nationals().get(word.lower())
