"""Ingests, nights, runs and sources as text for a terminal, and the last run as metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from quotetrack.core.domain import Failure
from quotetrack.core.texts import gettext, gettext_noop, ngettext, ngettext_noop
from quotetrack.render.text import count

if TYPE_CHECKING:
    from quotetrack.core.settings import Source
    from quotetrack.ingest.crawl.discovery import Offer
    from quotetrack.pipeline.nightly import Night, QuietSource, Report
    from quotetrack.pipeline.preview import SourcePreview
    from quotetrack.store.crawl import SourceState
    from quotetrack.store.runs import Run

ALWAYS_SHOWN = ("new", "unchanged", "edited", "failed")  # also where the count is 0
STORED = ("quotations", "utterances", "reported_statements")  # counts of the whole store, not of the run


_COUNTED = {  # what a run counts, by its name in the store
    "new": ngettext_noop("%(num)s new", "%(num)s new"),
    "unchanged": ngettext_noop("%(num)s unchanged", "%(num)s unchanged"),
    "edited": ngettext_noop("%(num)s edited", "%(num)s edited"),
    "completed": ngettext_noop("%(num)s completed", "%(num)s completed"),
    "kept": ngettext_noop("%(num)s kept", "%(num)s kept"),
    "removed": ngettext_noop("%(num)s removed", "%(num)s removed"),
    "failed": ngettext_noop("%(num)s failed", "%(num)s failed"),
    "left_out": ngettext_noop("%(num)s left out", "%(num)s left out"),
    "listed": ngettext_noop("%(num)s listed", "%(num)s listed"),
    "unread": ngettext_noop("%(num)s unread", "%(num)s unread"),
    "gone": ngettext_noop("%(num)s gone", "%(num)s gone"),
    "disallowed": ngettext_noop("%(num)s disallowed", "%(num)s disallowed"),
    "not_a_page": ngettext_noop("%(num)s not a page", "%(num)s not a page"),
    "later": ngettext_noop("%(num)s later", "%(num)s later"),
    "extracted": ngettext_noop("%(num)s extracted", "%(num)s extracted"),
    "quotations": ngettext_noop("%(num)s quotation", "%(num)s quotations"),
    "utterances": ngettext_noop("%(num)s utterance", "%(num)s utterances"),
    "reported_statements": ngettext_noop("%(num)s reported statement", "%(num)s reported statements"),
    "statements": ngettext_noop("%(num)s statement", "%(num)s statements"),
    "talking_points": ngettext_noop("%(num)s talking point", "%(num)s talking points"),
}
_STAGES = (  # by their names in the store
    gettext_noop("reading"),
    gettext_noop("fetching"),
    gettext_noop("extracting"),
    gettext_noop("correcting"),
    gettext_noop("naming"),
    gettext_noop("linking"),
    gettext_noop("embedding"),
    gettext_noop("relating"),
    gettext_noop("erasing"),
    gettext_noop("watching"),
    gettext_noop("matching fact-checks"),
)


# Ingests and nights


def report_line(report: Report) -> str:
    """Return the summary of an ingest on one line."""
    return counts_line(report.counts()) + _unknown_outlet_text(report.unknown_outlet)


def night_lines(night: Night) -> Iterator[str]:
    """Yield the totals, then the counts by source and by stage, then the quiet sources."""
    yield counts_line(night.counts()) + _unknown_outlet_text(night.unknown_outlet)
    yield from _source_lines(night.sources)
    yield from _stage_lines(night.stages)
    yield from quiet_lines(night.quiet)


def quiet_lines(quiet: Sequence[QuietSource]) -> Iterator[str]:
    """Yield a line for each source without a new article for days."""
    for each in quiet:
        yield f"Quiet: {each.source} has given no article since {each.since:%Y-%m-%d}."


def counts_line(counts: Mapping[str, int]) -> str:
    """Return the numbers of a run on one line: those of its articles, then those of the store."""
    articles = [
        _counted(number, name)
        for name, number in counts.items()
        if name not in STORED and (number or name in ALWAYS_SHOWN)
    ]
    stored = [_counted(counts[name], name) for name in STORED if name in counts]
    return "; ".join([", ".join(articles), *stored])


def _counted(number: int, name: str) -> str:
    """Return "1 utterance", "5 utterances" or "5 unchanged" for a count by its name."""
    if name in _COUNTED:
        return ngettext(*_COUNTED[name], number)
    spaced = _spaced(name)
    return count(number, spaced.removesuffix("s")) if spaced.endswith("s") else f"{number} {spaced}"


def _unknown_outlet_text(number: int) -> str:
    return f"; {count(number, 'article')} from an unknown outlet" if number else ""


def _source_lines(sources: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, counted in sources.items():
        yield f"  {name}: " + ", ".join(_counted(round(number), outcome) for outcome, number in counted.items())


def _stage_lines(stages: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, counted in stages.items():
        if counted["done"]:
            done, seconds = f"{counted['done']:g}", f"{counted['seconds']:.1f}"
            duration = gettext("%(done)s in %(seconds)s s", done=done, seconds=seconds)
            yield f"  {gettext(name)}: {duration}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


# Runs


def run_line(run: Run) -> str:
    """Return a run on one line: number, start, command, duration, and counts or error."""
    start = f"{run.id}  {run.started_at:%Y-%m-%d %H:%M}  {run.command}"
    if run.seconds is None:
        return start + "  " + gettext("still running, or killed")
    result = gettext("failed: %(reason)s", reason=run.error) if run.error else counts_line(run.counts)
    duration = gettext("%(seconds)s s", seconds=round(run.seconds))
    return f"{start}  {duration}  {result}"


def run_lines(run: Run, failures: Sequence[Failure]) -> Iterator[str]:
    """Yield a run with its counts by source and by stage, and everything that failed."""
    yield run_line(run)
    yield "  " + gettext("Version: quotetrack %(version)s", version=run.code_version)
    yield from _source_lines(run.sources)
    yield from _stage_lines(run.stages)
    for failure in failures:
        yield f"  failed: {failure.where}: {failure.reason}"


# Sources


def source_line(source: Source, stored: SourceState | None) -> str:
    """Return a source of the settings on one line, with its last article and its stored pages."""
    return f"{source.name}  {source.kind}  {source.place}  {_state_text(stored)}"


def preview_line(preview: SourcePreview) -> str:
    """Return on one line what a source lists now, and what is wrong with it."""
    listed = count(preview.listed, "page" if preview.source.kind.is_web else "file")
    waiting = f", {preview.waiting} waiting from an earlier run" if preview.waiting else ""
    problems = "".join(f"; {problem}" for problem in preview.problems)
    return f"{preview.source.name}  {preview.source.kind}  {listed}, {preview.new} new{waiting}{problems}"


def offer_line(offer: Offer) -> str:
    """Return a feed or sitemap of a site on one line."""
    return f"{offer.kind}  {offer.url}  {count(offer.pages, 'page')}"


def _state_text(stored: SourceState | None) -> str:
    if stored is None or stored.first_read_at is None:
        return "not read yet"
    last = f"last article {stored.last_gave_at:%Y-%m-%d}" if stored.last_gave_at else "no article yet"
    pages = ", ".join(f"{number} {_spaced(state)}" for state, number in sorted(stored.pages.items()))
    return f"{last}; {pages}" if pages else last


# Prometheus


class _Gauge(NamedTuple):
    """One metric: the names of its labels, and each value with the values of its labels."""

    name: str
    text: str
    labels: tuple[str, ...]
    values: Sequence[tuple[tuple[str, ...], float]]


def metrics_text(run: Run, sources: Mapping[str, SourceState]) -> str:
    """Return the last run in the text format of Prometheus, for the textfile collector of node_exporter.

    A metric without values is left out.
    """
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    for gauge in _gauges(run, sources):
        if not gauge.values:
            continue
        metric = Gauge(gauge.name, gauge.text, gauge.labels, registry=registry)
        for labels, value in gauge.values:
            (metric.labels(*labels) if labels else metric).set(value)
    return generate_latest(registry).decode("utf-8")


def _gauges(run: Run, sources: Mapping[str, SourceState]) -> Iterator[_Gauge]:
    is_ok = run.finished_at is not None and run.error is None
    yield _Gauge("quotetrack_run_started_seconds", "Start of the last run.", (), [((), run.started_at.timestamp())])
    yield _Gauge("quotetrack_run_ok", "1 if the last run ended without an error.", (), [((), int(is_ok))])
    yield _Gauge("quotetrack_run_failed", "Inputs that the last run could not read.", (), [((), run.failed)])
    stored = [((name,), run.counts[name]) for name in STORED if name in run.counts]
    yield _Gauge("quotetrack_on_file", "Stored quotations, utterances and reported statements.", ("kind",), stored)
    outcomes = [((name, outcome), n) for name, counted in run.sources.items() for outcome, n in counted.items()]
    yield _Gauge("quotetrack_arrivals", "Inputs of the last run by source and outcome.", ("source", "what"), outcomes)
    seconds = [((name,), counted["seconds"]) for name, counted in run.stages.items()]
    yield _Gauge("quotetrack_stage_seconds", "Duration of each stage of the last run.", ("stage",), seconds)
    done = [((name,), counted["done"]) for name, counted in run.stages.items()]
    yield _Gauge("quotetrack_stage_done", "Units of work done in each stage of the last run.", ("stage",), done)
    last_gave = [((name,), s.last_gave_at.timestamp()) for name, s in sources.items() if s.last_gave_at]
    yield _Gauge("quotetrack_source_last_gave_seconds", "Last article of each source.", ("source",), last_gave)
    finished = [((), run.finished_at.timestamp())] if run.finished_at else []
    yield _Gauge("quotetrack_run_finished_seconds", "End of the last run.", (), finished)
