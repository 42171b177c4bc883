"""Run the command line in this process."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from quotetrack.cli.app import app


def quotetrack(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run a command with these arguments, and with `given` on standard input."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)
