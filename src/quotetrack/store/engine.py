"""Opening a store: its URL, its pragmas, its migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TypeAlias
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

import quotetrack
from quotetrack.store.errors import StoreError, name_of, translate_errors

Sessions: TypeAlias = sessionmaker[Session]

BUSY_SECONDS = 5.0  # how long to wait for another writer: each of them commits after every article
CACHE_KIB = 65_536  # of its file that a store that is only read keeps in memory
_MEMORY = ("", ":memory:")


def open_store(url: str, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS) -> Sessions:
    """Sessions on the store at `url`, made and migrated to today's tables where need be.

    Read only, nothing is made, migrated or locked, and the store must be at today's tables.
    Raises StoreError with what to do.
    """
    with translate_errors(url):
        engine = _engine(url, read_only=read_only, busy_seconds=busy_seconds)
        with engine.connect() as connection:
            revision = _revision(connection)
            _refuse_foreign(connection, url, revision)
        if revision != head_revision() and read_only:
            raise StoreError(f"{name_of(url)} was made by an older quotetrack: run `quotetrack db upgrade`")
        if revision != head_revision():
            _migrate(engine)
        return sessionmaker(engine)


def close_store(sessions: Sessions) -> None:
    """Close the connections, so that SQLite folds its write-ahead log into the file."""
    engine = sessions.kw["bind"]
    assert isinstance(engine, Engine)
    engine.dispose()


def upgrade(url: str) -> None:
    """Bring the store at `url` to today's tables; changes nothing where they are there."""
    close_store(open_store(url))


def current_revision(url: str) -> str | None:
    """The revision of the tables at `url`; None where there are none. Makes no file."""
    path = _path_of(_parsed(url))
    if path is not None and not path.exists():
        return None
    with translate_errors(url):
        engine = _engine(url, read_only=True, busy_seconds=BUSY_SECONDS)
        with engine.connect() as connection:
            revision = _revision(connection)
        engine.dispose()
        return revision


def head_revision() -> str:
    """The revision of today's tables: the last of the numbered files, found without loading Alembic."""
    return max(_revisions())


def migrations_folder() -> Path:
    """Where the migrations are: in an installed package beside the code, in a checkout at its top."""
    package = Path(quotetrack.__file__).parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """One transaction around all migrations, alone on the database; a migration cut short leaves no trace.

    Foreign keys are off, since SQLite can alter a table only by making it anew; they are checked at the end.
    """
    connection.rollback()
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.rollback()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StoreError(f"after the migration {len(broken)} rows point at nothing; nothing was changed")
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def engine_of(url: str) -> Engine:
    """An engine that writes, for Alembic's own command line."""
    return _engine(url, read_only=False, busy_seconds=BUSY_SECONDS)


def _engine(url: str, *, read_only: bool, busy_seconds: float) -> Engine:
    parsed = _parsed(url)
    path = _path_of(parsed)
    if path is None:
        engine = create_engine(parsed, poolclass=StaticPool)
    elif read_only:
        engine = create_engine(_read_only(path))
    else:
        _make_folder(path)
        engine = create_engine(parsed)
    _set_pragmas(engine, busy_seconds=busy_seconds, wal=path is not None and not read_only, asks=read_only)
    return engine


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(f"{url} is not the URL of a database: write sqlite:///PATH") from error
    if backend != "sqlite":
        raise StoreError(f"{parsed} names a database that quotetrack does not know: write sqlite:///PATH")
    return parsed


def _path_of(url: URL) -> Path | None:
    """The file; None for a database in memory."""
    return None if (url.database or "") in _MEMORY else Path(url.database or "")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {path.parent}: {error.strerror}; name another database") from error


def _read_only(path: Path) -> URL:
    if not path.exists():
        raise StoreError(f"there is no database at {path}: `quotetrack ingest` makes one")
    query = {"mode": "ro", "uri": "true"}
    log = path.with_name(f"{path.name}-wal")
    # SQLite keeps notes beside a file with a write-ahead log; where it may not, the file has to be taken as still.
    if not os.access(path.parent, os.W_OK) and not log.exists():
        query["immutable"] = "1"
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def _set_pragmas(engine: Engine, *, busy_seconds: float, wal: bool, asks: bool) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"PRAGMA busy_timeout={round(busy_seconds * 1000)}")
        connection.execute("PRAGMA foreign_keys=ON")
        if asks:  # questions come back to the same pages; by default SQLite keeps 2 MB of them
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        if wal:
            connection.execute("PRAGMA journal_mode=WAL")
            # With a write-ahead log, NORMAL cannot damage the file; only a power cut may lose the last articles.
            connection.execute("PRAGMA synchronous=NORMAL")


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
    """Files are named 0001_what_it_does.py, and carry their number as revision."""
    return {path.name.split("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*_*.py")}


def _migrate(engine: Engine) -> None:
    # Alembic costs a tenth of a second, and is needed once for each release.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
