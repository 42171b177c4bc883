"""Extract the quotations of every version that waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, Quotation
from quotetrack.core.settings import Settings
from quotetrack.core.versions import EXTRACTOR
from quotetrack.pipeline.executors.processes import Died
from quotetrack.pipeline.intake import IntakeContext
from quotetrack.pipeline.progress import OnProgress
from quotetrack.store import Session, Sessions
from quotetrack.store.articles import read_version
from quotetrack.store.quotations import put_extract_error, put_quotations
from quotetrack.store.runs import put_failure
from quotetrack.store.worklists import stale_versions, versions_never_extracted, versions_to_extract

if TYPE_CHECKING:
    from spacy.language import Language

    from quotetrack.extract.windows import Encoder
    from quotetrack.pipeline.executors.processes import Mapper


def stale(session: Session) -> int:
    """How many versions an older extractor read."""
    return stale_versions(session, EXTRACTOR)


@dataclass(frozen=True, slots=True)
class Extraction:
    """How many versions were read, and those that broke the extractor."""

    read: int
    failures: list[Failure]


def extract_waiting(
    context: IntakeContext, settings: Settings, mapper: Mapper, stale: bool, on_progress: OnProgress
) -> Extraction:
    """Read every version that waits, by the mapper; file what was found in each."""
    waiting = _versions_to_read(context.sessions, stale)
    articles = (_version(context.sessions, version_id) for version_id in waiting)
    maker, failures = EXTRACTOR, []
    for done, (version_id, found) in enumerate(
        zip(waiting, mapper(partial(read_article, settings.spacy_model), articles), strict=True)
    ):
        on_progress("extracting", done, len(waiting))
        if isinstance(found, Died):
            found = Failure(_version(context.sessions, version_id).url, "the extractor broke: it ended its process")
        failure = found if isinstance(found, Failure) else _file_quotations(context, version_id, found, maker)
        if failure:
            failures.append(failure)
            with context.sessions.begin() as session:
                put_extract_error(session, version_id, maker, failure.reason)
                put_failure(session, context.run_id, failure, context.now())
    if waiting:
        on_progress("extracting", len(waiting), len(waiting))
    return Extraction(len(waiting) - len(failures), failures)


def read_article(model: str, article: Article) -> list[Quotation] | Failure:
    """The quotations of an article by the language model of this name, or how it broke the extractor.

    For a mapper: a process loads its models for the first article, and keeps them.
    """
    from quotetrack.extract.extractor import extract

    nlp, encoder = _readers(model)
    try:
        return extract(article, nlp, encoder)
    except (OSError, ImportError):  # something of ours is missing: no fault of the article, which waits
        raise
    except Exception as error:  # whatever one article does to the extractor, the rest goes on
        return _broken(article, error)


@lru_cache(maxsize=1)
def _readers(model: str) -> tuple[Language, Encoder]:
    from quotetrack.models.pointer import load_pointer
    from quotetrack.models.spacy_pipeline import load_language

    return load_language(model), load_pointer()


def _file_quotations(
    context: IntakeContext, version_id: int, quotations: Sequence[Quotation], maker: str
) -> Failure | None:
    try:
        with context.sessions.begin() as session:
            put_quotations(session, version_id, quotations, maker, context.run_id)
    except ValueError as error:  # quotations that the text does not hold
        return _broken(_version(context.sessions, version_id), error)
    return None


def _versions_to_read(sessions: Sessions, stale: bool) -> list[int]:
    """Those that nothing has read; with `stale`, also those that an older extractor read."""
    with sessions() as session:
        return versions_to_extract(session, EXTRACTOR) if stale else versions_never_extracted(session)


def _version(sessions: Sessions, version_id: int) -> Article:
    with sessions() as session:
        return read_version(session, version_id)


def _broken(article: Article, error: Exception) -> Failure:
    return Failure(article.url, f"the extractor broke: {type(error).__name__}: {error}")
