"""A day is told with the phrase that tells it, and as sure as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quotetrack.core.domain import (
    SURE_DAY,
    UNKNOWN_DAY,
    DateBasis,
    Quotation,
    QuotationKind,
    SaidOn,
    Sighting,
    Span,
    Utterance,
)
from quotetrack.render.days import day_of_quotation, day_of_sighting, day_of_utterance, long_month
from quotetrack.render.quotations import day_basis

DAY, LAST = date(2024, 11, 7), date(2024, 11, 12)
TEXT = "The pier opened on\nThursday.\n\n“We have waited,” said Orla Venn."


def sighting(basis: DateBasis, confidence: float | None = None, phrase: str | None = "on Nov. 7") -> Sighting:
    place = (Span(4, 13), phrase, 1) if phrase else (None, None, None)
    return Sighting(
        1,
        "We have waited,",
        said=SaidOn(DAY, DAY, basis),
        said_confidence=confidence,
        said_evidence=place[0],
        said_phrase=place[1],
        said_paragraph=place[2],
    )


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (sighting(DateBasis.STATED_HERE, 0.95), "7 Nov 2024 (from “on Nov. 7”, paragraph 1)"),
        (sighting(DateBasis.STATED_HERE, SURE_DAY), "7 Nov 2024 (from “on Nov. 7”, paragraph 1)"),
        (sighting(DateBasis.STATED_HERE, 0.89), "probably 7 Nov 2024 (from “on Nov. 7”, paragraph 1)"),
        (sighting(DateBasis.STATED_HERE), "7 Nov 2024 (from “on Nov. 7”, paragraph 1)"),
        (sighting(DateBasis.STATED_HERE, phrase=None), "7 Nov 2024 (from the sentence with the words)"),
        (sighting(DateBasis.STATED_NEARBY, 0.95), "7 Nov 2024 (from “on Nov. 7”, paragraph 1, not beside the words)"),
        (
            sighting(DateBasis.STATED_NEARBY, 0.8),
            "probably 7 Nov 2024 (from “on Nov. 7”, paragraph 1, not beside the words)",
        ),
        (
            sighting(DateBasis.STATED_NEARBY),
            "probably 7 Nov 2024 (from “on Nov. 7”, paragraph 1, not beside the words)",
        ),
        (sighting(DateBasis.STATED_NEARBY, phrase=None), "probably 7 Nov 2024 (not from beside the words)"),
        (sighting(DateBasis.PAST, 0.95), "7 Nov 2024 (from “on Nov. 7”, paragraph 1)"),
        (sighting(DateBasis.PAST, phrase=None), "7 Nov 2024 (a past occasion that the article dates)"),
        (sighting(DateBasis.DECIDED, 1.0, None), "7 Nov 2024 (a person decided)"),
    ],
)
def test_a_day_is_told_with_its_phrase(shown: Sighting, text: str) -> None:
    assert day_of_sighting(shown) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            SaidOn(date(2024, 11, 9), LAST, DateBasis.IMPLIED),
            "9 to 12 Nov 2024 (no day printed; fresh news of 12 Nov 2024)",
        ),
        (
            SaidOn(date(2024, 10, 30), LAST, DateBasis.PAST),
            "30 Oct to 12 Nov 2024 (a past occasion that the article dates)",
        ),
        (SaidOn(date(2023, 12, 30), LAST, DateBasis.DECIDED), "30 Dec 2023 to 12 Nov 2024 (a person decided)"),
        (SaidOn(DAY, None, DateBasis.DECIDED), "since 7 Nov 2024 (a person decided)"),
        (SaidOn(None, LAST, DateBasis.DECIDED), "by 12 Nov 2024 (a person decided)"),
        (SaidOn(None, None, DateBasis.DECIDED), "day not told (a person decided)"),
        (SaidOn(None, LAST, DateBasis.UNKNOWN), "day not told; by 12 Nov 2024"),
        (UNKNOWN_DAY, "day not told"),
    ],
)
def test_days_that_no_phrase_tells(said: SaidOn, text: str) -> None:
    assert day_of_sighting(Sighting(1, "Go.", said=said)) == text


def test_a_low_confidence_of_an_interval_is_shown_and_of_an_unknown_day_is_not() -> None:
    fresh = Sighting(1, "Go.", said=SaidOn(date(2024, 11, 9), LAST, DateBasis.IMPLIED), said_confidence=0.5)
    assert day_of_sighting(fresh) == "probably 9 to 12 Nov 2024 (no day printed; fresh news of 12 Nov 2024)"
    unknown = Sighting(1, "Go.", said=SaidOn(None, LAST, DateBasis.UNKNOWN), said_confidence=0.5)
    assert day_of_sighting(unknown) == "day not told; by 12 Nov 2024"


def test_a_quotation_and_an_utterance_have_the_same() -> None:
    start = TEXT.index("on\nThursday")
    said = SaidOn(DAY, DAY, DateBasis.STATED_NEARBY)
    words = Span(TEXT.index("We have"), TEXT.index("waited") + 7)
    quotation = Quotation((words,), words.of(TEXT), QuotationKind.FULL, words, said=said)
    told = replace(quotation, said_evidence=Span(start, start + 11), said_confidence=0.97)
    assert day_of_quotation(told, TEXT) == "7 Nov 2024 (from “on Thursday”, paragraph 1, not beside the words)"
    assert (day_basis(told), day_basis(quotation)) == ("stated_nearby, confidence 0.97", "stated_nearby")
    utterance = Utterance(1, (Sighting(2, "Go."), sighting(DateBasis.PAST, 0.95)))
    assert day_of_utterance(utterance, long_month) == "7 November 2024 (from “on Nov. 7”, paragraph 1)"
