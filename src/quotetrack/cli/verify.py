"""The command `verify`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    fail,
    opened_input,
    print_json,
    print_lines,
)
from quotetrack.cli.exit_codes import ERROR, SOME_FAILED
from quotetrack.cli.options import DatabaseOption, JsonOption, open_settings, opened_store
from quotetrack.cli.root import app

if TYPE_CHECKING:
    from quotetrack.pipeline.verification import Verified


@app.command(epilog="Example: quotetrack verify quotations.csv --evidence evidence/")
def verify(
    csv_file: Annotated[
        str | None, typer.Argument(metavar="[FILE|-]", help="A CSV of `export` or `ask`. Without it, the database.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="The folder with the evidence. Default: that of the settings.",
        ),
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify that quotations were printed: from the evidence to the article, the characters and the words.

    A CSV is verified without a database, by anybody who has the evidence. Only failures are printed; --json has all
    checks. Exit code 1: some fail. 3: none fails, but some cannot be checked, because their evidence is missing.
    """
    if csv_file is not None and database is not None:
        raise typer.BadParameter("give a file or --database, not both")
    with errors_reported(), _checks(csv_file, evidence or open_settings().evidence, database) as checks:
        from quotetrack.pipeline.verification import Verdict
        from quotetrack.render.schemas import VerificationSchema
        from quotetrack.render.verification import VerificationTally, failure_lines

        tally = VerificationTally("record" if csv_file is None else "row")
        verified: list[Verified] = []
        for checked in checks:
            tally.count(checked)
            if as_json:
                verified.append(checked)
            else:
                print_lines(failure_lines(checked))
        if as_json:
            print_json(VerificationSchema.counted(verified).to_json())
        else:
            print_lines(tally.lines())
        if tally.verdicts[Verdict.FAILS]:
            raise typer.Exit(ERROR)
        if tally.verdicts[Verdict.UNCHECKED]:
            raise typer.Exit(SOME_FAILED)


@contextmanager
def _checks(csv_file: str | None, evidence: Path | None, database: str | None) -> Iterator[Iterator[Verified]]:
    """Open the file or the store, and yield its checks."""
    from quotetrack.pipeline.verification import verify_csv, verify_store

    if csv_file is None:
        with opened_store(database, read_only=True) as sessions, sessions() as session:
            yield verify_store(session, evidence)
        return
    with opened_input(csv_file) as stream:
        try:
            yield verify_csv(io.TextIOWrapper(stream, encoding="utf-8", newline=""), evidence)
        except UnicodeDecodeError as error:
            fail(f"{csv_file} is not UTF-8: {error.reason}. In a spreadsheet, save it as CSV UTF-8.")
