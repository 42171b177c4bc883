"""Find the organisations of an article, so that "the ministry" and "the statement" can mean one of them.

Characters only, with a parser's hints: runs of capitalised words with those between them ("Ministry of Works"). A run
is kept where a word of it, an acronym, or the entity recogniser says that it is no person and no place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import (
    ORGANISATIONS,
    acts_behind,
    bare_name,
    opens_sentence,
    role_of,
    speaks_beside,
    words_of,
)
from quotetrack.extract.entities.nouns import noun_of_person
from quotetrack.extract.entities.offices import countries
from quotetrack.extract.entities.people import NamePlace, Person
from quotetrack.lang.en.organisation_names import (
    ACRONYM,
    AND,
    ARTICLE,
    BETWEEN_TWO,
    COUNTRY_BEFORE,
    DATELINE,
    FOR,
    FORMER,
    LEADING,
    LONGEST_COUNTRY,
    NAME,
    NOBLE,
    OF,
    OF_COUNTRY,
    OWNER,
    OWNER_END,
    PART_OF,
    PLURAL_OWNER,
    WHEN_BEHIND,
)

LONGEST = 9  # words
# Words of a name that may be a person's, by its last word.
LONGEST_PERSON = 3

_BODIES = words_of("body")


def organisations_of(
    text: str, body: Sequence[Span], hinted: Iterable[Span], persons: Sequence[Person]
) -> list[Person]:
    """Return each organisation with the places where it is named, in the order in which they are first named.

    `body` are the paragraphs to read. `hinted` are the spans that a parser takes for organisations.
    """
    hints = Counter(ARTICLE.sub("", bare_name(span.of(text))) for span in hinted)
    personal = {word for person in persons for word in person.words}
    places: dict[str, list[NamePlace]] = {}
    for paragraph in body:
        for match in NAME.finditer(text, paragraph.start, paragraph.end):
            for start, name in _names(match.start(), match[0], hints, personal):
                if _is_organisation(name, hints, personal) and not _is_dateline(text, start, name):
                    whole = _country_before(text, start, name) + name
                    places.setdefault(whole, []).append(_place(text, start, start + len(name)))
    return _merged(places)


def _country_before(text: str, start: int, name: str) -> str:
    """Return "Pakistan’s " where it stands before a name that every country has: "Ministry of Foreign Affairs"."""
    owner = COUNTRY_BEFORE.search(text, max(0, start - LONGEST_COUNTRY), start)
    if owner is None or name.split(" ")[0].lower() not in OF_COUNTRY:
        return ""
    return owner[0] if owner["country"].lower() in countries() else ""


def _names(start: int, printed: str, hints: Counter[str], personal: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the names in a run with their starts, without the small words that begin a sentence.

    A possessive ends a name (not in "Teachers' Union"), and so does what joins it to another ("the Harbour Council and
    the Ferry Union"). An office or a person before a name is no part of it ("Chair of the Ferry Union").
    """
    for at, piece in _pieces(start, printed, OWNER_END, _is_inside):
        is_one = bool(hints[ARTICLE.sub("", bare_name(piece))])
        for own, name in [(at, piece)] if is_one else _pieces(at, piece, BETWEEN_TWO):
            words = name.split(" ")
            first = next((index for index, word in enumerate(words) if word.lower() not in LEADING), len(words))
            own += sum(len(word) + 1 for word in words[:first])
            yield from _split_pair(own, " ".join(words[first:]), hints, personal)


def _pieces(
    start: int, printed: str, between: re.Pattern[str], is_inside: Callable[[str], bool] = lambda before: False
) -> Iterator[tuple[int, str]]:
    """Yield what stands between the places of a pattern, with the start of each.

    `is_inside` tells by the words before a place that it is inside a name.
    """
    at = 0
    for match in between.finditer(printed):
        if not is_inside(printed[at : match.start()]):
            yield start + at, printed[at : match.start()]
            at = match.end()
    yield start + at, printed[at:]


def _is_inside(owner: str) -> bool:
    """Return whether a possessive is part of a name: "Teachers'", of people, with no name before it."""
    plural = PLURAL_OWNER.fullmatch(owner)
    return plural is not None and noun_of_person(plural["noun"]) is not None


