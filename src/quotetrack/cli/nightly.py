"""The door of the night: `nightly`, `sources`, `runs`."""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from quotetrack.cli.console import ERROR, SOME_FAILED, fail, print_json, print_lines, progress, reported, tell
from quotetrack.cli.options import (
    DatabaseOption,
    DayOption,
    JsonOption,
    open_outlets,
    open_settings,
    opened_store,
    store_alone,
    url_of,
)

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.ingest.crawl.client import Client
    from quotetrack.ingest.crawl.discovery import Offer
    from quotetrack.pipeline.nightly import Night, OnEvent
    from quotetrack.pipeline.preview import Look
    from quotetrack.store import Sessions

MOST_FAILURES_TOLD = 20  # lines; `runs show` has all of them
SETTINGS_FILE = Path("quotetrack.toml")

sources_app = typer.Typer(no_args_is_help=True, help="Where the nightly job looks for articles.")
runs_app = typer.Typer(no_args_is_help=True, help="What was done when, and what failed.")


def nightly(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only this one; may be given several times.")
    ] = None,
    since: DayOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The most pages or articles of each source.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what there is to take in, and write nothing.")
    ] = False,
    metrics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the figures of the run for Prometheus.")
    ] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Append what happens, one JSON object a line.")
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what the sources of the settings have tonight: fetch, extract, link, embed.

    --since: only pages from this day on. What an earlier night did not finish is finished. One run at a time.
    """
    with reported():
        settings = open_settings()
        sources = _chosen(settings, source or [])
        if dry_run:
            _try_sources(sources, settings, since, database, as_json)
            return
        with store_alone(database) as sessions:
            try:
                night = _night(sessions, sources, settings, since, limit, log)
            finally:
                if metrics is not None:
                    _write_metrics(sessions, metrics)
        _tell_night(night, as_json)
        if night.failed:
            raise typer.Exit(SOME_FAILED)


@sources_app.command("list", epilog="Example: quotetrack sources list --json")
def list_sources(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the settings, and what each has given."""
    with reported():
        from quotetrack.render.runs import source_json, source_line
        from quotetrack.store.crawl import sources_on_file

        sources = open_settings().source
        with _store_if_any(database) as sessions:
            on_file = {}
            if sessions is not None:
                with sessions() as session:
                    on_file = sources_on_file(session)
        if as_json:
            print_json([source_json(one, on_file.get(one.name)) for one in sources])
        else:
            print_lines(source_line(one, on_file.get(one.name)) for one in sources)
        if not sources:
            tell(_no_sources())


