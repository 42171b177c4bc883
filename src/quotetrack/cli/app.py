"""The command `quotetrack`: importing a command group registers its commands."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from types import FrameType

from quotetrack.cli import (
    analysis,
    articles,
    ask,
    corpus,
    database,
    demo,
    doctor,
    evaluate,
    export,
    extract,
    fact_checks,
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
from quotetrack.cli.console import Terminated, errors_reported_at_the_end
from quotetrack.cli.help_text import flow_paragraphs
from quotetrack.cli.root import app

__all__ = [
    "analysis",
    "app",
    "articles",
    "ask",
    "corpus",
    "database",
    "demo",
    "doctor",
    "evaluate",
    "export",
    "extract",
    "fact_checks",
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

flow_paragraphs(app)

OBJECTS_BEFORE_COLLECTION = 20_000  # new objects before the youngest are searched for garbage; Python's default is 700


def main() -> None:
    """Run the command line."""
    # What is imported stays until the end. To look for garbage in it, while it is imported and once more when Python
    # ends, took a quarter of the processor time of `ask`: 0.3 of 1.25 s.
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    atexit.register(gc.freeze)
    _open_missing_streams()
    signal.signal(signal.SIGTERM, _end)
    with errors_reported_at_the_end():
        app()


def _open_missing_streams() -> None:
    """Open what a caller closed (`>&-`): the next file that is opened, such as the database, would take its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 until the process ends


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated
