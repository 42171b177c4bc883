"""Corrections in a store: applied at once, again after a new extraction, in an edited article, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from tests.review.conftest import BY_ADA, OTHER
from tests.store.newsroom import BOATS, FERRY, FERRY_PARTS, HOUR, NOW, ferry, ferry_quotations, filed, quoted

from quotetrack.core.corrections import InvalidDays
from quotetrack.core.domain import CorrectionFault, DateBasis, SaidOn
from quotetrack.pipeline.steps import correct as correct_step
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.review.corrections import WordsNotFound, add_missed, correct, undo
from quotetrack.store import Sessions
from quotetrack.store.corrections import corrections_of_sightings, read_corrections, sightings_of_correction
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import QuotationRow

FERRY_URL = "https://harbourpost.example/ferry"
MAREK = (2, "Odd Marek", ("speaker",))


def shown(sessions: Sessions) -> list[tuple[int, str | None, tuple[str, ...]]]:
    """Return id, speaker and what was decided of every sighting."""
    with sessions() as session:
        return [(int(s.id), s.speaker, s.decided) for s in read_sightings(session)]


def rows(sessions: Sessions) -> list[object]:
    """Return everything that extraction and corrections write."""
    with sessions() as session:
        columns = (
            "id, start, parts, words, speaker_name, said_first, said_basis, retired_at IS NULL, decided, extracted"
        )
        return list(session.execute(text(f"SELECT {columns} FROM quotations ORDER BY id")))


def extract_again(sessions: Sessions, quotations: list[object] | None = None) -> None:
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations() if quotations is None else quotations, extractor="extract 2")  # type: ignore[arg-type]
    resolve_speakers.run(sessions)
    link.run(sessions)


def test_a_corrected_speaker_is_shown_at_once_and_after_a_new_extraction(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    assert shown(sessions)[1] == MAREK
    before = rows(sessions)
    extract_again(sessions)
    assert rows(sessions) == before
    assert shown(sessions)[1] == MAREK


def test_it_holds_where_the_new_extractor_does_not_find_the_words_any_more(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    extract_again(sessions, [])
    assert shown(sessions) == [MAREK, (3, "Orla Venn", ())]
    extract_again(sessions)
    assert shown(sessions)[1] == MAREK


def test_it_holds_in_an_edited_article(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    edited = "Corrected at noon.\n\n" + FERRY.replace("was not amused", "was furious")
    with sessions.begin() as session:
        filed(session, ferry(edited), ferry_quotations(edited), NOW + HOUR)
    resolve_speakers.run(sessions)
    speakers = {speaker for number, speaker, _ in shown(sessions) if number > 3}
    assert speakers == {"Orla Venn", "Odd Marek"}


def test_undoing_shows_again_what_the_extractor_found(sessions: Sessions) -> None:
    before = rows(sessions)
    for fault, value in (
        (CorrectionFault.SPEAKER, "Odd Marek"),
        (CorrectionFault.DAY, "2031-03-01"),
        (CorrectionFault.WORDS, "Promises float"),
        (CorrectionFault.NOT_A_QUOTATION, None),
    ):
        (done,) = correct(sessions, 2, fault, value, **BY_ADA)
        assert rows(sessions) != before
        undone = undo(sessions, done.id, now=BY_ADA["now"], settings=BY_ADA["settings"])
        assert undone is not None and undone.is_applied
        assert [row for row in rows(sessions) if row[7]] == before  # type: ignore[index]
        assert undo(sessions, done.id, now=BY_ADA["now"], settings=BY_ADA["settings"]) is None


def test_several_corrections_of_one_quotation_hold_together(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    correct(sessions, 2, CorrectionFault.DAY, "2031-03-01..2031-03-02", **BY_ADA)
    correct(sessions, 2, CorrectionFault.WORDS, "Promises float", **BY_ADA)
    for _ in range(2):
        with sessions() as session:
            (sighting,) = [s for s in read_sightings(session) if s.speaker == "Odd Marek"]
        assert sighting.words == "Promises float"
        assert sighting.said == SaidOn(date(2031, 3, 1), date(2031, 3, 2), DateBasis.DECIDED)
        assert set(sighting.decided) == {"speaker", "day", "words"}
        extract_again(sessions)


def test_a_second_correction_of_a_fault_takes_the_place_of_the_first(sessions: Sessions) -> None:
    (first,) = correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    (second,) = correct(sessions, 2, CorrectionFault.SPEAKER, "Nila Sarr", **BY_ADA)
    (again,) = correct(sessions, 2, CorrectionFault.SPEAKER, "Nila Sarr", **BY_ADA)
    assert (second.id, again.id) == (first.id + 1, second.id)
    assert shown(sessions)[1] == (2, "Nila Sarr", ("speaker",))
    with sessions() as session:
        assert [each.id for each in read_corrections(session)] == [second.id]


def test_what_is_no_quotation_is_in_no_output_and_its_decision_is_listed(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.NOT_A_QUOTATION, None, **BY_ADA)
    extract_again(sessions)
    assert [number for number, _, _ in shown(sessions)] == [1, 3]
    with sessions() as session:
        (correction,) = read_corrections(session)
        assert sightings_of_correction(session, correction) == (2,)


def test_missed_words_are_added_with_their_speaker(sessions: Sessions) -> None:
    done = add_missed(sessions, FERRY_URL, "Orla Venn resigned.", "the harbour board", **BY_ADA)
    assert done.is_applied
    with sessions() as session:
        (added,) = [s for s in read_sightings(session) if s.decided == ("missed",)]
        assert (added.words, added.speaker, added.context_before) == ("Orla Venn resigned.", "the harbour board", "")
        assert corrections_of_sightings(session, [int(added.id)])[0][1] == (added.id,)
    before = rows(sessions)
    extract_again(sessions)
    assert rows(sessions) == before


def test_the_speaker_by_a_person_stands_apart_from_another_speaker_of_the_same_words(sessions: Sessions) -> None:
    text = f"“{BOATS}” the union’s Tadeo Brisk said on Sunday."
    with sessions.begin() as session:
        article = ferry(text, url="https://northpost.example/boats", outlet="northpost")
        filed(session, article, [quoted(text, BOATS, speaker="Tadeo Brisk")])
    resolve_speakers.run(sessions)
    link.run(sessions)

    def utterances() -> dict[int, int | None]:
        with sessions() as session:
            return dict(session.execute(select(QuotationRow.id, QuotationRow.utterance_id)).tuples().all())

    assert utterances()[2] == utterances()[4]
    (done,) = correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    assert utterances()[2] != utterances()[4]
    undo(sessions, done.id, now=BY_ADA["now"], settings=BY_ADA["settings"])
    assert utterances()[2] == utterances()[4]
    both = correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", everywhere=True, **BY_ADA)
    assert len(both) == 2 and utterances()[2] == utterances()[4]
    assert {speaker for number, speaker, _ in shown(sessions) if number in (2, 4)} == {"Odd Marek"}


def test_only_the_corrected_article_is_touched(sessions: Sessions) -> None:
    link.run(sessions)
    with sessions.begin() as session:
        session.execute(text("UPDATE quotations SET linked_by = NULL WHERE id = 3"))
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    with sessions() as session:
        waiting = session.scalars(select(QuotationRow.id).where(QuotationRow.linked_by.is_(None)))
        assert list(waiting) == [3]


def test_the_other_quotations_of_the_article_stay_as_the_extractor_left_them(sessions: Sessions) -> None:
    older = "UPDATE quotations SET mention_confidence = NULL, wording_key = 'of an older version' WHERE id = 1"
    with sessions.begin() as session:
        session.execute(text(older))
    before = _columns(sessions, 1)
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    correct(sessions, 2, CorrectionFault.DAY, "2031-03-01", **BY_ADA)
    assert _columns(sessions, 1) == before


def _columns(sessions: Sessions, quotation_id: int) -> list[object]:
    with sessions() as session:
        made_by_steps = "linked_by, related_by, matched_by, speaker_id, utterance_id, wording_id"
        row = session.execute(text("SELECT * FROM quotations WHERE id = :id"), {"id": quotation_id}).mappings().one()
        return [value for name, value in row.items() if name not in made_by_steps]


def test_a_correction_stays_on_the_list_until_it_is_applied(sessions: Sessions) -> None:
    correct(sessions, 2, CorrectionFault.SPEAKER, "Odd Marek", **BY_ADA)
    before = rows(sessions)
    correct_step.run(sessions, NOW)
    assert rows(sessions) == before


@pytest.mark.parametrize(
    ("sighting", "fault", "value", "error", "message"),
    [
        (99, CorrectionFault.SPEAKER, "Odd Marek", LookupError, "there is no sighting 99"),
        (2, CorrectionFault.DAY, "tomorrow", InvalidDays, "'tomorrow' is not a day"),
        (2, CorrectionFault.WORDS, "Promises sink", WordsNotFound, "does not have these words"),
        (2, CorrectionFault.MISSED, "Odd Marek", ValueError, "not missed"),
    ],
)
def test_an_impossible_correction_is_refused_and_nothing_is_recorded(
    sessions: Sessions, sighting: int, fault: CorrectionFault, value: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        correct(sessions, sighting, fault, value, **BY_ADA)
    with pytest.raises(LookupError, match="there is no article"):
        add_missed(sessions, "https://nowhere.example/", OTHER, None, **BY_ADA)
    with pytest.raises(WordsNotFound):
        add_missed(sessions, FERRY_URL, OTHER, None, **BY_ADA)
    with sessions() as session:
        assert read_corrections(session) == []


def test_the_words_of_every_sighting_stay_those_of_the_text(sessions: Sessions) -> None:
    correct(sessions, 1, CorrectionFault.WORDS, f"{FERRY_PARTS[0]} […] We owe the island", **BY_ADA)
    with sessions() as session:
        (changed,) = [s for s in read_sightings(session) if s.decided]
    assert changed.words == f"{FERRY_PARTS[0]} […] We owe the island"
    assert [part.of(FERRY) for part in changed.parts] == [FERRY_PARTS[0], "We owe the island"]
