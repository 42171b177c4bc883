"""Extract the quotations of every version that waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, Quotation
from quotetrack.core.versions import EXTRACTOR
from quotetrack.pipeline.executors.budget import Budget, OverBudget, within
from quotetrack.pipeline.executors.processes import WorkerCrashed
from quotetrack.pipeline.intake import RunContext
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.article_decisions import extract_decided_articles
from quotetrack.store.articles import read_version
from quotetrack.store.quotations import put_extract_error, put_quotations
from quotetrack.store.runs import put_failure
from quotetrack.store.worklists import count_stale_versions, versions_never_extracted, versions_to_extract

if TYPE_CHECKING:
    from spacy.language import Language

    from quotetrack.extract.windows import Encoder
    from quotetrack.pipeline.executors.processes import Mapper

DEFAULT_BUDGET = Budget()
CRASHED = "extraction failed: the worker process crashed"
MOST_WITHOUT_QUOTATIONS = 100  # articles without quotations that are kept in memory, to be named at the end


def count_stale(session: Session) -> int:
    """Return the number of versions that an older extractor read."""
    return count_stale_versions(session, EXTRACTOR)


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
    """Extract every version that waits, and store its quotations.

    `include_stale` adds the versions that an older extractor read. One transaction a version. A failure is stored with
    the version, which no run of the same extractor tries again.
    """
    with context.sessions.begin() as session:
        extract_decided_articles(session)
        waiting = versions_to_extract(session, EXTRACTOR) if include_stale else versions_never_extracted(session)
    return _extract_versions(context, waiting, mapper, on_progress)


def run_for_decisions(context: RunContext, on_progress: OnProgress = ignore_progress) -> Extraction:
    """Extract the versions whose article a decision changed, and no others."""
    with context.sessions.begin() as session:
        waiting = extract_decided_articles(session)
    return _extract_versions(context, waiting, map, on_progress)


def _extract_versions(
    context: RunContext, waiting: Sequence[int], mapper: Mapper, on_progress: OnProgress
) -> Extraction:
    articles = (_read_version(context.sessions, version_id) for version_id in waiting)
    budget = Budget(context.settings.article_seconds, context.settings.article_mebibytes)
    results = mapper(partial(extract_article, context.settings.spacy_model, budget=budget), articles)
    failures: list[Failure] = []
    without: list[str] = []
    for done, (version_id, result) in enumerate(zip(waiting, results, strict=True)):
        on_progress("extracting", done, len(waiting))
        failure = _store_result(context, version_id, result)
        if isinstance(result, list) and not result and len(without) < MOST_WITHOUT_QUOTATIONS:
            without.append(_read_version(context.sessions, version_id).url)
        if failure is not None:
            failures.append(failure)
            with context.sessions.begin() as session:
                put_extract_error(session, version_id, EXTRACTOR, failure.reason)
                put_failure(session, context.run_id, failure, context.now())
    if waiting:
        on_progress("extracting", len(waiting), len(waiting))
    return Extraction(len(waiting) - len(failures), failures, without)


def extract_article(model: str, article: Article, budget: Budget = DEFAULT_BUDGET) -> list[Quotation] | Failure:
    """Return the quotations of an article, or why extraction failed; `model` names the spaCy pipeline.

    The work of a mapper: a process loads the models for its first article, and keeps them. Raises OSError or
    ImportError where a file of ours is missing: that is no fault of the article, which stays on the work list.
    """
    from quotetrack.extract.extractor import extract

    nlp, encoder = _load_models(model)
    try:
        with within(budget):
            return extract(article, nlp, encoder)
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


def _store_result(
    context: RunContext, version_id: int, result: Sequence[Quotation] | Failure | WorkerCrashed
) -> Failure | None:
    """Store the quotations of a version. Return the failure where extraction failed or the store refused them."""
    if isinstance(result, Failure):
        return result
    if isinstance(result, WorkerCrashed):
        return Failure(_read_version(context.sessions, version_id).url, CRASHED)
    try:
        with context.sessions.begin() as session:
            put_quotations(session, version_id, result, EXTRACTOR, context.run_id)
    except ValueError as error:  # the text does not hold these quotations
        return _failure(_read_version(context.sessions, version_id), error)
    return None


def _read_version(sessions: Sessions, version_id: int) -> Article:
    with sessions() as session:
        return read_version(session, version_id)


def _failure(article: Article, error: Exception) -> Failure:
    return Failure(article.url, f"extraction failed: {type(error).__name__}: {error}")
