"""The command `ingest`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    print_failures,
    print_json,
    print_left_out,
    print_lines,
    print_notices,
    progress,
    warn,
)
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    DatabaseOption,
    JsonOption,
    OutletOption,
    PublishedOption,
    StoreReportedOption,
    locked_store,
    open_outlets,
    parse_published,
    settings_with,
    utc_now,
    warn_if_stale,
)
from quotetrack.cli.root import app
from quotetrack.core.domain import Article, Failure, LeftOut

if TYPE_CHECKING:
    from quotetrack.ingest.outlets import Outlets
    from quotetrack.pipeline.nightly import Report
    from quotetrack.store import Sessions


@app.command(epilog="Example: quotetrack ingest articles/ page.html --outlet harbourpost")
def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders: .txt, .html, .jsonl, .warc, also as .gz; .parquet.")
    ],
    outlet: OutletOption = None,
    published: PublishedOption = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Process stored articles again if an older extractor did them.")
    ] = False,
    reported: StoreReportedOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store articles, extract their quotations, and link them.

    Articles that are stored already change nothing; an unknown outlet or day is filled in. Files that cannot be read
    are reported and skipped.
    """
    moment = parse_published(published)
    with errors_reported(), locked_store(database, create=True) as sessions:
        from quotetrack.pipeline import nightly
        from quotetrack.pipeline.executors.processes import mapper

        settings = settings_with(reported)
        outlets = open_outlets(settings)
        articles = _read(paths, outlet, moment, outlets)
        with progress() as on_progress, mapper(settings.workers) as as_map:
            report = nightly.ingest(
                sessions,
                articles,
                outlets=outlets,
                settings=settings,
                now=utc_now,
                mapper=as_map,
                stale=stale,
                on_progress=on_progress,
            )
        print_report(report, sessions, as_json)


def print_report(report: Report, sessions: Sessions, as_json: bool) -> None:
    """Print the result of an ingest; the exit code is that of inputs that failed, if any did."""
    from quotetrack.render.runs import report_line

    if as_json:
        from quotetrack.render.schemas import IngestSchema

        print_json(IngestSchema.of(report).to_json())
    else:
        print_lines([report_line(report)])
    print_left_out(report.omissions)
    print_notices(report.notices)
    print_failures(report.failures, report.failed)
    warn_if_stale(sessions)
    if report.failures:
        raise typer.Exit(SOME_FAILED)


def _read(
    paths: Iterable[Path], outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure | LeftOut]:
    """Yield the articles of all paths, and warn about a path without any."""
    from quotetrack.ingest.reader import read_path

    for path in paths:
        is_empty = True
        for article in read_path(path, outlet=outlet, published=published, outlets=outlets):
            is_empty = False
            yield article
        if is_empty:
            warn(f"{path}: no articles found")
