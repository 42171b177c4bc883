"""Extract the quotations of every version that waits, and its reported statements where they are wanted.

A version whose reported statements were read once is always read with them: a new day of publication, or a new
extractor, must reach them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, Quotation, ReportedStatement
from quotetrack.core.versions import EXTRACTOR, REPORTER
from quotetrack.pipeline.executors.budget import Budget, OverBudget, within
from quotetrack.pipeline.executors.processes import WorkerCrashed
from quotetrack.pipeline.intake import RunContext
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.article_decisions import extract_decided_articles
from quotetrack.store.articles import read_version
from quotetrack.store.quotations import put_extract_error, put_quotations
from quotetrack.store.reported import put_reported, put_unread_reported
from quotetrack.store.runs import put_failure
from quotetrack.store.worklists import (
    versions_never_extracted,
    versions_to_extract,
    versions_with_reported,
)

if TYPE_CHECKING:
    from spacy.language import Language

    from quotetrack.extract.windows import Encoder
    from quotetrack.pipeline.executors.processes import Mapper

DEFAULT_BUDGET = Budget()
CRASHED = "extraction failed: the worker process crashed"
MOST_WITHOUT_QUOTATIONS = 100  # articles without quotations that are kept in memory, to be named at the end


@dataclass(frozen=True, slots=True)
class ArticleToRead:
    """An article to extract, and whether its reported statements are wanted."""

    article: Article
    with_reported: bool = False


@dataclass(frozen=True, slots=True)
class Statements:
    """What was extracted from an article; `reported` is None where reported statements were not wanted."""

    quotations: list[Quotation]
    reported: list[ReportedStatement] | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """The number of versions whose quotations were stored, the failures of the others, and articles without quotations.

    `without_quotations` holds the URLs of the first of them.
    """

    extracted: int
    failures: list[Failure]
    without_quotations: list[str] = field(default_factory=list)

    def plus(self, other: Extraction) -> Extraction:
        """Return both together."""
        return Extraction(
            self.extracted + other.extracted,
            self.failures + other.failures,
            self.without_quotations + other.without_quotations,
        )


def run(
    context: RunContext, mapper: Mapper, include_stale: bool, on_progress: OnProgress = ignore_progress
) -> Extraction:
    """Extract every version that waits, and store its quotations, with its reported statements if the settings say so.

    `include_stale` adds the versions that an older extractor read, or without the reported statements. One transaction
    a version. A failure is stored with the version, which no run of the same extractor tries again.
    """
    with context.sessions.begin() as session:
        extract_decided_articles(session)
        if include_stale:
            with_reported = context.settings.reported
            waiting = versions_to_extract(session, EXTRACTOR, REPORTER, with_reported=with_reported)
        else:
            waiting = versions_never_extracted(session)
    return _extract_versions(context, waiting, mapper, on_progress)


def run_for_decisions(context: RunContext, on_progress: OnProgress = ignore_progress) -> Extraction:
    """Extract the versions whose article a decision changed, and no others."""
    with context.sessions.begin() as session:
        waiting = extract_decided_articles(session)
    return _extract_versions(context, waiting, map, on_progress)


def _extract_versions(
    context: RunContext, waiting: Sequence[int], mapper: Mapper, on_progress: OnProgress
) -> Extraction:
    with context.sessions() as session:
        also_reported = set(waiting) if context.settings.reported else versions_with_reported(session, waiting)
    articles = (ArticleToRead(_read_version(context.sessions, each), each in also_reported) for each in waiting)
    budget = Budget(context.settings.article_seconds, context.settings.article_mebibytes)
    results = mapper(partial(extract_article, context.settings.spacy_model, budget=budget), articles)
    failures: list[Failure] = []
    without: list[str] = []
    for done, (version_id, result) in enumerate(zip(waiting, results, strict=True)):
        on_progress("extracting", done, len(waiting))
        failure = _store_result(context, version_id, result)
        if isinstance(result, Statements) and not result.quotations and len(without) < MOST_WITHOUT_QUOTATIONS:
            without.append(_read_version(context.sessions, version_id).url)
        if failure is not None:
            failures.append(failure)
            with context.sessions.begin() as session:
                put_extract_error(session, version_id, EXTRACTOR, failure.reason)
                if version_id in also_reported:
                    put_unread_reported(session, version_id, REPORTER)
                put_failure(session, context.run_id, failure, context.now())
    if waiting:
        on_progress("extracting", len(waiting), len(waiting))
    return Extraction(len(waiting) - len(failures), failures, without)


def extract_article(model: str, wanted: ArticleToRead, budget: Budget = DEFAULT_BUDGET) -> Statements | Failure:
    """Return the statements of an article, or why extraction failed; `model` names the spaCy pipeline.

    The work of a mapper: a process loads the models for its first article, and keeps them. Raises OSError or
    ImportError where a file of ours is missing: that is no fault of the article, which stays on the work list.
    """
    from quotetrack.extract.extractor import extract
    from quotetrack.extract.reported_speech import extract_with_reported

    article = wanted.article
    nlp, encoder = _load_models(model)
    try:
        with within(budget):
            if wanted.with_reported:
                return Statements(*extract_with_reported(article, nlp, encoder))
            return Statements(extract(article, nlp, encoder))
    except OverBudget as limit:
        return Failure(article.url, f"extraction stopped: {limit}")
    except (OSError, ImportError):
        raise
    except Exception as error:  # one article may break the extractor in any way; the run goes on with the others
        return _failure(article, error)


@lru_cache(maxsize=1)
def _load_models(model: str) -> tuple[Language, Encoder]:
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import load_language

    return load_language(model), load_pointer()


def _store_result(context: RunContext, version_id: int, result: Statements | Failure | WorkerCrashed) -> Failure | None:
    """Store the statements of a version. Return the failure where extraction failed or the store refused them."""
    if isinstance(result, Failure):
        return result
    if isinstance(result, WorkerCrashed):
        return Failure(_read_version(context.sessions, version_id).url, CRASHED)
    try:
        with context.sessions.begin() as session:
            put_quotations(session, version_id, result.quotations, EXTRACTOR, context.run_id)
            if result.reported is not None:
                put_reported(session, version_id, result.reported, REPORTER, context.run_id)
    except ValueError as error:  # the text does not hold these words
        return _failure(_read_version(context.sessions, version_id), error)
    return None


def _read_version(sessions: Sessions, version_id: int) -> Article:
    with sessions() as session:
        return read_version(session, version_id)


def _failure(article: Article, error: Exception) -> Failure:
    return Failure(article.url, f"extraction failed: {type(error).__name__}: {error}")
