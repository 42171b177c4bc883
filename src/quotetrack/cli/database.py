"""Commands about the database: `db upgrade | current`."""

from __future__ import annotations

import typer

from quotetrack.cli.console import errors_reported, print_json
from quotetrack.cli.options import DatabaseOption, JsonOption, database_url, opened_store
from quotetrack.cli.root import database_app


@database_app.command(epilog="Example: quotetrack db upgrade --database sqlite:///news.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Create the database, or upgrade its tables to this version."""
    url = database_url(database)
    with errors_reported():
        from quotetrack.pipeline.steps import resolve_speakers
        from quotetrack.store import current_revision, upgrade

        upgrade(url)
        with opened_store(database) as sessions:
            resolve_speakers.run(sessions)
        typer.echo(f"{url}: tables at revision {current_revision(url)}")


@database_app.command(epilog="Example: quotetrack db current --json")
def current(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show the revision of the tables, and whether it is the newest."""
    url = database_url(database)
    with errors_reported():
        from quotetrack.render.schemas import DatabaseSchema
        from quotetrack.store import current_revision, head_revision

        revision, head = current_revision(url), head_revision()
        if as_json:
            print_json(DatabaseSchema(database=url, current=revision, head=head).to_json())
        elif revision is None:
            typer.echo(f"{url}: no database yet. `quotetrack ingest` or `quotetrack db upgrade` creates it.")
        else:
            state = "up to date" if revision == head else f"older than {head}: run `quotetrack db upgrade`"
            typer.echo(f"{url}: tables at revision {revision}, {state}")
