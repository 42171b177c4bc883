"""Printed names resolve to speakers, or stay open. All people are invented."""

from __future__ import annotations

import pytest

from quotetrack.linking.speaker_names import AmbiguousName, KnownName, Speaker, UnknownName, resolve

ORLA, OTTO = Speaker(1, ("Orla K. Venn", "Orla Venn")), Speaker(2, ("Otto Venn",))


@pytest.mark.parametrize(
    ("name", "resolved"),
    [
        ("Orla Venn", KnownName(ORLA)),
        ("Orla Katrin Venn", KnownName(ORLA)),
        ("Orla M. Venn", UnknownName()),  # agrees with one of her names, contradicts another
        ("O. Venn", KnownName(OTTO)),  # may be Orla K. by its letter, but a first initial wants as many names as hers
        ("Venn", UnknownName()),
        ("Tadeo Brisk", UnknownName()),
    ],
)
def test_a_name_resolves_to_the_speaker_with_all_of_whose_names_it_agrees(
    name: str, resolved: KnownName | UnknownName
) -> None:
    assert resolve(name, [ORLA, OTTO]) == resolved


def test_a_name_that_two_speakers_could_have_is_ambiguous() -> None:
    oskar = Speaker(3, ("Oskar Venn",))
    assert resolve("O. Venn", [OTTO, oskar]) == AmbiguousName((OTTO, oskar))
