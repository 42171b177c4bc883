"""Commands about the database: `db upgrade | current`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from quotetrack.cli.console import print_json, reported
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store, url_of

if TYPE_CHECKING:
    pass
from quotetrack.cli.root import database_app


@database_app.command(epilog="Example: quotetrack db upgrade --database sqlite:///news.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Make the database, or bring its tables up to date."""
    url = url_of(database)
    with reported():
        from quotetrack.pipeline.steps import resolve_speakers
        from quotetrack.store import current_revision, upgrade

        upgrade(url)
        with opened_store(database) as sessions:
            resolve_speakers.run(sessions)
        typer.echo(f"{url}: tables {current_revision(url)}")


@database_app.command(epilog="Example: quotetrack db current --json")
def current(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Tell which tables the database has, and which ones this version wants."""
    url = url_of(database)
    with reported():
        from quotetrack.store import current_revision, head_revision

        revision, head = current_revision(url), head_revision()
        if as_json:
            print_json({"database": url, "current": revision, "head": head})
        elif revision is None:
            typer.echo(f"{url}: no database yet; `quotetrack ingest` or `quotetrack db upgrade` makes it")
        else:
            is_today = "up to date" if revision == head else f"run `quotetrack db upgrade` for {head}"
            typer.echo(f"{url}: tables {revision}, {is_today}")
