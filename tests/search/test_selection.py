"""A selection is what a reader would pick out of the whole export by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.parts import number_of_words
from quotetrack.search.selection import Selection, select_utterances
from quotetrack.search.understanding import Given, OutletUnknown
from quotetrack.store import Session, close_store, open_store, url_of
from quotetrack.store.utterances import count_sightings, iter_utterances

pytest_plugins = ("tests.filled_store",)

TODAY = date(2026, 4, 1)
SPRING = date(2026, 3, 11)


@pytest.fixture(scope="module")
def session(ingested: Path) -> Iterator[Session]:
    sessions = open_store(url_of(ingested), read_only=True)
    with sessions() as session:
        yield session
    close_store(sessions)


def selected(session: Session, **chosen: object) -> list[Utterance]:
    given = {name: chosen.pop(name) for name in Given.__slots__ if name in chosen}
    selection = Selection(given=Given(**given), **chosen)  # type: ignore[arg-type]
    return list(select_utterances(session, selection, today=TODAY).utterances)


def sightings(utterances: list[Utterance]) -> list[Sighting]:
    return [sighting for utterance in utterances for sighting in utterance.sightings]


def test_without_conditions_it_is_everything(session: Session) -> None:
    assert selected(session) == list(iter_utterances(session))
    assert len(sightings(selected(session))) == count_sightings(session) == 45


def test_a_speaker_comes_with_all_who_print_the_words(session: Session) -> None:
    every = list(iter_utterances(session))
    found = selected(session, speaker="Ragna Telle")
    assert found == [utterance for utterance in every if utterance.speaker == "Ragna Telle"]
    assert len({sighting.outlet for sighting in sightings(found)}) > 1


def test_nobody_of_that_name_is_nothing(session: Session) -> None:
    assert selected(session, speaker="Zebulon Quark") == []


def test_a_topic_has_to_be_named(session: Session) -> None:
    found = selected(session, about="the storm barrier")
    assert {utterance.speaker for utterance in found} >= {"Ragna Telle"}
    for utterance in found:
        around = [f"{s.title} {s.context_before} {s.words} {s.context_after}".casefold() for s in utterance.sightings]
        assert any("storm" in text and "barrier" in text for text in around)
    assert selected(session, about="zebras on the moon") == []


@pytest.mark.parametrize("conditions", [{"since": SPRING}, {"until": SPRING}, {"since": SPRING, "until": SPRING}])
def test_days_are_those_of_speaking(session: Session, conditions: dict[str, date]) -> None:
    since, until = conditions.get("since", date.min), conditions.get("until", date.max)
    found = selected(session, **conditions)
    assert 0 < len(found) < len(selected(session))
    for utterance in found:
        said, printed = utterance.said, [s.published_on for s in utterance.sightings if s.published_on]
        assert said.first is None or said.first <= until
        assert (said.last or max(printed)) >= since
    certain = selected(session, **conditions, certain=True)
    assert {u.id for u in certain} < {u.id for u in found}


@pytest.mark.parametrize(
    ("chosen", "is_taken"),
    [
        ({"outlet": "Ember Daily"}, lambda s: s.outlet == "Ember Daily"),
        ({"published_since": SPRING}, lambda s: s.published_on >= SPRING),
        ({"published_until": SPRING}, lambda s: s.published_on <= SPRING),
        ({"min_confidence": 0.95}, lambda s: s.speaker_confidence >= 0.95),
        ({"min_words": 15}, lambda s: number_of_words(s.words) >= 15),
        (
            {"published_until": SPRING, "min_words": 15},
            lambda s: s.published_on <= SPRING and number_of_words(s.words) >= 15,
        ),
    ],
)
def test_what_is_of_an_article_chooses_sightings(session, chosen, is_taken) -> None:
    every = sightings(list(iter_utterances(session)))
    found = sightings(selected(session, **chosen))
    assert found == [sighting for sighting in every if is_taken(sighting)]
    assert 0 < len(found) < len(every)


@pytest.mark.parametrize("days", [{}, {"until": date(2026, 3, 11)}])
def test_one_article_may_name_the_speaker_and_another_be_the_row(session: Session, days: dict[str, date]) -> None:
    name = "a spokeswoman for the Treasury"
    (of_post,) = [s for s in sightings(selected(session, speaker=name)) if s.outlet == "Northern Post"]
    assert of_post.speaker != name
    assert sightings(selected(session, speaker=name, outlet="Northern Post", **days)) == [of_post]


def test_least_confidence_is_also_of_the_name_that_is_asked_for(session: Session) -> None:
    name = "a spokeswoman for the Treasury"
    surest = max(s.speaker_confidence for s in sightings(selected(session, speaker=name)) if s.speaker == name)
    assert selected(session, speaker=name, min_confidence=surest - 0.001)
    assert selected(session, speaker=name, min_confidence=surest + 0.001) == []


def test_an_unknown_outlet_is_refused(session: Session) -> None:
    with pytest.raises(OutletUnknown):
        selected(session, outlet="The Daily Planet")


@pytest.mark.parametrize(
    ("words", "number"), [("", 0), ("No.", 1), ("We will  sail.", 3), ("We will […] not sail", 4), ("[…] is odd", 3)]
)
def test_an_omission_is_no_word(words: str, number: int) -> None:
    assert number_of_words(words) == number
