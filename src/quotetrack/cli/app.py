"""The command `quotetrack`: importing a command group registers its commands."""

from __future__ import annotations

from quotetrack.cli import (
    articles,
    ask,
    database,
    demo,
    doctor,
    evaluate,
    extract,
    ingest,
    link,
    nightly,
    review,
    runs,
    sources,
    speakers,
    utterances,
    verify,
)
from quotetrack.cli.root import app

__all__ = [
    "app",
    "articles",
    "ask",
    "database",
    "demo",
    "doctor",
    "evaluate",
    "extract",
    "ingest",
    "link",
    "main",
    "nightly",
    "review",
    "runs",
    "sources",
    "speakers",
    "utterances",
    "verify",
]


def main() -> None:
    """Run the command line."""
    app()
