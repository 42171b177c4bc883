"""Commands about sources: `sources list | check | add`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn
from quotetrack.cli.exit_codes import ERROR, SOME_FAILED
from quotetrack.cli.options import (
    NO_SOURCES,
    DatabaseOption,
    JsonOption,
    crawl_client,
    open_settings,
    opened_store_if_any,
    select_sources,
)
from quotetrack.cli.root import sources_app

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings, Source
    from quotetrack.ingest.crawl.discovery import Offer
    from quotetrack.pipeline.preview import SourcePreview
    from quotetrack.store import Sessions


@sources_app.command("list", epilog="Example: quotetrack sources list --json")
def list_sources(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the settings, with their last article and stored pages."""
    with errors_reported():
        from quotetrack.render.runs import source_line
        from quotetrack.render.schemas import SourceSchema
        from quotetrack.store.crawl import read_source_states

        sources = open_settings().source
        with opened_store_if_any(database) as sessions:
            states = {}
            if sessions is not None:
                with sessions() as session:
                    states = read_source_states(session)
        if as_json:
            print_json([SourceSchema.stored(source, states.get(source.name)).to_json() for source in sources])
        else:
            print_lines(source_line(source, states.get(source.name)) for source in sources)
        if not sources:
            warn(NO_SOURCES)


@sources_app.command("check", epilog="Example: quotetrack sources check harbourpost")
def check_sources(
    name: Annotated[str | None, typer.Argument(help="The source to check. Default: all.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check what each source lists now, how much of it is new, and what is wrong. Stores nothing."""
    with errors_reported():
        settings = open_settings()
        preview_sources(select_sources(settings, [name] if name else []), settings, None, database, as_json)


@sources_app.command("add", epilog="Example: quotetrack sources add https://harbourpost.example --name harbourpost")
def add_source(
    url: Annotated[str, typer.Argument(help="A feed, a sitemap, or a page of the site.")],
    name: Annotated[str | None, typer.Option(help="The name of the source. Default: the host.")] = None,
    outlet: Annotated[str | None, typer.Option(help="The outlet of pages that do not name one.")] = None,
) -> None:
    """Find the feed or news sitemap of a site, and add it to the settings file."""
    with errors_reported():
        from quotetrack.render.runs import offer_line

        settings = open_settings()
        offers = _offers(url if "://" in url else f"https://{url}", settings)
        added = offers[0]
        source_name = name or _free_name(urlsplit(added.url).hostname or "source", settings)
        _add_to_settings(source_name, added, outlet)
        print_lines([f"{source_name}: {offer_line(added)}"])
        for other in offers[1:]:
            warn(f"Also found: {offer_line(other)}")


def preview_sources(
    sources: Sequence[Source], settings: Settings, since: datetime | None, database: str | None, as_json: bool
) -> None:
    """Print what each source lists now and what is wrong with it; nothing is stored.

    Ends the command with an exit code if a source has a problem.
    """
    from quotetrack.render.runs import preview_line
    from quotetrack.render.schemas import SourcePreviewSchema

    with opened_store_if_any(database) as sessions:
        previews = _previews(sources, settings, sessions, since)
    if as_json:
        print_json([SourcePreviewSchema.of(preview).to_json() for preview in previews])
    else:
        print_lines(map(preview_line, previews))
    if any(preview.problems for preview in previews):
        raise typer.Exit(SOME_FAILED)


def _previews(
    sources: Sequence[Source], settings: Settings, sessions: Sessions | None, since: datetime | None
) -> list[SourcePreview]:
    from quotetrack.pipeline.preview import preview_source

    day = since.date() if since else None
    if not any(source.kind.is_web for source in sources):
        return [preview_source(source, None, sessions, day) for source in sources]
    with crawl_client(settings) as client:
        return [preview_source(source, client, sessions, day) for source in sources]


def _offers(url: str, settings: Settings) -> list[Offer]:
    """Return the feeds and sitemaps of a site, at least one; end the command with the reasons if there is none."""
    from quotetrack.ingest.crawl.discovery import Offer, discover

    with crawl_client(settings) as client:
        discovered = list(discover(url, client))
    offers = [each for each in discovered if isinstance(each, Offer)]
    if not offers:
        fail("; ".join(each.reason for each in discovered if not isinstance(each, Offer)), ERROR)
    return offers


def _free_name(host: str, settings: Settings) -> str:
    """Return the host as a name, with a number where a source has that name."""
    taken = {source.name for source in settings.source}
    name = bare = host.removeprefix("www.")
    number = 2
    while name in taken:
        name = f"{bare}-{number}"
        number += 1
    return name


def _add_to_settings(name: str, offer: Offer, outlet: str | None) -> None:
    """Add the source to the settings file, which keeps its comments and form. Settings must accept the new file."""
    import tomlkit
    from pydantic import ValidationError

    from quotetrack.core.settings import Settings, settings_file

    file = settings_file()
    text = file.read_text("utf-8") if file.exists() else ""
    document = tomlkit.parse(text)
    fields = {"name": name, "kind": str(offer.kind), "url": offer.url, "outlet": outlet}
    sources = document.get("source")
    is_inline = isinstance(sources, tomlkit.items.Array)  # source = [{name = "a", ...}]
    source = tomlkit.inline_table() if is_inline else tomlkit.table()
    source.update({key: value for key, value in fields.items() if value is not None})
    if sources is None:
        sources = tomlkit.aot()
        document.add("source", sources)
    elif not is_inline and not sources[-1].as_string().endswith("\n\n"):
        sources[-1].add(tomlkit.nl())  # a blank line above the new table
    sources.append(source)
    try:
        Settings(source=document.unwrap()["source"])
    except ValidationError as error:
        fail("; ".join(str(problem["msg"]) for problem in error.errors()))
    file.write_text(tomlkit.dumps(document), "utf-8")
