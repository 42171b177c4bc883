"""The lists of a language, as the code reads them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from quotetrack.lang import lines, sections

LISTS = sorted(file.name for file in files("quotetrack.lang").joinpath("en").iterdir() if file.name.endswith(".txt"))


@pytest.mark.parametrize("name", LISTS)
def test_entries_come_without_comments_and_blank_lines(name):
    entries = lines(name)
    assert entries
    assert not any("#" in entry or not entry.strip() or entry != entry.rstrip() for entry in entries)


def test_entries_stand_in_the_section_above_them():
    verbs = sections("reporting.txt")
    assert "say" in verbs["speech"] and "statement" in verbs["document"]
    assert verbs["speech"].isdisjoint(verbs["stance"])


def test_a_list_without_sections_has_one_without_a_name():
    assert set(sections("furniture.txt")) == {""}


def test_an_unknown_list_is_an_error():
    with pytest.raises(FileNotFoundError):
        lines("no_such_list.txt")
