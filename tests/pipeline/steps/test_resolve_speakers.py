"""Naming and what people decide about speakers meet: neither loses the other's work. All people are invented."""

from __future__ import annotations

from threading import Thread

from sqlalchemy import select
from tests.pipeline.steps.test_link import Printed, store_article
from tests.store.newsroom import NOW

from quotetrack.core.names import name_key
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Sessions
from quotetrack.store.speakers import kind_of, speakers_by_key, split_name
from quotetrack.store.tables import QuotationRow

WORDS = "The ferry has sailed every winter since my mother was a girl"


def test_a_split_that_is_made_while_the_night_is_naming_is_neither_lost_nor_half_applied(sessions: Sessions) -> None:
    for number, name in enumerate(["Orla Venn", "Orla K. Venn"]):
        store_article(sessions, Printed(f"before{number}", WORDS, name))
    resolve_speakers.run(sessions)
    assert len(speakers_of(sessions)) == 2 and len(set(speakers_of(sessions).values())) == 1
    for number, name in enumerate(["Orla Venn", "Orla K. Venn", "Tadeo Brisk"]):
        store_article(sessions, Printed(f"night{number}", WORDS, name))
    splitting = Thread(target=split_by_hand, args=(sessions, "Orla K. Venn"), daemon=True)

    def decide_meanwhile(stage: str, done: int, total: int) -> None:
        if done == 0:
            splitting.start()
            splitting.join(timeout=0.3)  # it waits for the transaction of the night

    resolve_speakers.run(sessions, decide_meanwhile)
    splitting.join(timeout=10)
    resolve_speakers.run(sessions)
    named = speakers_of(sessions)
    assert set(named) == {"Orla Venn", "Orla K. Venn", "Tadeo Brisk"}
    assert len(set(named.values())) == 3
    with sessions() as session:
        assert speakers_by_key(session, ["orla k venn"])["orla k venn"] == named["Orla K. Venn"]


def split_by_hand(sessions: Sessions, name: str) -> None:
    with sessions.begin() as session:
        split_name(session, name_key(name), kind_of(name), "M. K.", NOW)


def speakers_of(sessions: Sessions) -> dict[str, int]:
    """Return the speaker of each printed name. Fails if one name has two, or none."""
    found: dict[str, int] = {}
    with sessions() as session:
        for name, speaker_id in session.execute(select(QuotationRow.speaker_name, QuotationRow.speaker_id)):
            assert name is not None and speaker_id is not None
            assert found.setdefault(name, speaker_id) == speaker_id
    return found
