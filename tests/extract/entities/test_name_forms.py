"""Which words of a run are a full name, by each rule."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.capitalised_runs import runs_in
from quotetrack.extract.entities.name_forms import NameForms


def form_of_first(text: str, hint: str | None = None) -> str | None:
    runs = runs_in(text, [Span(0, len(text))])
    hints = [Span(text.index(hint), text.index(hint) + len(hint))] if hint else []
    return NameForms(text, runs, hints).form_of(runs[0])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Comedian Anna Vale left.", "Anna Vale"),
        ("Anna M. Vale left.", "Anna M. Vale"),
        ("Anna Ruth Vale left.", "Anna Ruth Vale"),
        ("Anna Vale Slams Mill. Vale left.", "Anna Vale"),
        ("Anna Church left.", None),
        ("Anna left.", None),
        ("Anna Vale AI left.", None),
    ],
)
def test_a_name_begins_with_its_given_name(text, form):
    assert form_of_first(text) == form


@pytest.mark.parametrize(
    ("text", "hint", "form"),
    [
        ("Zorblat Quenk left.", "Zorblat Quenk", "Zorblat Quenk"),
        ("Comedian Zorblat Quenk left.", "Zorblat Quenk", "Zorblat Quenk"),
        ("Anna Church left.", "Anna Church", "Anna Church"),
        ("Dr. North Quenk left.", "North Quenk", None),
    ],
)
def test_a_parser_may_hint_at_a_name(text, hint, form):
    assert form_of_first(text, hint) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dr. Zorblat Quenk left.", "Zorblat Quenk"),
        ("J.R. Quenk left.", "J.R. Quenk"),
        ("Zorblat Quenk left. Quenk spoke.", "Zorblat Quenk"),
        ("Zorblat Quenk said so.", "Zorblat Quenk"),
        ("Zorblat Quenk left.", None),
        ("North Quenk said so.", None),
    ],
)
def test_a_title_an_initial_or_the_surroundings_make_a_name(text, form):
    assert form_of_first(text) == form


def test_a_name_with_a_nickname_has_one_form():
    text = "Robert “Bobby” Vale left. Robert Vale is old."
    assert form_of_first(text) == "Robert Vale"
