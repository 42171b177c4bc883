"""Change articles before the pointer model is fitted on them, so that it learns to read and not to remember people.

People swap names with one another, repeated names become pronouns (as in Kocijan et al., 2019), and quotation marks
become those of another newspaper.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import given_names
from quotetrack.extract.entities.people import NamePlace, Person
from quotetrack.extract.extractor import AttributedText
from quotetrack.lang import lines
from quotetrack.lang.en.hidden_names import POSSESSIVE_ENDING, PRONOUN_OF, TITLE_BEFORE

SWAPPED = 0.6  # share of the articles in which the people swap names
REMARKED = 0.5  # share of the articles whose marks become those of another newspaper
CHARACTERS_A_HIDDEN_NAME = 1200  # one name is hidden for each
LEAST_HIDDEN = 3  # names of an article, where there are that many
HIDDEN_NEAR = 900  # characters from the last place of a name within which a pronoun can still stand for it
LEAST_NAME_LENGTH = 3  # characters of a name that is swapped

Edit = tuple[int, int, str]  # start, end, replacement
Move = Callable[[Span], Span]  # from a span of the article to the same span of the changed text


class TextChanger:
    """Changes articles at random; the draws of one generator follow one another through all articles."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._given_names: dict[str, list[str]] = {"f": [], "m": [], "?": []}
        for line in lines("given_names.txt"):
            self._given_names[line[0]] += [name.capitalize() for name in line.split()[1:]]

    def choose_hidden(self, text: str, attributed: AttributedText) -> dict[Span, Person]:
        """Return the places of repeated names that become pronouns, each with its person."""
        places: list[tuple[Span, Person]] = []
        for person in attributed.people.persons:
            if not person.gender:
                continue
            for before, place in zip(person.places, person.places[1:], strict=False):
                is_bare = " " not in place.span.of(text) and not TITLE_BEFORE.search(text[: place.start][-12:])
                may_be_pronoun = place.acts or place.speaks or place.is_owner
                is_quoted = any(quoted.start <= place.start < quoted.end for quoted in attributed.quoted)
                if is_bare and may_be_pronoun and not is_quoted and place.start - before.start <= HIDDEN_NEAR:
                    places.append((place.span, person))
        self._draw.shuffle(places)
        return dict(places[: max(LEAST_HIDDEN, len(text) // CHARACTERS_A_HIDDEN_NAME)])

    def edits(self, text: str, persons: Sequence[Person], hidden: dict[Span, Person]) -> list[Edit]:
        """Return the edits that swap names (in most articles) and hide names, in order."""
        swaps: list[Edit] = []
        if self._draw.random() < SWAPPED and (new := self._new_names(text, persons)):
            names = re.compile(rf"\b(?:{'|'.join(map(re.escape, new))})\b")
            for match in names.finditer(text):
                if not any(match.start() < span.end and span.start < match.end() for span in hidden):
                    swaps.append((match.start(), match.end(), new[match[0]]))
        return sorted(swaps + [_hide(text, span, person) for span, person in hidden.items()])

    def _new_names(self, text: str, persons: Sequence[Person]) -> dict[str, str]:
        """Return a new name for each word of a full name that is nothing but a name in this text."""
        full_names = [person for person in persons if len(person.words) > 1]
        surnames = [person.words[-1] for person in full_names if person.words[-1].isalpha()]
        new: dict[str, str] = {}
        for person in full_names:
            for i, word in enumerate(person.words):
                if len(word) < LEAST_NAME_LENGTH or not word.isalpha() or word in new:
                    continue
                if re.search(rf"\b{word.lower()}\b", text):
                    continue
                gender = given_names().get(word.lower(), person.gender)
                if i == len(person.words) - 1:
                    new[word] = self._draw.choice(surnames)
                elif gender:
                    new[word] = self._draw.choice(self._given_names[gender])
        return new

    def remark(self, text: str) -> str:
        """Return the text, in half of the articles with the marks of another newspaper; no character moves."""
        if self._draw.random() >= REMARKED:
            return text
        if self._draw.random() < 0.5:
            return text.translate(str.maketrans('“”"', "‘’'"))
        return text.translate(str.maketrans("“”", '""')) if "“" in text else re.sub(r'"([^"\n]*)"', r"“\1”", text)


def _hide(text: str, span: Span, person: Person) -> Edit:
    """Return the edit that replaces a name by a pronoun; a possessive loses its "’s"."""
    is_owner = next(place for place in person.places if place.start == span.start).is_owner
    ending = POSSESSIVE_ENDING.match(text, span.end) if is_owner else None
    return span.start, ending.end() if ending else span.end, PRONOUN_OF[person.gender or "m", is_owner]


def apply_edits(text: str, edits: Sequence[Edit]) -> tuple[str, Move]:
    """Return the edited text, and a function that moves spans of the old text to the new one.

    Of two edits that overlap the second is left out.
    """
    pieces: list[str] = []
    ends, shifts = [0], [0]  # ends of the edits in the old text; the shift of the characters after each
    at = shift = 0
    for start, end, new in edits:
        if start < at:
            continue
        pieces += [text[at:start], new]
        at, shift = end, shift + len(new) - (end - start)
        ends.append(at)
        shifts.append(shift)

    def move(span: Span) -> Span:
        start, end = (place + shifts[bisect_right(ends, place) - 1] for place in (span.start, span.end))
        return Span(start, max(start + 1, end))

    return "".join([*pieces, text[at:]]), move


def move_person(person: Person, move: Move, hidden: dict[Span, Person]) -> Person:
    """Return the person with its places in the changed text, without those that are hidden."""
    return Person(person.name, move_places(person, move, hidden), person.gender)


def move_places(person: Person, move: Move, hidden: dict[Span, Person]) -> list[NamePlace]:
    """Return the places of a person in the changed text, without those that are hidden."""
    places = []
    for place in person.places:
        if place.span not in hidden:
            span = move(place.span)
            places.append(replace(place, start=span.start, end=span.end))
    return places
