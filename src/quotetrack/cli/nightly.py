"""The door of the night: `nightly`, `sources`, `runs`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import SOME_FAILED, print_json, print_lines, progress, reported, tell
from quotetrack.cli.options import DatabaseOption, DayOption, JsonOption, locked_store, open_outlets, open_settings
from quotetrack.cli.root import app

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.pipeline.nightly import Night, OnEvent
    from quotetrack.store import Sessions
from quotetrack.cli.options import chosen_sources, crawl_client, utc_now
from quotetrack.cli.sources import preview_sources

MOST_FAILURES_TOLD = 20  # lines; `runs show` has all of them


@app.command(epilog="Example: quotetrack nightly --metrics /var/lib/node_exporter/quotetrack.prom")
def nightly(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only this one; may be given several times.")
    ] = None,
    since: DayOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The most pages or articles of each source.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what there is to take in, and write nothing.")
    ] = False,
    metrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the figures of the run for Prometheus.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append what happens, one JSON object a line.")
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what the sources of the settings have tonight: fetch, extract, link, embed.

    --since: only pages from this day on. What an earlier night did not finish is finished. One run at a time.
    """
    with reported():
        settings = open_settings()
        sources = chosen_sources(settings, source or [])
        if dry_run:
            preview_sources(sources, settings, since, database, as_json)
            return
        with locked_store(database) as sessions:
            try:
                night = _night(sessions, sources, settings, since, limit, log)
            finally:
                if metrics is not None:
                    _write_metrics(sessions, metrics)
        _tell_night(night, as_json)
        if night.failed:
            raise typer.Exit(SOME_FAILED)


# A night


def _night(
    sessions: Sessions,
    sources: Sequence[Source],
    settings: Settings,
    since: datetime | None,
    limit: int | None,
    log: Path | None,
) -> Night:
    from quotetrack.pipeline import nightly
    from quotetrack.pipeline.executors.processes import mapper

    with mapper(settings.workers) as as_map, _log(log) as on_event, progress() as on_progress:
        return nightly.nightly(
            sessions,
            sources,
            connect=lambda: crawl_client(settings),
            outlets=open_outlets(settings),
            settings=settings,
            now=utc_now,
            mapper=as_map,
            since=since.date() if since else None,
            limit=limit,
            on_progress=on_progress,
            on_event=on_event,
        )


def _tell_night(night: Night, as_json: bool) -> None:
    from quotetrack.render.runs import night_json, night_lines, quiet_lines

    if as_json:
        print_json(night_json(night))
        for line in quiet_lines(night.quiet):
            tell(line)
    else:
        print_lines(night_lines(night))
    for failure in night.failures[:MOST_FAILURES_TOLD]:
        tell(f"failed: {failure.where}: {failure.reason}")
    if night.failed > MOST_FAILURES_TOLD:
        tell(f"... and {night.failed - MOST_FAILURES_TOLD} more: quotetrack runs show {night.run_id}")


def _write_metrics(sessions: Sessions, path: Path) -> None:
    """The last run, whole or not at all: Prometheus may read at any moment."""
    from quotetrack.render.runs import metrics_text
    from quotetrack.store.crawl import read_source_states
    from quotetrack.store.runs import read_runs

    with sessions() as session:
        runs, sources = read_runs(session, 1), read_source_states(session)
    if not runs:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(metrics_text(runs[0], sources))
    os.chmod(part.name, 0o644)  # node_exporter is another user
    os.replace(part.name, path)


@contextmanager
def _log(path: Path | None) -> Iterator[OnEvent]:
    """JSON lines, appended; each with its time and what happened."""
    from quotetrack.pipeline.nightly import ignore_event

    if path is None:
        yield ignore_event
        return
    import structlog

    with path.open("a", encoding="utf-8", buffering=1) as out:  # a line at a time: a run may be killed
        logger = structlog.wrap_logger(
            structlog.WriteLogger(out),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )

        def on_event(event: str, told: Mapping[str, str | float | None]) -> None:
            logger.msg(event, **told)

        yield on_event
