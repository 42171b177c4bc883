"""The command `nightly`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    print_failures,
    print_json,
    print_left_out,
    print_lines,
    progress,
    warn,
)
from quotetrack.cli.event_log import event_log
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    MOST_SHOWN,
    DatabaseOption,
    JsonOption,
    LogOption,
    StoreReportedOption,
    crawl_client,
    locked_store,
    open_outlets,
    select_sources,
    settings_with,
    utc_now,
)
from quotetrack.cli.root import app
from quotetrack.cli.sources import preview_sources

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.pipeline.nightly import Night
    from quotetrack.store import Sessions

READABLE_BY_ALL = 0o644  # node_exporter runs as another user


@app.command(epilog="Example: quotetrack nightly --metrics /var/lib/node_exporter/quotetrack.prom")
def nightly(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only this source; repeat for several.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only pages from this day on.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=MOST_SHOWN, help="Read at most this many pages or articles of each source.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is new, and store nothing.")] = False,
    metrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write metrics of the run for Prometheus.")
    ] = None,
    log: LogOption = None,
    reported: StoreReportedOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch new articles from all sources, extract their quotations, and link them.

    Also finishes the work of an interrupted run. Only one run at a time can write to a database.
    """
    with errors_reported():
        settings = settings_with(reported)
        sources = select_sources(settings, source or [])
        if dry_run:
            preview_sources(sources, settings, since, database, as_json)
            return
        with locked_store(database, create=True) as sessions:
            try:
                night = _run(sessions, sources, settings, since, limit, log)
            finally:
                if metrics is not None:
                    _write_metrics(sessions, metrics)
        _print_night(night, as_json)
        if night.failed:
            raise typer.Exit(SOME_FAILED)


def _run(
    sessions: Sessions,
    sources: Sequence[Source],
    settings: Settings,
    since: datetime | None,
    limit: int | None,
    log: Path | None,
) -> Night:
    from quotetrack.pipeline import nightly
    from quotetrack.pipeline.executors.processes import mapper

    with mapper(settings.workers) as as_map, event_log(log) as on_event, progress() as on_progress:
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


def _print_night(night: Night, as_json: bool) -> None:
    from quotetrack.render.runs import night_lines, quiet_lines
    from quotetrack.render.schemas import NightSchema

    if as_json:
        print_json(NightSchema.of(night).to_json())
        for line in quiet_lines(night.quiet):
            warn(line)
    else:
        print_lines(night_lines(night))
    print_left_out(night.omissions)
    print_failures(night.failures, night.failed, see_all=f": quotetrack runs show {night.run_id}")


def _write_metrics(sessions: Sessions, path: Path) -> None:
    """Write the last run's metrics, and replace the file in one step: Prometheus may read it at any moment."""
    from quotetrack.render.runs import metrics_text
    from quotetrack.store.crawl import read_source_states
    from quotetrack.store.runs import read_runs

    with sessions() as session:
        runs, sources = read_runs(session, 1), read_source_states(session)
    if not runs:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            part.write(metrics_text(runs[0], sources))
            part.flush()
        except OSError:
            os.unlink(part.name)
            raise
    os.chmod(part.name, READABLE_BY_ALL)
    os.replace(part.name, path)
