"""Commands about runs: `runs list | show`."""

from __future__ import annotations

from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn_of_more
from quotetrack.cli.options import MOST_SHOWN, DatabaseOption, JsonOption, opened_store
from quotetrack.cli.root import runs_app


@runs_app.command("list", epilog="Example: quotetrack runs list --limit 5")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many runs.")] = 20,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the runs, newest first: start, duration, and counts or error."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import run_line
        from quotetrack.render.schemas import RunSchema
        from quotetrack.store.runs import read_runs

        with sessions() as session:
            runs = read_runs(session, limit + 1)
        if as_json:
            print_json([RunSchema.of(run).to_json() for run in runs[:limit]])
        else:
            print_lines(map(run_line, runs[:limit]))
        warn_of_more(runs, limit)


@runs_app.command("show", epilog="Example: quotetrack runs show 12")
def show_run(
    run: Annotated[int, typer.Argument(help="The number of a run, as printed by `runs list`.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one run: counts by source and by stage, and every failure with its reason."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import run_lines
        from quotetrack.render.schemas import ShownRunSchema
        from quotetrack.store.runs import failures_of, read_run

        with sessions() as session:
            shown, failures = read_run(session, run), failures_of(session, run)
        if shown is None:
            fail(f"There is no run {run}. See `quotetrack runs list`.")
        if as_json:
            print_json(ShownRunSchema.with_failures(shown, failures).to_json())
        else:
            print_lines(run_lines(shown, failures))
