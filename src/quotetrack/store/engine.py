"""Open a store: its URL, its connections, its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from quotetrack.store.backends import POSTGRESQL, SQLITE, Backend, backend_at, backend_named, backend_of, sqlite
from quotetrack.store.errors import StoreError, name_of, printed_url, translate_errors

Sessions: TypeAlias = sessionmaker[Session]

URLS = "write sqlite:///PATH or postgresql+psycopg://USER@HOST/DATABASE"
BUSY_SECONDS = 5.0  # time-out for another writer; every writer commits after each article


def url_of(place: str | PathLike[str]) -> str:
    """Return the URL of a database that is given by URL or by path. Raises StoreError for `~` without a home."""
    name = fspath(place)
    if "://" in name:
        return name
    try:
        path = Path(name).expanduser()
    except RuntimeError as error:
        raise StoreError(f"{name} cannot be found: there is no such home folder; write the whole path") from error
    return URL.create("sqlite", database=str(path)).render_as_string()  # escapes a "?"


def open_store(
    url: str, *, read_only: bool = False, create: bool = True, busy_seconds: float = BUSY_SECONDS
) -> Sessions:
    """Return sessions on the store at `url`. Migrate its tables if necessary, and create it unless `create` is false.

    With `read_only` nothing is created, migrated or locked, and the tables must be up to date. Raises StoreError.
    """
    with translate_errors(url):
        if not create:
            refuse_missing(url)
        engine = _engine(url, read_only=read_only, busy_seconds=busy_seconds)
        with engine.connect() as connection:
            revision = _revision(connection)
            _refuse_foreign(connection, url, revision)
        if revision is None and (read_only or not create):
            raise _missing(url)
        if revision != head_revision() and read_only:
            raise StoreError(f"{name_of(url)} was made by an older quotetrack: run `quotetrack db upgrade`")
        if revision != head_revision():
            _migrate(engine)
        return sessionmaker(engine)


def begin_reading(session: Session) -> None:
    """Begin a transaction, in which all statements see the database of one moment; a writer is not kept waiting.

    Without it each statement sees what was committed before it, and an answer may be put together of two databases.
    """
    backend_of(session).begin_reading(session)


def begin_naming(session: Session) -> None:
    """Begin a transaction that reads and then changes whose a name is. Another such one waits until it ends.

    Without it a night could give a name to the speaker from whom a person is just taking it.
    """
    backend_of(session).begin_naming(session)


def close_store(sessions: Sessions) -> None:
    """Close the connections. SQLite then merges its write-ahead log into the file."""
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    engine.dispose()


def rewrite_file(sessions: Sessions) -> None:
    """Rewrite the files of the database, so that nothing of deleted rows is left in them. Takes as long as a copy."""
    with _committing_by_itself(sessions) as (backend, connection):
        backend.rewrite(connection)


def merge_full_text(sessions: Sessions) -> None:
    """Merge what many runs have added to the full-text index, for faster answers. Other processes may write meanwhile.

    It takes some seconds for each million quotations, where there is enough to merge.
    """
    with _committing_by_itself(sessions) as (backend, connection):
        backend.merge_full_text(connection)


@contextmanager
def _committing_by_itself(sessions: Sessions) -> Iterator[tuple[Backend, Connection]]:
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield backend_named(engine.dialect.name), connection


def upgrade(url: str) -> None:
    """Create the store at `url`, or bring its tables up to date. Tables that are up to date stay as they are."""
    close_store(open_store(url))


def current_revision(url: str) -> str | None:
    """Return the revision of the tables at `url`; None if there are none. Creates no file."""
    parsed = parse_url(url)
    if backend_at(parsed).is_missing(parsed):
        return None
    with translate_errors(url):
        engine = _engine(url, read_only=True, busy_seconds=BUSY_SECONDS)
        with engine.connect() as connection:
            revision = _revision(connection)
        engine.dispose()
        return revision


def copy_store(url: str, path: Path) -> None:
    """Copy the store at `url`, as it is at one moment, into a new file. Other processes may write meanwhile.

    Tables of an older revision are copied as they are. Raises StoreError, also if the copy is damaged.
    """
    file_of(url)
    engine = _engine(url, read_only=True, busy_seconds=BUSY_SECONDS)
    with translate_errors(f"the copy of {name_of(url)}"), engine.connect() as connection:
        sqlite.copy_to(connection, path)
    engine.dispose()
    check_store(path, name_of(url))


def check_store(path: Path, name: str) -> str:
    """Return the revision of the tables in a file that no process has open.

    Raises StoreError, which calls the file `name`, if it is damaged or no store that this quotetrack can open.
    """
    with translate_errors(name):
        engine = create_engine(sqlite.read_only_url(path), poolclass=NullPool)
        with engine.connect() as connection:
            revision = _revision(connection)
            _refuse_foreign(connection, name, revision)
            if revision is None:
                raise StoreError(f"{name} holds no tables of quotetrack: name another database")
            if sqlite.is_damaged(connection):
                raise StoreError(f"{name} {sqlite.DAMAGED}")
    return revision


def replace_store(url: str, path: Path) -> None:
    """Move the store in the file `path` to `url`, in place of what is there. The caller holds the run lock."""
    sqlite.replace(file_of(url), path)


def file_of(url: str) -> Path:
    """Return the file of the store at `url`. Raises StoreError for a store in memory."""
    parsed = parse_url(url)
    if not is_file(url):
        raise StoreError(f"{name_of(url)} is no file: this works with SQLite only. With PostgreSQL, use pg_dump")
    path = sqlite.path_of(parsed)
    if path is None:
        raise StoreError(f"{url} is in memory and has no file: name another database")
    return path


def is_file(url: str) -> bool:
    """Return whether the store at `url` is one of SQLite: a file, or in memory."""
    return parse_url(url).get_backend_name() == SQLITE


def head_revision() -> str:
    """Return the newest revision: the last of the numbered files, found without loading Alembic."""
    return max(_revisions())


def migrations_folder() -> Path:
    """Return the folder of the migrations: inside an installed package, at the top of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Run all migrations of the block in one transaction, with the database locked. A failure changes nothing."""
    with backend_named(connection.dialect.name).migrating(connection):
        yield


def engine_of(url: str) -> Engine:
    """Return an engine that writes, for Alembic's own command line."""
    return _engine(url, read_only=False, busy_seconds=BUSY_SECONDS)