def _split_pair(start: int, name: str, hints: Counter[str], personal: set[str]) -> Iterator[tuple[int, str]]:
    """Yield a name, or the two that "and" joins where each is one: "Ferry Union and Harbour Council", "... and Lee"."""
    left, joint, right = name.partition(AND)
    is_pair = False
    is_kind = bool(right) and right.split(" ")[0].lower() in _BODIES  # "Farmers Bank and Trust Company"
    if left and right and not hints[name] and not is_kind and OF.search(left) is None:
        is_right = right.split(" ")[-1] in personal or _is_organisation(right, hints, personal)
        is_pair = is_right and _is_organisation(left, hints, personal)
    names = [(start, left), (start + len(left) + len(joint), right)] if is_pair else [(start, name)]
    for own, one in names:
        bare = WHEN_BEHIND.sub("", bare_name(one))
        begins = _after_holder(bare, personal)
        if bare[begins:]:
            yield own + one.index(bare) + begins, bare[begins:]


def _is_dateline(text: str, start: int, name: str) -> bool:
    """Return whether a name in capitals is the place from which an agency reports: "LONDON, Feb 8 - "."""
    return (
        name.isupper() and text[start - 1 : start] in ("", "\n") and DATELINE.match(text, start + len(name)) is not None
    )


def _after_holder(name: str, personal: set[str]) -> int:
    """Return where the name begins behind what belongs to it: "Chair of the Ferry Union", "Shares in the Post"."""
    if (part := PART_OF.match(name)) is not None:
        return part.end()
    former = FORMER.match(name)
    of = OF.search(name)
    if of is None:
        return former.end() if former is not None else 0
    last = name[: of.start()].split(" ")[-1]
    is_role = role_of(last.lower()) is not None and last.lower() not in NOBLE
    is_holder = is_role or (last in personal and last.lower() not in ORGANISATIONS)
    return of.end() if is_holder else 0


def _is_organisation(name: str, hints: Counter[str], personal: set[str]) -> bool:
    words = name.split()
    if len(words) <= LONGEST and " & " in name:
        return True
    ends_as_person = words[-1] in personal and words[-1].lower() not in ORGANISATIONS
    is_person = ends_as_person and (
        len(words) <= LONGEST_PERSON
        or any(role_of(word.lower()) for word in words)
        or _is_thing_for_person(name, personal)
    )
    if len(words) > LONGEST or is_person:
        return False
    if hints[name]:
        return True
    if len(words) == 1:
        return len(name) > 1 and bool(ACRONYM.fullmatch(name))
    return any(word.lower() in _BODIES for word in words)


def _is_thing_for_person(name: str, personal: set[str]) -> bool:
    """Return whether a name is nothing but what somebody gets: "Award for Ann Lee", not "Fund for Ann Lee"."""
    thing, _, owner = name.rpartition(FOR)
    is_body = any(word.lower() in ORGANISATIONS for word in thing.split())
    return bool(thing) and not is_body and all(word in personal for word in owner.split())


def _place(text: str, start: int, end: int) -> NamePlace:
    return NamePlace(
        start,
        end,
        is_full=" " in text[start:end],
        opens_sentence=opens_sentence(text, start),
        is_owner=bool(OWNER.match(text[end : end + 2])),
        speaks=speaks_beside(text, start, end),
        acts=acts_behind(text, end),
    )


def _merged(places: dict[str, list[NamePlace]]) -> list[Person]:
    """Return one organisation a name; a shorter form goes to the fullest name that holds all its words or letters."""
    organisations: list[Person] = []
    for name in sorted(places, key=lambda name: (-len(name.split()), places[name][0].start)):
        homes = [other for other in organisations if _may_stand_for(name, other.name)]
        of_countries = [other for other in homes if COUNTRY_BEFORE.match(other.name)]
        home = next(iter(homes), None) if len(of_countries) < 2 else None  # of two countries it may be either's
        if home is None:
            home = Person(name)
            organisations.append(home)
        home.places += places[name]
        home.roles |= {word.lower() for word in name.split()}
    for organisation in organisations:
        organisation.places.sort(key=lambda place: place.start)
    return sorted(organisations, key=lambda organisation: organisation.places[0].start)


def _may_stand_for(short: str, full: str) -> bool:
    """Return whether a name is short for another: "The Post" for "The Harbour Post", "FMC" for "Ferry Market Club"."""
    words, whole = short.split(), full.split()
    if len(words) >= len(whole):
        return False
    if len(words) == 1 and short.isupper():
        return re.sub(r"[.&]", "", short) == "".join(word[0] for word in whole if word[0].isupper())
    rest = iter(whole)
    return all(word in rest for word in words)  # in this order: "Orle Police" is not the Police Federation in Orle
