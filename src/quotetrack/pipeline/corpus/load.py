"""Load an extracted corpus into a store: the store is then the one that `ingest` of the same articles gives.

An article is stored by the functions that every other run uses, one transaction each, and its statements with it. What
the store reads otherwise than the corpus did, such as an article whose outlet another copy tells, is extracted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, LeftOut, Quotation, ReportedStatement
from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.export.corpus_tables import ExtractedArticle, Table, read_extracted, read_vectors
from quotetrack.ingest.outlets import Outlets
from quotetrack.pipeline import nightly
from quotetrack.pipeline.corpus.extract import Making, Record, path_of
from quotetrack.pipeline.corpus.places import Prefix
from quotetrack.pipeline.intake import Outcome, RunContext, failure_of, outcome_of, outcome_of_left_out
from quotetrack.pipeline.nightly import GIVEN, Report
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.articles import Taken, Taking, read_version
from quotetrack.store.quotations import passage_of, put_extract_error, put_quotations
from quotetrack.store.reported import put_reported, put_unread_reported
from quotetrack.store.vectors import put_vectors

if TYPE_CHECKING:
    from quotetrack.pipeline.executors.processes import Mapper


def load_corpus(
    sessions: Sessions,
    prefix: Prefix,
    records: Sequence[Record],
    *,
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    mapper: Mapper = map,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    """Store the articles of these partitions with their statements and vectors, then drain every work list.

    A second run over the same partitions changes nothing. The arguments and errors are those of `nightly.ingest`.
    """
    return nightly.ingest_outcomes(
        sessions,
        "corpus load",
        lambda context: (outcome for record in records for outcome in _load(context, prefix, record)),
        outlets=outlets,
        settings=settings,
        now=now,
        mapper=mapper,
        on_progress=on_progress,
    )


def _load(context: RunContext, prefix: Prefix, record: Record) -> Iterator[Outcome]:
    """Store what a partition holds, and yield the outcome of each article, of what was unread, and of what is none."""
    name, has = record.partition.name, record.rows
    keys: set[str] = set()
    with ExitStack() as streams:
        tables = [Table.ARTICLES, Table.QUOTATIONS, *([Table.STATEMENTS] if Table.STATEMENTS in has else [])]
        opened = [streams.enter_context(prefix.opened(path_of(table, name))) for table in tables]
        for extracted in read_extracted(*opened):
            yield from _take(context, record.making, extracted, keys)
    for where, reason in record.failures:
        yield context.record_failure(GIVEN, Failure(where, reason))
    if more := record.failed - len(record.failures):
        rest = Failure(record.partition.source, f"and {more} more that could not be read")
        yield replace(context.record_failure(GIVEN, rest), number=more)
    for reason, number in record.left_out.items():
        yield outcome_of_left_out(GIVEN, LeftOut(record.partition.source, reason, number))
    if Table.VECTORS in has:
        _put_vectors(context, prefix, name, keys)


def _take(context: RunContext, making: Making, extracted: ExtractedArticle, keys: set[str]) -> list[Outcome]:
    """Store an article with what was extracted from it, and add the keys of the texts that it brings to the store.

    Returns the outcome of the article, and of the extraction if that failed: `ingest` counts both.
    """
    article, not_extracted = extracted.article, []
    try:
        with context.sessions.begin() as session:
            taken = context.put_article(session, article)
            if _is_as_extracted(session, taken, article):
                assert taken.version_id is not None
                if extracted.error is None:
                    _put_statements(context, session, taken.version_id, making, extracted)
                    keys |= _keys_of(extracted)
                else:
                    _put_error(session, taken.version_id, making, extracted.error)
                    not_extracted = [context.put_failure(session, GIVEN, Failure(article.url, extracted.error))]
    except Exception as error:
        return [context.record_failure(GIVEN, failure_of(article.url, error))]
    return [outcome_of(GIVEN, taken, article.url), *not_extracted]


def _is_as_extracted(session: Session, taken: Taken, article: Article) -> bool:
    """Return whether the store has a new version, and extraction would read in it what it read in the corpus."""
    if taken.version_id is None or taken.taking not in (Taking.NEW, Taking.EDITED):
        return False
    return _as_extraction_reads(read_version(session, taken.version_id)) == _as_extraction_reads(article)


def _as_extraction_reads(article: Article) -> Article:
    return replace(article, url="", external_id=None, fetched_at=None, evidence_sha256=None)


def _put_statements(
    context: RunContext, session: Session, version_id: int, making: Making, extracted: ExtractedArticle
) -> None:
    put_quotations(session, version_id, extracted.quotations, making.extractor, context.run_id)
    if making.reporter is not None and extracted.reported is not None:
        put_reported(session, version_id, extracted.reported, making.reporter, context.run_id)


def _put_error(session: Session, version_id: int, making: Making, error: str) -> None:
    put_extract_error(session, version_id, making.extractor, error)
    if making.reporter is not None:
        put_unread_reported(session, version_id, making.reporter)


def _keys_of(extracted: ExtractedArticle) -> set[str]:
    """Return the keys of the words and passages of an article."""
    text = extracted.article.text
    statements: list[Quotation | ReportedStatement] = [*extracted.quotations, *(extracted.reported or ())]
    passages = {sha256(passage_of(text, said.context.start, said.context.end)) for said in statements}
    return passages | {sha256(said.words) for said in statements}


def _put_vectors(context: RunContext, prefix: Prefix, name: str, keys: set[str]) -> None:
    """Store the vectors of these texts, if they are of the model of the settings; others are embedded later."""
    from quotetrack.models.embedder import embedder_name

    wanted = embedder_name(context.settings.embedding_model)
    with prefix.opened(path_of(Table.VECTORS, name)) as stream:
        for model, vectors in read_vectors(stream):
            of_store = {key: vector for key, vector in vectors.items() if key in keys}
            if of_store and wanted in (None, model):
                with context.sessions.begin() as session:
                    put_vectors(session, model, of_store)
