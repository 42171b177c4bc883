"""The command `demo`."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import print_table, reported

if TYPE_CHECKING:
    pass
from quotetrack.cli.ask import ask, export
from quotetrack.cli.ingest import ingest
from quotetrack.cli.root import app

DEMO_QUESTION = "What did Ragna Telle say about the storm barrier?"
DEMO_ROWS = 5
DEMO_CELL = 60  # characters
DEMO_COLUMNS = ("utterance", "speaker", "words", "said_first", "outlet")


@app.command(epilog="Example: quotetrack demo --folder demo")
def demo(
    folder: Annotated[Path, typer.Option(help="Where the database and the CSV are put.")] = Path("demo"),
) -> None:
    """Go the whole way once with a dozen invented articles: ingest, ask, export."""
    with reported():
        from quotetrack.sample import folder as sample_folder

        folder.mkdir(parents=True, exist_ok=True)
        database, table = str(folder / "newsroom.db"), str(folder / "quotations.csv")
        _step("Take in a dozen articles of six invented outlets", "ingest", str(sample_folder()), database)
        ingest([sample_folder()], database=database)
        _step("Ask what somebody said", "ask", f'"{DEMO_QUESTION}"', database)
        ask(DEMO_QUESTION, limit=3, database=database)
        _step("Write every quotation with its provenance", "export", f"--csv {table}", database)
        export(table, database=database)
        _print_rows(Path(table))


# The demo


def _step(what: str, command: str, arguments: str, database: str) -> None:
    typer.echo(f"\n{what}:\n$ quotetrack {command} {arguments} --database {database}\n")


def _print_rows(table: Path) -> None:
    """The first rows of the CSV, and of its columns those that fit a screen."""
    from rich.table import Table

    shown = Table(*DEMO_COLUMNS, title=f"the first rows of {table}, and some of the columns")
    with table.open(encoding="utf-8", newline="") as lines:
        for row in islice(csv.DictReader(lines), DEMO_ROWS):
            shown.add_row(*(shorten(row[column], DEMO_CELL, placeholder=" …") for column in DEMO_COLUMNS))
    print_table(shown)
