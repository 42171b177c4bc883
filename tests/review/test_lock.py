"""A decision that makes work for a step takes the run lock: it is refused while another run holds the lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.store.newsroom import ferry, ferry_quotations, filed, quoted

from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.review.judgements import judge, revoke
from quotetrack.review.speakers import NameCannotBeSplit, split
from quotetrack.store import Sessions, StoreLocked, close_store, open_store
from quotetrack.store.decisions import read_judgements
from quotetrack.store.lock import run_lock
from quotetrack.store.speakers import speakers_by_key
from quotetrack.store.utterances import utterance_ids
from quotetrack.store.worklists import quotations_for_linker

NOW = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)
OTHER = "Nobody on the island believes a word of that."


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'news.db'}"


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """A store with three quotations that wait to be linked."""
    opened = open_store(url)
    with opened.begin() as session:
        filed(session, ferry(), ferry_quotations())
        text = f"“{OTHER}” said O. Venn on the quay."
        filed(session, ferry(text, url="https://islandecho.example/quay"), [quoted(text, OTHER, speaker="O. Venn")])
    resolve_speakers.run(opened)
    yield opened
    close_store(opened)


def utterances(sessions: Sessions) -> dict[int, int]:
    with sessions() as session:
        return utterance_ids(session)


def test_a_judgement_is_recorded_and_linked_by_one_call(sessions: Sessions) -> None:
    judge(sessions, 1, 2, same=True, decided_by="ada", now=NOW)
    assert utterances(sessions)[1] == utterances(sessions)[2]
    assert revoke(sessions, 1, 2, now=NOW) == 1
    assert utterances(sessions)[1] != utterances(sessions)[2]
    assert revoke(sessions, 1, 2, now=NOW) == 0


def test_while_a_run_holds_the_lock_nothing_is_judged_and_nothing_is_linked(url: str, sessions: Sessions) -> None:
    with run_lock(url):
        with pytest.raises(StoreLocked, match="in use by another run"):
            judge(sessions, 1, 2, same=True, decided_by="ada", now=NOW)
        with pytest.raises(StoreLocked):
            revoke(sessions, 1, 2, now=NOW)
    with sessions() as session:
        assert read_judgements(session) == []
        assert quotations_for_linker(session, "any linker") == [1, 2, 3]


def test_while_a_run_holds_the_lock_the_commands_end_with_seventy_five(url: str, sessions: Sessions) -> None:
    for arguments in (("judge", "1", "2", "same"), ("judge", "1", "2", "--revoke"), ("speakers", "split", "O. Venn")):
        with run_lock(url):
            refused = quotetrack(*arguments, "--database", url)
        assert refused.exit_code == 75
        assert refused.stderr.startswith("quotetrack: ")
        assert "in use by another run" in refused.stderr


def test_a_name_is_split_off_and_resolved_by_one_call(url: str, sessions: Sessions) -> None:
    with sessions() as session:
        before = speakers_by_key(session)
    assert before["o venn"] == before["orla venn"]
    with run_lock(url), pytest.raises(StoreLocked):
        split(sessions, "O. Venn", decided_by="ada", now=NOW)
    new_id = split(sessions, "O. Venn", decided_by="ada", now=NOW)
    with sessions() as session:
        assert speakers_by_key(session) == {**before, "o venn": new_id}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Odd Marek", "no speaker has the name 'Odd Marek'"), ("Tadeo Brisk", "'Tadeo Brisk' is the only name")],
)
def test_a_name_that_cannot_be_split_off_is_refused(sessions: Sessions, name: str, reason: str) -> None:
    with pytest.raises(NameCannotBeSplit, match=reason):
        split(sessions, name, decided_by="ada", now=NOW)


def test_linking_reads_what_waits_before_it_was_judged(sessions: Sessions) -> None:
    link.run(sessions)
    judge(sessions, 2, 3, same=True, decided_by="ada", now=NOW)
    assert utterances(sessions)[2] == utterances(sessions)[3]
