"""Commands about the database: `db upgrade | current | backup | restore | copy | prune`."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn
from quotetrack.cli.options import (
    DatabaseOption,
    JsonOption,
    database_url,
    open_settings,
    opened_store,
    utc_now,
    warn_of_new_database,
)
from quotetrack.cli.root import database_app

if TYPE_CHECKING:
    from quotetrack.pipeline.backup import Contents
    from quotetrack.pipeline.prune import Pruned


@database_app.command(epilog="Example: quotetrack db upgrade --database sqlite:///news.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Create the database, or upgrade its tables to this version."""
    url = database_url(database)
    with errors_reported():
        from quotetrack.pipeline.steps import resolve_speakers
        from quotetrack.store import current_revision
        from quotetrack.store.errors import shown_url

        with opened_store(database, create=True) as sessions:
            resolve_speakers.run(sessions)
        print_lines([f"{shown_url(url)}: tables at revision {current_revision(url)}"])


@database_app.command(epilog="Example: quotetrack db current --json")
def current(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show the revision of the tables, and whether it is the newest."""
    url = database_url(database)
    with errors_reported():
        from quotetrack.render.schemas import DatabaseSchema
        from quotetrack.store import current_revision, head_revision
        from quotetrack.store.errors import shown_url

        revision, head = current_revision(url), head_revision()
        if as_json:
            print_json(DatabaseSchema(database=shown_url(url), current=revision, head=head).to_json())
        elif revision is None:
            print_lines(
                [f"{shown_url(url)}: no database yet. `quotetrack ingest` or `quotetrack db upgrade` creates it."]
            )
        else:
            state = "up to date" if revision == head else f"older than {head}: run `quotetrack db upgrade`"
            print_lines([f"{shown_url(url)}: tables at revision {revision}, {state}"])


@database_app.command(epilog="Example: quotetrack db backup /backup/news-2031-03-12.tar.gz")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write: .tar, or compressed .tar.gz or .tgz.")],
    without_evidence: Annotated[bool, typer.Option("--without-evidence", help="Back up only the database.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Write the database and the evidence to one tar file. A night may run meanwhile."""
    from quotetrack.pipeline.backup import ENDINGS, back_up
    from quotetrack.render.text import size_text

    if not file.name.endswith(ENDINGS):
        raise typer.BadParameter(f"{file} must end in .tar, .tar.gz or .tgz")
    with errors_reported():
        if file.exists() and not force:
            fail(f"{file} exists: name another file, or give --force to replace it")
        evidence = None if without_evidence else open_settings().evidence
        contents = back_up(database_url(database), file, evidence)
        print_lines([f"Wrote {file} ({size_text(file.stat().st_size)}): {_contents_text(contents)}."])


@database_app.command(epilog="Example: quotetrack db restore /backup/news-2031-03-12.tar.gz")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `db backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database if it exists.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Restore the database from a backup, and put back the evidence files that are missing."""
    url = database_url(database)
    with errors_reported():
        from quotetrack.pipeline.backup import restore
        from quotetrack.store.engine import current_revision, file_of, head_revision
        from quotetrack.store.lock import run_lock

        with run_lock(url):
            exists = file_of(url).exists()
            if exists and not force:
                fail(f"{file_of(url)} exists: name another with --database, or give --force to replace it")
            contents = restore(url, file, open_settings().evidence)
        if not exists:
            warn_of_new_database(url)
        print_lines([f"Restored from {file}: {_contents_text(contents)}."])
        if current_revision(url) != head_revision():
            warn("Its tables are those of an older version. Upgrade them: quotetrack db upgrade")


@database_app.command(
    epilog="Example: quotetrack db copy news.db postgresql+psycopg://reporter@db.example.org/news",
)
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The database to copy: a path or a URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty database, or one that is made: a path or URL.")],
) -> None:
    """Copy a database from SQLite to PostgreSQL or back, with all ids. The evidence stays where it is."""
    with errors_reported():
        from quotetrack.store.copying import copy_database
        from quotetrack.store.errors import name_of

        urls = database_url(source), database_url(target)
        copied = copy_database(*urls, on_table=lambda name: warn(f"Copying {name} ..."))
        print_lines([f"Copied {copied:,} rows from {name_of(urls[0])} to {name_of(urls[1])}."])


@database_app.command(epilog="Example: quotetrack db prune --evidence-older-than 365 --dry-run")
def prune(
    days: Annotated[
        int,
        typer.Option(
            "--evidence-older-than",
            min=1,
            metavar="DAYS",
            help="Remove files that were last fetched, or seen as the evidence of an article, so many days ago.",
        ),
    ],
    also_in_use: Annotated[
        bool, typer.Option("--also-in-use", help="Also remove files that verify quotations. This cannot be undone.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, and remove nothing.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove old files from the evidence folder. Everything in the database stays.

    The evidence of current articles is kept, and that of older versions with quotations that no newer version has.
    What is removed by default are other copies of the same text, pages without an article, and superseded versions.
    """
    url = database_url(database)
    with errors_reported():
        from quotetrack.pipeline.prune import prune
        from quotetrack.store.lock import run_lock

        evidence = open_settings().evidence
        if evidence is None:
            fail("No evidence is kept: the setting `evidence` is empty.")
        before = utc_now() - timedelta(days=days)
        with nullcontext() if dry_run else run_lock(url), opened_store(database, read_only=True) as sessions:
            pruned = prune(sessions, evidence, before, also_in_use=also_in_use, dry_run=dry_run)
        if as_json:
            from quotetrack.render.schemas import PrunedSchema

            print_json(PrunedSchema.of(pruned).to_json())
        else:
            print_lines([_pruned_text(pruned, dry_run)])


def _contents_text(contents: Contents) -> str:
    from quotetrack.render.text import size_text

    database = f"the database ({size_text(contents.database_bytes)})"
    return f"{database} and {_files_text(contents.evidence_files, 'evidence file', contents.evidence_bytes)}"


def _pruned_text(pruned: Pruned, dry_run: bool) -> str:
    verb = "Would remove" if dry_run else "Removed"
    removed = f"{verb} {_files_text(pruned.removed, 'evidence file', pruned.removed_bytes)}."
    kept = f" Kept {_files_text(pruned.kept, 'file', pruned.kept_bytes)} of that age: in use." if pruned.kept else ""
    return removed + kept


def _files_text(number: int, noun: str, size: int) -> str:
    from quotetrack.render.text import count, size_text

    return f"{count(number, noun)} ({size_text(size)})"
