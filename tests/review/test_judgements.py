"""Judgements that contradict one another are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quotetrack.core.domain import Anchor, Judgement, Span
from quotetrack.review.judgements import contradictions

ANCHOR = Anchor(0, "Not one boat will sail", "", "", (Span(0, 22),))


def judged(number: int, left: int, right: int, same: bool) -> Judgement:
    where = ("https://a.example/1", "https://b.example/2")
    now = datetime(2031, 3, 4, tzinfo=UTC)
    return Judgement(number, (ANCHOR, ANCHOR), where, (left,), (right,), same, "ines", now)


SAME, DIFFERENT = True, False


@pytest.mark.parametrize(
    ("judgements", "contradicting"),
    [
        ([(1, 2, SAME), (2, 3, SAME), (1, 3, DIFFERENT)], [3, 1, 2]),
        ([(1, 2, SAME), (2, 3, SAME), (3, 4, DIFFERENT)], []),
        ([(1, 2, SAME), (1, 2, DIFFERENT)], [2, 1]),
        ([(1, 2, SAME), (2, 3, SAME), (3, 4, SAME), (2, 4, SAME), (1, 4, DIFFERENT)], [5, 1, 4]),  # the shortest way
        ([(5, 6, SAME), (1, 2, DIFFERENT)], []),
    ],
)
def test_what_is_the_same_by_way_of_others_and_different_is_told(judgements, contradicting):
    every = [judged(number, *each) for number, each in enumerate(judgements, start=1)]
    assert [judgement.id for judgement in contradictions(every)] == contradicting
    revoked = [replace(judgement, is_revoked=not judgement.same) for judgement in every]
    assert contradictions(revoked) == []
