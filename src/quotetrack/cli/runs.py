"""Commands about runs: `runs list | show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import fail, print_json, print_lines, reported
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store
from quotetrack.cli.root import runs_app

if TYPE_CHECKING:
    pass


@runs_app.command("list", epilog="Example: quotetrack runs list --limit 5")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="The most runs to show.")] = 20,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the runs, the latest first: when, how long, what came of them."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import run_json, run_line
        from quotetrack.store.runs import read_runs

        with sessions() as session:
            runs = read_runs(session, limit)
        if as_json:
            print_json([run_json(run) for run in runs])
        else:
            print_lines(map(run_line, runs))


@runs_app.command("show", epilog="Example: quotetrack runs show 12")
def show_run(
    run: Annotated[int, typer.Argument(help="The number of a run, as `runs list` gives it.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one run: counts by source and by stage, and everything that failed, with reasons."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import failures_json, run_json, run_lines
        from quotetrack.store.runs import failures_of, read_run

        with sessions() as session:
            found, failures = read_run(session, run), failures_of(session, run)
        if found is None:
            fail(f"there is no run {run}")
        if as_json:
            print_json({**run_json(found), "failures": failures_json(failures)})
        else:
            print_lines(run_lines(found, failures))
