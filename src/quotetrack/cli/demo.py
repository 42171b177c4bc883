"""The command `demo`."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import Annotated

import typer

from quotetrack.cli.ask import ask
from quotetrack.cli.console import errors_reported, print_table
from quotetrack.cli.export import export
from quotetrack.cli.ingest import ingest
from quotetrack.cli.root import app
from quotetrack.cli.verify import verify

QUESTION = "What did Ragna Telle say about the storm barrier?"
ROWS = 5
LONGEST_CELL = 60  # characters
COLUMNS = ("utterance", "speaker", "words", "said_first", "outlet")  # of the CSV: those that fit on a screen
EVIDENCE_SETTING = "QUOTETRACK_EVIDENCE"


@app.command(epilog="Example: quotetrack demo --folder demo")
def demo(
    folder: Annotated[Path, typer.Option(help="The folder for the database and the CSV.")] = Path("demo"),
) -> None:
    """Try everything once with a dozen invented articles: ingest, ask, export, verify."""
    evidence = folder / "evidence"
    with errors_reported(), _evidence_in(evidence):
        from quotetrack.sample import folder as sample_folder

        folder.mkdir(parents=True, exist_ok=True)
        database, table = str(folder / "newsroom.db"), str(folder / "quotations.csv")
        _print_step(
            "Read a dozen articles of six invented outlets", "ingest", f"{sample_folder()} --database {database}"
        )
        ingest([sample_folder()], database=database)
        _print_step("Ask who said what", "ask", f'"{QUESTION}" --database {database}')
        ask(QUESTION, limit=3, database=database)
        _print_step("Write every quotation with its provenance", "export", f"--csv {table} --database {database}")
        export(table, database=database)
        _print_rows(Path(table))
        _print_step("Check that every quotation was printed", "verify", f"{table} --evidence {evidence}")
        verify(table, evidence=evidence)
        typer.echo(f"\nSee it in a browser; Ctrl-C ends:\n$ quotetrack serve --database {database} --open")


@contextmanager
def _evidence_in(folder: Path) -> Iterator[None]:
    """Keep evidence beside the database, so that everything of the demo is in one folder."""
    before = os.environ.get(EVIDENCE_SETTING)
    os.environ[EVIDENCE_SETTING] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[EVIDENCE_SETTING]
        else:
            os.environ[EVIDENCE_SETTING] = before


def _print_step(purpose: str, command: str, arguments: str) -> None:
    typer.echo(f"\n{purpose}:\n$ quotetrack {command} {arguments}\n")


def _print_rows(path: Path) -> None:
    from rich.table import Table

    table = Table(*COLUMNS, title=f"The first rows of {path}, with some of the columns")
    with path.open(encoding="utf-8", newline="") as lines:
        for row in islice(csv.DictReader(lines), ROWS):
            table.add_row(*(shorten(row[column], LONGEST_CELL, placeholder=" …") for column in COLUMNS))
    print_table(table)
