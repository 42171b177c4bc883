"""The command `quotetrack`: importing the command groups registers their commands."""

from __future__ import annotations

from quotetrack.cli.root import app


def main() -> None:
    """Run the command line."""
    app()
