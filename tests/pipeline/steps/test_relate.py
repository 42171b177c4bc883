"""Related statements: proposed by vectors, of one speaker, and never of one utterance."""

from __future__ import annotations

import numpy as np
from tests.pipeline.steps.test_link import Printed, store_article

from quotetrack.core.normalize import sha256
from quotetrack.pipeline.progress import ignore_progress
from quotetrack.pipeline.steps import link, relate, resolve_speakers
from quotetrack.search.answer import ask
from quotetrack.store import Sessions
from quotetrack.store.related import related_to
from quotetrack.store.vectors import put_vectors

GULLS = "The gulls have left the harbour and nobody will miss them at all."
BIRDS = "Not one of us is sorry that those birds are gone from our quay."
TAXES = "A boat of forty feet pays more tax here than a hotel on the hill."
VECTORS = {GULLS: (1.0, 0.0), BIRDS: (0.8, 0.6), TAXES: (0.0, 1.0)}


def night(sessions: Sessions, *printed: Printed, model: str = "mini") -> None:
    for article in printed:
        store_article(sessions, article)
    resolve_speakers.run(sessions)
    link.run(sessions)
    with sessions.begin() as session:
        put_vectors(session, model, {sha256(words): np.array(vector) for words, vector in VECTORS.items()})
    relate.run(sessions, model, ignore_progress)


def related(sessions: Sessions) -> dict[int, list[tuple[int, float]]]:
    with sessions() as session:
        found = related_to(session, [1, 2, 3])
        return {each: [(r.utterance_id, r.cosine) for r in related] for each, related in found.items()}


def test_the_same_point_in_other_words_is_related_both_ways_in_any_order(sessions: Sessions) -> None:
    night(sessions, Printed("a", GULLS), Printed("b", GULLS), Printed("c", TAXES))
    assert related(sessions) == {1: [], 2: [], 3: []}
    night(sessions, Printed("d", BIRDS, day=19))
    expected = {1: [(3, 0.8)], 2: [(3, 0.6)], 3: [(1, 0.8), (2, 0.6)]}
    assert {each: [(other, round(c, 2)) for other, c in found] for each, found in related(sessions).items()} == expected


def test_an_answer_has_the_related_statements(sessions: Sessions) -> None:
    night(sessions, Printed("a", GULLS), Printed("c", TAXES), Printed("d", BIRDS, day=19))
    with sessions() as session:
        (found,) = ask(session, "who said anything about gulls").utterances
    assert [round(other.cosine, 1) for other in found.related] == [0.8]


def test_statements_of_two_speakers_are_never_related(sessions: Sessions) -> None:
    night(sessions, Printed("a", GULLS), Printed("b", BIRDS, speaker="Odd Marek"), Printed("c", BIRDS, speaker=None))
    assert related(sessions) == {1: [], 2: [], 3: []}


def test_a_short_statement_is_related_to_nothing(sessions: Sessions) -> None:
    night(sessions, Printed("a", "We will see."))
    assert related(sessions) == {1: [], 2: [], 3: []}


def test_another_model_relates_again(sessions: Sessions) -> None:
    night(sessions, Printed("a", GULLS), Printed("b", BIRDS))
    before = related(sessions)
    night(sessions, model="maxi")
    assert related(sessions) == before != {1: [], 2: [], 3: []}


def test_a_statement_without_a_vector_is_related_once_it_has_one(sessions: Sessions) -> None:
    for printed in (Printed("a", GULLS), Printed("d", BIRDS, day=19)):
        store_article(sessions, printed)
    resolve_speakers.run(sessions)
    link.run(sessions)
    relate.run(sessions, "mini", ignore_progress)
    assert not any(related(sessions).values())
    night(sessions)
    assert [bool(found) for found in related(sessions).values()] == [True, True, False]
