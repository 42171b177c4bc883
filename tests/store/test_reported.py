"""Reported statements are stored beside the quotations, and follow what people decide. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.store.newsroom import EXTRACTOR, NOW, a_run, ferry, filed, quoted

from quotetrack.core.domain import (
    Attribution,
    CorrectionFault,
    DateBasis,
    Quotation,
    ReportedStatement,
    SaidOn,
    Span,
    StatementKind,
    Utterance,
)
from quotetrack.core.parts import reported_words
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.pipeline.verification import Verdict, verify_store
from quotetrack.store import Sessions
from quotetrack.store.article_decisions import put_article_decision
from quotetrack.store.articles import extract_again, put_article
from quotetrack.store.corrections import (
    corrections_of_reported,
    places_of_correction,
    put_correction,
    read_corrections,
    revoke_correction,
)
from quotetrack.store.decisions import anchor_at
from quotetrack.store.erasure import erase_article
from quotetrack.store.evidence import read_evidence
from quotetrack.store.quotations import correct_quotations, put_quotations
from quotetrack.store.reported import anchor_of_reported, correct_reported, put_reported
from quotetrack.store.reported_search import read_reported
from quotetrack.store.sightings import counts, read_sightings
from quotetrack.store.speakers import merge, speakers_by_key
from quotetrack.store.tables import ArticleVersionRow, ReportedStatementRow
from quotetrack.store.worklists import (
    count_stale_versions,
    texts_without_vector,
    versions_never_extracted,
    versions_to_extract,
    versions_with_reported,
)

REPORTER = "reported 1"
LAW = (
    "The council met.\n\n"
    "Orla Venn said the law was “cruel” and would fail.\n\n"
    "Tadeo Brisk said on Friday that the ferry would sail again."
)
CRUEL, SAILS = "the law was “cruel” and would fail", "the ferry would sail again"


def reported(text: str, words: str, speaker: str, said: SaidOn | None = None) -> ReportedStatement:
    """Return the statement of these words, whose sentence begins with the speaker and "said"."""
    start, mention = text.index(words), text.rindex(speaker, 0, text.index(words))
    cue = text.index("said", mention)
    return ReportedStatement(
        parts=(Span(start, start + len(words)),),
        words=reported_words([words]),
        kind=StatementKind.SPEECH,
        cue=Span(cue, cue + len("said")),
        method="reported_verb",
        confidence=0.8,
        context=Span(mention, start + len(words) + 1),
        attribution=Attribution(speaker, Span(mention, mention + len(speaker)), None, "reported_verb", 0.9, 0.95),
        said=said or SaidOn(None, None, DateBasis.UNKNOWN),
    )


def cruel(text: str = LAW) -> Quotation:
    mention = text.index("Orla Venn")
    found = Attribution("Orla Venn", Span(mention, mention + 9), None, "by_hand", 0.9, 0.95)
    return replace(quoted(text, "cruel"), attribution=found)


def statements(text: str = LAW) -> list[ReportedStatement]:
    return [reported(text, CRUEL, "Orla Venn"), reported(text, SAILS, "Tadeo Brisk")]


def put(session: Session, text: str = LAW, found: list[ReportedStatement] | None = None) -> int:
    """Store an article with its quotation and its statements; return the version's id."""
    taken = filed(session, ferry(text), [cruel(text)])
    put_reported(session, taken.version_id, statements(text) if found is None else found, REPORTER, a_run(session))
    return taken.version_id


def on_file(session: Session) -> list[tuple[str, str | None]]:
    return [(each.words, each.speaker) for each in read_reported(session)]


def correct(session: Session, fault: CorrectionFault, value: str) -> int:
    quotation = cruel()
    anchor = anchor_at(LAW, quotation.parts)
    made = put_correction(session, ferry().url, anchor, fault, value, decided_by="ines", now=NOW)
    apply(session)
    return made


def apply(session: Session) -> None:
    correct_quotations(session, ferry().url, NOW)
    correct_reported(session, ferry().url, NOW)


