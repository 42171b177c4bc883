"""The command `quotetrack`: importing a command group registers its commands."""

from __future__ import annotations

import atexit
import gc

from quotetrack.cli import (
    analysis,
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
    serve,
    shell,
    sources,
    speakers,
    users,
    utterances,
    verify,
    watch,
)
from quotetrack.cli.root import app

__all__ = [
    "analysis",
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
    "serve",
    "shell",
    "sources",
    "speakers",
    "users",
    "utterances",
    "verify",
    "watch",
]

OBJECTS_BEFORE_COLLECTION = 20_000  # new objects before the youngest are searched for garbage; Python's default is 700


def main() -> None:
    """Run the command line."""
    # What is imported stays until the end. To look for garbage in it, while it is imported and once more when Python
    # ends, took a quarter of the processor time of `ask`: 0.3 of 1.25 s.
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    atexit.register(gc.freeze)
    app()
