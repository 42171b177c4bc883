"""Everything that is particular to SQLite: connections, error codes, upserts, full text, many numbers in one parameter.

The full-text index is an FTS5 table without content (`quotation_text`; rowid = quotation id; columns words, context,
which is the passage, and title). `quotations.py` keeps it up to date: the words are already in `quotations` and
`article_versions`, and a trigger would be lost whenever a migration rebuilds its table. To remove a row, FTS5 has to be
given the text that it indexed.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    FromClause,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    column,
    event,
    exists,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from quotetrack.store.tables import Base

DriverError = sqlite3.Error  # raised as it is by what does not go through SQLAlchemy: the online backup

CACHE_KIB = 65_536  # memory for pages of the file, in a store that is only read; SQLite's default is 2,000

FULL_TEXT_TABLE = "quotation_text"
# The passage contains the words, so that the words count twice; the title is about the whole article.
WORDS_WEIGHT, PASSAGE_WEIGHT, TITLE_WEIGHT = 1.0, 1.0, 0.3
MOST_TERMS = 64  # FTS5 limits the depth of an expression; a question has some twelve words
_TERM = re.compile(r"\w+")

_Id = TypeVar("_Id", int, str)

_MEMORY = ("", ":memory:")

DAMAGED = "is damaged: restore it from a copy, or save what can be read with `sqlite3 FILE .recover`"

# By SQLite's primary result code. Each continues a sentence that begins with the name of the database.
_PROBLEMS = {
    sqlite3.SQLITE_READONLY: "cannot be written: make the file and its folder writable, or name another database",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: "is not a SQLite database: name another database, or move this file away",
    sqlite3.SQLITE_FULL: "does not fit on its disk: free some space and run it again; what was committed is kept",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: does its folder exist, and may you read and write in it?",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error, or is full",
    sqlite3.SQLITE_PERM: "cannot be opened: you may not read or write it",
}
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY_CODE = 0xFF  # the lower byte of an extended result code


# Errors and connections


def is_locked(error: BaseException | None) -> bool:
    """Return whether an error of the driver says that another connection holds the lock."""
    return _code_of(error) in _LOCKED


def problem_of(error: BaseException | None) -> str | None:
    """Return what a user should know and do, to follow the name of the database; None for a fault of our code."""
    return _PROBLEMS.get(_code_of(error))


def _code_of(error: BaseException | None) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return code & _PRIMARY_CODE if isinstance(code, int) else sqlite3.SQLITE_OK


def path_of(url: URL) -> Path | None:
    """Return the file of a database; None for a database in memory."""
    return None if (url.database or "") in _MEMORY else Path(url.database or "")


def read_only_url(path: Path) -> URL:
    """Return a URL that opens a file for reading only."""
    query = {"mode": "ro", "uri": "true"}
    log = path.with_name(f"{path.name}-wal")
    # With a write-ahead log SQLite writes an index next to the file. Where it may not, the file must not change.
    if not os.access(path.parent, os.W_OK) and not log.exists():
        query["immutable"] = "1"
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def set_pragmas(engine: Engine, *, busy_seconds: float, wal: bool, read_only: bool) -> None:
    """Set up every new connection: time-out, foreign keys, write-ahead log, and a large cache for a reader."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"PRAGMA busy_timeout={round(busy_seconds * 1000)}")
        connection.execute("PRAGMA foreign_keys=ON")
        if read_only:  # questions read the same pages again
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        if wal:
            connection.execute("PRAGMA journal_mode=WAL")
            # With a write-ahead log, NORMAL cannot damage the file; a power cut may lose the last articles.
            connection.execute("PRAGMA synchronous=NORMAL")


def begin_reading(session: Session) -> None:
    """Begin a transaction, in which all statements see the database of one moment; a writer is not kept waiting.

    Without it each statement sees what was committed before it, and an answer may be put together of two databases.
    """
    session.connection().exec_driver_sql("BEGIN")


