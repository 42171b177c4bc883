"""What runs at night: take articles in, extract their statements, link them, embed their words, match fact-checks.

Each step drains a work list and commits as it goes: one transaction a version. A run that is killed loses nothing that
was committed, and the next run continues from there. `nightly` takes articles from the sources of the settings;
`ingest` is given the articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.settings import Settings, Source
from quotetrack.core.versions import LINKER, package_version
from quotetrack.ingest.outlets import Outlets
from quotetrack.pipeline.intake import (
    Outcome,
    OutcomeKind,
    RunContext,
    Tally,
    failure_of,
    outcome_of,
    outcome_of_left_out,
)
from quotetrack.pipeline.progress import OnProgress, Stages, ignore_progress
from quotetrack.pipeline.steps import (
    correct,
    embed,
    erase,
    extract,
    link,
    match_checks,
    relate,
    resolve_speakers,
    watch,
)
from quotetrack.pipeline.steps.extract import Extraction
from quotetrack.pipeline.steps.read_files import read_files
from quotetrack.store import Session, Sessions, merge_full_text
from quotetrack.store.check_matches import has_fact_checks
from quotetrack.store.crawl import read_source_states
from quotetrack.store.decisions import AppliedKind, decisions_to_apply
from quotetrack.store.runs import finish_run, put_counts, start_run
from quotetrack.store.sightings import counts
from quotetrack.store.watches import read_watches
from quotetrack.store.worklists import quotations_for_linker, versions_never_extracted

if TYPE_CHECKING:
    from quotetrack.ingest.crawl.client import Client
    from quotetrack.pipeline.executors.processes import Mapper

OUTCOMES_A_ROUND = 5_000  # taken in before the work lists are drained: this bounds the articles in memory
MOST_ROUNDS = 20  # of draining at the end of a run, while people go on deciding

GIVEN = "given"  # the source name of articles that no source of the settings gave

OnEvent = Callable[[str, Mapping[str, str | float | None]], None]
"""Called with the name of an event and its fields, for a log."""

NO_QUOTATIONS = "no quotation was found in it"
OTHER_KINDS = (
    OutcomeKind.LISTED,
    OutcomeKind.UNREAD,
    OutcomeKind.GONE,
    OutcomeKind.DISALLOWED,
    OutcomeKind.NOT_A_PAGE,
    OutcomeKind.LATER,
    OutcomeKind.LEFT_OUT,
)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an ingest: articles by outcome, what was left out, the failures, and how much the store holds now.

    `kept` articles had less than their stored text, which stays. `notices` say what of an article may be missing.
    `failed` counts articles that were not taken in, or not extracted; of a corpus `failures` may have fewer.
    `read` versions went through the extractor, `unknown_outlet` articles name no outlet, `quotations` are sightings.
    `reported_statements` is 0 where none are stored.
    """

    new: int
    unchanged: int
    edited: int
    completed: int
    kept: int
    removed: int
    omissions: tuple[LeftOut, ...]
    failures: tuple[Failure, ...]
    failed: int
    notices: tuple[Failure, ...]
    unknown_outlet: int
    read: int
    quotations: int
    utterances: int
    reported_statements: int

    @property
    def left_out(self) -> int:
        """The number of inputs that were left out although nothing failed; `omissions` has the first reasons."""
        return sum(each.number for each in self.omissions)

    def counts(self) -> dict[str, int]:
        """Return the numbers of the summary, by name."""
        return {
            "new": self.new,
            "unchanged": self.unchanged,
            "edited": self.edited,
            "completed": self.completed,
            "kept": self.kept,
            "removed": self.removed,
            "failed": self.failed,
            "quotations": self.quotations,
            "utterances": self.utterances,
            "left_out": self.left_out,
            **_if_any(self.reported_statements),
        }


@dataclass(frozen=True, slots=True)
class QuietSource:
    """A source that has given no article for days, and since when.

    `since` is the first run that read the source if it has never given an article.
    """

    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Night:
    """The result of a night: outcomes by source, number and seconds by stage, failures, and quiet sources.

    `failures` holds only the first ones; `failed` is the number of all.
    """

    run_id: int
    sources: Mapping[str, Mapping[str, int]]
    stages: Mapping[str, Mapping[str, float]]
    omissions: tuple[LeftOut, ...]
    failures: tuple[Failure, ...]
    failed: int
    quiet: tuple[QuietSource, ...]
    unknown_outlet: int
    quotations: int
    utterances: int
    reported_statements: int

    def number(self, kind: OutcomeKind) -> int:
        """Return the number of outcomes of this kind from all sources."""
        return sum(counted.get(kind, 0) for counted in self.sources.values())

    def counts(self) -> dict[str, int]:
        """Return the numbers of the summary, by name; the first nine are those of an ingest."""
        return {
            "new": self.number(OutcomeKind.NEW),
            "unchanged": self.number(OutcomeKind.UNCHANGED),
            "edited": self.number(OutcomeKind.EDITED),
            "completed": self.number(OutcomeKind.COMPLETED),
            "kept": self.number(OutcomeKind.KEPT),
            "removed": self.number(OutcomeKind.REMOVED),
            "failed": self.failed,
            "quotations": self.quotations,
            "utterances": self.utterances,
            **{str(kind): self.number(kind) for kind in OTHER_KINDS},
            **_if_any(self.reported_statements),
        }


def _if_any(reported_statements: int) -> dict[str, int]:
    """Return the count of reported statements; nothing for a store without any."""
    return {"reported_statements": reported_statements} if reported_statements else {}


def ignore_event(_event: str, _fields: Mapping[str, str | float | None]) -> None:
    """Ignore the event."""


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
    """Take in what the sources have tonight, then drain every work list, including what an earlier night left.

    `connect` gives the client, and is called only if a source is on the web. Its errors, such as ContactMissing, are
    raised before anything is done. `since` is the first day of the pages; `limit` is the most pages or articles of each
    source. The other arguments are those of `ingest`.
    """
    with ExitStack() as resources:
        is_on_web = any(source.kind.is_web for source in sources)
        client = resources.enter_context(connect()) if is_on_web else None
        with sessions.begin() as session:
            run_id = start_run(session, "nightly", package_version(), now())
        on_event("run_started", {"run": run_id, "sources": ", ".join(source.name for source in sources)})
        context = RunContext(sessions, run_id, outlets, now, settings)
        stages, tally = Stages(on_progress), Tally()
        failures: list[Failure] = []
        with _recorded_if_it_ends_early(context, on_event):
            outcomes = _take_in(context, sources, client, since, limit, stages)
            for number, outcome in enumerate(outcomes, start=1):
                tally.count(outcome)
                _log_outcome(outcome, on_event)
                if number % OUTCOMES_A_ROUND == 0:
                    failures += _drain(context, mapper, False, stages).failures
            failures += _drain(context, mapper, False, stages).failures
            failures += _drain_decisions(context, mapper, stages).failures
            merge_full_text(sessions)
            _watch(context, stages)
            night = _night(context, sources, tally, stages, failures)
            with sessions.begin() as session:
                put_counts(session, run_id, night.sources, night.stages)
                finish_run(session, run_id, now(), night.counts(), None)
    _log_end(night, failures, on_event)
    return night


def ingest(
    sessions: Sessions,
    articles: Iterable[Article | Failure | LeftOut],
    *,
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    mapper: Mapper = map,
    stale: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    """Take articles in, then drain every work list. A second run over the same articles changes nothing.

    `now` gives a datetime with a time zone. With `stale`, versions that an older extractor read are extracted again.
    Models are loaded only if there is work for them: raises LanguageModelMissing or EmbeddingModelMissing, and what was
    committed before stays. The failure of an article is stored, and the run continues with the others.
    """
    return ingest_outcomes(
        sessions,
        "ingest",
        lambda context: (_take_article(context, article) for article in articles),
        outlets=outlets,
        settings=settings,
        now=now,
        mapper=mapper,
        stale=stale,
        on_progress=on_progress,
    )


def ingest_outcomes(
    sessions: Sessions,
    command: str,
    take: Callable[[RunContext], Iterable[Outcome]],
    *,
    outlets: Outlets,
    settings: Settings,
    now: Callable[[], datetime],
    mapper: Mapper = map,
    stale: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Report:
    """Take articles in by a function that yields an outcome for each, then drain every work list.

    `command` is the name under which the run is stored. The other arguments are those of `ingest`.
    """
    with sessions.begin() as session:
        run_id = start_run(session, command, package_version(), now())
    context = RunContext(sessions, run_id, outlets, now, settings)
    stages, tally = Stages(on_progress), Tally(most_failures=None)
    with _recorded_if_it_ends_early(context):
        for outcome in stages.timed("reading", take(context)):
            tally.count(outcome)
        extraction = _drain(context, mapper, stale, stages)
        extraction = extraction.plus(_drain_decisions(context, mapper, stages))
        merge_full_text(sessions)
        _watch(context, stages)
        report = _report(sessions, tally, extraction)
        with sessions.begin() as session:
            finish_run(session, run_id, now(), report.counts(), None)
    return report


# Taking in


def _take_in(
    context: RunContext,
    sources: Sequence[Source],
    client: Client | None,
    since: date | None,
    limit: int | None,
    stages: Stages,
) -> Iterator[Outcome]:
    """Yield the outcome of each page and article, first from the web, then from files. Each is committed before."""
    fetched: Iterable[Outcome] = ()
    if client is not None:
        from quotetrack.pipeline.steps.crawl import fetch_sources  # loads the crawler, which files do not need

        on_the_web = [source for source in sources if source.kind.is_web]
        fetched = fetch_sources(context, on_the_web, client, since=since, limit=limit)
    yield from stages.timed("fetching", fetched)
    on_disk = [source for source in sources if not source.kind.is_web]
    yield from stages.timed("reading", read_files(context, on_disk, limit))


def _take_article(context: RunContext, article: Article | Failure | LeftOut) -> Outcome:
    """Store an article that was given, or why it could not be read."""
    if isinstance(article, Failure):
        return context.record_failure(GIVEN, article)
    if isinstance(article, LeftOut):
        return outcome_of_left_out(GIVEN, article)
    try:
        with context.sessions.begin() as session:
            taken = context.put_article(session, article)
    except Exception as error:
        return context.record_failure(GIVEN, failure_of(article.url, error))
    return outcome_of(GIVEN, taken, article.url)


# Draining the work lists


def _drain(context: RunContext, mapper: Mapper, include_stale: bool, stages: Stages) -> Extraction:
    """Extract, correct, resolve speakers, link, embed, relate and match what waits; erase what people removed."""
    sessions = context.sessions
    with stages.stage("extracting") as on_progress:
        extraction = extract.run(context, mapper, include_stale, on_progress)
    with stages.stage("correcting") as on_progress:
        correct.run(sessions, context.now(), on_progress)
    with stages.stage("naming") as on_progress:
        resolve_speakers.run(sessions, on_progress)
    with stages.stage("linking") as on_progress:
        link.run(sessions, on_progress)
    with stages.stage("embedding") as on_progress:
        model = embed.run(sessions, context.settings, on_progress)
    with stages.stage("relating") as on_progress:
        relate.run(sessions, model, on_progress)
    _match_checks(context, model, stages)
    with stages.stage("erasing") as on_progress:
        erase.run(sessions, context.settings.evidence, on_progress)
    return extraction


def _drain_decisions(context: RunContext, mapper: Mapper, stages: Stages) -> Extraction:
    """Apply what people decided while the work lists were drained: they could not get the lock."""
    extraction = Extraction(0, [])
    for _ in range(MOST_ROUNDS):
        if not _has_work(context):
            break
        extraction = extraction.plus(_drain(context, mapper, False, stages))
    return extraction


def _match_checks(context: RunContext, model: str, stages: Stages) -> None:
    """Match the sightings with the fact-checks, where there are any."""
    with context.sessions() as session:
        if not has_fact_checks(session):
            return
    with stages.stage("matching fact-checks") as on_progress:
        match_checks.run(context.sessions, context.settings, model, on_progress)


def _watch(context: RunContext, stages: Stages) -> None:
    """Find what answers the saved questions, where there are any."""
    with context.sessions() as session:
        if not read_watches(session):
            return
    with stages.stage("watching") as on_progress:
        watch.run(context.sessions, context.now(), on_progress)


def _has_work(context: RunContext) -> bool:
    """Return whether anything waits for a step."""
    with context.sessions() as session:
        return bool(
            versions_never_extracted(session)
            or decisions_to_apply(session, AppliedKind.CORRECTION)
            or decisions_to_apply(session, AppliedKind.JUDGEMENT)
            or decisions_to_apply(session, AppliedKind.ARTICLE)
            or quotations_for_linker(session, LINKER)
        )


# The run and its report


@contextmanager
def _recorded_if_it_ends_early(context: RunContext, on_event: OnEvent = ignore_event) -> Iterator[None]:
    """Store and log the error that ends a run early, and raise it."""
    try:
        yield
    except BaseException as error:
        reason = f"{type(error).__name__}: {error}"
        on_event("run_ended_early", {"run": context.run_id, "reason": reason})
        # If the store itself failed, this fails too. The first error is the one to raise.
        with suppress(Exception), context.sessions.begin() as session:
            finish_run(session, context.run_id, context.now(), {}, reason)
        raise


def _log_outcome(outcome: Outcome, on_event: OnEvent) -> None:
    fields: dict[str, str | float | None] = {
        "source": outcome.source,
        "where": outcome.where,
        "reason": outcome.reason,
    }
    if outcome.kind is OutcomeKind.LISTED:
        fields["pages"] = outcome.number
    on_event(str(outcome.kind), fields)


def _log_end(night: Night, failures: Iterable[Failure], on_event: OnEvent) -> None:
    for failure in failures:
        on_event("failed", {"stage": "extracting", "where": failure.where, "reason": failure.reason})
    for stage, counted in night.stages.items():
        on_event("stage", {"stage": stage, **counted})
    on_event("run_finished", {"run": night.run_id, **night.counts()})


def _report(sessions: Sessions, tally: Tally, extraction: Extraction) -> Report:
    with sessions() as session:
        stored = counts(session)
        return Report(
            new=tally.number(OutcomeKind.NEW),
            unchanged=tally.number(OutcomeKind.UNCHANGED),
            edited=tally.number(OutcomeKind.EDITED),
            completed=tally.number(OutcomeKind.COMPLETED),
            kept=tally.number(OutcomeKind.KEPT),
            removed=tally.number(OutcomeKind.REMOVED),
            omissions=tuple(tally.left_out),
            failures=(*tally.failures, *extraction.failures),
            failed=tally.number(OutcomeKind.FAILED) + len(extraction.failures),
            notices=(*tally.notices, *(Failure(url, NO_QUOTATIONS) for url in extraction.without_quotations)),
            unknown_outlet=tally.unknown_outlet,
            read=extraction.extracted,
            quotations=stored["sightings"],
            utterances=stored["utterances"],
            reported_statements=stored["reported_statements"],
        )


def _night(
    context: RunContext, sources: Sequence[Source], tally: Tally, stages: Stages, failures: Sequence[Failure]
) -> Night:
    with context.sessions() as session:
        stored = counts(session)
        return Night(
            run_id=context.run_id,
            sources={
                source: {str(kind): number for kind, number in by_kind.items()}
                for source, by_kind in tally.counts.items()
            },
            stages=stages.summary(),
            omissions=tuple(tally.left_out),
            failures=(*tally.failures, *failures),
            failed=tally.number(OutcomeKind.FAILED) + len(failures),
            quiet=quiet_sources(session, sources, context.now() - timedelta(days=context.settings.quiet_days)),
            unknown_outlet=tally.unknown_outlet,
            quotations=stored["sightings"],
            utterances=stored["utterances"],
            reported_statements=stored["reported_statements"],
        )


def quiet_sources(session: Session, sources: Sequence[Source], before: datetime) -> tuple[QuietSource, ...]:
    """Return the sources that gave their last article before this moment."""
    states = read_source_states(session)
    silent_since = ((s.name, states[s.name].silent_since) for s in sources if s.name in states)
    return tuple(QuietSource(name, since) for name, since in silent_since if since is not None and since < before)
