"""The words of an office: its noun, rank and time, and what says which one it is."""

from __future__ import annotations

import pytest

from quotetrack.extract.entities.offices import NATIONAL, Standing, countries, national_of, office_in


@pytest.mark.parametrize(
    ("phrase", "noun", "rank", "standing", "words"),
    [
        ("the mayor", "mayor", None, Standing.UNTOLD, set()),
        ("the mayor of Holm", "mayor", None, Standing.UNTOLD, {"holm"}),
        ("Holm’s former mayor", "mayor", None, Standing.FORMER, {"holm"}),
        ("the ex-governor", "governor", None, Standing.FORMER, set()),
        ("the mayor-elect", "mayor", None, Standing.PRESENT, set()),
        ("the new chairwoman", "chair", None, Standing.PRESENT, set()),
        ("the deputy head teacher", "teacher", "deputy", Standing.UNTOLD, {"head"}),
        ("the Danish foreign minister", "minister", None, Standing.UNTOLD, {"denmark", "foreign"}),
        ("the Labour group’s leader", "leader", None, Standing.UNTOLD, {"labour", "group"}),
        ("the Dane", NATIONAL, None, Standing.UNTOLD, {"denmark"}),
    ],
)
def test_an_office_is_read_from_its_words(phrase, noun, rank, standing, words):
    office = office_in(phrase)
    assert office is not None
    assert (office.noun, office.rank, office.standing, set(office.words)) == (noun, rank, standing, words)


@pytest.mark.parametrize(
    "phrase", ["", "the woman", "her mother", "the victim", "the river", "met the mayor", "Anna Vale"]
)
def test_other_words_are_no_office(phrase):
    assert office_in(phrase) is None


@pytest.mark.parametrize(
    ("held", "wanted", "answers"),
    [
        ("the mayor of Holm", "the mayor", True),
        ("the mayor of Holm", "the Holm mayor", True),
        ("the mayor of Holm", "the mayor of Orle", False),
        ("the mayor", "the mayor of Orle", False),
        ("the deputy mayor", "the mayor", False),
        ("the former mayor", "the mayor", True),
        ("Swedish skater", "the Swede", True),
        ("Swedish skater", "the Dane", False),
    ],
)
def test_an_office_answers_to_those_of_its_words_that_are_asked_for(held, wanted, answers):
    assert office_in(held).answers_to(office_in(wanted)) is answers


def test_a_country_has_one_name():
    assert countries()["swedish"] == countries()["swede"] == "sweden" and national_of("swedish") is None
