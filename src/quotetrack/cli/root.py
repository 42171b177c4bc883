"""The command `quotetrack` and its groups of commands."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    name="quotetrack",
    help="Who said what, when, and who carries it: attributed quotations from news, linked across outlets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 done (also nothing found), 1 error, 2 usage, 3 some failed, 75 locked, 130 interrupted.",
)
database_app = typer.Typer(no_args_is_help=True, help="The tables of the database.")
app.add_typer(database_app, name="db")
evaluate_app = typer.Typer(no_args_is_help=True, help="How right it is, on annotated articles.")
app.add_typer(evaluate_app, name="evaluate")
speakers_app = typer.Typer(no_args_is_help=True, help="Who is on file, and whose each name is.")
app.add_typer(speakers_app, name="speakers")
sources_app = typer.Typer(no_args_is_help=True, help="Where the nightly job looks for articles.")
app.add_typer(sources_app, name="sources")
runs_app = typer.Typer(no_args_is_help=True, help="What was done when, and what failed.")
app.add_typer(runs_app, name="runs")


def _show_version(wanted: bool) -> None:
    if wanted:
        import quotetrack

        typer.echo(f"quotetrack {quotetrack.__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
