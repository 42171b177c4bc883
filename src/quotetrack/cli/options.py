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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
    from quotetrack.ingest.outlets import Outlets
    from quotetrack.store import Sessions
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from quotetrack.cli.console import tell

if TYPE_CHECKING:
    from quotetrack.store import Sessions
import random
import time
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.ingest.crawl.client import Client
    from quotetrack.store import Sessions
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotetrack.extract.windows import Encoder

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///PATH or a path; default: QUOTETRACK_DATABASE."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


@contextmanager
def opened_store(database: str | None, *, read_only: bool = False) -> Iterator[Sessions]:
    """An open store, closed at the end; what goes wrong with it in between is raised as StoreError."""
    from quotetrack.store import close_store, open_store, translate_errors

    url = url_of(database)
    with translate_errors(url):
        sessions = open_store(url, read_only=read_only)
        try:
            yield sessions
        finally:
            close_store(sessions)


@contextmanager
def locked_store(database: str | None) -> Iterator[Sessions]:
    """The same, for one run at a time: raises StoreLocked where another is under way."""
    from quotetrack.store.lock import run_lock

    with run_lock(url_of(database)), opened_store(database) as sessions:
        yield sessions


def url_of(database: str | None) -> str:
    """The URL of a database that is named by its URL or path, or not at all."""
    named = database or open_settings().database
    return named if "://" in named else f"sqlite:///{Path(named).expanduser()}"


def open_settings() -> Settings:
    """The settings; what cannot be used is reported, and ends the command."""
    import tomllib

    from pydantic import ValidationError

    from quotetrack.core.settings import Settings

    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        fail(f"quotetrack.toml is not valid TOML: {error}")
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        fail(f"a setting cannot be used: {problems}")


def open_outlets(settings: Settings) -> Outlets:
    """Ours, and those of the settings; what cannot be read is reported, and ends the command."""
    import tomllib

    from quotetrack.ingest.outlets import load_outlets

    try:
        return load_outlets(settings.outlets)
    except tomllib.TOMLDecodeError as error:
        fail(f"{settings.outlets} is not valid TOML: {error}")
    except KeyError as error:
        fail(f"{settings.outlets}: an outlet without {error}")


FastOption = Annotated[
    bool, typer.Option("--fast", help="Without the reading model: starts sooner, and finds the speaker less often.")
]
MinConfidenceOption = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        min=0.0,
        max=1.0,
        metavar="X",
        help="Leave out what is less sure: the probability, 0 to 1, that the speaker's mention is the right one.",
    ),
]
SpeakerArgument = Annotated[str, typer.Argument(metavar="SPEAKER", help="The id or a name of a speaker on file.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; default: the user's name.")]
PublishedOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="The day or moment of publication, where a file tells none.")
]


def moment_of(published: str | None) -> datetime | date | None:
    """Parse the option --published; raises BadParameter for what is no date."""
    if published is None:
        return None
    from quotetrack.ingest.timestamps import read_moment

    moment = read_moment(published)
    if moment is None:
        raise typer.BadParameter(f"{published!r} is no date: write 2026-03-11 or 2026-03-11T18:40:00+01:00")
    return moment


def tell_stale(sessions: Sessions) -> None:
    """Print a hint on standard error where an older extractor read some versions."""
    from quotetrack.pipeline.steps.extract import count_stale

    with sessions() as session:
        number = count_stale(session)
    if number:
        tell(f"{number} versions were read by an older extractor: `quotetrack ingest --stale` reads them again")


# Sources


def chosen_sources(settings: Settings, names: Sequence[str]) -> list[Source]:
    """The sources of these names, or all; tells where there are none, or a name is not among them."""
    by_name = {source.name: source for source in settings.source}
    if not by_name:
        fail(no_sources_line())
    unknown = [name for name in names if name not in by_name]
    if unknown:
        fail(f"no source is called {unknown[0]}; there are {', '.join(by_name)}")
    return [by_name[name] for name in names] or list(by_name.values())


def no_sources_line() -> str:
    """Return what to do where the settings name no source."""
    return "the settings name no source: `quotetrack sources add URL` adds one to quotetrack.toml"


def crawl_client(settings: Settings) -> Client:
    """Somebody polite; raises ContactMissing."""
    from quotetrack.ingest.crawl.client import Client, Clock, Manners

    return Client(Manners.of(settings), Clock(utc_now, time.monotonic, time.sleep, random.random))


@contextmanager
def store_if_any(database: str | None) -> Iterator[Sessions | None]:
    """The store to read from; None where there is none yet."""
    from quotetrack.store import current_revision

    if current_revision(url_of(database)) is None:
        yield None
        return
    with opened_store(database, read_only=True) as sessions:
        yield sessions


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def encoder_unless(fast: bool) -> Encoder | None:
    """The reading model; None where nobody wants to wait for it."""
    if fast:
        return None
    from quotetrack.models.pointer import load_pointer

    return load_pointer()
