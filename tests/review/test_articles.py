"""Articles put right and removed by people: at once in every output, then by the steps that honour it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, func, select, text
from tests.store.newsroom import a_run
from tests.synthetic_news import every_row

from quotetrack.core.domain import Article, ArticleField, CorrectionFault, FactCheck, Failure, MatchedCheck
from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.nightly import Report, ingest
from quotetrack.pipeline.steps import erase
from quotetrack.review.articles import ArticleCannotBeDecided, apply, decide, remove, undo
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.articles import put_article, put_evidence
from quotetrack.store.check_matches import put_matches
from quotetrack.store.corrections import put_correction
from quotetrack.store.decisions import (
    AppliedKind,
    anchor_of_sighting,
    decisions_to_apply,
    put_judgement,
    read_judgements,
)
from quotetrack.store.engine import file_of, is_file
from quotetrack.store.fact_checks import put_fact_checks, read_fact_checks
from quotetrack.store.lock import run_lock
from quotetrack.store.related import put_related
from quotetrack.store.runs import put_failure
from quotetrack.store.sightings import read_sightings
from quotetrack.store.speakers import read_speakers
from quotetrack.store.tables import EmbeddingRow, QuotationRow, WordingRow
from quotetrack.store.utterances import iter_utterances, utterance_ids
from quotetrack.store.vectors import put_vectors

NOW = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)
OUTLETS = load_outlets()
SHARED = "The ferry will sail again before the month is out,"
FERRY = Article(
    url="https://harbourpost.example/ferry",
    outlet="harbourpost",
    title="Zephyrine ferry plan",
    byline="Quenby Harte",
    text=(
        f"“{SHARED}” said Orla Venn, the harbour master, on Monday.\n\n"
        "“Marzipan is dearer than diesel, and nobody asks why,” said Ulrika Vossberg, a baker on the quay."
    ),
    published_at=date(2031, 3, 12),
)
COPY = replace(
    FERRY,
    url="https://islandecho.example/sails",
    outlet="islandecho",
    title="Back to sea",
    byline=None,
    text=f"Islanders were relieved. “{SHARED}” Orla Venn said on Monday.",
)
ONLY_IN_FERRY = ("marzipan", "dearer than diesel", "vossberg", "zephyrine", "quenby", "baker on the quay")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(evidence=tmp_path / "evidence")


@pytest.fixture
def sessions(url: str, settings: Settings) -> Iterator[Sessions]:
    opened = open_store(url)
    night(opened, settings, FERRY, COPY)
    yield opened
    close_store(opened)


def night(sessions: Sessions, settings: Settings, *articles: Article) -> Report:
    return ingest(sessions, articles, outlets=OUTLETS, settings=settings, now=lambda: NOW)


def put(sessions: Sessions, **values: str) -> list[int]:
    fields = {ArticleField(name): value for name, value in values.items()}
    return [decision.id for decision in decide(sessions, 1, fields, OUTLETS, decided_by="ada", now=NOW)]


def applied(sessions: Sessions, settings: Settings) -> bool:
    """Apply what waits. Return whether that was possible, and nothing failed."""
    failures = apply(sessions, OUTLETS, settings, lambda: NOW)
    return failures is not None and not failures


def ids(sessions: Sessions) -> dict[int, int]:
    with sessions() as session:
        return utterance_ids(session)


def said_on(sessions: Sessions, sighting: int) -> date | None:
    with sessions() as session:
        return read_sightings(session, ids=[sighting])[0].said.first


def stored_words(url: str, sessions: Sessions) -> set[str]:
    """Return which words that only FERRY has stand in the bytes of a SQLite database, else in its rows."""
    if is_file(url):
        path = file_of(url)
        everything = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*")).decode("latin-1")
    else:
        with sessions() as session:
            indexed = session.execute(text("SELECT document FROM quotation_text")).all()
        everything = f"{every_row(url, but=())} {indexed}"
    return {words for words in ONLY_IN_FERRY if words in everything.lower()}


# Metadata


def test_a_decided_day_dates_the_words_again_and_every_id_lasts(sessions: Sessions, settings: Settings) -> None:
    before = ids(sessions)
    assert said_on(sessions, 1) == date(2031, 3, 10)  # the Monday before Wednesday
    (decision,) = put(sessions, published="2031-03-21")
    assert said_on(sessions, 1) == date(2031, 3, 10)
    assert applied(sessions, settings)
    assert said_on(sessions, 1) == date(2031, 3, 17)
    after = ids(sessions)
    assert before[1] == before[3] and after[1] != after[3]  # another Monday is another occasion
    assert (after[1], after[2]) == (before[1], before[2])
    undo(sessions, decision, now=NOW)
    assert applied(sessions, settings)
    assert said_on(sessions, 1) == date(2031, 3, 10)
    assert ids(sessions) == before


def test_a_decided_outlet_counts_weekdays_in_its_own_time_zone(sessions: Sessions, settings: Settings) -> None:
    at_night = replace(
        FERRY, url="file:/a.txt", outlet="unknown", published_at=datetime(2031, 3, 10, 23, 30, tzinfo=UTC)
    )
    at_night = replace(at_night, text="“It will sail,” said Orla Venn on Tuesday.")
    night(sessions, settings, at_night)
    assert said_on(sessions, 4) == date(2031, 3, 4)
    decide(sessions, 3, {ArticleField.OUTLET: "deutsche-welle"}, OUTLETS, decided_by="ada", now=NOW)
    assert applied(sessions, settings)
    assert said_on(sessions, 4) == date(2031, 3, 11)  # it is Tuesday in Berlin already


def test_without_work_no_run_is_stored(sessions: Sessions, settings: Settings) -> None:
    put(sessions, url="https://harbourpost.example/2031/ferry")
    assert applied(sessions, settings)
    with sessions() as session:
        assert a_run(session) == 2  # after the night's


def test_only_the_decided_article_is_extracted(sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        waiting = replace(COPY, url="https://islandecho.example/waits")
        put_article(session, waiting, a_run(session), NOW)
    put(sessions, title="Ferry plan")
    assert applied(sessions, settings)
    with sessions() as session:
        assert sorted({sighting.url for sighting in read_sightings(session)}) == [FERRY.url, COPY.url]


@pytest.mark.parametrize(("article", "reason"), [(99, "there is no article 99"), (1, "article 1 was removed")])
def test_an_article_that_is_not_there_cannot_be_decided(sessions: Sessions, article: int, reason: str) -> None:
    remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to")
    with pytest.raises(ArticleCannotBeDecided, match=reason):
        decide(sessions, article, {ArticleField.TITLE: "A"}, OUTLETS, decided_by="ada", now=NOW)
    with pytest.raises(ArticleCannotBeDecided, match=reason):
        remove(sessions, article, decided_by="ada", now=NOW, reason="again")


# While a night runs


def test_while_a_run_holds_the_lock_a_decision_is_recorded_and_the_run_applies_it(
    url: str, sessions: Sessions, settings: Settings
) -> None:
    with run_lock(url):
        put(sessions, published="2031-03-21")
        assert apply(sessions, OUTLETS, settings, lambda: NOW) is None
        assert said_on(sessions, 1) == date(2031, 3, 10)
        night(sessions, settings)
        assert said_on(sessions, 1) == date(2031, 3, 17)


@pytest.mark.parametrize("stage", ["extracting", "linking", "relating"])
def test_a_decision_in_the_middle_of_a_night_is_honoured_by_that_night(
    sessions: Sessions, settings: Settings, stage: str
) -> None:
    waiting = replace(COPY, url="https://islandecho.example/new", text=COPY.text + " It was Wednesday.")
    recorded: list[int] = []

    def decide_once(now: str, _done: int, _of: int | None) -> None:
        if now == stage and not recorded:
            recorded.extend(put(sessions, published="2031-03-21"))

    ingest(sessions, [waiting], outlets=OUTLETS, settings=settings, now=lambda: NOW, on_progress=decide_once)
    assert recorded
    assert said_on(sessions, 1) == date(2031, 3, 17)


def test_an_article_that_is_removed_in_the_middle_of_a_night_is_erased_by_that_night(
    sessions: Sessions, settings: Settings
) -> None:
    removed: list[int] = []
    edited = replace(FERRY, text=FERRY.text + "\n\n“Rhubarb,” said Ulrika Vossberg.")

    def remove_once(now: str, done: int, _of: int | None) -> None:
        if now == "extracting" and not removed:
            removed.append(remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to").id)

    ingest(sessions, [edited], outlets=OUTLETS, settings=settings, now=lambda: NOW, on_progress=remove_once)
    with sessions() as session:
        assert decisions_to_apply(session, AppliedKind.ARTICLE) == []
        assert {sighting.url for sighting in read_sightings(session)} == {COPY.url}
        assert session.scalar(select(func.count()).select_from(QuotationRow)) == 1


# Removal


def test_nothing_that_only_a_removed_article_said_is_left_in_the_database(
    url: str, sessions: Sessions, settings: Settings
) -> None:
    if is_file(url):
        engine = sessions.kw["bind"]
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=OFF"))
        engine.dispose()  # some builds of SQLite overwrite deleted rows, and others do not
    assert settings.evidence is not None
    own, shared = archive(settings.evidence, b"own page"), archive(settings.evidence, b"shared page")
    with sessions.begin() as session:
        run_id = a_run(session)
        own_hash, shared_hash = own.stem, shared.stem
        put_evidence(session, 1, own_hash)
        put_evidence(session, 2, shared_hash)
        put_article(session, replace(FERRY, text=FERRY.text + " Marzipan!", evidence_sha256=shared_hash), run_id, NOW)
        put_failure(session, run_id, Failure(FERRY.url, "extraction failed: marzipan is dearer"), NOW)
        put_judgement(session, 2, 3, same=False, decided_by="ada", now=NOW, reason="one is about marzipan")
        put_related(session, [(2, 3, 0.7)], "related")
        put_fact_checks(session, [FactCheck("https://c.example/1", "Bread is cheaper.")], None, NOW)
        put_matches(session, {2: [MatchedCheck(read_fact_checks(session)[0], 0.9)]}, "matcher")
        article_url, anchor = anchor_of_sighting(session, 2)
        put_correction(
            session, article_url, anchor, CorrectionFault.SPEAKER, "Ulla Vossberg", decided_by="ada", now=NOW
        )
        keys = session.execute(select(QuotationRow.words_sha256).where(QuotationRow.id.in_([1, 2]))).scalars().all()
        put_vectors(session, "mini", {key: np.array([0.6, 0.8]) for key in keys})
    put(sessions, title="Zephyrine plan", author="Quenby H.")
    night(sessions, settings)
    assert stored_words(url, sessions) == set(ONLY_IN_FERRY)
    remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to")
    assert applied(sessions, settings)
    assert stored_words(url, sessions) == set()
    assert (own.exists(), shared.exists()) == (False, True)
    with sessions() as session:
        assert [speaker.name for speaker in read_speakers(session)] == ["Orla Venn"]
        assert read_judgements(session) == []
        kept = select(EmbeddingRow.text_key).where(EmbeddingRow.model == "mini")
        assert session.scalars(kept).all() == [keys[0]]
        assert [utterance.words for utterance in iter_utterances(session)] == [SHARED]
        assert session.scalar(select(func.count()).select_from(WordingRow)) == 1


def test_what_only_a_removed_article_joined_is_apart_again(sessions: Sessions, settings: Settings) -> None:
    sugar = replace(COPY, url="https://islandecho.example/sugar", text="“Sugar costs more than fuel,” one baker said.")
    letter = replace(COPY, url="https://quayletter.example/1", text="“We bake at a loss these days,” a baker wrote.")
    night(sessions, settings, sugar, letter)
    with sessions.begin() as session:
        for other in (4, 5):
            put_judgement(session, 2, other, same=True, decided_by="ada", now=NOW)
    night(sessions, settings)
    assert ids(sessions)[2] == ids(sessions)[4] == ids(sessions)[5]
    remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to")
    assert applied(sessions, settings)
    assert sorted(ids(sessions)) == [3, 4, 5] and ids(sessions)[4] != ids(sessions)[5]


def test_a_removal_that_is_interrupted_is_finished_by_the_next_run(
    sessions: Sessions, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(_sessions: Sessions) -> None:
        raise KeyboardInterrupt

    remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to")
    with monkeypatch.context() as patch:
        patch.setattr(erase, "rewrite_file", power_cut)
        with pytest.raises(KeyboardInterrupt):
            applied(sessions, settings)
    with sessions() as session:
        assert len(decisions_to_apply(session, AppliedKind.ARTICLE)) == 1
    night(sessions, settings)
    with sessions() as session:
        assert decisions_to_apply(session, AppliedKind.ARTICLE) == []


def test_an_erased_article_comes_in_anew_after_its_removal_is_undone(sessions: Sessions, settings: Settings) -> None:
    decision = remove(sessions, 1, decided_by="ada", now=NOW, reason="asked to")
    assert applied(sessions, settings)
    assert night(sessions, settings, FERRY).removed == 1
    undo(sessions, decision.id, now=NOW)
    assert applied(sessions, settings)
    report = night(sessions, settings, FERRY)
    assert (report.new, report.removed, report.quotations) == (1, 0, 3)
    with sessions() as session:
        assert {sighting.title for sighting in read_sightings(session)} == {FERRY.title, COPY.title}
