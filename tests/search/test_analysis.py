"""Utterances are counted by what they name, and put in order of time. Invented newsrooms."""

from __future__ import annotations

from datetime import date

import pytest

from quotetrack.core.domain import CountBy, DateBasis, SaidOn, Sighting, Utterance
from quotetrack.search.analysis import (
    Count,
    SpeakerTimeline,
    changes,
    count_by,
    names_topic,
    side_of,
    timelines,
    top_speakers,
)


def utterance(
    number: int, words: str, speaker: str | None = "Orla Venn", day: date | None = None, outlets: str = "tide"
) -> Utterance:
    said = SaidOn(day, day, DateBasis.STATED_HERE) if day else SaidOn(None, None, DateBasis.UNKNOWN)
    sightings = tuple(
        Sighting(10 * number + place, words, speaker=speaker, outlet=outlet, said=said)
        for place, outlet in enumerate(outlets.split())
    )
    return Utterance(number, sightings)


FERRY = utterance(1, "The ferry will sail again", day=date(2031, 3, 4), outlets="tide quay quay")
LATE = utterance(2, "Ferries were late, and nobody was told", day=date(2031, 1, 9))
DREDGED = utterance(3, "The channel was dredged for the ferry", "Tadeo Brisk", date(2031, 3, 30), "quay")
UNSAID = utterance(4, "Nobody was asked", None)
ALL = (FERRY, LATE, DREDGED, UNSAID)


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        (CountBy.SPEAKER, {"Orla Venn": 2, "(no speaker named)": 1, "Tadeo Brisk": 1}),
        (CountBy.OUTLET, {"tide": 3, "quay": 2}),
        (CountBy.MONTH, {"2031-01": 1, "2031-03": 2, "undated": 1}),
        (CountBy.TOPIC, {"ferry": 3, "nobody": 2}),
    ],
)
def test_utterances_are_counted(by: CountBy, counts: dict[str, int]) -> None:
    assert {each.label: each.utterances for each in count_by(ALL, by)} == counts
    assert count_by(tuple(reversed(ALL)), by) == count_by(ALL, by)


def test_the_words_of_the_topic_are_no_topic_of_their_own() -> None:
    assert count_by(ALL, CountBy.TOPIC, topic="the ferries") == [Count("nobody", 2)]


def test_nobody_named_is_no_top_speaker() -> None:
    assert top_speakers(ALL) == [Count("Orla Venn", 2), Count("Tadeo Brisk", 1)]


@pytest.mark.parametrize(
    ("topic", "title", "before", "named"),
    [
        ("the ferry", None, "", True),
        ("ferries", None, "", True),
        ("the northern ferry", None, "", False),
        ("the northern ferry", "Storm in the northern bay", "", True),
        ("the ferry to Kyiv", None, "It goes to Kyiv on Mondays. ", True),
        (None, None, "", True),
    ],
)
def test_an_utterance_names_a_topic_if_each_word_stands_around_it(
    topic: str | None, title: str | None, before: str, named: bool
) -> None:
    sighting = Sighting(1, "The ferry will sail again", title=title, context_before=before)
    assert names_topic((sighting,), topic) is named


def test_a_timeline_has_the_months_of_each_speaker() -> None:
    assert timelines(ALL, limit=5) == [
        SpeakerTimeline("Orla Venn", (("2031-01", 1), ("2031-03", 1))),
        SpeakerTimeline("Tadeo Brisk", (("2031-03", 1),)),
    ]
    assert len(timelines(ALL, limit=1)) == 1


def test_changes_are_in_order_of_time_and_have_the_words_that_no_earlier_one_has() -> None:
    again = utterance(5, "The ferry is late again", day=date(2031, 4, 1))
    assert [(each.utterance.id, each.new_words) for each in changes((again, FERRY, UNSAID, LATE))] == [
        (2, ("Ferries", "late", "nobody", "told")),
        (1, ("sail", "again")),
        (5, ()),
        (4, ("asked",)),
    ]


def test_a_side_has_the_newest_of_all() -> None:
    side = side_of("Orla Venn", (LATE, UNSAID, FERRY), limit=2)
    assert (side.total, [each.id for each in side.utterances]) == (3, [1, 2])
