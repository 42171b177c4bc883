"""Find the people whom an article mentions and does not name: "a waiter", "the victim", "Lindt’s lawyer", "her mother".

They speak as well, and "she said" may mean one of them. Characters only, over the whole text, parsed or not: a noun
for a person, with the words before it back to an article or a possessive. A description beside a name is that person's
("her lawyer, Simon Pell"). Two descriptions are of one person where a definite one repeats the noun of the one before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import acts_behind, follows_according, opens_sentence, speaks_beside
from quotetrack.extract.entities.nouns import gender_of_noun, is_kin, is_proxy, noun_of_person
from quotetrack.extract.entities.offices import countries, national_of, office_noun
from quotetrack.extract.entities.people import NamePlace, People, Person
from quotetrack.lang.en import people_nouns as words
from quotetrack.lang.en.name_words import SPEECH_AT_ONCE
from quotetrack.lang.en.office_words import COUNTERPART

# Characters beside a description within which the name of the person may stand: ", ", " ", " - ", " (".
_TO_NAME = re.compile(r"(?:,? (?:[A-Z][\w.]*\.? )?|, |: | \()")
_FROM_NAME = re.compile(
    r", (?:\d+, )?(?:(?:of|from) (?:[\w’'-]+ ){0,4}[A-Z][\w’'-]+, )?(?:then |now |once )?| is | was |, who is | \("
)
# "ambassador to Norway Ann Lee".
_TO_NAME_OF_COUNTRY = re.compile(r" (?:of|in|at|from|for|to) (?P<place>[A-Z]\w+) ")
_LONGEST_GAP, _LONGEST_FROM_NAME, _LONGEST_TITLE = 12, 60, 40
_ACTS_BEHIND_APPOSITION = re.compile(r",? (?:\d+, )?(?!and\b|who\b|whose\b|of\b|from\b|a\b|an\b|the\b)[a-z]")
_SENTENCE_END = re.compile(r"[.?!]\s|\n")


class Opening(StrEnum):
    """What a description says by its first word."""

    INDEFINITE = "indefinite"  # somebody whom the article has not mentioned before
    DEFINITE = "definite"  # somebody whom the reader knows
    OWNED = "owned"  # somebody's: "her lawyer", "the mother of Ann Lee"


@dataclass(frozen=True, slots=True)
class Description:
    """One place that describes one person; `noun` is in lower case."""

    span: Span
    head: Span
    noun: str
    opening: Opening


@dataclass(slots=True)
class UnnamedPerson(Person):
    """A person without a name. `name` is the first description, as printed."""

    noun: str = ""
    opening: Opening = Opening.INDEFINITE


def descriptions_in(text: str, body: Sequence[Span]) -> list[Description]:
    """Return the descriptions of one person in some paragraphs, in order."""
    return [found for paragraph in body for found in _descriptions_of(text, paragraph)]


def of_people_only(
    text: str, descriptions: Sequence[Description], organisations: Sequence[Person]
) -> list[Description]:
    """Return the descriptions but for those of an organisation: "Holm’s client, Nordbank Energy, went bankrupt".

    "A spokeswoman for the client, Nordbank Energy, laughed" describes a person.
    """
    starts = {place.start for organisation in organisations for place in organisation.places}
    return [
        d
        for d in descriptions
        if d.head.end < d.span.end or not (text[d.span.end :][:2] == ", " and d.span.end + 2 in starts)
    ]


def _descriptions_of(text: str, paragraph: Span) -> Iterator[Description]:
    words_here = list(words.WORD.finditer(text, paragraph.start, paragraph.end))
    for index, word in enumerate(words_here):
        printed = word[0]
        owned = words.OWNER_NAME.search(printed)
        bare = printed[: owned.start()] if owned else printed
        is_national = _is_national(text, word)
        noun = bare.lower() if is_national else _noun_at(text, words_here, index, bare)
        is_name = bare[:1].isupper() and not (is_national or _is_capital_office(text, word))
        if noun is None or is_name or owned is not None:
            continue
        if index + 1 < len(words_here) and _goes_on(text, word, words_here[index + 1]):
            continue  # "the police officer", "the lawyer general"
        if (opened := _opening(text, words_here, index)) is not None:
            first, opening = opened
            if opening is Opening.OWNED and noun == words.HEAD:
                continue  # "shook her head"
            end = word.end()
            behind = words.BELONGS.match(text, end, paragraph.end)
            if behind is not None:
                if opening is Opening.DEFINITE and words.OWNED_BY.match(text, end) and (is_kin(noun) or is_proxy(noun)):
                    opening = Opening.OWNED
                end = behind.end()
            if opening is Opening.INDEFINITE and words.BEFORE_PRONOUN.match(text, end) and opens_sentence(text, first):
                continue  # "A nurse in Orle, she has heard worse": the pronoun means somebody named before
            yield Description(Span(first, end), Span(word.end() - len(bare), word.end()), noun, opening)


def _is_national(text: str, word: re.Match[str]) -> bool:
    """Return whether a word means somebody of a country: "the Croatian, who joined", not "the Croatian striker"."""
    if national_of(word[0]) is None or not word[0][0].isupper():
        return False
    if speaks_beside(text, word.start(), word.end()) or acts_behind(text, word.end()):
        return True
    return words.BEHIND_NATIONAL.match(text, word.end()) is not None


def _is_capital_office(text: str, word: re.Match[str]) -> bool:
    """Return whether a noun has a capital and stands for no name: "The Mayor denied it", not "the Mayor of Holm"."""
    is_told = text[max(0, word.start() - 4) : word.start()].lower() == "the "
    return is_told and office_noun(word[0]) is not None and words.BEHIND_OFFICE.match(text, word.end()) is not None


def _noun_at(text: str, words_here: Sequence[re.Match[str]], index: int, bare: str) -> str | None:
    """Return the noun for a person that ends at a word, which is given without the end of an owner."""
    if tuple(word[0] for word in words_here[max(0, index - 1) : index + 1]) == words.OPPOSITE_NUMBER:
        return COUNTERPART
    return noun_of_person(bare) or _noun_of_one(text, words_here, index)


def _noun_of_one(text: str, words_here: Sequence[re.Match[str]], index: int) -> str | None:
    """Return the noun for one of several people: "friend" for "one of Lindt’s closest friends"."""
    plural = words_here[index][0]
    noun = noun_of_person(plural[:-1]) if plural.endswith("s") else None
    if noun is None:
        return None
    first = max(0, index - words.LONGEST_INSIDE - 2)
    before = text[words_here[first].start() : words_here[index].start()]
    return noun if words.ONE_OF.search(before) else None


def _goes_on(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Return whether the phrase goes on to a later noun: "the student leader", "the student newspaper"."""
    if text[word.end() : following.start()] != " " or following[0][:1].isupper():
        return False
    return noun_of_person(following[0]) is not None or words.OWNER_NAME.sub("", following[0]) in words.THINGS