@contextmanager
def exclusive_transaction(connection: Connection) -> Iterator[None]:
    """Run the block in one transaction that locks the database, with foreign keys off, and commit at the end.

    SQLite alters a table by copying it, which needs foreign keys off.
    """
    connection.rollback()
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.rollback()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def rewrite_file(connection: Connection) -> None:
    """Rewrite the file of the database, so that it holds nothing of deleted rows. The connection commits by itself.

    The full-text index keeps the words of removed quotations until its parts are merged; the file keeps deleted rows
    until it is rewritten; and the write-ahead log keeps the pages before that until it is emptied.
    """
    connection.exec_driver_sql(f"INSERT INTO {FULL_TEXT_TABLE} ({FULL_TEXT_TABLE}) VALUES ('optimize')")
    connection.exec_driver_sql("VACUUM")
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def broken_references(connection: Connection) -> int:
    """Return the number of rows whose foreign key points at no row."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


def copy_to(connection: Connection, path: Path) -> None:
    """Copy the database with SQLite's online backup into a new file, which needs no write-ahead log beside it."""
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    with closing(sqlite3.connect(path)) as target:
        # All pages in one step, which is a snapshot. In smaller steps, each commit of a writer would start it again.
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def replace(old: Path, new: Path) -> None:
    """Move the database `new`, which has no write-ahead log, into the place of `old`, whose log goes with it."""
    for ending in ("-wal", "-shm"):  # SQLite would apply the old log to the new file
        old.with_name(f"{old.name}{ending}").unlink(missing_ok=True)
    os.replace(new, old)


def is_damaged(connection: Connection) -> bool:
    """Return whether SQLite finds a fault in the structure of the file. It reads the whole file."""
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok"


# Statements


@dataclass(frozen=True, slots=True)
class FullText:
    """The texts of one quotation in the full-text index."""

    quotation_id: int
    words: str
    passage: str
    title: str


def insert_absent(
    session: Session, row: type[Base], values: Sequence[Mapping[str, object]], key: Sequence[str]
) -> None:
    """Insert the rows whose natural key is new; rows that exist stay as they are."""
    if values:
        session.flush()
        session.connection().execute(_insert_absent(row, tuple(key)), values)


@cache
def _insert_absent(row: type[Base], key: tuple[str, ...]) -> Executable:
    return insert(row).on_conflict_do_nothing(index_elements=key)


def upsert(session: Session, row: type[Base], values: Sequence[Mapping[str, object]], key: Sequence[str]) -> None:
    """Insert rows, or update those with the same natural key. A row keeps its id."""
    if values:
        statement = insert(row)
        updated = {name: statement.excluded[name] for name in values[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=updated), values)


def insert_one(session: Session, row: type[Base], values: Mapping[str, object]) -> int:
    """Insert a row, and return its id. An eighth of the time of a mapped object: .04 ms, where that takes .35."""
    session.flush()
    key = session.connection().execute(_insert(row), values).inserted_primary_key
    assert key is not None
    return int(key[0])


@cache
def _insert(row: type[Base]) -> Insert:
    return insert(row)


def numbers(values: Iterable[int]) -> FromClause:
    """Return a table of one column, `value`, with these numbers. They are one parameter, however many there are."""
    return func.json_each(json.dumps(sorted(values))).table_valued(column("value", BigInteger))


def among(parameter: str = "ids") -> Select[int]:
    """Return a subquery of the numbers in a parameter, for a statement that is built once: see `ids_of`."""
    return select(func.json_each(bindparam(parameter)).table_valued(column("value", BigInteger)).c.value)


def ids_of(values: Iterable[int], parameter: str = "ids") -> dict[str, str]:
    """Return the parameter of `among` for these numbers."""
    return {parameter: json.dumps(sorted(values))}


def among_texts(parameter: str) -> Select[str]:
    """Return a subquery of the texts in a parameter, for a statement that is built once: see `texts_in`."""
    return select(func.json_each(bindparam(parameter)).table_valued(column("value", Text)).c.value)


def texts_in(values: Iterable[str], parameter: str) -> dict[str, str]:
    """Return the parameter of `among_texts` for these texts."""
    return {parameter: json.dumps(sorted(values))}


def texts(values: Iterable[str]) -> FromClause:
    """Return a table of one column, `value`, with these texts. They are one parameter, however many there are."""
    return func.json_each(json.dumps(sorted(values))).table_valued(column("value", Text))


