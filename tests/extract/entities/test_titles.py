"""Titles and offices beside names."""

from __future__ import annotations

import pytest

from quotetrack.extract.entities.titles import role_of, roles_before, roles_behind


@pytest.mark.parametrize(("word", "role"), [("sen", "senator"), ("senator", "senator"), ("mr", None), ("mill", None)])
def test_an_office_has_one_noun(word, role):
    assert role_of(word) == role


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The former governor @Jim Doe spoke.", {"former", "governor"}),
        ("She met the senator @Jim Doe.", {"senator"}),
        ("On Monday @Jim Doe spoke.", set()),
        ("@Jim Doe spoke.", set()),
    ],
)
def test_small_words_before_a_name_are_roles(text, roles):
    assert roles_before(text.replace("@", ""), text.index("@")) == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Jim Doe@, a Varland senator, spoke.", {"varland", "senator"}),
        ("Jim Doe@ (Lake Party), the senator, spoke.", {"senator"}),
        ("Jim Doe@, who knew a senator, spoke.", set()),
        ("Jim Doe@ spoke.", set()),
    ],
)
def test_words_of_the_aside_behind_a_name_are_roles(text, roles):
    found = roles_behind(text.replace("@", ""), text.index("@"))
    assert found - {"spoke"} == roles
