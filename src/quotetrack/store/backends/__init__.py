"""The differences between database systems: one file each, behind one interface.

`statements.py` has what most store functions need, in the words of the system that a session is on. `columns.py` has
the types of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import URL, ColumnElement, Connection, Engine, FromClause, SQLColumnExpression
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    from quotetrack.store.tables import Base, StatementTable

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FULL_TEXT_TABLE = "quotation_text"  # not among the declared tables, because each system has its own kind of index


@dataclass(frozen=True, slots=True)
class FullText:
    """The texts of one quotation in the full-text index."""

    quotation_id: int
    words: str
    passage: str
    title: str


class Backend(Protocol):
    """What a database system has to provide. Each of its modules is one."""

    # Connections

    def make_engine(self, url: URL, *, read_only: bool, busy_seconds: float) -> Engine:
        """Return an engine with connections that are set up. Raises StoreError."""

    def is_missing(self, url: URL) -> bool:
        """Return whether there is certainly no database at a URL, without making one."""

    def begin_reading(self, session: Session) -> None:
        """Begin a transaction, in which all statements see the database of one moment; no writer waits for it."""

    def begin_naming(self, session: Session) -> None:
        """Begin a transaction that reads and then changes whose a name is. Another such one waits until it ends."""

    def make_tables(self, connection: Connection, head: str) -> None:
        """Make the tables of the revision `head` in an empty database, where the migrations do not make them."""

    def migrating(self, connection: Connection) -> AbstractContextManager[None]:
        """Run the block in one transaction in which no other process migrates. A failure changes nothing."""

    def rewrite(self, connection: Connection) -> None:
        """Rewrite the tables, so that nothing of deleted rows is left. The connection commits by itself."""

    def merge_full_text(self, connection: Connection) -> None:
        """Merge what many runs have added to the full-text index. The connection commits by itself."""

    def last_ids(self, session: Session) -> dict[str, int]:
        """Return the last id that each table has given, where a deleted row's id is never given again."""

    def go_on_behind(self, session: Session, last_ids: Mapping[str, int]) -> None:
        """Let new rows of all tables have ids behind those that are stored, and behind these."""

    def run_lock(self, url: URL) -> AbstractContextManager[None]:
        """Hold the lock of a database: one run at a time. Raises StoreLocked."""

    # Errors

    def is_locked(self, error: BaseException | None) -> bool:
        """Return whether an error of the driver says that another connection holds a lock."""

    def problem_of(self, error: BaseException | None) -> str | None:
        """Return what a user should know and do, to follow the name of the database; None for a fault of our code."""

    # Statements

    def insert(self, row: type[Base]) -> SqliteInsert | PostgresqlInsert:
        """Return a statement that inserts rows, and knows what to do where their key is there already."""

    def has_first(self, pairs: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
        """Return the condition that one of the pairs in a JSON column begins with one of these texts."""

    # Full text

    def put_full_text(self, session: Session, texts: Sequence[FullText]) -> None:
        """Add quotations to the index, which must not hold them yet."""

    def drop_full_text(self, session: Session, texts: Sequence[FullText]) -> None:
        """Remove quotations from the index, which must hold exactly these texts."""

    def full_text_hits(self, session: Session, topic: str, among: Sequence[int] | None) -> FromClause | None:
        """Return a subquery of `id` and `score` (higher is better) of the quotations with any word of the topic.

        `among` limits it to these ids. Without it, those that score lowest may be left out where there are very many.
        None if the topic has no word. Any text is safe as a topic.
        """

    def all_terms_hits(
        self,
        session: Session,
        alternatives: Iterable[Iterable[str]],
        among: Sequence[int] | None,
        *,
        in_words: bool,
    ) -> FromClause | None:
        """Return a subquery of the `id` of quotations that have a phrase of each of these sets; None for an empty set.

        `among` limits it to these ids. `in_words`: in the words alone, not in passage or title.
        """

    def phrase_hits(self, phrase: str) -> FromClause | None:
        """Return a subquery of the `id` of quotations whose passage has these words in a row; None without any word."""

    # Vectors

    def cosines(
        self, session: Session, table: StatementTable, vector: NDArray[np.float32], model: str, ids: Sequence[int]
    ) -> tuple[list[int], NDArray[np.float32]]:
        """Return those of these statements that have a vector of this model, in order of id, and their cosines.

        The cosines are those of words and passage to a unit vector, of shape (ids, 2); 0 for a text without a vector.
        """


def backend_named(name: str) -> Backend:
    """Return the module of a database system, which is loaded when it is needed."""
    if name == POSTGRESQL:
        from quotetrack.store.backends import postgres

        return postgres
    from quotetrack.store.backends import sqlite

    return sqlite


def backend_at(url: URL) -> Backend:
    """Return the module of the database system of a URL."""
    return backend_named(url.get_backend_name())


def backend_of(session: Session) -> Backend:
    """Return the module of the database system that a session is on."""
    return backend_named(session.get_bind().dialect.name)
