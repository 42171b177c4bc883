"""A decision is recorded at once, also while another run holds the lock; that run applies it before it ends."""

from __future__ import annotations

import pytest
from tests.cli_runner import quotetrack
from tests.review.conftest import BY_ADA

from quotetrack.core.domain import CorrectionFault
from quotetrack.core.versions import LINKER
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.nightly import ingest
from quotetrack.pipeline.steps import link, relate
from quotetrack.review.corrections import correct
from quotetrack.review.judgements import judge, revoke
from quotetrack.review.speakers import NameCannotBeSplit, split
from quotetrack.store import Sessions
from quotetrack.store.decisions import read_judgements
from quotetrack.store.lock import run_lock
from quotetrack.store.sightings import read_sightings
from quotetrack.store.speakers import speakers_by_key
from quotetrack.store.utterances import utterance_ids
from quotetrack.store.worklists import quotations_for_linker

NOW = BY_ADA["now"]
SETTINGS = BY_ADA["settings"]


def utterances(sessions: Sessions) -> dict[int, int]:
    with sessions() as session:
        return utterance_ids(session)


def test_a_judgement_is_recorded_and_linked_by_one_call(sessions: Sessions) -> None:
    assert judge(sessions, 1, 2, same=True, **BY_ADA).is_applied
    assert utterances(sessions)[1] == utterances(sessions)[2]
    assert [recorded.is_applied for recorded in revoke(sessions, 1, 2, now=NOW, settings=SETTINGS)] == [True]
    assert utterances(sessions)[1] != utterances(sessions)[2]
    assert revoke(sessions, 1, 2, now=NOW, settings=SETTINGS) == []


def test_a_decision_links_only_what_it_touches(sessions: Sessions) -> None:
    judge(sessions, 1, 2, same=True, **BY_ADA)
    with sessions() as session:
        assert quotations_for_linker(session, LINKER) == [3]  # of another article


def test_while_a_run_holds_the_lock_a_decision_is_recorded_and_that_run_applies_it(
    url: str, sessions: Sessions
) -> None:
    with run_lock(url):
        assert not judge(sessions, 1, 3, same=True, **BY_ADA).is_applied
        assert not correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)[0].is_applied
        assert not split(sessions, "O. Venn", **BY_ADA).is_applied
        with sessions() as session:
            assert len(read_judgements(session)) == 1
            assert quotations_for_linker(session, LINKER) == [1, 2, 3]
            assert read_sightings(session, ids=[2])[0].speaker == "Tadeo Brisk"
        ingest(sessions, [], outlets=load_outlets(), settings=SETTINGS, now=lambda: NOW)
    assert utterances(sessions)[1] == utterances(sessions)[3]
    with sessions() as session:
        shown = {sighting.id: (sighting.speaker, sighting.decided) for sighting in read_sightings(session)}
        assert quotations_for_linker(session, LINKER) == []
    assert shown == {1: ("Orla Venn", ()), 2: ("Odd Marek", ("speaker",)), 3: ("O. Venn", ())}


def test_what_is_decided_while_a_run_drains_its_lists_is_applied_before_it_ends(
    url: str, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    relate_run, decided = relate.run, []

    def relate_and_decide(*arguments: object, **options: object) -> None:
        relate_run(*arguments, **options)  # type: ignore[arg-type]
        if not decided:  # the last step of the run: a decision of this moment missed all others
            decided.extend(correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA))

    monkeypatch.setattr(relate, "run", relate_and_decide)
    with run_lock(url):
        ingest(sessions, [], outlets=load_outlets(), settings=SETTINGS, now=lambda: NOW)
    assert not decided[0].is_applied
    with sessions() as session:
        assert read_sightings(session, ids=[2])[0].speaker == "Odd Marek"


def test_while_a_run_holds_the_lock_the_commands_say_that_it_will_apply_the_decision(
    url: str, sessions: Sessions
) -> None:
    for arguments in (
        ("review", "judge", "1", "2", "same"),
        ("review", "correct", "2", "--speaker", "Odd Marek"),
        ("speakers", "split", "O. Venn"),
    ):
        with run_lock(url):
            done = quotetrack(*arguments, "--database", url)
        assert done.exit_code == 0
        assert "Another run is using the database, and will apply this before it ends." in done.stderr


def test_a_name_is_split_off_and_resolved_by_one_call(sessions: Sessions) -> None:
    with sessions() as session:
        before = speakers_by_key(session)
    assert before["o venn"] == before["orla venn"]
    new_id = split(sessions, "O. Venn", **BY_ADA).id
    with sessions() as session:
        assert speakers_by_key(session) == {**before, "o venn": new_id}
        assert {sighting.speaker for sighting in read_sightings(session)} == {"Orla Venn", "Tadeo Brisk", "O. Venn"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Odd Marek", "no speaker has the name 'Odd Marek'"), ("Tadeo Brisk", "'Tadeo Brisk' is the only name")],
)
def test_a_name_that_cannot_be_split_off_is_refused(sessions: Sessions, name: str, reason: str) -> None:
    with pytest.raises(NameCannotBeSplit, match=reason):
        split(sessions, name, **BY_ADA)


def test_linking_reads_what_waits_before_it_was_judged(sessions: Sessions) -> None:
    link.run(sessions)
    judge(sessions, 2, 3, same=True, **BY_ADA)
    assert utterances(sessions)[2] == utterances(sessions)[3]
