"""Which names and days deserve a look, and which do not."""

from __future__ import annotations

import pytest

from quotetrack.core.doubts import doubt_of_day, doubt_of_names, fault_of_name


@pytest.mark.parametrize(
    "name",
    [
        "Orla Venn",
        "Orla van der Venn Jr.",
        "María-José O’Venn",
        "Venn",
        "UN",
        "the mayor",
        "a spokeswoman for the Skarn Skippers' Association",
        "officials at the port",
        "one of the survivors",
        "dozens of witnesses",
        "most of the voters",
        "federal prosecutors",
        "people",
        "the ministry",
        "the study",
        "ferry companies",
        "Harbour Board of the Northern Isles",
        "Simon Will",
        "Anna May",
        "a man who gave his name as Bo",
    ],
)
def test_a_name_that_looks_well(name: str) -> None:
    assert fault_of_name(name) is None


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("dockers who have", "it ends in “have”"),
        ("House Committee on the Ferry Between", "it ends in “between”"),
        ("the 30-year-old, who", "it ends in “who”"),
        ("Orla\nVenn", "it has a line break"),
        ("She", "it points at somebody whom it does not name"),
        ("another one", "it points at somebody whom it does not name"),
        ("each other", "it points at somebody whom it does not name"),
        ("We’ve", "it points at somebody whom it does not name"),
        ("—", "it has no word"),
        ("B", "it has one letter"),
        ("the mayor said Orla", "it has a verb"),
        ("the Ferry Committee on Wednesday", "it tells when or how it was said"),
        ("The Skarn navy in a statement", "it tells when or how it was said"),
        ("the freezing point", "“point” means neither a person nor a body"),
        ("The atmosphere", "“atmosphere” means neither a person nor a body"),
        ("some of the highlights", "“highlights” means neither a person nor a body"),
        ("Orla Venn, Ferry Team", "it has a comma"),
        ("Ward 7", "it has a digit"),
        ("FERRY WINS Orla Venn And Tadeo Brisk Too", "it has 8 words"),
    ],
)
def test_a_name_that_deserves_a_look(name: str, what: str) -> None:
    fault = fault_of_name(name)
    assert fault is not None and fault.what == what and 0.0 < fault.probability < 1.0


def test_a_day_long_before_publication_is_doubtful() -> None:
    assert doubt_of_day(0, 0.95) is None and doubt_of_day(1, 0.95) is None
    near, far = doubt_of_day(2, 0.95), doubt_of_day(3, 0.95)
    assert near is not None and far is not None and near < far
    assert doubt_of_day(30, 0.95) == doubt_of_day(-1, 0.95) == far
    assert doubt_of_day(0, 0.5) == far


def test_two_full_names_are_more_doubtful_than_a_name_and_a_description() -> None:
    one_person, described, two = (doubt_of_names("Orla Venn", each) for each in ("Venn", "the mayor", "Tadeo Brisk"))
    assert one_person < described < two