def parse_url(url: str) -> URL:
    """Return the parts of a URL. Raises StoreError for one that names no database that quotetrack knows."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(f"{name_of(url)} is not the URL of a database: {URLS}") from error
    if backend not in (SQLITE, POSTGRESQL):
        raise StoreError(f"{printed_url(parsed)} names a database that quotetrack does not know: {URLS}")
    return parsed


def _engine(url: str, *, read_only: bool, busy_seconds: float) -> Engine:
    parsed = parse_url(url)
    return backend_at(parsed).make_engine(parsed, read_only=read_only, busy_seconds=busy_seconds)


def refuse_missing(url: str) -> None:
    """Raise StoreError where there is no database at a URL."""
    parsed = parse_url(url)
    if backend_at(parsed).is_missing(parsed):
        raise _missing(url)


def _missing(url: str) -> StoreError:
    return StoreError(f"there is no database at {name_of(url)}: `quotetrack ingest` makes one")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def _refuse_foreign(connection: Connection, url: str, revision: str | None) -> None:
    if revision is None and (others := set(inspect(connection).get_table_names()) - {"alembic_version"}):
        raise StoreError(f"{name_of(url)} holds something else (the table {min(others)}): name another database")
    if revision is not None and revision not in _revisions():
        raise StoreError(f"{name_of(url)} was made by a newer quotetrack (tables {revision}): install that one")


def _revisions() -> set[str]:
    """Return the revisions of the migration files, such as "0001" of 0001_create_evidence.py."""
    return {path.name.split("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*_*.py")}


def _migrate(engine: Engine) -> None:
    # Imported here, because Alembic takes a tenth of a second and is needed once a release.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    with engine.connect() as connection:
        backend_named(engine.dialect.name).make_tables(connection, head_revision())
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
