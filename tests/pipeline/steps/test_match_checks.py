"""Sightings are matched with the stored fact-checks: new ones of either, and only where it is sure enough."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import event
from tests.pipeline.steps.test_link import Printed, store_article
from tests.store.newsroom import NOW

from quotetrack.core.domain import FactCheck
from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.models.embedder import Embedder
from quotetrack.pipeline.steps import link, match_checks, resolve_speakers
from quotetrack.store import Sessions
from quotetrack.store.check_matches import checks_of_utterances
from quotetrack.store.fact_checks import put_fact_checks
from quotetrack.store.vectors import put_vectors

CARS = "The Varland ferry carried 4,000 cars in March, and nobody thanked the crew."
DREDGED = "The Saltmere harbour has never been dredged, and everybody here knows that."
EVENING = "Good evening, and thank you all for coming to our hall."
FERRY = FactCheck(
    "https://c.example/ferry",
    "The Varland ferry carried 4,000 cars in March.",
    verdict="Wrong",
    publisher="Varland Checks",
    published=date(2031, 5, 4),
)
HARBOUR = FactCheck("https://c.example/harbour", "The Saltmere harbour has never been dredged.", verdict="True")
TRAWLERS = FactCheck("https://c.example/trawlers", "Trawlers of the northern fleet catch 12 tonnes of herring a day.")
BARRIER = FactCheck("https://c.example/barrier", "The storm barrier will cost three million crowns.")
OTHERS = (TRAWLERS, BARRIER)


def vector(text: str) -> np.ndarray:
    """Return a unit vector in which each longer word of a text has a place."""
    counted = np.full(512, 1e-3, dtype=np.float32)
    for word in re.findall(r"[a-z0-9,]{3,}", text.casefold()):
        counted[int(sha256(word)[:6], 16) % 512] += 1
    return counted / np.linalg.norm(counted)


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a fake embedder stand for the model, and return the texts that it was given."""
    given: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        given.extend(texts)
        return np.array([vector(text) for text in texts], dtype=np.float32)

    monkeypatch.setattr(
        "quotetrack.models.embedder.load_question_embedder", lambda _name: Embedder("mini", 512, encode)
    )
    return given


def night(sessions: Sessions, *printed: Printed, model: str = "mini") -> None:
    for article in printed:
        store_article(sessions, article)
    resolve_speakers.run(sessions)
    link.run(sessions)
    with sessions.begin() as session:
        put_vectors(session, model, {sha256(words): vector(words) for words in (CARS, DREDGED, EVENING, "4,000 cars")})
    match_checks.run(sessions, Settings(), model)


def imported(sessions: Sessions, *checks: FactCheck) -> None:
    with sessions.begin() as session:
        put_fact_checks(session, checks, None, NOW)


def matched(sessions: Sessions) -> dict[int, list[tuple[str, str | None]]]:
    with sessions() as session:
        found = checks_of_utterances(session, [1, 2, 3])
        return {each: [(m.check.url, m.check.verdict) for m in checks] for each, checks in found.items() if checks}


def test_a_quotation_of_a_checked_claim_is_matched_and_another_is_not(sessions: Sessions) -> None:
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS), Printed("b", EVENING))
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")]}


def test_a_chance_is_stored_and_is_at_least_that_of_what_is_shown(sessions: Sessions) -> None:
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS))
    with sessions() as session:
        (found,) = checks_of_utterances(session, [1])[1]
    assert found.check == replace(FERRY, id=1) and 0.86 <= found.chance <= 1


def test_a_fact_check_that_comes_later_is_matched_with_what_is_stored(sessions: Sessions, embedded: list[str]) -> None:
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS), Printed("b", DREDGED))
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")]}
    embedded.clear()
    imported(sessions, HARBOUR)
    night(sessions)
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")], 2: [(HARBOUR.url, "True")]}
    assert set(embedded) == {HARBOUR.claim}  # the vectors of the others are stored


def test_only_quotations_near_a_new_fact_check_are_compared_again(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    rank = match_checks.rank
    monkeypatch.setattr(match_checks, "rank", lambda s, *rest: compared.append(s.words) or rank(s, *rest))
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS), Printed("b", DREDGED))
    night(sessions)
    assert compared == [CARS, DREDGED]
    imported(sessions, HARBOUR)
    night(sessions)
    assert compared == [CARS, DREDGED, DREDGED]


def test_a_revised_verdict_takes_the_place_of_the_earlier_one(sessions: Sessions) -> None:
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS))
    imported(sessions, replace(FERRY, verdict="Half right"))
    night(sessions)
    assert matched(sessions) == {1: [(FERRY.url, "Half right")]}
    imported(sessions, FERRY)
    night(sessions)
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")]}


def test_another_matcher_or_model_matches_anew(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(sessions, FERRY, *OTHERS)
    night(sessions, Printed("a", CARS))
    monkeypatch.setattr(match_checks, "LEAST_CHARACTERS", 1_000)
    night(sessions)
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")]}
    monkeypatch.setattr(match_checks, "MATCHER", "fact-checks-x")
    night(sessions)
    assert matched(sessions) == {}
    monkeypatch.undo()
    monkeypatch.setattr(
        "quotetrack.models.embedder.load_question_embedder",
        lambda _name: Embedder("maxi", 512, lambda texts: np.array([vector(text) for text in texts])),
    )
    night(sessions, model="maxi")
    assert matched(sessions) == {1: [(FERRY.url, "Wrong")]}


def test_a_few_words_are_matched_with_nothing(sessions: Sessions) -> None:
    imported(sessions, replace(FERRY, claim="4,000 cars"), *OTHERS)
    night(sessions, Printed("a", "4,000 cars"))
    assert matched(sessions) == {}


def test_without_fact_checks_one_question_is_asked_and_no_model_loaded(sessions: Sessions, embedded: list[str]) -> None:
    night(sessions, Printed("a", CARS))
    asked: list[str] = []
    event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    match_checks.run(sessions, Settings(), "mini")
    assert [statement for statement in asked if "SELECT" in statement] == [
        "SELECT EXISTS (SELECT fact_checks.id \nFROM fact_checks) AS anon_1"
    ]
    assert embedded == []


def test_fact_checks_without_quotations_are_not_embedded(sessions: Sessions, embedded: list[str]) -> None:
    imported(sessions, FERRY)
    night(sessions)
    assert embedded == []
