"""The command `doctor`: is everything in order, and what to do if not. Nothing is loaded, created or changed."""

from __future__ import annotations

import typer

from quotetrack.cli.checks import examine
from quotetrack.cli.console import errors_reported, print_json, print_lines
from quotetrack.cli.exit_codes import ERROR
from quotetrack.cli.options import DatabaseOption, JsonOption
from quotetrack.cli.root import app


@app.command(epilog="Example: quotetrack doctor --json")
def doctor(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Check Python, packages, settings, models, sources, evidence, database and disk, and say how to fix what is wrong.

    Sources on the web are not asked: see `quotetrack sources check`.
    """
    with errors_reported():
        checks = examine(database)
        if as_json:
            from quotetrack.render.schemas import CheckSchema

            schemas = [CheckSchema(what=c.name, well=c.is_ok, found=c.found, advice=c.advice or None) for c in checks]
            print_json([schema.to_json() for schema in schemas])
        else:
            for check in checks:
                print_lines([f"{check.state:<7}  {check.name}: {check.found}"])
                if check.advice:
                    print_lines([f"         -> {check.advice}"])
        if not all(check.is_ok for check in checks):
            raise typer.Exit(ERROR)
