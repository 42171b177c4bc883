"""Words that are not those of the one whom everything else points at: of who was asked, and of whom they are told."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Article
from quotetrack.extract.extractor import extract


def speakers_in(text, nlp):
    """Return the name of each quotation's speaker."""
    quotations = extract(Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text), nlp)
    return [q.attribution.name if q.attribution else None for q in quotations]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ingrid Vale was asked, “Will the mill ever grind again?” She admitted that it would not.", [None]),
        ("When she was asked, “Will it grind?” Ingrid Vale replied: “It will.”", [None, "Ingrid Vale"]),
        ("Ingrid Vale was told: “You must leave the mill by Monday.”", [None]),
        ("Ingrid Vale was asked by Tomas Berg, “Will the mill grind again?”", ["Tomas Berg"]),
        ("Tomas Berg asked: “Will the mill ever grind again?”", ["Tomas Berg"]),
        ("Ingrid Vale, who was asked to leave, said: “I will not.”", ["Ingrid Vale"]),
    ],
)
def test_who_is_asked_does_not_ask(nlp, text, speakers):
    assert speakers_in(text, nlp) == speakers


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Tomas Berg took her to the mill where he “came up behind me and took the key”.", [None]),
        ("Ingrid Vale said that he “came up behind me and took the key”.", ["Ingrid Vale"]),
        ("Tomas Berg said he “came up behind me” in a dream.", ["Tomas Berg"]),
        ("Tomas Berg is “sure that my mill will grind again in May”.", ["Tomas Berg"]),
    ],
)
def test_what_somebody_does_to_me_is_told_by_another(nlp, text, speakers):
    assert speakers_in(text, nlp) == speakers


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "Tomas Berg of Tarn was called “one of the worst thieves in the land” by the sentencing judge.",
            ["the sentencing judge"],
        ),
        ("Judge Ingrid Vale said Tomas Berg had shown “not a grain of remorse”.", ["Ingrid Vale"]),
        ("Tomas Berg was hailed as “a great miller” by his deputy, Ingrid Vale.", ["Ingrid Vale"]),
        ("Talk that Tomas Berg may go was described as “idle” by the palace. Tomas Berg left.", ["the palace"]),
    ],
)
def test_who_calls_somebody_a_name_is_another(nlp, text, speakers):
    assert speakers_in(text, nlp) == speakers
