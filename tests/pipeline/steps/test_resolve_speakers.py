"""Naming and what people decide about speakers meet: neither loses the other's work. All people are invented."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import select
from tests.pipeline.steps.test_link import Printed, store_article
from tests.store.newsroom import NOW

from quotetrack.core.names import name_key
from quotetrack.core.settings import Settings
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.review.speakers import split
from quotetrack.store import Sessions, begin_naming
from quotetrack.store.lock import lock_of
from quotetrack.store.speakers import kind_of, speakers_by_key, split_name
from quotetrack.store.tables import QuotationRow

WORDS = "The ferry has sailed every winter since my mother was a girl"


@pytest.fixture
def night(sessions: Sessions) -> Sessions:
    """A store with two names of one speaker, and quotations under both, and under a new name, that have none yet."""
    for number, name in enumerate(["Orla Venn", "Orla K. Venn"]):
        store_article(sessions, Printed(f"before{number}", WORDS, name))
    resolve_speakers.run(sessions)
    assert len(speakers_of(sessions)) == 2 and len(set(speakers_of(sessions).values())) == 1
    for number, name in enumerate(["Orla Venn", "Orla K. Venn", "Tadeo Brisk"]):
        store_article(sessions, Printed(f"night{number}", WORDS, name))
    return sessions


def test_a_split_that_is_made_while_the_night_is_naming_is_neither_lost_nor_half_applied(night: Sessions) -> None:
    splitting = Thread(target=split_by_hand, args=(night, "Orla K. Venn"), daemon=True)

    def decide_meanwhile(stage: str, done: int, total: int) -> None:
        if done == 0:
            splitting.start()
            splitting.join(timeout=0.3)
            assert splitting.is_alive()  # it waits for the transaction of the night

    with lock_of(night):
        resolve_speakers.run(night, decide_meanwhile)
        splitting.join(timeout=10)
        resolve_speakers.run(night)
    assert_is_split(night)


def test_a_night_that_names_while_a_split_is_being_made_waits_for_it(night: Sessions) -> None:
    naming = Thread(target=resolve_speakers.run, args=(night,), daemon=True)
    with night.begin() as session:
        begin_naming(session)
        split_name(session, name_key("Orla K. Venn"), kind_of("Orla K. Venn"), "M. K.", NOW)
        naming.start()
        naming.join(timeout=0.3)
    naming.join(timeout=10)
    assert_is_split(night)


def test_who_was_linked_without_a_speaker_is_linked_again(night: Sessions) -> None:
    """A split takes the speaker away for a moment, and linking may come in between."""
    resolve_speakers.run(night)
    with lock_of(night):  # nothing is applied by the split
        split_by_hand(night, "Orla K. Venn")
    link.run(night)
    resolve_speakers.run(night)
    with night() as session:
        waiting = set(session.scalars(select(QuotationRow.speaker_name).where(QuotationRow.linked_by.is_(None))))
    assert waiting == {"Orla Venn", "Orla K. Venn"}


def split_by_hand(sessions: Sessions, name: str) -> None:
    split(sessions, name, decided_by="M. K.", now=NOW, settings=Settings())


def assert_is_split(sessions: Sessions) -> None:
    named = speakers_of(sessions)
    assert set(named) == {"Orla Venn", "Orla K. Venn", "Tadeo Brisk"}
    assert len(set(named.values())) == 3
    with sessions() as session:
        assert speakers_by_key(session, ["orla k venn"])["orla k venn"] == named["Orla K. Venn"]


def speakers_of(sessions: Sessions) -> dict[str, int]:
    """Return the speaker of each printed name. Fails if one name has two, or none."""
    found: dict[str, int] = {}
    with sessions() as session:
        for name, speaker_id in session.execute(select(QuotationRow.speaker_name, QuotationRow.speaker_id)):
            assert name is not None and speaker_id is not None
            assert found.setdefault(name, speaker_id) == speaker_id
    return found
