"""All commands of `quotetrack`: importing a command group registers its commands."""

from __future__ import annotations

from quotetrack.cli import (
    analysis,
    articles,
    ask,
    claims,
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
from quotetrack.cli.help_text import flow_paragraphs
from quotetrack.cli.root import app

__all__ = [
    "analysis",
    "app",
    "articles",
    "ask",
    "claims",
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