def _opening(text: str, words_here: Sequence[re.Match[str]], noun: int) -> tuple[int, Opening] | None:
    """Return where the phrase of a noun begins, and what it says by its first word."""
    for index in range(noun - 1, max(-1, noun - 2 - words.LONGEST_INSIDE), -1):
        word, following = words_here[index], words_here[index + 1]
        between = text[word.end() : following.start()]
        is_list = between == ", " and index + 1 < noun and word[0].islower()  # "a tall, shy man", no "Lee, deputy head"
        if between != " " and not is_list:
            return None
        plain = word[0].lower()
        before = text[max(0, following.start() - words.LONGEST_ONE_OF) : following.start()]
        if (one := words.ONE_OF.search(before)) is not None:
            return following.start() - len(one[0]), Opening.INDEFINITE
        if plain in words.INDEFINITE:
            return word.start(), Opening.INDEFINITE
        if plain in words.OWNERS:
            return word.start(), Opening.OWNED
        if words.OWNER_NAME.search(word[0]) and len(word[0]) > 2:
            return _start_of_owner(text, words_here, index), Opening.OWNED
        if plain in words.DEFINITE:
            return word.start(), Opening.DEFINITE
        if plain in words.NOT_INSIDE or plain in words.OWN:
            return None
    return None


def _start_of_owner(text: str, words_here: Sequence[re.Match[str]], index: int) -> int:
    """Return where the owner begins that ends at a word: "the European Commission’s", "Maya Lindt’s", "the boy’s"."""
    is_name = words_here[index][0][:1].isupper()
    first = index
    while first and text[words_here[first - 1].end() : words_here[first].start()] == " ":
        before = words_here[first - 1][0]
        if before.lower() in words.DEFINITE | words.INDEFINITE | words.OWNERS:
            return words_here[first - 1].start()
        if before.lower() in words.NOT_INSIDE or (is_name and not before[:1].isupper()) or index - first >= 4:
            break
        first -= 1
    return words_here[first if is_name else index].start()


