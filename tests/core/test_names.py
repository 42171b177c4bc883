"""Names are reduced to words, and two names agree, do not, or exclude one another. All people are invented."""

from __future__ import annotations

import pytest

from quotetrack.core.names import (
    are_compatible,
    are_two_people,
    have_same_ends,
    is_called,
    is_full_name,
    may_be_one_person,
    name_key,
    name_words,
    without_suffixes,
)


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
def test_two_full_names_may_be_one_person_spelled_differently(name: str, other: str, are_one: bool) -> None:
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
def test_a_key_has_no_article_title_accent_or_possessive(name: str, key: str) -> None:
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
def test_a_full_name_has_two_words_with_capitals_and_describes_no_one(name: str, is_full: bool) -> None:
    assert is_full_name(name) is is_full


@pytest.mark.parametrize(
    ("name", "wanted", "is_so"),
    [
        ("Orla Venn", "Venn", True),
        ("Orla Venn", "Orla Venn", True),
        ("Venn Roth", "Venn", False),
        ("a spokesman for Orla Venn", "Venn", False),
        ("the mayor of Venn", "Venn", False),
    ],
)
def test_an_office_under_a_name_is_not_called_by_that_name(name: str, wanted: str, is_so: bool) -> None:
    assert is_called(name_words(name), name_words(wanted)) is is_so


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("orla venn", "orla venn", True),
        ("orla venn", "o venn", True),
        ("orla katrin venn", "orla venn", True),
        ("venn", "orla venn", True),
        ("orla venn", "venn", False),  # the wanted given name is missing
        ("orla venn", "otto venn", False),
        ("verensky", "verenskyy", False),  # a spelling counts as an error
        ("", "venn", False),
    ],
)
def test_a_scorer_compares_the_first_and_the_last_word(wanted: str, found: str, same: bool) -> None:
    assert have_same_ends(wanted.split(), found.split()) is same


@pytest.mark.parametrize(
    ("name", "other", "may_be"),
    [
        ("orla venn", "venn", True),
        ("senator venn", "senator orla venn", True),
        ("orla venn", "o venn", True),
        ("orla venn", "otto venn", True),  # one initial
        ("orla venn", "tadeo venn", False),
        ("orla venn", "orla roth", False),
    ],
)
def test_a_link_needs_one_surname_and_given_names_that_do_not_exclude_each_other(
    name: str, other: str, may_be: bool
) -> None:
    assert may_be_one_person(name.split(), other.split()) is may_be
    assert may_be_one_person(other.split(), name.split()) is may_be


def test_suffixes_are_no_surname() -> None:
    assert without_suffixes(["iven", "roth", "jr"]) == ["iven", "roth"]


@pytest.mark.parametrize(
    ("name", "other", "are_two"),
    [
        ("Ida Krol", "Miroslav Tadic", True),
        ("Erik Holm", "Karin Holm", True),  # one surname
        ("Orla Venn", "Otto Venn", True),  # one letter in common is no initial
        ("Prime Minister Ida Krol", "President Miroslav Tadic", True),
        ("Iven Roth Jr", "Iven Roth Sr", True),
        # One person in two forms of the name.
        ("Orla Venn", "Mayor Orla K. Venn", False),
        ("O. Venn", "Orla Venn", False),
        ("Bob Marrow", "Robert Marrow", False),
        ("Dan Marrow", "Daniel Marrow", False),
        ("Danilo Verensky", "Danylo Verenskyy", False),
        ("Orla Venn", "Orla Fenn", False),
        ("Ana Ruiz", "Ana Ruiz Mora", False),
        ("Lin Shao", "Shao Lin", False),
        ("Iven Roth Jr", "Iven Roth", False),
        ("Edgar Pell", "J. Edgar Pell", False),
        # A name that may be anybody's, or that of a body for which the other speaks.
        ("Krol", "Miroslav Tadic", False),
        ("the prime minister", "Miroslav Tadic", False),
        ("Harbour Board", "Miroslav Tadic", False),
        ("West Harbour", "Miroslav Tadic", False),
        ("a spokesman for Ida Krol", "Miroslav Tadic", False),
    ],
)
def test_two_names_are_of_two_people_only_where_they_exclude_one_another(name: str, other: str, are_two: bool) -> None:
    assert are_two_people(name, other) is are_two_people(other, name) is are_two