def test_statements_are_stored_with_everything_that_finds_them_in_the_article(session: Session) -> None:
    put(
        session, found=[reported(LAW, SAILS, "Tadeo Brisk", SaidOn(date(2031, 3, 7), date(2031, 3, 7), DateBasis.PAST))]
    )
    (found,) = read_reported(session)
    assert (found.id, found.words, found.kind, found.extractor) == ("r1", SAILS, StatementKind.SPEECH, REPORTER)
    assert [part.of(LAW) for part in found.parts] == [SAILS]
    assert (found.speaker, found.mention_words, found.cue_words) == ("Tadeo Brisk", "Tadeo Brisk", "said")
    assert found.said == SaidOn(date(2031, 3, 7), date(2031, 3, 7), DateBasis.PAST)
    assert (found.outlet, found.url, found.published_on) == ("harbourpost", ferry().url, date(2031, 3, 9))
    assert counts(session)["reported_statements"] == 1


def test_storing_the_same_again_changes_nothing_and_what_is_gone_is_retired_and_comes_back(session: Session) -> None:
    version = put(session)
    put_reported(session, version, statements(), REPORTER, a_run(session))
    ids = [each.id for each in read_reported(session)]
    put_reported(session, version, statements()[:1], REPORTER, a_run(session))
    assert [each.id for each in read_reported(session)] == ids[:1]
    put_reported(session, version, statements(), REPORTER, a_run(session))
    assert [each.id for each in read_reported(session)] == ids


def test_words_that_the_text_does_not_have_are_refused(session: Session) -> None:
    wrong = replace(statements()[1], words="the ferry would sink")
    with pytest.raises(ValueError, match="the text has other words"):
        put(session, found=[wrong])


def test_reported_words_cannot_be_an_utterance(session: Session) -> None:
    put(session)
    with pytest.raises(ValueError, match="not the speaker's"):
        Utterance(1, (read_reported(session)[0],))


def test_a_merge_reaches_statements(sessions: Sessions) -> None:
    with sessions.begin() as session:
        put(session)
    resolve_speakers.run(sessions)
    with sessions.begin() as session:
        speakers = speakers_by_key(session)
        merge(session, speakers["tadeo brisk"], speakers["orla venn"], "ines", NOW)
    with sessions() as session:
        assert on_file(session) == [(CRUEL, "Orla Venn"), (SAILS, "Orla Venn")]


def test_a_correction_of_the_quotation_inside_reaches_the_statement_and_can_be_undone(session: Session) -> None:
    put(session)
    made = correct(session, CorrectionFault.SPEAKER, "Ada Roth")
    assert on_file(session) == [(CRUEL, "Ada Roth"), (SAILS, "Tadeo Brisk")]
    assert read_reported(session)[0].decided == ("speaker",)
    day = correct(session, CorrectionFault.DAY, "2031-03-05")
    assert read_reported(session)[0].said == SaidOn(date(2031, 3, 5), date(2031, 3, 5), DateBasis.DECIDED)
    for each in (made, day):
        revoke_correction(session, each, NOW)
    apply(session)
    assert on_file(session) == [(CRUEL, "Orla Venn"), (SAILS, "Tadeo Brisk")]
    assert read_reported(session)[0].decided == ()
    assert read_reported(session)[0].said.basis is DateBasis.UNKNOWN


def test_a_correction_holds_when_the_statements_are_read_again(session: Session) -> None:
    version = put(session)
    correct(session, CorrectionFault.SPEAKER, "Ada Roth")
    put_quotations(session, version, [cruel()], "extract 2", a_run(session))
    put_reported(session, version, statements(), "reported 2", a_run(session))
    assert on_file(session)[0] == (CRUEL, "Ada Roth")


