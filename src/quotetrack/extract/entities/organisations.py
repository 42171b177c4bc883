"""Find the organisations of an article, so that "the ministry" and "the statement" can mean one of them.

Characters only, with a parser's hints: runs of capitalised words with those between them ("Ministry of Works"). A run
is kept where a word of it, an acronym, or the entity recogniser says that it is no person and no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import (
    ORGANISATIONS,
    acts_behind,
    bare_name,
    opens_sentence,
    speaks_beside,
    words_of,
)
from quotetrack.extract.entities.people import NamePlace, Person
from quotetrack.lang.en.organisation_names import ACRONYM, ARTICLE, LEADING, NAME, OWNER, OWNER_END, WHEN_BEHIND

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
            for start, name in _names(match.start(), match[0]):
                if _is_organisation(name, hints, personal):
                    places.setdefault(name, []).append(_place(text, start, start + len(name)))
    return _merged(places)


def _names(start: int, printed: str) -> Iterator[tuple[int, str]]:
    """Yield the names in a run with their starts, without the small words that begin a sentence.

    A possessive ends a name.
    """
    at = start
    for piece in OWNER_END.split(printed):
        words = piece.split()
        first = next((index for index, word in enumerate(words) if word.lower() not in LEADING), len(words))
        name = WHEN_BEHIND.sub("", bare_name(" ".join(words[first:])))
        if name:
            yield at + sum(len(word) + 1 for word in words[:first]), name
        at += len(piece) + 1


def _is_organisation(name: str, hints: Counter[str], personal: set[str]) -> bool:
    words = name.split()
    if len(words) <= LONGEST and " & " in name:
        return True
    ends_as_person = words[-1] in personal and words[-1].lower() not in ORGANISATIONS
    if len(words) > LONGEST or (len(words) <= LONGEST_PERSON and ends_as_person):
        return False
    if hints[name]:
        return True
    if len(words) == 1:
        return len(name) > 1 and bool(ACRONYM.fullmatch(name))
    return any(word.lower() in _BODIES for word in words)


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
        home = next((other for other in organisations if _may_stand_for(name, other.name)), None)
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
        return short.replace(".", "") == "".join(word[0] for word in whole if word[0].isupper())
    return set(words) <= set(whole)
