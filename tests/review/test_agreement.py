"""Two people agree where both decided: by the last answer of each, undone ones left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from quotetrack.review.agreement import Agreement, agreements, kappa, reviewers
from quotetrack.store.agreement import Opinion

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)


def opinion(anchor: int, by: str, answer: str, question: str = "speaker") -> Opinion:
    return Opinion((question, anchor, 0), by, answer, NOON)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("yy nn yy nn", 1.0),
        ("yy nn yn ny", 0.0),
        ("yn ny yn ny", -1.0),
        ("yy yy", None),
        # Twenty of fifty by both, fifteen by neither: observed 0.7, by chance 0.5.
        (" ".join(["yy"] * 20 + ["yn"] * 5 + ["ny"] * 10 + ["nn"] * 15), 0.4),
    ],
)
def test_kappa_leaves_out_what_chance_alone_gives(answered: str, expected: float | None) -> None:
    found = kappa([(pair[0], pair[1]) for pair in answered.split()])
    assert found == (None if expected is None else pytest.approx(expected))


def test_people_agree_question_by_question_whatever_the_capitals() -> None:
    opinions = [
        opinion(1, "ines", "Ragna Telle"), opinion(1, "bo", "ragna telle"),
        opinion(2, "ines", "Olu Brandt"), opinion(2, "bo", "Ragna Telle"),
        opinion(2, "ines", "2026-03-10", "day"), opinion(3, "bo", "2026-03-10", "day"),
    ]  # fmt: skip
    assert agreements(opinions) == [Agreement("speaker", "bo", "ines", 2, 1, pytest.approx(0.0))]
    assert [(each.name, each.decided) for each in reviewers(opinions)] == [("bo", 3), ("ines", 3)]
