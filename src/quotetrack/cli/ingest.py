"""The command `ingest`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import SOME_FAILED, print_json, progress, reported, tell
from quotetrack.cli.options import DatabaseOption, JsonOption, locked_store, open_outlets, open_settings
from quotetrack.core.domain import Article, Failure

if TYPE_CHECKING:
    from quotetrack.ingest.outlets import Outlets
from quotetrack.cli.console import tell_failures
from quotetrack.cli.options import PublishedOption, moment_of, tell_stale
from quotetrack.cli.root import app


@app.command(epilog="Example: quotetrack ingest articles/ page.html --outlet harbourpost")
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders: .txt, .html, .jsonl, .warc; or packed, .gz")],
    outlet: Annotated[str | None, typer.Option(help="The outlet, where a file tells none.")] = None,
    published: PublishedOption = None,
    stale: Annotated[bool, typer.Option("--stale", help="Read again what an older extractor read.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take articles in: file them, extract their quotations, link and embed these.

    The same articles again change nothing. A file that cannot be read is told and counted, and the rest goes on.
    """
    moment = moment_of(published)
    with reported(), locked_store(database) as sessions:
        from quotetrack.pipeline import nightly
        from quotetrack.pipeline.executors.processes import mapper
        from quotetrack.render.quotations import report_json, report_line

        settings = open_settings()
        outlets = open_outlets(settings)
        articles = _read(paths, outlet, moment, outlets)
        with progress() as on_progress, mapper(settings.workers) as as_map:
            report = nightly.ingest(
                sessions,
                articles,
                outlets=outlets,
                settings=settings,
                now=lambda: datetime.now(UTC),
                mapper=as_map,
                stale=stale,
                on_progress=on_progress,
            )
        if as_json:
            print_json(report_json(report))
        else:
            typer.echo(report_line(report))
        tell_failures(report.failures)
        tell_stale(sessions)
        if report.failures:
            raise typer.Exit(SOME_FAILED)


# In and out


def _read(
    paths: Iterable[Path], outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure]:
    from quotetrack.ingest.reader import read_path

    for path in paths:
        is_empty = True
        for found in read_path(path, outlet=outlet, published=published, outlets=outlets):
            is_empty = False
            yield found
        if is_empty:
            tell(f"{path}: no articles in it")
