"""The command `quotetrack` and its groups of commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="quotetrack",
    help="Find who said what and when in news: attributed, dated quotations, linked across outlets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 done (also if nothing is found), 1 error, 2 wrong usage, 3 some inputs failed, "
    "75 database locked, 130 interrupted, 143 ended by SIGTERM.",
)
database_app = typer.Typer(no_args_is_help=True, help="Create, upgrade, back up, restore and prune the database.")
app.add_typer(database_app, name="db")
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure quality on annotated articles.")
app.add_typer(evaluate_app, name="evaluate")
speakers_app = typer.Typer(no_args_is_help=True, help="List, merge, split and rename speakers.")
app.add_typer(speakers_app, name="speakers")
articles_app = typer.Typer(no_args_is_help=True, help="List articles, put their metadata right, and remove them.")
app.add_typer(articles_app, name="articles")
sources_app = typer.Typer(no_args_is_help=True, help="List, check and add the sources of the nightly run.")
app.add_typer(sources_app, name="sources")
review_app = typer.Typer(
    no_args_is_help=True, help="Correct quotations, judge pairs of them, and list what people decided."
)
app.add_typer(review_app, name="review")
checks_app = typer.Typer(
    no_args_is_help=True, help="Import and list published fact-checks, and match sentences with them."
)
app.add_typer(checks_app, name="checks")
claims_app = typer.Typer(
    no_args_is_help=True,
    help="List talking points: what several people said to one effect, and what contradicts it.",
)
app.add_typer(claims_app, name="claims")
watch_app = typer.Typer(no_args_is_help=True, help="Save questions, and report what is new.")
app.add_typer(watch_app, name="watch")
serve_app = typer.Typer(help="Show the database as a page in the browser, and manage its users.")
app.add_typer(serve_app, name="serve")
users_app = typer.Typer(
    no_args_is_help=True, help="Add, list and remove users of the page, and set passwords and tokens."
)
serve_app.add_typer(users_app, name="users")
corpus_app = typer.Typer(
    no_args_is_help=True, help="Extract whole corpora in parallel to Parquet, link them, and load them."
)
app.add_typer(corpus_app, name="corpus")
runs_app = typer.Typer(no_args_is_help=True, help="List past runs, their counts and failures.")
app.add_typer(runs_app, name="runs")


def _print_version(wanted: bool) -> None:
    if wanted:
        from quotetrack.core.versions import package_version

        typer.echo(f"quotetrack {package_version()}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            envvar="QUOTETRACK_CONFIG",
            help="The settings file. Default: quotetrack.toml in the working directory.",
        ),
    ] = None,
) -> None:
    if config is not None:  # the settings read the variable, in worker processes too
        os.environ["QUOTETRACK_CONFIG"] = str(config)
