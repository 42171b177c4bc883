"""Which names may be one person's. Nobody here exists."""

from __future__ import annotations

import pytest

from quotetrack.core.names import are_compatible, is_full_name, name_key
from quotetrack.linking.speaker_names import AmbiguousName, KnownName, Speaker, UnknownName, resolve


@pytest.mark.parametrize(
    ("name", "other", "are_one"),
    [
        ("Orla Venn", "Orla Venn", True),
        ("Orla Venn", "ORLA VENN", True),
        ("Sélène Dürr", "Selene Durr", True),
        ("Orla K. Venn", "Orla Venn", True),
        ("Orla Katrin Venn", "Orla K. Venn", True),
        ("Orla K. Venn", "Orla M. Venn", False),
        ("O. Venn", "Orla Venn", True),
        ("O. K. Venn", "Orla Venn", False),
        ("O. Venn", "Tadeo Venn", False),
        ("Orla Venn", "Tadeo Venn", False),  # a surname joins nobody
        ("Venn", "Orla Venn", False),
        ("Mayor Orla Venn", "Orla Venn", True),
        ("Dr. Orla Venn", "Prime Minister Orla Venn", True),
        ("Iven Roth Jr", "Iven Roth", False),
        ("Iven Roth Jr.", "Iven P. Roth Jr", True),
        ("Danilo Verensky", "Danilo Verenskyy", True),
        ("Danilo Verenskiy", "Danilo Verenskyi", True),
        ("Alexei Barov", "Aleksey Barov", True),
        ("Dmytro Kholm", "Dmitro Holm", True),
        ("Ursel von der Aue", "Ursel Aue", True),
        ("Orla Venn", "Orla Venn's spokesman", False),
        ("Orla Venn", "a spokesman for Orla Venn", False),
        ("Orla Venn", "Orla Fenn", False),
    ],
)
def test_compatible_names(name: str, other: str, are_one: bool) -> None:
    assert are_compatible(name, other) is are_one
    assert are_compatible(other, name) is are_one


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Orla Venn", "orla venn"),
        ("President Orla Venn", "orla venn"),
        ("the Harbour Board", "harbour board"),
        ("Sélène O’Dürr’s", "selene o'durr"),
        ("the president", "president"),
        ("a spokesman for Mayor Iven Roth", "spokesman for mayor iven roth"),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "is_full"),
    [
        ("Orla Venn", True),
        ("Mohammed bin Sarr", True),
        ("Venn", False),
        ("Mayor Venn", False),
        ("the Harbour Board", False),
        ("Venn’s lawyers", False),
        ("officials in the Venn government", False),
        ("Unit 9 Press", False),
    ],
)
def test_a_full_name_of_a_person(name: str, is_full: bool) -> None:
    assert is_full_name(name) is is_full


ORLA, OTTO = Speaker(1, ("Orla K. Venn", "Orla Venn")), Speaker(2, ("Otto Venn",))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Orla Venn", KnownName(ORLA)),
        ("Orla Katrin Venn", KnownName(ORLA)),
        ("Orla M. Venn", UnknownName()),  # agrees with one of her names, contradicts another
        ("O. Venn", KnownName(OTTO)),  # may be Orla K. by its letter, but a first initial wants as many names as hers
        ("Venn", UnknownName()),
        ("Tadeo Brisk", UnknownName()),
    ],
)
def test_whose_a_name_is(name: str, found: KnownName | UnknownName) -> None:
    assert resolve(name, [ORLA, OTTO]) == found


def test_a_name_that_two_could_bear_is_nobodys() -> None:
    oskar = Speaker(3, ("Oskar Venn",))
    assert resolve("O. Venn", [OTTO, oskar]) == AmbiguousName((OTTO, oskar))