def test_a_quotation_of_another_mention_does_not_change_the_statement_around_it(session: Session) -> None:
    other = LAW.index("council")
    quotation = replace(cruel(), attribution=replace(cruel().attribution, mention=Span(other, other + 7)))
    taken = filed(session, ferry(LAW), [quotation])
    put_reported(session, taken.version_id, statements(), REPORTER, a_run(session))
    correct(session, CorrectionFault.SPEAKER, "Ada Roth")
    assert on_file(session)[0] == (CRUEL, "Orla Venn")


def correct_statement(session: Session, words: str, fault: CorrectionFault, value: str | None) -> int:
    number = next(str(each.id) for each in read_reported(session) if each.words == words).removeprefix("r")
    url, anchor = anchor_of_reported(session, int(number))
    made = put_correction(session, url, anchor, fault, value, decided_by="ines", now=NOW)
    apply(session)
    return made


def test_a_statement_is_corrected_by_itself_and_no_quotation_is_made_of_it(session: Session) -> None:
    put(session)
    speaker = correct_statement(session, SAILS, CorrectionFault.REPORTED_SPEAKER, "Ada Roth")
    day = correct_statement(session, SAILS, CorrectionFault.REPORTED_DAY, "2031-03-05")
    (_, found) = read_reported(session)
    assert (found.speaker, found.said.first, found.decided) == ("Ada Roth", date(2031, 3, 5), ("speaker", "day"))
    assert [each.words for each in read_sightings(session)] == ["cruel"]
    for made in (speaker, day):
        assert places(session, made) == ("r2",)
        revoke_correction(session, made, NOW)
    apply(session)
    assert (read_reported(session)[1].speaker, read_reported(session)[1].decided) == ("Tadeo Brisk", ())


def test_a_statement_is_taken_out_stays_out_and_comes_back_when_that_is_undone(session: Session) -> None:
    version = put(session)
    made = correct_statement(session, SAILS, CorrectionFault.NOT_REPORTED, None)
    assert on_file(session) == [(CRUEL, "Orla Venn")]
    put_reported(session, version, statements(), "reported 2", a_run(session))
    assert on_file(session) == [(CRUEL, "Orla Venn")]
    assert places(session, made) == ("r2",)
    revoke_correction(session, made, NOW)
    apply(session)
    assert on_file(session) == [(CRUEL, "Orla Venn"), (SAILS, "Tadeo Brisk")]


def test_what_people_decided_about_the_statement_counts_before_what_they_decided_about_its_quotation(
    session: Session,
) -> None:
    put(session)
    correct_statement(session, CRUEL, CorrectionFault.REPORTED_SPEAKER, "Ada Roth")
    correct(session, CorrectionFault.SPEAKER, "Tadeo Brisk")
    assert on_file(session)[0] == (CRUEL, "Ada Roth")
    assert read_sightings(session)[0].speaker == "Tadeo Brisk"


def test_each_statement_has_the_corrections_that_shaped_it(session: Session) -> None:
    def shaped() -> dict[str, list[tuple[int, tuple[int | str, ...]]]]:
        found = corrections_of_reported(session, ["r1", "r2"])
        return {each: [(correction.id, about) for correction, about in found[each]] for each in found}

    put(session)
    assert shaped() == {"r1": [], "r2": []}
    inside = correct(session, CorrectionFault.SPEAKER, "Tadeo Brisk")
    assert shaped() == {"r1": [(inside, (1, "r1"))], "r2": []}
    own = correct_statement(session, CRUEL, CorrectionFault.REPORTED_SPEAKER, "Ada Roth")
    assert shaped() == {"r1": [(own, ("r1",))], "r2": []}
    day = correct(session, CorrectionFault.DAY, "2031-03-05")
    assert shaped() == {"r1": [(own, ("r1",)), (day, (1, "r1"))], "r2": []}


