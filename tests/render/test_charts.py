"""A timeline has bars of days, months or years; lanes show who carried an utterance, and when."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.render.charts import lanes, timeline


@pytest.mark.parametrize(
    ("days", "unit", "bars"),
    [
        (["2026-03-07", "2026-03-10"], "day", ["7 Mar 2026: 1 utterance", "10 Mar 2026: 1 utterance"]),
        (["2025-12-31", "2026-03-10"], "month", ["Dec 2025: 1 utterance", "Mar 2026: 1 utterance"]),
        (["2016-05-01", "2016-06-01", "2026-03-10"], "year", ["2016: 2 utterances", "2026: 1 utterance"]),
    ],
)
def test_the_longer_the_time_the_wider_the_bars(days: list[str], unit: str, bars: list[str]) -> None:
    drawn = timeline([(date.fromisoformat(day), 1) for day in days])
    assert drawn is not None
    assert (drawn.unit, [bar.label for bar in drawn.bars]) == (unit, bars)
    for day in days:
        assert any(bar.first <= date.fromisoformat(day) <= bar.last for bar in drawn.bars)


def test_empty_days_keep_their_place_and_one_among_many_is_seen() -> None:
    drawn = timeline([(date(2026, 3, 7), 1), (date(2026, 3, 10), 500)])
    assert drawn is not None
    assert [(bar.place, bar.height) for bar in drawn.bars] == [(0, 4), (3, 100)]
    assert (drawn.places, drawn.most) == (4, 500)


def test_a_single_bar_is_no_timeline() -> None:
    assert timeline([]) is None
    assert timeline([(date(2026, 3, 7), 9)]) is None


def test_lanes_keep_one_origin_together_and_begin_with_who_was_first() -> None:
    def printed(number: int, outlet: str, day: date, wire: str | None = None) -> Sighting:
        return Sighting(number, "It will hold.", outlet=outlet, published_at=day, wire_credit=wire)

    drawn = lanes(
        Utterance(
            1,
            (
                printed(1, "tribune", date(2026, 3, 12)),
                printed(2, "daily", date(2026, 3, 15), "AFP"),
                printed(3, "post", datetime(2026, 3, 11, 9), "AFP"),
                printed(4, "post", date(2026, 3, 13), "AFP"),
            ),
        )
    )
    assert drawn is not None
    assert [(lane.name, lane.origin) for lane in drawn.lanes] == [
        ("post", "AFP"),
        ("daily", "AFP"),
        ("tribune", None),
    ]
    assert [[dot.place for dot in lane.dots] for lane in drawn.lanes] == [[0, 50], [100], [25]]


def test_words_of_one_outlet_did_not_spread() -> None:
    assert lanes(Utterance(1, (Sighting(1, "It will hold.", outlet="post", published_at=date(2026, 3, 11)),))) is None


def test_days_that_stand_for_months_have_bars_of_months() -> None:
    drawn = timeline([(date(2026, 3, 1), 2), (date(2026, 4, 1), 1)], is_by_month=True)
    assert drawn is not None
    assert [(bar.label, bar.last) for bar in drawn.bars] == [
        ("Mar 2026: 2 utterances", date(2026, 3, 31)),
        ("Apr 2026: 1 utterance", date(2026, 4, 30)),
    ]
