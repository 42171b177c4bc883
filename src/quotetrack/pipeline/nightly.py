"""What runs at night: take articles in, extract their quotations, link them, embed their words.

Each step drains a list of what is left to do, and commits as it goes: one transaction a version. Killed at any
moment, what was committed stays, and the next run goes on from there. `nightly` looks for articles itself, in the
sources of the settings; `ingest` is given them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

import quotetrack
from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Settings, Source
from quotetrack.ingest.outlets import Outlets
from quotetrack.pipeline.intake import IntakeContext, Outcome, OutcomeKind, Tally, outcome_of
from quotetrack.pipeline.progress import OnProgress, Stages, ignore_progress
from quotetrack.pipeline.steps.link import relink
from quotetrack.pipeline.steps.read_files import file_source
from quotetrack.pipeline.steps.relate import relate
from quotetrack.pipeline.steps.resolve_speakers import name_speakers
from quotetrack.store import Session, Sessions
from quotetrack.store.crawl import read_source_states
from quotetrack.store.runs import finish_run, put_counts, start_run
from quotetrack.store.search import candidates
from quotetrack.store.sightings import counts

if TYPE_CHECKING:
    from quotetrack.ingest.crawl.client import Client
    from quotetrack.pipeline.executors.processes import Mapper
from quotetrack.pipeline.steps.embed import embed_texts
from quotetrack.pipeline.steps.extract import Extraction, extract_waiting

ARRIVALS_A_ROUND = 5_000  # taken in before they are read, linked and embedded: a corpus in memory that does not grow

GIVEN = "given"  # the source of articles that come from no source of the settings

OnEvent = Callable[[str, Mapping[str, str | float | None]], None]
"""Told what has just happened, and all that is known of it: what a log holds."""


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


@dataclass(frozen=True, slots=True)
class Quiet:
    """A source that has given nothing for days: since when, the day from which it is watched if it never gave any."""

    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Night:
    """What a night did: by source what came in, by stage how many and in which time, what failed, who is quiet.

    `failures` are the first ones, `failed` is their number.
    """

    run_id: int
    sources: Mapping[str, Mapping[str, int]]
    stages: Mapping[str, Mapping[str, float]]
    failures: tuple[Failure, ...]
    failed: int
    quiet: tuple[Quiet, ...]
    unknown_outlet: int
    quotations: int
    utterances: int

    def number(self, what: OutcomeKind) -> int:
        """How many of this kind came from all sources."""
        return sum(counted.get(what, 0) for counted in self.sources.values())

    def counts(self) -> dict[str, int]:
        """The numbers of the summary, by name; the first six are those of an ingest."""
        came = {str(what): self.number(what) for what in (OutcomeKind.NEW, OutcomeKind.UNCHANGED, OutcomeKind.EDITED)}
        others = (
            OutcomeKind.LISTED,
            OutcomeKind.UNREAD,
            OutcomeKind.GONE,
            OutcomeKind.DISALLOWED,
            OutcomeKind.NOT_A_PAGE,
            OutcomeKind.LATER,
        )
        on_file = {"quotations": self.quotations, "utterances": self.utterances}
        return {**came, "failed": self.failed, **on_file, **{str(what): self.number(what) for what in others}}


def ignore_event(_event: str, _told: Mapping[str, str | float | None]) -> None:
    """The log of a job that keeps none."""


def nightly(
    sessions: Sessions,
    sources: Sequence[Source],
    *,
    connect: Callable[[], Client],
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    mapper: Mapper = map,
    since: date | None = None,
    limit: int | None = None,
    on_progress: OnProgress = ignore_progress,
    on_event: OnEvent = ignore_event,
) -> Night:
    """Take in what the sources have tonight, then drain every work-list, also of what an earlier night left.

    `connect` is asked for a client where a source is on the web; what it raises, such as ContactMissing, is raised
    before anything is done. `since` is the first day of the pages, `limit` the most pages or articles of a source.
    Otherwise as `ingest`.
    """
    with ExitStack() as resources:
        on_the_web = [source for source in sources if source.kind.is_web]
        client = resources.enter_context(connect()) if on_the_web else None
        with sessions.begin() as session:
            run_id = start_run(session, "nightly", quotetrack.__version__, now())
        on_event("run_started", {"run": run_id, "sources": ", ".join(source.name for source in sources)})
        context = IntakeContext(sessions, run_id, outlets, now, settings.evidence)
        stages, tally = Stages(on_progress), Tally()
        drain = partial(_drain, context, settings, mapper, False, stages)
        failures: list[Failure] = []
        with _told_to_the_store(context, on_event):
            arrivals = chain(
                stages.timed("fetching", _fetched(context, on_the_web, client, since, limit)),
                stages.timed("reading", _filed(context, sources, limit)),
            )
            for _ in _rounds(_told(tally.counted(arrivals), on_event)):
                failures += drain().failures
            night = _night(context, sources, settings, tally, stages, failures)
            with sessions.begin() as session:
                put_counts(session, run_id, night.sources, night.stages)
                finish_run(session, run_id, now(), night.counts(), None)
    for failure in failures:
        on_event("failed", {"stage": "extracting", "where": failure.where, "reason": failure.reason})
    for stage, counted in night.stages.items():
        on_event("stage", {"stage": stage, **counted})
    on_event("run_finished", {"run": run_id, **night.counts()})
    return night


def ingest(
    sessions: Sessions,
    articles: Iterable[Article | Failure],
    *,
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    mapper: Mapper = map,
    stale: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    """Take articles in, then drain every work-list; a second run over the same articles changes nothing.

    `now` is the clock, with a zone. With `stale`, versions that an older extractor read are read again. Models are
    loaded only where there is work for them: raises LanguageModelMissing or EmbeddingModelMissing, and what was done
    before stays. An article that breaks is recorded, and the rest goes on.
    """
    with sessions.begin() as session:
        run_id = start_run(session, "ingest", quotetrack.__version__, now())
    context = IntakeContext(sessions, run_id, outlets, now)
    stages, tally = Stages(on_progress), Tally(most_failures=None)
    with _told_to_the_store(context):
        for _ in stages.timed("reading", tally.counted(_given(context, articles))):
            pass
        extracted = _drain(context, settings, mapper, stale, stages)
        report = _report(sessions, tally, extracted)
        with sessions.begin() as session:
            finish_run(session, run_id, now(), report.counts(), None)
    return report


# Taking in


def _given(context: IntakeContext, articles: Iterable[Article | Failure]) -> Iterator[Outcome]:
    for found in articles:
        try:
            yield context.failed(GIVEN, found) if isinstance(found, Failure) else _take(context, found)
        except ValueError as error:  # what it tells cannot be: fetched at an hour without a zone, say
            assert isinstance(found, Article)
            yield context.failed(GIVEN, Failure(found.url, str(error)))


def _take(context: IntakeContext, article: Article) -> Outcome:
    with context.sessions.begin() as session:
        taken = context.put(session, article)
    return outcome_of(GIVEN, article, taken, article.url)


def _fetched(
    context: IntakeContext, sources: Sequence[Source], client: Client | None, since: date | None, limit: int | None
) -> Iterator[Outcome]:
    if client is None:
        return iter(())
    from quotetrack.pipeline.steps.crawl import fetch_sources  # what it brings is for the web alone

    return fetch_sources(context, sources, client, since=since, limit=limit)


def _filed(context: IntakeContext, sources: Sequence[Source], limit: int | None) -> Iterator[Outcome]:
    return chain.from_iterable(file_source(context, source, limit) for source in sources if not source.kind.is_web)


def _told(arrivals: Iterable[Outcome], on_event: OnEvent) -> Iterator[Outcome]:
    for arrival in arrivals:
        on_event(
            str(arrival.what),
            {
                "source": arrival.source,
                "where": arrival.where,
                "reason": arrival.reason,
                **({"pages": arrival.number} if arrival.what is OutcomeKind.LISTED else {}),
            },
        )
        yield arrival


def _rounds(arrivals: Iterator[Outcome]) -> Iterator[None]:
    """Take in a round of arrivals, and stop for what is to be done with them; at least once."""
    taken = ARRIVALS_A_ROUND
    while taken == ARRIVALS_A_ROUND:
        taken = sum(1 for _ in islice(arrivals, ARRIVALS_A_ROUND))
        yield


# Draining the work-lists


def _drain(context: IntakeContext, settings: Settings, mapper: Mapper, stale: bool, stages: Stages) -> Extraction:
    """Extract, name, link, embed and relate what waits for it."""
    sessions = context.sessions
    with stages.stage("extracting") as on_progress:
        extracted = extract_waiting(context, settings, mapper, stale, on_progress)
    with stages.stage("naming") as on_progress:
        name_speakers(sessions, on_progress)
    with stages.stage("linking") as on_progress:
        relink(sessions, on_progress)
    with stages.stage("embedding") as on_progress:
        model = embed_texts(sessions, settings.embedding_model, on_progress, half_precision=settings.embedding_bfloat16)
    with stages.stage("relating") as on_progress:
        relate(sessions, model, on_progress)
    return extracted


@contextmanager
def _told_to_the_store(context: IntakeContext, on_event: OnEvent = ignore_event) -> Iterator[None]:
    """What ends a run early is filed with it, and logged."""
    try:
        yield
    except BaseException as error:
        on_event("run_ended_early", {"run": context.run_id, "reason": f"{type(error).__name__}: {error}"})
        # Where the store itself is what failed, this fails as well: the first error is the one to tell.
        with suppress(Exception), context.sessions.begin() as session:
            finish_run(session, context.run_id, context.now(), {}, f"{type(error).__name__}: {error}")
        raise


def _report(sessions: Sessions, tally: Tally, extracted: Extraction) -> Report:
    with sessions() as session:
        return Report(
            new=tally.of(OutcomeKind.NEW),
            unchanged=tally.of(OutcomeKind.UNCHANGED),
            edited=tally.of(OutcomeKind.EDITED),
            failures=(*tally.failures, *extracted.failures),
            unknown_outlet=tally.unknown_outlet,
            read=extracted.read,
            quotations=len(candidates(session)),
            utterances=counts(session)["utterances"],
        )


def _night(
    context: IntakeContext,
    sources: Sequence[Source],
    settings: Settings,
    tally: Tally,
    stages: Stages,
    failures: Sequence[Failure],
) -> Night:
    with context.sessions() as session:
        return Night(
            run_id=context.run_id,
            sources={name: {str(what): number for what, number in c.items()} for name, c in tally.counts.items()},
            stages=stages.told(),
            failures=(*tally.failures, *failures),
            failed=tally.of(OutcomeKind.FAILED) + len(failures),
            quiet=quiet(session, sources, context.now() - timedelta(days=settings.quiet_days)),
            unknown_outlet=tally.unknown_outlet,
            quotations=len(candidates(session)),
            utterances=counts(session)["utterances"],
        )


def quiet(session: Session, sources: Sequence[Source], before: datetime) -> tuple[Quiet, ...]:
    """The sources that have given nothing since a moment."""
    on_file = read_source_states(session)
    silent_since = ((s.name, on_file[s.name].silent_since) for s in sources if s.name in on_file)
    return tuple(Quiet(name, since) for name, since in silent_since if since is not None and since < before)
