"""Corrections and judgements of another database: stored once, and of two the later stands."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session
from tests.store.newsroom import BOATS, FERRY, NOW, ferry, ferry_quotations, filed

from quotetrack.core.domain import CorrectionFault, Span
from quotetrack.store.corrections import import_correction, put_correction, read_corrections, revoke_correction
from quotetrack.store.decisions import (
    ImportResult,
    anchor_at,
    import_judgement,
    put_judgement,
    read_judgements,
    revoke_judgement,
)
from quotetrack.store.sightings import read_sightings

DAY = timedelta(days=1)
URL, OTHER_URL = ferry().url, "https://islandecho.example/ferry"
NEW, KNOWN, OVERRULED = ImportResult.NEW, ImportResult.KNOWN, ImportResult.OVERRULED
ANCHOR = anchor_at(FERRY, [Span(FERRY.index(BOATS), FERRY.index(BOATS) + len(BOATS))])


def corrected(session: Session, speaker: str, days: int, by: str = "ada") -> ImportResult:
    return import_correction(
        session,
        URL,
        ANCHOR,
        CorrectionFault.SPEAKER,
        speaker,
        decided_by=by,
        at=NOW + days * DAY,
        reason=None,
        target=None,
    )


def in_force(session: Session) -> list[tuple[str | None, str]]:
    return [(correction.value, correction.decided_by) for correction in read_corrections(session)]


def test_of_two_corrections_the_later_stands(session: Session) -> None:
    put_correction(session, URL, ANCHOR, CorrectionFault.SPEAKER, "Orla Venn", decided_by="bo", now=NOW)
    assert corrected(session, "Simon Vale", days=-1) is OVERRULED
    assert in_force(session) == [("Orla Venn", "bo")]
    assert corrected(session, "Orla Venn", days=-1) is KNOWN
    assert corrected(session, "Simon Vale", days=1) is NEW
    assert in_force(session) == [("Simon Vale", "ada")]


def test_a_correction_that_was_revoked_here_stays_revoked(session: Session) -> None:
    assert corrected(session, "Simon Vale", days=0) is NEW
    (correction,) = read_corrections(session)
    assert revoke_correction(session, correction.id, NOW + DAY)
    assert corrected(session, "Simon Vale", days=0) is KNOWN
    assert in_force(session) == []
    assert corrected(session, "Simon Vale", days=0, by="bo") is NEW


def judged(session: Session, same: bool, days: int, anchor=ANCHOR) -> ImportResult:
    ends = ((URL, anchor), (OTHER_URL, ANCHOR))
    return import_judgement(session, ends, same=same, decided_by="ada", at=NOW + days * DAY, reason=None)


def verdicts(session: Session) -> list[tuple[bool, str]]:
    return [(judgement.same, judgement.decided_by) for judgement in read_judgements(session)]


def test_of_two_judgements_the_later_stands(session: Session) -> None:
    assert judged(session, True, days=0) is NEW
    assert judged(session, True, days=0) is KNOWN
    assert judged(session, False, days=-1) is OVERRULED
    assert judged(session, False, days=1) is NEW
    assert verdicts(session) == [(False, "ada")]
    assert judged(session, True, days=0) is KNOWN
    (judgement,) = read_judgements(session)
    assert revoke_judgement(session, judgement.id, NOW + 2 * DAY)
    assert judged(session, False, days=1) is KNOWN
    assert verdicts(session) == []


def test_a_judgement_about_other_characters_of_the_same_sightings_is_found(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(url=OTHER_URL, outlet="islandecho"), ferry_quotations())
    left, right = (int(sighting.id) for sighting in read_sightings(session) if sighting.words == BOATS)
    put_judgement(session, left, right, same=True, decided_by="bo", now=NOW)
    longer = anchor_at(FERRY, [Span(FERRY.index(BOATS), FERRY.index(BOATS) + len(BOATS) - 1)])
    assert judged(session, False, days=-1, anchor=longer) is OVERRULED
    assert judged(session, False, days=1, anchor=longer) is NEW
    assert verdicts(session) == [(False, "ada")]