def test_a_correction_finds_its_statement_in_an_edited_article(session: Session) -> None:
    put(session)
    made = correct_statement(session, SAILS, CorrectionFault.REPORTED_SPEAKER, "Ada Roth")
    edited = LAW.replace("The council met.", "The council met at last, on Thursday.")
    taken = put_article(session, ferry(edited), a_run(session), NOW + timedelta(hours=1))
    put_quotations(session, taken.version_id, [cruel(edited)], EXTRACTOR, a_run(session))
    put_reported(session, taken.version_id, statements(edited), REPORTER, a_run(session))
    assert (SAILS, "Ada Roth") in on_file(session)
    assert "r4" in places(session, made)


def places(session: Session, correction: int) -> tuple[int | str, ...]:
    (found,) = read_corrections(session, [correction])
    return places_of_correction(session, found)


def test_an_edited_article_shows_each_statement_once_and_says_what_it_no_longer_has(session: Session) -> None:
    put(session)
    edited = LAW.replace("The council met.", "The council met at last.").replace(f" that {SAILS}", " nothing")
    taken = put_article(session, ferry(edited), a_run(session), NOW + timedelta(hours=1))
    put_quotations(session, taken.version_id, [cruel(edited)], EXTRACTOR, a_run(session))
    put_reported(session, taken.version_id, [reported(edited, CRUEL, "Orla Venn")], REPORTER, a_run(session))
    found = read_reported(session)
    assert sorted((each.words, each.is_current) for each in found) == [(SAILS, False), (CRUEL, True)]


def test_the_evidence_of_an_older_version_is_kept_while_only_it_has_a_statement(session: Session) -> None:
    older = filed(session, replace(ferry(LAW), evidence_sha256="a" * 64), []).version_id
    put_reported(session, older, statements(), REPORTER, a_run(session))
    newer = filed(session, replace(ferry("Nothing."), evidence_sha256="b" * 64), [], NOW + timedelta(hours=1))
    assert {each.sha256[0]: bool(each.needed_for) for each in read_evidence(session)} == {"a": True, "b": True}
    put_reported(session, older, [], REPORTER, a_run(session))
    assert newer.version_id != older
    assert {each.sha256[0]: bool(each.needed_for) for each in read_evidence(session)} == {"a": False, "b": True}


def test_versions_with_statements_are_read_again_with_them(session: Session) -> None:
    without = filed(session, ferry(url="https://harbourpost.example/other"), []).version_id
    version = put(session)
    assert versions_with_reported(session, [without, version]) == {version}
    assert versions_to_extract(session, EXTRACTOR, REPORTER) == []
    assert versions_to_extract(session, EXTRACTOR, REPORTER, with_reported=True) == [without]
    assert versions_to_extract(session, EXTRACTOR, "reported 2") == [version]
    assert count_stale_versions(session, EXTRACTOR, "reported 2", with_reported=True) == 2
    extract_again(session, session.get_one(ArticleVersionRow, version).article_id)
    assert versions_never_extracted(session) == [version]
    assert versions_with_reported(session, [version]) == {version}


def test_statements_are_embedded_and_verified(session: Session) -> None:
    put(session)
    texts = [text for _, text in texts_without_vector(session, "model")]
    assert {CRUEL, SAILS, "cruel"} <= set(texts)
    verdicts = {each.where: each.verdict for each in verify_store(session, None)}
    assert verdicts["reported statement 1"] is Verdict.HOLDS
    session.scalars(select(ReportedStatementRow)).first().words = "the law was fine"
    session.flush()
    verdicts = {each.where: each.verdict for each in verify_store(session, None)}
    assert verdicts["reported statement 1"] is Verdict.FAILS


def test_a_removed_article_takes_its_statements_along(sessions: Sessions) -> None:
    with sessions.begin() as session:
        version = put(session)
        article = session.get_one(ArticleVersionRow, version).article_id
    resolve_speakers.run(sessions)
    with sessions.begin() as session:
        put_article_decision(session, ferry().url, "removed", None, decided_by="ines", at=NOW, reason=None)
        assert read_reported(session) == []
        erase_article(session, article)
        assert session.scalars(select(ReportedStatementRow)).all() == []
        assert speakers_by_key(session) == {}