def has_first(pairs: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that one of the pairs in a JSON column begins with one of these texts."""
    pair = func.json_each(pairs).table_valued("value").alias("pair")
    first = func.json_extract(pair.c.value, "$[0]")
    return exists(select(pair.c.value).where(first.in_(select(texts(values).c.value))))


def contains_words(key: SQLColumnExpression[str], words: str) -> ColumnElement[bool]:
    """Return the condition that a key of words with single spaces has these words in a row."""
    return func.instr(literal(" ").concat(key).concat(" "), f" {words} ") > 0


# Full text


def put_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Add quotations to the index, which must not hold them yet."""
    _write_index(
        session,
        "INSERT INTO quotation_text (rowid, words, context, title) VALUES (:rowid, :words, :context, :title)",
        texts,
    )


def drop_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Remove quotations from the index, which must hold exactly these texts."""
    _write_index(
        session,
        "INSERT INTO quotation_text (quotation_text, rowid, words, context, title)"
        " VALUES ('delete', :rowid, :words, :context, :title)",
        texts,
    )


def _write_index(session: Session, statement: str, texts: Sequence[FullText]) -> None:
    if texts:
        session.execute(
            text(statement),
            [{"rowid": t.quotation_id, "words": t.words, "context": t.passage, "title": t.title} for t in texts],
        )


def full_text_hits(topic: str, among: Sequence[int] | None = None) -> FromClause | None:
    """Return a subquery of `id` and `score` (higher is better) of the quotations with any word of the topic.

    `among` limits it to these ids. None if the topic has no word. Each word is quoted, so that nothing in the topic is
    an operator of FTS5.
    """
    terms = list(dict.fromkeys(_TERM.findall(topic.casefold())))[:MOST_TERMS]
    if not terms:
        return None
    wanted = " OR ".join(f'"{term}"' for term in terms)
    weights = f"{WORDS_WEIGHT}, {PASSAGE_WEIGHT}, {TITLE_WEIGHT}"
    conditions = [text(f"{FULL_TEXT_TABLE} MATCH :wanted").bindparams(wanted=wanted)]
    if among is not None:
        # The plus stops SQLite from searching once for each id; other hits are left out before they are scored.
        chosen = text("+rowid IN (SELECT value FROM json_each(:among))")
        conditions.append(chosen.bindparams(among=json.dumps(list(among))))
    return (
        select(
            column("rowid").label("id"),
            # In SQLite a lower bm25 is better.
            literal_column(f"-bm25({FULL_TEXT_TABLE}, {weights})").label("score"),
        )
        .select_from(table(FULL_TEXT_TABLE))
        .where(*conditions)
        .subquery("hits")
    )


def all_terms_hits(alternatives: Iterable[Iterable[str]], *, in_words: bool = False) -> FromClause | None:
    """Return a subquery of the `id` of quotations that have a phrase of each of these sets; None for an empty set.

    `in_words`: in the words alone, not in passage or title.
    """
    sets = [[" ".join(_TERM.findall(phrase.casefold())) for phrase in phrases] for phrases in alternatives]
    wanted = [" OR ".join(f'"{phrase}"' for phrase in sorted(set(phrases)) if phrase) for phrases in sets]
    if not wanted or not all(wanted):
        return None
    every = " AND ".join(f"({phrases})" for phrases in wanted)
    column_filter = "words : " if in_words else ""
    return (
        select(column("rowid").label("id"))
        .select_from(table(FULL_TEXT_TABLE))
        .where(text(f"{FULL_TEXT_TABLE} MATCH :all_terms").bindparams(all_terms=f"{column_filter}({every})"))
        .subquery("hits")
    )


def phrase_hits(phrase: str) -> FromClause | None:
    """Return a subquery of the `id` of quotations whose passage has these words in a row; None without any word."""
    terms = _TERM.findall(phrase.casefold())[:MOST_TERMS]
    if not terms:
        return None
    return (
        select(column("rowid").label("id"))
        .select_from(table(FULL_TEXT_TABLE))
        .where(text(f"{FULL_TEXT_TABLE} MATCH :phrase").bindparams(phrase=f'context : "{" ".join(terms)}"'))
        .subquery("hits")
    )


BATCH = 500  # ids in one statement, and utterances in memory at once


def batches(ids: Sequence[_Id]) -> Iterator[Sequence[_Id]]:
    """Return ids or keys in batches of at most BATCH."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