def unnamed_people(text: str, descriptions: Sequence[Description], people: People) -> list[UnnamedPerson]:
    """Return the people whom the descriptions mean and the article does not name, in the order of their first mention.

    A description beside a name gives its noun to the roles, and its sex to the gender, of the person who is named.
    """
    named = sorted(((place.span, person) for person in people.persons for place in person.places), key=lambda x: x[0])
    starts = [span.start for span, _ in named]
    found: list[UnnamedPerson] = []
    for described in descriptions:
        again = _beside_description(text, found, described)
        person = None if again is not None else _named_beside(text, described, named, starts)
        if person is not None:
            person.roles.add(described.noun)
            person.gender = person.gender or gender_of_noun(described.noun)
            _take_over(text, person, described)
            continue
        if _is_named_in_sentence(text, described, starts):
            continue
        known = again or _known(found, described)
        if known is not None:
            known.places.append(_place(text, described, is_full=False))
            known.roles.add(described.noun)
            known.gender = known.gender or gender_of_noun(described.noun)
            continue
        if described.opening is Opening.DEFINITE and any(described.noun in p.roles for p in people.persons):
            continue  # "the mayor" may be the mayor who is named
        found.append(
            UnnamedPerson(
                " ".join(described.span.of(text).split()),
                [_place(text, described, is_full=True)],
                gender_of_noun(described.noun),
                {described.noun},
                set(),
                described.noun,
                described.opening,
            )
        )
    return found


def _known(found: Sequence[UnnamedPerson], described: Description) -> UnnamedPerson | None:
    """Return the last unnamed person whom a definite description means: it repeats the noun."""
    if described.opening is not Opening.DEFINITE:
        return None
    return next((person for person in reversed(found) if described.noun in person.roles), None)


def _beside_description(text: str, found: Sequence[UnnamedPerson], described: Description) -> UnnamedPerson | None:
    """Return the unnamed person whom a description directly behind describes again: "a resident, a retired nurse"."""
    if not found or described.opening is not Opening.INDEFINITE:
        return None
    gap = text[found[-1].places[-1].end : described.span.start]
    return found[-1] if gap == ", " else None


def _place(text: str, described: Description, *, is_full: bool) -> NamePlace:
    start, end = described.span.start, described.span.end
    return NamePlace(
        start,
        end,
        is_full=is_full,
        opens_sentence=opens_sentence(text, start),
        is_owner=bool(re.match(r"[’']s?\b", text[end : end + 2])),
        speaks=speaks_beside(text, start, end),
        acts=acts_behind(text, described.head.end) or acts_behind(text, end),
    )


def _named_beside(
    text: str, described: Description, named: Sequence[tuple[Span, Person]], starts: Sequence[int]
) -> Person | None:
    """Return the person who is named directly beside a description: ", Simon Pell," or "Simon Pell, his lawyer,"."""
    for end in {described.head.end, described.span.end}:
        index = bisect_left(starts, end)
        if index < len(named):
            gap = text[end : named[index][0].start]
            if gap == ", " and SPEECH_AT_ONCE.match(text, named[index][0].end):
                continue  # "argued about a boy, Lee said"
            if len(gap) <= _LONGEST_GAP and _TO_NAME.fullmatch(gap):
                return named[index][1]
            country = _TO_NAME_OF_COUNTRY.fullmatch(gap) if len(gap) <= _LONGEST_FROM_NAME else None
            if country is not None and country["place"].lower() in countries():
                return named[index][1]
            if len(gap) <= words.LONGEST_CALLED and words.CALLED.fullmatch(gap):
                return named[index][1]
    index = bisect_left(starts, described.span.start) - 1
    if index >= 0:
        gap = text[named[index][0].end : described.span.start]
        is_closed = text[described.span.end : described.span.end + 1] == ","
        if gap == ", " and not is_closed and follows_according(text, named[index][0].start):
            return None
        is_owner = words.OWNER_NAME.search(text, named[index][0].start, named[index][0].end) is not None
        if len(gap) <= _LONGEST_FROM_NAME and _FROM_NAME.fullmatch(gap) and not is_owner:
            return named[index][1]
    return None


def _take_over(text: str, person: Person, described: Description) -> None:
    """Let a name that stands behind its description open the sentence, and act, as the two do together."""
    for index, place in enumerate(person.places):
        gap = text[described.span.end : place.start]
        is_called = len(gap) <= words.LONGEST_CALLED and words.CALLED.fullmatch(gap) is not None
        if 0 < place.start - described.head.end <= _LONGEST_GAP or is_called:
            acts = place.acts or bool(_ACTS_BEHIND_APPOSITION.match(text, place.end))
            opens = place.opens_sentence or opens_sentence(text, described.span.start)
            person.places[index] = replace(place, acts=acts, opens_sentence=opens)


def _is_named_in_sentence(text: str, described: Description, starts: Sequence[int]) -> bool:
    """Return whether the sentence names the one described: "A man who was stabbed has been named as Victor Hale".

    `starts` are the places of the people with names; "identified only as Employee B" is none of them.
    """
    stop = _SENTENCE_END.search(text, described.span.end)
    named = words.NAMED_AS.search(text, described.span.end, stop.start() if stop else len(text))
    if named is None:
        return False
    following = bisect_left(starts, named.end())
    return following < len(starts) and starts[following] - named.end() <= _LONGEST_TITLE
