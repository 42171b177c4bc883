"""People whom an article describes and does not name: where they stand, who is one, and who has a name after all."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.descriptions import Opening, descriptions_in, of_people_only, unnamed_people
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People


def described(text: str) -> list[tuple[str, Opening]]:
    return [(found.span.of(text), found.opening) for found in descriptions_in(text, [Span(0, len(text))])]


def unnamed(text: str) -> tuple[list[tuple[str, str | None, int]], People]:
    """Return the name, gender and number of places of each unnamed person, and the named people."""
    people = People(text)
    found = unnamed_people(text, descriptions_in(text, [Span(0, len(text))]), people)
    return [(person.name, person.gender, len(person.places)) for person in found], people


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A waiter saw it.", [("A waiter", Opening.INDEFINITE)]),
        ("A waiter at the bar opposite, who slept, saw it.", [("A waiter at the bar opposite", Opening.INDEFINITE)]),
        ("The victim was asleep.", [("The victim", Opening.DEFINITE)]),
        ("The 34-year-old mother of three replied.", [("The 34-year-old mother of three", Opening.DEFINITE)]),
        ("The mother of Ada Berg left.", [("The mother of Ada Berg", Opening.OWNED)]),
        ("Berg’s former chief of staff left.", [("Berg’s former chief of staff", Opening.OWNED)]),
        ("The European Board’s spokesman left.", [("The European Board’s spokesman", Opening.OWNED)]),
        ("Her lawyer left.", [("Her lawyer", Opening.OWNED)]),
        ("One of Berg’s closest friends left.", [("One of Berg’s closest friends", Opening.INDEFINITE)]),
        ("Another of the miners left.", [("Another of the miners", Opening.INDEFINITE)]),
        ("The student leader left.", [("The student leader", Opening.DEFINITE)]),
        ("A judge for 22 years until she left, Berg wept.", [("A judge for 22 years", Opening.INDEFINITE)]),
        ("The student newspaper’s report was long.", []),
        ("The farmer markets his corn.", [("The farmer", Opening.DEFINITE)]),
        ("A goatherd saw it.", [("A goatherd", Opening.INDEFINITE)]),
        ("A pacemaker stopped.", []),
        ("His typewriter stopped.", []),
        ("An assessor in a white hat saw it.", [("An assessor in a white hat", Opening.INDEFINITE)]),
        ("Her head ached.", []),
        ("My mother left.", []),
        ("The Mayor left.", [("The Mayor", Opening.DEFINITE)]),
        ("The Mayor of Tarn left, and a Mayor came.", []),
        ("Residents left the street.", []),
        ("His opposite number left.", [("His opposite number", Opening.OWNED)]),
        ("A number left.", []),
        ("The letter to the paper was long.", []),
        ("The Croatian, who joined in May, scored.", [("The Croatian", Opening.DEFINITE)]),
        ("The Dane, 34, left.", [("The Dane", Opening.DEFINITE)]),
        ("The Croatian said so.", [("The Croatian", Opening.DEFINITE)]),
        ("The German chancellor left.", [("The German chancellor", Opening.DEFINITE)]),
        ("The German, French and British parties left.", []),
        ("A nurse at the mill, she has heard worse.", []),
        ("A nurse at the mill, Ada Berg, has heard worse.", [("A nurse at the mill", Opening.INDEFINITE)]),
        ("He wrote to a friend in which he trusted.", [("a friend", Opening.INDEFINITE)]),
        ("The Board’s Ada Berg, deputy director, left.", []),
        ("A tall, shy waiter left.", [("A tall, shy waiter", Opening.INDEFINITE)]),
        ("The star witness in the mill case wore white.", [("The star witness in the mill case", Opening.DEFINITE)]),
    ],
)
def test_a_phrase_with_a_noun_for_one_person_describes_one(text: str, found: list[tuple[str, Opening]]) -> None:
    assert described(text) == found


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("A waitress saw it. The waitress wept.", [("A waitress", "f", 2)]),
        ("A resident of Mill Lane, a retired nurse, was not pleased.", [("A resident of Mill Lane", None, 2)]),
        ("The mascot, a man in a white suit, wept.", [("The mascot", "m", 2)]),
        ("After a word from the baker, the lawyer asked.", [("the baker", None, 1), ("the lawyer", None, 1)]),
        ("According to Ada Berg, the suspect fled.", [("the suspect", None, 1)]),
        ("A man who fell has been named as Victor Hale.", []),
        ("The mayor, Ada Berg, left. The mayor wept.", []),
        ("A doctor at the port, who gave her name only as Lejla, wept.", []),
        ("A driver, identified only as Marek, wept.", []),
        ("A driver, identified only as Worker B, wept.", [("A driver", None, 1)]),
        ("Ada Berg, a baker, left.", []),
        ("Orle’s ambassador to Norway Ada Berg left.", []),
        ("Ada Berg, 73, of Mill Lane, a baker for 22 years until she left, wept.", []),
        ("Ada Berg left. The baker wept.", [("The baker", None, 1)]),
    ],
)
def test_a_chain_is_one_person_and_a_description_beside_a_name_is_none(text: str, people: list[object]) -> None:
    assert unnamed(text)[0] == people


def test_a_description_beside_a_name_tells_role_and_sex() -> None:
    _, people = unnamed("His aunt, Ilko Marren, left. Ilko Marren wept.")
    (person,) = people.persons
    assert (person.gender, "aunt" in person.roles) == ("f", True)


def test_a_name_behind_its_description_opens_the_sentence_and_acts() -> None:
    _, people = unnamed("Dean Ward left.\n\nHis lawyer, Simon Pell, asked for bail.")
    (place,) = next(person for person in people.persons if person.name == "Simon Pell").places
    assert (place.opens_sentence, place.acts) == (True, True)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Holm spoke for Tribe’s client, Nordbank Energy, which went bankrupt.", []),
        ("Holm spoke for Tribe’s client, a baker, when Nordbank Energy went bankrupt.", ["Tribe’s client", "a baker"]),
        ("Holm met Tribe’s client and Nordbank Energy.", ["Tribe’s client"]),
        ("A spokeswoman for the client, Nordbank Energy, laughed.", ["A spokeswoman for the client"]),
    ],
)
def test_a_description_beside_an_organisation_describes_nobody(text: str, kept: list[str]) -> None:
    paragraphs = [Span(0, len(text))]
    name = Span(text.index("Nordbank"), text.index(" Energy") + 7)
    organisations = organisations_of(text, paragraphs, [name], People(text).persons)
    found = of_people_only(text, descriptions_in(text, paragraphs), organisations)
    assert [description.span.of(text) for description in found] == kept
