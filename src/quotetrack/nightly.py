"""What runs at night: take articles in, extract their quotations, link them, embed their words.

Each step drains a list of what is left to do, and commits as it goes: one transaction a version. Killed at any
moment, what was committed stays, and the next run goes on from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import quotetrack
from quotetrack.link import LINKER, cluster, find_links, hub_order, keep_names
from quotetrack.model import Article, Failure
from quotetrack.settings import Settings
from quotetrack.sources.outlets import UNKNOWN, Outlets
from quotetrack.store import Session, Sessions
from quotetrack.store.read import counts, read_sightings, read_version, utterance_ids
from quotetrack.store.search import candidates
from quotetrack.store.worklists import (
    quotations_to_link,
    stale_versions,
    texts_without_vector,
    versions_never_extracted,
    versions_to_extract,
)
from quotetrack.store.write import (
    OutletFacts,
    Taking,
    finish_run,
    forget_links,
    put_article,
    put_extract_error,
    put_failure,
    put_links,
    put_quotations,
    put_utterances,
    put_vectors,
    start_run,
)

if TYPE_CHECKING:
    from spacy.language import Language

TEXTS_A_COMMIT = 256  # some seconds of embedding: what a crash may cost

OnProgress = Callable[[str, int, int | None], None]
"""Told the step, how many are done, and of how many; None where nobody can know before the end."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: articles by what they were, what failed and why, and how much is on file now.

    `read` versions went through the extractor; `unknown_outlet` articles tell no outlet; `quotations` are sightings.
    """

    new: int
    unchanged: int
    edited: int
    failures: tuple[Failure, ...]
    unknown_outlet: int
    read: int
    quotations: int
    utterances: int

    @property
    def failed(self) -> int:
        """How many articles could not be taken in, or not be read."""
        return len(self.failures)

    def counts(self) -> dict[str, int]:
        """The six numbers of the summary, by name."""
        return {
            "new": self.new,
            "unchanged": self.unchanged,
            "edited": self.edited,
            "failed": self.failed,
            "quotations": self.quotations,
            "utterances": self.utterances,
        }


def silent(_step: str, _done: int, _of: int | None) -> None:
    """The progress of a job that nobody watches."""


def ingest(
    sessions: Sessions,
    articles: Iterable[Article | Failure],
    *,
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    stale: bool = False,
    on_progress: OnProgress = silent,
) -> Report:
    """Take articles in, then drain every work-list; a second run over the same articles changes nothing.

    `now` is the clock, with a zone. With `stale`, versions that an older extractor read are read again. Models are
    loaded only where there is work for them: raises LanguageModelMissing or EmbeddingModelMissing, and what was done
    before stays. An article that breaks is recorded, and the rest goes on.
    """
    with sessions.begin() as session:
        run_id = start_run(session, "ingest", quotetrack.__version__, now())
    try:
        taken = _take_in(sessions, articles, run_id, outlets, now, on_progress)
        extracted = _extract(sessions, run_id, settings.spacy_model, stale, on_progress)
        link(sessions, on_progress)
        embed_texts(sessions, settings.embedding_model, on_progress)
        report = _report(sessions, taken, extracted)
    except BaseException as error:
        # Where the store itself is what failed, this fails as well: the first error is the one to tell.
        with suppress(Exception):
            _finish(sessions, run_id, now, {}, f"{type(error).__name__}: {error}")
        raise
    _finish(sessions, run_id, now, report.counts(), None)
    return report


def stale(session: Session) -> int:
    """How many versions an older extractor read."""
    return stale_versions(session, extractor())


def extractor() -> str:
    """The name of today's extractor.

    Read off the source of its room, since importing that imports spaCy, which costs seconds when nothing is to do.
    """
    source = files("quotetrack").joinpath("extract", "__init__.py").read_text("utf-8")
    if found := re.search(r'^EXTRACTOR = "([^"]+)"', source, re.MULTILINE):
        return found[1]
    from quotetrack.extract import EXTRACTOR

    return EXTRACTOR


def link(sessions: Sessions, on_progress: OnProgress = silent) -> None:
    """Give every sighting its utterance, where any has none yet or has changed; ids of utterances last."""
    with sessions.begin() as session:
        waiting = quotations_to_link(session, LINKER)
        if not waiting:
            return
        on_progress("linking", 0, len(waiting))
        sightings = read_sightings(session)
        links = find_links(sightings)
        clusters = cluster([int(sighting.id) for sighting in hub_order(sightings)], links)
        ids, redirects = keep_names(clusters, utterance_ids(session))
        forget_links(session, waiting)
        put_links(session, links, LINKER)
        put_utterances(session, clusters, ids, redirects, LINKER)
    on_progress("linking", len(waiting), len(waiting))


def embed_texts(sessions: Sessions, model: str, on_progress: OnProgress = silent) -> None:
    """Give every text of a live quotation its vector of this model; raises EmbeddingModelMissing if there is work."""
    from quotetrack.embed import embed, embedder_name, load_embedder

    name = embedder_name(model)
    if name is not None and not _texts_to_embed(sessions, name):
        return
    embedder = load_embedder(model)
    waiting = _texts_to_embed(sessions, embedder.name)
    for start in range(0, len(waiting), TEXTS_A_COMMIT):
        on_progress("embedding", start, len(waiting))
        batch = waiting[start : start + TEXTS_A_COMMIT]
        vectors = embed([text for _, text in batch], embedder)
        with sessions.begin() as session:
            put_vectors(session, embedder.name, {key: row for (key, _), row in zip(batch, vectors, strict=True)})
    on_progress("embedding", len(waiting), len(waiting))


# Taking in


@dataclass(frozen=True, slots=True)
class _Taken:
    """Articles by what they were, and what could not be taken in."""

    takings: Counter[Taking]
    failures: list[Failure]
    unknown_outlet: int


def _take_in(
    sessions: Sessions,
    articles: Iterable[Article | Failure],
    run_id: int,
    outlets: Outlets,
    now: Callable[[], datetime],
    on_progress: OnProgress,
) -> _Taken:
    takings: Counter[Taking] = Counter()
    failures: list[Failure] = []
    unknown = 0
    for number, found in enumerate(articles, start=1):
        taking = found if isinstance(found, Failure) else _take_one(sessions, found, run_id, outlets, now())
        if isinstance(taking, Failure):
            failures.append(taking)
            with sessions.begin() as session:
                put_failure(session, run_id, taking, now())
        else:
            takings[taking] += 1
            unknown += isinstance(found, Article) and found.outlet == UNKNOWN
        on_progress("reading", number, None)
    return _Taken(takings, failures, unknown)


def _take_one(sessions: Sessions, article: Article, run_id: int, outlets: Outlets, now: datetime) -> Taking | Failure:
    try:
        with sessions.begin() as session:
            return put_article(session, article, run_id, now, _facts(outlets, article.outlet)).taking
    except ValueError as error:  # what it tells cannot be: fetched at an hour without a zone, say
        return Failure(article.url, str(error))


def _facts(outlets: Outlets, slug: str) -> OutletFacts | None:
    outlet = outlets.by_slug(slug)
    return OutletFacts(outlet.name, outlet.country, outlet.language, outlet.timezone) if outlet else None


# Extracting


@dataclass(frozen=True, slots=True)
class _Extracted:
    """How many versions were read, and those that broke the extractor."""

    read: int
    failures: list[Failure]


def _extract(sessions: Sessions, run_id: int, model: str, stale: bool, on_progress: OnProgress) -> _Extracted:
    waiting = _versions_to_read(sessions, stale)
    if not waiting:
        return _Extracted(0, [])
    from quotetrack.extract import EXTRACTOR, load_language

    nlp = load_language(model)
    failures = []
    for done, version_id in enumerate(waiting):
        on_progress("extracting", done, len(waiting))
        failure = _extract_one(sessions, version_id, nlp, run_id)
        if failure:
            failures.append(failure)
            with sessions.begin() as session:
                put_extract_error(session, version_id, EXTRACTOR, failure.reason)
    on_progress("extracting", len(waiting), len(waiting))
    return _Extracted(len(waiting) - len(failures), failures)


def _versions_to_read(sessions: Sessions, stale: bool) -> list[int]:
    """Those that nothing has read; with `stale`, also those that an older extractor read."""
    with sessions() as session:
        return versions_to_extract(session, extractor()) if stale else versions_never_extracted(session)


def _extract_one(sessions: Sessions, version_id: int, nlp: Language, run_id: int) -> Failure | None:
    """File the quotations of one version, or say why it has none."""
    from quotetrack.extract import EXTRACTOR, extract

    with sessions() as session:
        article = read_version(session, version_id)
    try:
        quotations = extract(article, nlp)
    except (OSError, ImportError):  # something of ours is missing: no fault of the article, which waits
        raise
    except Exception as error:  # whatever one article does to the extractor, the rest goes on
        return _broken(article, error)
    try:
        with sessions.begin() as session:
            put_quotations(session, version_id, quotations, EXTRACTOR, run_id)
    except ValueError as error:  # quotations that the text does not hold
        return _broken(article, error)
    return None


def _broken(article: Article, error: Exception) -> Failure:
    return Failure(article.url, f"the extractor broke: {type(error).__name__}: {error}")


# Embedding, and the end


def _texts_to_embed(sessions: Sessions, model: str) -> list[tuple[str, str]]:
    with sessions() as session:
        return texts_without_vector(session, model)


def _report(sessions: Sessions, taken: _Taken, extracted: _Extracted) -> Report:
    with sessions() as session:
        return Report(
            new=taken.takings[Taking.NEW],
            unchanged=taken.takings[Taking.UNCHANGED],
            edited=taken.takings[Taking.EDITED],
            failures=(*taken.failures, *extracted.failures),
            unknown_outlet=taken.unknown_outlet,
            read=extracted.read,
            quotations=len(candidates(session)),
            utterances=counts(session)["utterances"],
        )


def _finish(
    sessions: Sessions, run_id: int, now: Callable[[], datetime], counted: dict[str, int], error: str | None
) -> None:
    with sessions.begin() as session:
        finish_run(session, run_id, now(), counted, error)
