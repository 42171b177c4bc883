"""Impossible values cannot be built, and an utterance has the day of the sighting that tells it best."""

from __future__ import annotations

from datetime import date

import pytest

from quotetrack.core.domain import DateBasis, Quotation, QuotationKind, SaidOn, Sighting, Span, Utterance

DAY, NEXT = date(2031, 3, 7), date(2031, 3, 8)


@pytest.mark.parametrize("chance", [-0.1, 1.1])
def test_the_chance_of_a_day_lies_between_0_and_1(chance: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Quotation((Span(0, 3),), "Go.", QuotationKind.FULL, Span(0, 3), said_confidence=chance)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Sighting(1, "Go.", said_confidence=chance)


def test_an_utterance_has_the_day_and_its_chance_of_the_sighting_that_tells_it_best() -> None:
    fresh = Sighting(1, "Go.", said=SaidOn(DAY, NEXT, DateBasis.IMPLIED), said_confidence=0.95)
    told = Sighting(2, "Go.", said=SaidOn(DAY, DAY, DateBasis.STATED_HERE), said_confidence=0.6)
    surer = Sighting(3, "Go.", said=SaidOn(NEXT, NEXT, DateBasis.STATED_HERE), said_confidence=0.9)
    unknown = Sighting(4, "Go.")
    utterance = Utterance(1, (unknown, fresh, told, surer))
    assert (utterance.said, utterance.said_confidence) == (surer.said, 0.9)
    assert (Utterance(1, (unknown,)).said, Utterance(1, (unknown,)).said_confidence) == (unknown.said, None)