@sources_app.command("check", epilog="Example: quotetrack sources check harbourpost")
def check_sources(
    name: Annotated[str | None, typer.Argument(help="One source; without it all of them.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask each source what it lists, how much of it is not on file, and what is wrong; nothing is taken in."""
    with reported():
        settings = open_settings()
        _try_sources(_chosen(settings, [name] if name else []), settings, None, database, as_json)


@sources_app.command("add", epilog="Example: quotetrack sources add https://harbourpost.example --name harbourpost")
def add_source(
    url: Annotated[str, typer.Argument(help="A feed, a sitemap, or a page of the site.")],
    name: Annotated[str | None, typer.Option(help="What to call it; default: the host.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Whose articles they are, where the pages tell none.")] = None,
) -> None:
    """Find the feed or news sitemap of a site, and add it to quotetrack.toml in this folder."""
    with reported():
        from quotetrack.render.runs import offer_line

        settings = open_settings()
        address = url if "://" in url else f"https://{url}"
        offers = _offers(address, settings)
        added = offers[0]
        called = name or _free_name(urlsplit(added.url).hostname or "source", settings)
        _add_to_settings(called, added, outlet)
        typer.echo(f"{called}: {offer_line(added)}")
        for other in offers[1:]:
            tell(f"also there: {offer_line(other)}")


@runs_app.command("list", epilog="Example: quotetrack runs list --limit 5")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, help="The most runs to show.")] = 20,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the runs, the latest first: when, how long, what came of them."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import run_json, run_line
        from quotetrack.store.runs import read_runs

        with sessions() as session:
            runs = read_runs(session, limit)
        if as_json:
            print_json([run_json(run) for run in runs])
        else:
            print_lines(map(run_line, runs))


@runs_app.command("show", epilog="Example: quotetrack runs show 12")
def show_run(
    run: Annotated[int, typer.Argument(help="The number of a run, as `runs list` gives it.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one run: counts by source and by stage, and everything that failed, with reasons."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.runs import failures_json, run_json, run_lines
        from quotetrack.store.runs import failures_of, read_run

        with sessions() as session:
            found, failures = read_run(session, run), failures_of(session, run)
        if found is None:
            fail(f"there is no run {run}")
        if as_json:
            print_json({**run_json(found), "failures": failures_json(failures)})
        else:
            print_lines(run_lines(found, failures))


# A night


def _night(
    sessions: Sessions,
    sources: Sequence[Source],
    settings: Settings,
    since: datetime | None,
    limit: int | None,
    log: Path | None,
) -> Night:
    from quotetrack.pipeline import nightly
    from quotetrack.pipeline.executors.processes import mapper

    with mapper(settings.workers) as as_map, _log(log) as on_event, progress() as on_progress:
        return nightly.nightly(
            sessions,
            sources,
            connect=lambda: _client(settings),
            outlets=open_outlets(settings),
            settings=settings,
            now=_now,
            mapper=as_map,
            since=since.date() if since else None,
            limit=limit,
            on_progress=on_progress,
            on_event=on_event,
        )


def _tell_night(night: Night, as_json: bool) -> None:
    from quotetrack.render.runs import night_json, night_lines, quiet_lines

    if as_json:
        print_json(night_json(night))
        for line in quiet_lines(night.quiet):
            tell(line)
    else:
        print_lines(night_lines(night))
    for failure in night.failures[:MOST_FAILURES_TOLD]:
        tell(f"failed: {failure.where}: {failure.reason}")
    if night.failed > MOST_FAILURES_TOLD:
        tell(f"... and {night.failed - MOST_FAILURES_TOLD} more: quotetrack runs show {night.run_id}")


def _try_sources(
    sources: Sequence[Source], settings: Settings, since: datetime | None, database: str | None, as_json: bool
) -> None:
    with _store_if_any(database) as sessions:
        _tell_looks(_looks(sources, settings, sessions, since), as_json)


def _write_metrics(sessions: Sessions, path: Path) -> None:
    """The last run, whole or not at all: Prometheus may read at any moment."""
    from quotetrack.render.runs import metrics_text
    from quotetrack.store.crawl import sources_on_file
    from quotetrack.store.runs import read_runs

    with sessions() as session:
        runs, sources = read_runs(session, 1), sources_on_file(session)
    if not runs:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(metrics_text(runs[0], sources))
    os.chmod(part.name, 0o644)  # node_exporter is another user
    os.replace(part.name, path)


@contextmanager
def _log(path: Path | None) -> Iterator[OnEvent]:
    """JSON lines, appended; each with its time and what happened."""
    from quotetrack.pipeline.nightly import unheard

    if path is None:
        yield unheard
        return
    import structlog

    with path.open("a", encoding="utf-8", buffering=1) as out:  # a line at a time: a run may be killed
        logger = structlog.wrap_logger(
            structlog.WriteLogger(out),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )

        def on_event(event: str, told: Mapping[str, str | float | None]) -> None:
            logger.msg(event, **told)

        yield on_event


# Sources


def _chosen(settings: Settings, names: Sequence[str]) -> list[Source]:
    """The sources of these names, or all; tells where there are none, or a name is not among them."""
    by_name = {source.name: source for source in settings.source}
    if not by_name:
        fail(_no_sources())
    unknown = [name for name in names if name not in by_name]
    if unknown:
        fail(f"no source is called {unknown[0]}; there are {', '.join(by_name)}")
    return [by_name[name] for name in names] or list(by_name.values())


def _no_sources() -> str:
    return "the settings name no source: `quotetrack sources add URL` adds one to quotetrack.toml"


def _looks(
    sources: Sequence[Source],
    settings: Settings,
    sessions: Sessions | None,
    since: datetime | None,
) -> list[Look]:
    from quotetrack.pipeline.preview import look

    day = since.date() if since else None
    if not any(source.kind.is_web for source in sources):
        return [look(source, None, sessions, day) for source in sources]
    with _client(settings) as client:
        return [look(source, client, sessions, day) for source in sources]


def _tell_looks(looks: Sequence[Look], as_json: bool) -> None:
    from quotetrack.render.runs import look_json, look_line

    if as_json:
        print_json([look_json(one) for one in looks])
    else:
        print_lines(map(look_line, looks))
    if any(one.problems for one in looks):
        raise typer.Exit(SOME_FAILED)


def _offers(url: str, settings: Settings) -> list[Offer]:
    """What a site offers to be watched by; at least one."""
    from quotetrack.ingest.crawl.discovery import Offer, discover

    with _client(settings) as client:
        told = list(discover(url, client))
    offers = [one for one in told if isinstance(one, Offer)]
    if not offers:
        fail("; ".join(one.reason for one in told if not isinstance(one, Offer)), ERROR)
    return offers


def _free_name(host: str, settings: Settings) -> str:
    """A name that no source has yet."""
    taken = {source.name for source in settings.source}
    bare = host.removeprefix("www.")
    names = (bare, *(f"{bare}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _add_to_settings(name: str, offer: Offer, outlet: str | None) -> None:
    """Append the source, where the file is one that quotetrack can read afterwards as well."""
    from pydantic import ValidationError

    from quotetrack.core.settings import Settings

    fields = {"name": name, "kind": str(offer.kind), "url": offer.url, "outlet": outlet}
    told = {key: value for key, value in fields.items() if value is not None}
    block = "\n[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())
    before = SETTINGS_FILE.read_text("utf-8") if SETTINGS_FILE.exists() else ""
    try:
        Settings(source=tomllib.loads(before + block)["source"])
    except ValidationError as error:
        fail("; ".join(str(one["msg"]) for one in error.errors()))
    except tomllib.TOMLDecodeError:
        fail(f"{SETTINGS_FILE} has its sources in another form; add this to them:\n{block}")
    SETTINGS_FILE.write_text(before + block, "utf-8")


def _client(settings: Settings) -> Client:
    """Somebody polite; raises ContactMissing."""
    from quotetrack.ingest.crawl.client import Client, Clock, Manners

    return Client(Manners.of(settings), Clock(_now, time.monotonic, time.sleep, random.random))


@contextmanager
def _store_if_any(database: str | None) -> Iterator[Sessions | None]:
    """The store to read from; None where there is none yet."""
    from quotetrack.store import current_revision

    if current_revision(url_of(database)) is None:
        yield None
        return
    with opened_store(database, read_only=True) as sessions:
        yield sessions


def _now() -> datetime:
    return datetime.now(UTC)
