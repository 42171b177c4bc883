"""What commands open: the settings, the outlets, the store; and the options that say which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import fail

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
    from quotetrack.ingest.outlets import Outlets
    from quotetrack.store import Sessions

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///PATH or a path; default: QUOTETRACK_DATABASE."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


@contextmanager
def opened_store(database: str | None, *, read_only: bool = False) -> Iterator[Sessions]:
    """An open store, closed at the end; what goes wrong with it in between is told as StoreError."""
    from quotetrack.store import close_store, open_store, told

    url = url_of(database)
    with told(url):
        sessions = open_store(url, read_only=read_only)
        try:
            yield sessions
        finally:
            close_store(sessions)


@contextmanager
def store_alone(database: str | None) -> Iterator[Sessions]:
    """The same, for one run at a time: raises StoreLocked where another is under way."""
    from quotetrack.store.lock import alone

    with alone(url_of(database)), opened_store(database) as sessions:
        yield sessions


def url_of(database: str | None) -> str:
    """The URL of a database that is named by its URL or path, or not at all."""
    named = database or open_settings().database
    return named if "://" in named else f"sqlite:///{Path(named).expanduser()}"


def open_settings() -> Settings:
    """The settings; what cannot be used is told, and ends the command."""
    import tomllib

    from pydantic import ValidationError

    from quotetrack.core.settings import Settings

    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        fail(f"quotetrack.toml is not valid TOML: {error}")
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        fail(f"a setting cannot be used: {told}")


def open_outlets(settings: Settings) -> Outlets:
    """Ours, and those of the settings; what cannot be read is told, and ends the command."""
    import tomllib

    from quotetrack.ingest.outlets import load_outlets

    try:
        return load_outlets(settings.outlets)
    except tomllib.TOMLDecodeError as error:
        fail(f"{settings.outlets} is not valid TOML: {error}")
    except KeyError as error:
        fail(f"{settings.outlets}: an outlet without {error}")
