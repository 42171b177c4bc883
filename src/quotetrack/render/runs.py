"""Nights, runs and sources as people read them on a terminal, as programs do in JSON, and as Prometheus does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from quotetrack.core.domain import Failure

if TYPE_CHECKING:
    from quotetrack.core.settings import Source
    from quotetrack.ingest.crawl.discovery import Offer
    from quotetrack.pipeline.nightly import Night, QuietSource
    from quotetrack.pipeline.preview import SourcePreview
    from quotetrack.render.quotations import Json
    from quotetrack.store.crawl import SourceOnFile
    from quotetrack.store.runs import Run

ALWAYS_TOLD = ("new", "unchanged", "edited", "failed")  # also where there were none
ON_FILE = ("quotations", "utterances")  # counted in the store, not in the run


# A night


def night_lines(night: Night) -> Iterator[str]:
    """What came in, then by source, by stage, and who is quiet."""
    yield counts_line(night.counts()) + _unknown(night.unknown_outlet)
    yield from _source_lines(night.sources)
    yield from _stage_lines(night.stages)
    yield from quiet_lines(night.quiet)


def night_json(night: Night) -> dict[str, Json]:
    """All of it; `run` is what `runs show` takes."""
    return {
        "run": night.run_id,
        **night.counts(),
        "unknown_outlet": night.unknown_outlet,
        "sources": {name: dict(counted) for name, counted in night.sources.items()},
        "stages": {name: dict(counted) for name, counted in night.stages.items()},
        "quiet": [{"source": one.source, "since": one.since.isoformat()} for one in night.quiet],
        "failures": failures_json(night.failures),
    }


def quiet_lines(quiet: Sequence[QuietSource]) -> Iterator[str]:
    """A line for each source that has given nothing for days."""
    for one in quiet:
        yield f"quiet: {one.source} has given nothing since {one.since:%Y-%m-%d}"


def counts_line(counts: Mapping[str, int]) -> str:
    """The numbers of a run on one line: those of the articles, then those of what is on file."""
    came = [
        f"{number} {_words(name)}"
        for name, number in counts.items()
        if name not in ON_FILE and (number or name in ALWAYS_TOLD)
    ]
    on_file = [f"{counts[name]} {name}" for name in ON_FILE if name in counts]
    return "; ".join([", ".join(came), *on_file])


def _unknown(number: int) -> str:
    return f"; {_number(number, 'article')} of an unknown outlet" if number else ""


def _source_lines(sources: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, counted in sources.items():
        yield f"  {name}: " + ", ".join(f"{number:g} {_words(what)}" for what, number in counted.items())


def _stage_lines(stages: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, counted in stages.items():
        if counted["done"]:
            yield f"  {name}: {counted['done']:g} in {counted['seconds']:.1f} s"


def _number(how_many: int, what: str) -> str:
    return f"{how_many} {what}" if how_many == 1 else f"{how_many} {what}s"


def _words(name: str) -> str:
    return name.replace("_", " ")


# Runs


def run_line(run: Run) -> str:
    """A run on one line: its number, when, how long, what came of it."""
    began = f"{run.id}  {run.started_at:%Y-%m-%d %H:%M}  {run.command}"
    if run.seconds is None:
        return f"{began}  under way, or killed"
    return f"{began}  {run.seconds:.0f} s  " + (f"ended by {run.error}" if run.error else counts_line(run.counts))


def run_lines(run: Run, failures: Sequence[Failure]) -> Iterator[str]:
    """A run with its counts by source and stage, and everything that failed."""
    yield run_line(run)
    yield f"  by quotetrack {run.code_version}"
    yield from _source_lines(run.sources)
    yield from _stage_lines(run.stages)
    for failure in failures:
        yield f"  failed: {failure.where}: {failure.reason}"


def run_json(run: Run) -> dict[str, Json]:
    """A run; `finished` is null of one that did not end."""
    return {
        "run": run.id,
        "command": run.command,
        "code_version": run.code_version,
        "started": run.started_at.isoformat(),
        "finished": run.finished_at.isoformat() if run.finished_at else None,
        "seconds": run.seconds,
        "error": run.error,
        "counts": dict(run.counts),
        "failed": run.failed,
        "sources": {name: dict(counted) for name, counted in run.sources.items()},
        "stages": {name: dict(counted) for name, counted in run.stages.items()},
    }


def failures_json(failures: Sequence[Failure]) -> list[Json]:
    """What could not be read, and why."""
    return [{"where": failure.where, "reason": failure.reason} for failure in failures]


# Sources


def source_line(source: Source, on_file: SourceOnFile | None) -> str:
    """A source of the settings, and what it has given."""
    return f"{source.name}  {source.kind}  {source.place}  {_given(on_file)}"


def source_json(source: Source, on_file: SourceOnFile | None) -> dict[str, Json]:
    """A source of the settings; `pages` are those on file, by what became of them."""
    return {
        "name": source.name,
        "kind": str(source.kind),
        "place": source.place,
        "outlet": source.outlet,
        "last_gave": _iso(on_file.last_gave_at if on_file else None),
        "watched_since": _iso(on_file.first_read_at if on_file else None),
        "pages": dict(on_file.pages) if on_file else {},
    }


def preview_line(look: SourcePreview) -> str:
    """What a source has to tell now."""
    things = "page" if look.source.kind.is_web else "file"
    told = f"{_number(look.listed, things)}, {look.new} new"
    waiting = f", {look.waiting} waiting from before" if look.waiting else ""
    return f"{look.source.name}  {look.source.kind}  {told}{waiting}" + "".join(f"; {why}" for why in look.problems)


def preview_json(look: SourcePreview) -> dict[str, Json]:
    """The same for programs."""
    return {
        "name": look.source.name,
        "kind": str(look.source.kind),
        "place": look.source.place,
        "listed": look.listed,
        "new": look.new,
        "waiting": look.waiting,
        "problems": [*look.problems],
    }


def offer_line(offer: Offer) -> str:
    """A feed or sitemap that a site offers."""
    return f"{offer.kind}  {offer.url}  {_number(offer.pages, 'page')}"


def _given(on_file: SourceOnFile | None) -> str:
    if on_file is None or on_file.first_read_at is None:
        return "not read yet"
    pages = ", ".join(f"{number} {_words(state)}" for state, number in sorted(on_file.pages.items()))
    last = f"last gave {on_file.last_gave_at:%Y-%m-%d}" if on_file.last_gave_at else "gave nothing yet"
    return f"{last}; {pages}" if pages else last


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# Prometheus


def metrics_text(run: Run, sources: Mapping[str, SourceOnFile]) -> str:
    """The last run in the text format of Prometheus, for node_exporter's textfile collector."""
    lines = [
        *_metric("quotetrack_run_started_seconds", "When the last run began.", {"": run.started_at.timestamp()}),
        *_metric("quotetrack_run_ok", "Whether the last run went through.", {"": int(_is_well(run))}),
        *_metric("quotetrack_run_failed", "What the last run could not read.", {"": run.failed}),
        *_metric(
            "quotetrack_on_file", "What is on file.", {f'kind="{n}"': run.counts[n] for n in ON_FILE if n in run.counts}
        ),
        *_metric(
            "quotetrack_arrivals",
            "What came in, by source and by what it was.",
            {f'source="{name}",what="{what}"': n for name, by in run.sources.items() for what, n in by.items()},
        ),
        *_metric(
            "quotetrack_stage_seconds",
            "How long each stage took.",
            {f'stage="{name}"': counted["seconds"] for name, counted in run.stages.items()},
        ),
        *_metric(
            "quotetrack_stage_done",
            "How many went through each stage.",
            {f'stage="{name}"': counted["done"] for name, counted in run.stages.items()},
        ),
        *_metric(
            "quotetrack_source_last_gave_seconds",
            "When each source last gave an article.",
            {f'source="{name}"': one.last_gave_at.timestamp() for name, one in sources.items() if one.last_gave_at},
        ),
    ]
    if run.finished_at:
        lines += _metric(
            "quotetrack_run_finished_seconds", "When the last run ended.", {"": run.finished_at.timestamp()}
        )
    return "\n".join(lines) + "\n"


def _is_well(run: Run) -> bool:
    return run.finished_at is not None and run.error is None


def _metric(name: str, text: str, values: Mapping[str, float]) -> Iterator[str]:
    if not values:
        return
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value:.15g}" if labels else f"{name} {value:.15g}"
