"""Corrections and judgements of another database: stored once, and of two the later stands."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session
from tests.store.newsroom import BOATS, FERRY, NOW, ferry, ferry_quotations, filed

from quotetrack.core.domain import ArticleField, CorrectionFault, Span
from quotetrack.store.article_decisions import (
    import_article_decision,
    put_article_decision,
    read_article_decisions,
    revoke_article_decision,
)
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


def decided(session: Session, title: str | None, days: int, by: str = "ada") -> ImportResult:
    field, at = ArticleField.TITLE, NOW + days * DAY
    return import_article_decision(session, URL, field, title, decided_by=by, at=at, reason=None)


def test_of_two_decisions_about_a_field_the_later_stands(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    put_article_decision(session, URL, ArticleField.TITLE, "Venn goes", decided_by="bo", at=NOW)
    assert decided(session, "Venn stays", days=-1) is OVERRULED
    assert decided(session, "Venn goes", days=-1) is KNOWN
    assert decided(session, "Venn is back", days=1) is NEW
    assert {sighting.title for sighting in read_sightings(session)} == {"Venn is back"}
    (decision,) = (each for each in read_article_decisions(session) if each.revoked_at is None)
    revoke_article_decision(session, decision.id, NOW + 2 * DAY)
    assert decided(session, "Venn is back", days=1) is KNOWN
    assert {sighting.title for sighting in read_sightings(session)} == {"Venn leaves the harbour"}


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
