"""Options that several commands share, and how commands open the settings, the outlets and the database."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import fail, warn

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.extract.windows import Encoder
    from quotetrack.ingest.crawl.client import Client
    from quotetrack.ingest.outlets import Outlets
    from quotetrack.review.apply import Recorded
    from quotetrack.review.exchange import Imported
    from quotetrack.store import Sessions

APPLIED_LATER = "Another run is using the database, and will apply this before it ends."
# The highest limit and page that a command takes: a database counts rows in 64 bits.
MOST_SHOWN = 1_000_000
NO_SOURCES = "The settings have no source. Add one: quotetrack sources add URL"

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="A path, sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE. "
        "Default: QUOTETRACK_DATABASE or the settings.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
LogOption = Annotated[
    Path | None, typer.Option("--log", metavar="FILE", help="Append events to this file, one JSON object a line.")
]
EverythingOption = Annotated[bool, typer.Option("--all", help="Include scare quotes, titles and single terms.")]
OutletOption = Annotated[str | None, typer.Option(help="The outlet of files that do not name one.")]
FastOption = Annotated[bool, typer.Option("--fast", help="Skip the neural model: starts faster, finds fewer speakers.")]
MinConfidenceOption = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        min=0.0,
        max=1.0,
        metavar="X",
        help="Leave out quotations with a lower confidence: the probability, 0 to 1, that the name is right.",
    ),
]
PublishedOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="The day or time of publication of files that do not give one.")
]


def day_option(text: str) -> object:
    """Return an option that takes a day."""
    return typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=text)


AboutOption = Annotated[str | None, typer.Option(help="The topic. Without it, everything counts.")]
SinceOption = Annotated[datetime | None, day_option("Only words that may have been said on or after this day.")]
UntilOption = Annotated[datetime | None, day_option("Only words that may have been said on or before this day.")]
SpeakerOption = Annotated[str | None, typer.Option("--speaker", help="The speaker.")]
CertainOption = Annotated[
    bool, typer.Option("--certain", help="Leave out words that only may have been said in these days.")
]
PublishedSinceOption = Annotated[datetime | None, day_option("Only articles from this day on.")]
PublishedUntilOption = Annotated[datetime | None, day_option("Only articles up to this day.")]
ReportedOption = Annotated[
    bool, typer.Option("--reported", help="Print reported statements too: what people said, in the reporter's words.")
]
StoreReportedOption = Annotated[
    bool | None,
    typer.Option(
        "--reported/--no-reported",
        help="Store reported statements of new articles too, or not. Default: the setting `reported`, which is off.",
        show_default=False,
    ),
]
AttitudesOption = Annotated[
    bool, typer.Option("--attitudes", help="With --reported, include what people want, think or plan.")
]
OnlyOutletOption = Annotated[str | None, typer.Option("--outlet", help="Only articles of this outlet.")]
SpeakerArgument = Annotated[str, typer.Argument(metavar="SPEAKER", help="The id or a name of a speaker.")]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who makes this decision. Default: your user name.")
]


def check_order(first_option: str, first: datetime | None, last_option: str, last: datetime | None) -> None:
    """Raise BadParameter if the first day of a window is after its last day."""
    if first and last and first > last:
        raise typer.BadParameter(f"{first_option} is after {last_option}")


def parse_published(published: str | None) -> datetime | date | None:
    """Parse the option --published. Raises BadParameter for text that is not a date."""
    if published is None:
        return None
    from quotetrack.ingest.timestamps import read_moment

    moment = read_moment(published)
    if moment is None:
        raise typer.BadParameter(f"{published!r} is not a date. Write 2026-03-11 or 2026-03-11T18:40:00+01:00.")
    return moment


def user_or(name: str | None) -> str:
    """Return the name given with --by, else the name of the user; end the command if the user has none."""
    import getpass

    try:
        return name or getpass.getuser()
    except (KeyError, OSError):  # no USER, and no entry of this user in the system
        fail("This user has no name. Say who decides: --by NAME.")


def applied_later(recorded: Recorded | Imported) -> str:
    """Return what to add to the report of decisions that another run has still to apply; empty if they are applied."""
    return "" if recorded.is_applied else f" {APPLIED_LATER}"


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


# Settings


def open_settings() -> Settings:
    """Return the settings; end the command with a message if they are invalid."""
    from quotetrack.core.settings import InvalidSettings, load_settings

    try:
        return load_settings()
    except InvalidSettings as error:
        fail(str(error))


def settings_with(reported: bool | None) -> Settings:
    """Return the settings, with `reported` where an option gives it."""
    settings = open_settings()
    return settings if reported is None else settings.model_copy(update={"reported": reported})


def open_outlets(settings: Settings) -> Outlets:
    """Return our outlets and those of the settings; end the command with a message if their file is invalid."""
    from quotetrack.ingest.outlets import InvalidOutlets, load_outlets

    try:
        return load_outlets(settings.outlets)
    except InvalidOutlets as error:
        fail(str(error))


def select_sources(settings: Settings, names: Sequence[str]) -> list[Source]:
    """Return the sources with these names, or all without names; end the command if there is no such source."""
    by_name = {source.name: source for source in settings.source}
    if not by_name:
        fail(NO_SOURCES)
    unknown = [name for name in names if name not in by_name]
    if unknown:
        fail(f"No source is called {unknown[0]}. Sources: {', '.join(by_name)}.")
    return [by_name[name] for name in names] or list(by_name.values())


def crawl_client(settings: Settings) -> Client:
    """Return a crawler client with the configured politeness. Raises ContactMissing."""
    from quotetrack.ingest.crawl.client import Client, Clock, Politeness

    return Client(Politeness.from_settings(settings), Clock(utc_now, time.monotonic, time.sleep, random.random))


def encoder_unless(fast: bool) -> Encoder | None:
    """Return the neural model that reads close cases again; None with --fast."""
    if fast:
        return None
    from quotetrack.models.pointer import load_pointer

    return load_pointer()


# The database


def database_url(database: str | None) -> str:
    """Return the URL of the database given by URL or path, or else of the one in the settings."""
    from quotetrack.store import url_of

    return url_of(database or open_settings().database)


@contextmanager
def opened_store(database: str | None, *, read_only: bool = False, create: bool = False) -> Iterator[Sessions]:
    """Open the store, and close it at the end. Errors of the database are raised as StoreError.

    Only with `create` a database that does not exist is created, which is said on standard error.
    """
    from quotetrack.store import close_store, current_revision, open_store, translate_errors

    url = database_url(database)
    with translate_errors(url):
        is_new = create and current_revision(url) is None
        sessions = open_store(url, read_only=read_only, create=create)
        if is_new:
            warn_of_new_database(url)
        try:
            yield sessions
        finally:
            close_store(sessions)


@contextmanager
def locked_store(database: str | None, *, create: bool = False) -> Iterator[Sessions]:
    """Open the store for one run at a time. Raises StoreLocked while another run holds the lock."""
    from quotetrack.store.lock import run_lock

    with run_lock(database_url(database)), opened_store(database, create=create) as sessions:
        yield sessions


def warn_of_new_database(url: str) -> None:
    """Print on standard error where a database was created."""
    from quotetrack.store.errors import name_of

    warn(f"Created the database at {name_of(url)}.")


@contextmanager
def opened_store_if_any(database: str | None) -> Iterator[Sessions | None]:
    """Open the store for reading; yield None where there is no database yet."""
    from quotetrack.store import current_revision

    if current_revision(database_url(database)) is None:
        yield None
        return
    with opened_store(database, read_only=True) as sessions:
        yield sessions


def warn_if_stale(sessions: Sessions) -> None:
    """Print a hint on standard error if an older extractor processed some articles, or left out what is wanted now."""
    from quotetrack.core.versions import EXTRACTOR, REPORTER
    from quotetrack.store.worklists import count_stale_versions

    wanted = open_settings().reported
    with sessions() as session:
        number = count_stale_versions(session, EXTRACTOR, REPORTER, with_reported=wanted)
    if number:
        how = ", or without reported statements" if wanted else ""
        warn(
            f"{number} article versions were processed by an older extractor{how}. "
            "Update: quotetrack ingest --stale PATH"
        )
