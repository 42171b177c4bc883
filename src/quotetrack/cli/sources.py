"""Commands about sources: `sources list | check | add`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from quotetrack.cli.console import ERROR, SOME_FAILED, fail, print_json, print_lines, reported, tell
from quotetrack.cli.options import DatabaseOption, JsonOption, open_settings
from quotetrack.cli.root import sources_app

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.ingest.crawl.discovery import Offer
    from quotetrack.pipeline.preview import SourcePreview
    from quotetrack.store import Sessions
from quotetrack.cli.options import chosen_sources, crawl_client, no_sources_line, store_if_any

SETTINGS_FILE = Path("quotetrack.toml")


@sources_app.command("list", epilog="Example: quotetrack sources list --json")
def list_sources(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the settings, and what each has given."""
    with reported():
        from quotetrack.render.runs import source_json, source_line
        from quotetrack.store.crawl import read_source_states

        sources = open_settings().source
        with store_if_any(database) as sessions:
            on_file = {}
            if sessions is not None:
                with sessions() as session:
                    on_file = read_source_states(session)
        if as_json:
            print_json([source_json(one, on_file.get(one.name)) for one in sources])
        else:
            print_lines(source_line(one, on_file.get(one.name)) for one in sources)
        if not sources:
            tell(no_sources_line())


@sources_app.command("check", epilog="Example: quotetrack sources check harbourpost")
def check_sources(
    name: Annotated[str | None, typer.Argument(help="One source; without it all of them.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask each source what it lists, how much of it is not on file, and what is wrong; nothing is taken in."""
    with reported():
        settings = open_settings()
        preview_sources(chosen_sources(settings, [name] if name else []), settings, None, database, as_json)


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


def preview_sources(
    sources: Sequence[Source], settings: Settings, since: datetime | None, database: str | None, as_json: bool
) -> None:
    """Print what each source lists now and what is wrong with it; nothing is stored."""
    with store_if_any(database) as sessions:
        _tell_looks(_looks(sources, settings, sessions, since), as_json)


def _looks(
    sources: Sequence[Source],
    settings: Settings,
    sessions: Sessions | None,
    since: datetime | None,
) -> list[SourcePreview]:
    from quotetrack.pipeline.preview import preview_source

    day = since.date() if since else None
    if not any(source.kind.is_web for source in sources):
        return [preview_source(source, None, sessions, day) for source in sources]
    with crawl_client(settings) as client:
        return [preview_source(source, client, sessions, day) for source in sources]


def _tell_looks(looks: Sequence[SourcePreview], as_json: bool) -> None:
    from quotetrack.render.runs import preview_json, preview_line

    if as_json:
        print_json([preview_json(one) for one in looks])
    else:
        print_lines(map(preview_line, looks))
    if any(one.problems for one in looks):
        raise typer.Exit(SOME_FAILED)


def _offers(url: str, settings: Settings) -> list[Offer]:
    """What a site offers to be watched by; at least one."""
    from quotetrack.ingest.crawl.discovery import Offer, discover

    with crawl_client(settings) as client:
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
