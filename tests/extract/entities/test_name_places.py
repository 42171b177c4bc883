"""The surroundings of a name in a text."""

from __future__ import annotations

import pytest

from quotetrack.extract.entities.name_places import acts_behind, opens_sentence, speaks_beside


@pytest.mark.parametrize(
    ("text", "is_opening"),
    [
        ("@Vale said so.", True),
        ("It rained. @Vale said so.", True),
        ("It rained.\n\n“@Vale was here.”", True),
        ("It rained. Mayor @Vale said so.", True),
        ("On the quay @Vale said so.", False),
    ],
)
def test_a_sentence_opens_here_or_one_title_before(text, is_opening):
    assert opens_sentence(text.replace("@", ""), text.index("@")) == is_opening


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("“Yes,” said @Vale@.", True),
        ("@Vale@ later said so.", True),
        ("According to @Vale@, it is wet. It rained, according to @Vale@.", True),
        ("@Vale@ left.", False),
    ],
)
def test_a_verb_of_speech_stands_beside_a_name(text, speaks):
    *before, name, _ = text.split("@")
    start = len("".join(before))
    assert speaks_beside(text.replace("@", ""), start, start + len(name)) == speaks


@pytest.mark.parametrize(
    ("behind", "acts"),
    [(" opened the mill.", True), (", a baker, has left.", True), (" and Berg.", False), (".", False)],
)
def test_a_verb_follows_a_name(behind, acts):
    assert acts_behind(f"Vale{behind}", len("Vale")) == acts
