"""Everything that is particular to SQLite: connections, the run lock, error codes, full text, files.

The full-text index is an FTS5 table without content (`quotation_text`; rowid = quotation id; columns words, context,
which is the passage, and title). `quotations.py` keeps it up to date: the words are already in `quotations` and
`article_versions`, and a trigger would be lost whenever a migration rebuilds its table. To remove a row, FTS5 has to be
given the text that it indexed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Float,
    FromClause,
    Integer,
    Select,
    SQLColumnExpression,
    TextClause,
    cast,
    column,
    create_engine,
    event,
    exists,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy import table as table_named
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as insert_into
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from quotetrack.store.backends import FULL_TEXT_TABLE, FullText
from quotetrack.store.backends.statements import MOST_TERMS, rarity, terms_of, texts, vectors_of
from quotetrack.store.errors import StoreError, locked_by_a_run
from quotetrack.store.tables import Base, StatementTable

PRIVATE = 0o600  # the rights of a new database: corrections name people, and articles are not ours to give away
CACHE_KIB = 65_536  # memory for pages of the file, in a store that is only read; SQLite's default is 2,000

# The passage contains the words, so that the words count twice; the title is about the whole article.
WORDS_WEIGHT, PASSAGE_WEIGHT, TITLE_WEIGHT = 1.0, 1.0, 0.3

MOST_RANKED = 10_000  # quotations with all words of a topic; then those with a part of them are not ranked
COMMON = 100_000  # quotations that have a word; to rank them all takes a third of a second
MOST_PARTS = 8  # of the full-text index, before they are merged
PAGES_A_MERGE = 1_000  # of the index, that one step writes
LEAST_WRITTEN = 2  # rows that a step of merging writes; with fewer nothing is left to merge, as FTS5 documents it
MOST_READ = 20_000  # hits of a word that are scored in any case: in some milliseconds
HITS_A_SEARCH = 30  # of a word, that are read in the time of looking for one quotation among them

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


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read, unless there is a file: SQLite's logs get the same rights.

    SQLite itself reports a file that cannot be made.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))


def read_only_url(path: Path) -> URL:
    """Return a URL that opens a file for reading only."""
    query = {"mode": "ro", "uri": "true"}
    log = path.with_name(f"{path.name}-wal")
    # With a write-ahead log SQLite writes an index next to the file. Where it may not, the file must not change.
    if not os.access(path.parent, os.W_OK) and not log.exists():
        query["immutable"] = "1"
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def make_engine(url: URL, *, read_only: bool, busy_seconds: float) -> Engine:
    """Return an engine. A database that is written gets its folder and, if there is none, a file. Raises StoreError."""
    path = path_of(url)
    if path is None:
        engine = create_engine(url, poolclass=StaticPool)
    elif read_only:
        if not path.exists():
            raise StoreError(f"there is no database at {path}: `quotetrack ingest` makes one")
        engine = create_engine(read_only_url(path))
    else:
        _make_folder(path)
        make_private(path)
        engine = create_engine(url)
    _set_pragmas(engine, busy_seconds=busy_seconds, wal=path is not None and not read_only, read_only=read_only)
    return engine


def is_missing(url: URL) -> bool:
    """Return whether there is certainly no database at a URL, without making one."""
    path = path_of(url)
    return path is not None and not path.exists()


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {path.parent}: {error.strerror}; name another database") from error


def _set_pragmas(engine: Engine, *, busy_seconds: float, wal: bool, read_only: bool) -> None:
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


def begin_naming(session: Session) -> None:
    """Begin a transaction that reads and then changes whose a name is. Any other writer waits until it ends.

    By itself Python begins one only at the first statement that writes, and what was read before may be out of date.
    """
    session.connection().exec_driver_sql("BEGIN IMMEDIATE")


def make_tables(connection: Connection, head: str) -> None:
    """Leave the tables of an empty database to the migrations, which make them all on SQLite."""


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Run the block in one transaction that locks the database, with foreign keys off, and commit at the end.

    SQLite alters a table by copying it, which needs foreign keys off. Raises StoreError, and changes nothing, if a
    foreign key then points at no row.
    """
    connection.rollback()
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.rollback()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        if broken := len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise StoreError(f"after the migration {broken} rows point at no row; nothing was changed")
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def rewrite(connection: Connection) -> None:
    """Rewrite the file of the database, so that it holds nothing of deleted rows. The connection commits by itself.

    The full-text index keeps the words of removed quotations until its parts are merged; the file keeps deleted rows
    until it is rewritten; and the write-ahead log keeps the pages before that until it is emptied.
    """
    connection.exec_driver_sql(f"INSERT INTO {FULL_TEXT_TABLE} ({FULL_TEXT_TABLE}) VALUES ('optimize')")
    connection.exec_driver_sql("VACUUM")
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def merge_full_text(connection: Connection) -> None:
    """Merge the parts of the full-text index where there are many. The connection commits by itself.

    Each commit adds a part, and looking for one quotation reads them all. Each step is a transaction of some
    hundredths of a second, so that other writers need not wait.
    """
    parts = f"SELECT count(DISTINCT segid) FROM {FULL_TEXT_TABLE}_idx"
    if connection.exec_driver_sql(parts).scalar_one() <= MOST_PARTS:
        return
    merge = f"INSERT INTO {FULL_TEXT_TABLE} ({FULL_TEXT_TABLE}, rank) VALUES ('merge', -{PAGES_A_MERGE})"
    written = PAGES_A_MERGE
    while written >= LEAST_WRITTEN:
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        connection.exec_driver_sql(merge)
        written = connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before


def last_ids(session: Session) -> dict[str, int]:
    """Return the last id that each table has given, where a deleted row's id is never given again."""
    return dict(session.execute(text("SELECT name, seq FROM sqlite_sequence")).tuples().all())


def go_on_behind(session: Session, last_ids: Mapping[str, int]) -> None:
    """Let new rows have ids behind these, in the tables where a deleted row's id is never given again."""
    ours = [name for name, its in Base.metadata.tables.items() if its.dialect_options["sqlite"]["autoincrement"]]
    for name in ours:
        session.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        row = {"name": name, "seq": last_ids.get(name, 0)}
        session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), row)


# The run lock


@contextmanager
def run_lock(url: URL) -> Iterator[None]:
    """Hold the lock of a database: the file `NAME.lock` in its folder. Raises StoreLocked if another run holds it.

    The file stays when the lock ends, and names the process that held it last. A database in memory has no lock. Where
    the file cannot be made there is no lock either: opening the store then reports the reason.
    """
    from filelock import FileLock, Timeout

    path = _lock_path(url)
    if path is None:
        yield
        return
    holder = _process_in(path)  # read before the attempt, which empties the file in filelock 3
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise locked_by_a_run(str(path).removesuffix(".lock"), str(holder or "")) from error
    except OSError:
        yield
        return
    try:
        with suppress(OSError):  # Windows lets nobody write a locked file: there the message names no process
            _write_process(path)
        yield
    finally:
        lock.release()


def _lock_path(url: URL) -> Path | None:
    database = path_of(url)
    if database is None:
        return None
    path = Path(f"{url.database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return path


def _write_process(path: Path) -> None:
    """Write this process's id over what the file holds: a file that is emptied first is written through to the disk."""
    with path.open("r+", encoding="ascii") as file:
        file.write(str(os.getpid()))
        file.truncate()


def _process_in(path: Path) -> str | None:
    """Return the process id in a lock file, if there is one."""
    try:
        process = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return process if process.isdigit() else None


# Files


def copy_to(connection: Connection, path: Path) -> None:
    """Copy the database with SQLite's online backup into a new file, which needs no write-ahead log beside it."""
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    make_private(path)
    with closing(sqlite3.connect(path)) as target:
        # All pages in one step, which is a snapshot. In smaller steps, each commit of a writer would start it again.
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def replace(old: Path, new: Path) -> None:
    """Move the database `new`, which has no write-ahead log, into the place of `old`, whose log goes with it.

    It gets the rights of `old`; where there is none, only its owner can read it.
    """
    new.chmod(stat.S_IMODE(old.stat().st_mode) if old.exists() else PRIVATE)
    for ending in ("-wal", "-shm"):  # SQLite would apply the old log to the new file
        old.with_name(f"{old.name}{ending}").unlink(missing_ok=True)
    os.replace(new, old)


def is_damaged(connection: Connection) -> bool:
    """Return whether SQLite finds a fault in the structure of the file. It reads the whole file."""
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok"


# Statements


def insert(row: type[Base]) -> Insert:
    """Return a statement that inserts rows, and knows what to do where their key is there already."""
    return insert_into(row)


def has_first(pairs: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that one of the pairs in a JSON column begins with one of these texts."""
    pair = func.json_each(pairs).table_valued("value").alias("pair")
    first = func.json_extract(pair.c.value, "$[0]")
    return exists(select(pair.c.value).where(first.in_(select(texts(values).c.value))))


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


def full_text_hits(session: Session, topic: str, among: Sequence[int] | None) -> FromClause | None:
    """Return a subquery of `id` and `score` (higher is better) of the quotations with any word of the topic.

    `among` limits it to these ids. None if the topic has no word. The score is BM25. Without `among`, quotations with a
    part of the words are left out where `MOST_RANKED` have them all, and a word that `COMMON` have finds none by itself
    where a rarer one does. Each word is quoted, so that nothing in the topic is an operator of FTS5.
    """
    terms = [f'"{term}"' for term in dict.fromkeys(terms_of(topic))][:MOST_TERMS]
    if not terms:
        return None
    wanted = _wanted(session, terms) if among is None else " OR ".join(terms)
    many = max(MOST_READ, HITS_A_SEARCH * len(among or ()))
    if among is not None and (common := _found_by_more(session, terms, many)):
        return _scored(_scores_among(session, terms, common, among))
    weights = f"{WORDS_WEIGHT}, {PASSAGE_WEIGHT}, {TITLE_WEIGHT}"
    # In SQLite a lower bm25 is better.
    score: ColumnElement[float] = literal_column(f"-bm25({FULL_TEXT_TABLE}, {weights})").label("score")
    # Other hits are left out before they are scored; searched for one by one, each would count all hits again.
    return _matching(wanted, among, is_searched=False).add_columns(score).subquery("hits")


def _wanted(session: Session, terms: Sequence[str]) -> str:
    """Return the query for these terms: for all of them where that finds enough, else for any of those not common.

    A common one then only adds to the score.
    """
    every = " AND ".join(terms)
    if len(terms) > 1 and _has_hits(session, every, MOST_RANKED):
        return every
    common = _found_by_more(session, terms, COMMON) if len(terms) > 1 else ()
    rarer = " OR ".join(term for term in terms if term not in common)
    if not common or not rarer or not _has_hits(session, rarer, 1):
        return " OR ".join(terms)
    return f"({rarer}) OR (({rarer}) AND ({' OR '.join(common)}))"


def _scores_among(
    session: Session, terms: Sequence[str], common: Sequence[str], among: Sequence[int]
) -> dict[int, float]:
    """Return the scores of these quotations where some terms are common, and most of their hits are others.

    A quotation gains the rarity of each term that it has, as in BM25, but among these quotations. For a common term
    each is looked for in the index by itself, and its title does not count.
    """
    scores: dict[int, float] = defaultdict(float)
    for term in terms:
        wanted = f"{{words context}} : {term}" if term in common else term
        having = session.scalars(_matching(wanted, among, is_searched=term in common)).all()
        for quotation_id in having:
            scores[quotation_id] += rarity(len(among), len(having))
    return scores


def _scored(scores: Mapping[int, float]) -> FromClause:
    """Return a subquery of `id` and `score` with these values."""
    values = func.json_each(json.dumps(scores)).table_valued("key", "value")
    return select(cast(values.c.key, Integer).label("id"), cast(values.c.value, Float).label("score")).subquery("hits")


def _matching(wanted: str, among: Sequence[int] | None, *, is_searched: bool) -> Select[int]:
    """Return the `id` of the quotations that a query of the index finds.

    `among` limits it to these ids. With `is_searched` SQLite looks for each of them in the index; without, it reads all
    hits and leaves out the others, which is faster where the hits are few. The plus stops it from searching.
    """
    matching: Select[int] = select(column("rowid", Integer).label("id")).select_from(table_named(FULL_TEXT_TABLE))
    matching = matching.where(text(f"{FULL_TEXT_TABLE} MATCH :wanted").bindparams(wanted=wanted))
    return matching if among is None else matching.where(_is_among("rowid" if is_searched else "+rowid", among))


def _found_by_more(session: Session, terms: Sequence[str], number: int) -> list[str]:
    """Return the terms that more than a number of quotations have."""
    return [term for term in terms if _has_hits(session, term, number + 1)]


def _has_hits(session: Session, wanted: str, least: int) -> bool:
    """Return whether a query of the index finds `least` quotations or more."""
    found = _matching(wanted, None, is_searched=False).limit(1).offset(least - 1)
    return session.execute(found).first() is not None


def all_terms_hits(
    session: Session, alternatives: Iterable[Iterable[str]], among: Sequence[int] | None, *, in_words: bool
) -> FromClause | None:
    """Return a subquery of the `id` of quotations that have a phrase of each of these sets; None for an empty set.

    `among` limits it to these ids. `in_words`: in the words alone, not in passage or title.
    """
    sets = [[" ".join(terms_of(phrase)) for phrase in phrases] for phrases in alternatives]
    wanted = [" OR ".join(f'"{phrase}"' for phrase in sorted(set(phrases)) if phrase) for phrases in sets]
    if not wanted or not all(wanted):
        return None
    every = " AND ".join(f"({phrases})" for phrases in wanted)
    query = f"words : ({every})" if in_words else every
    are_many = among is not None and _has_hits(session, query, HITS_A_SEARCH * len(among) + 1)
    return _matching(query, among, is_searched=are_many).subquery("hits")


def _is_among(of_hit: str, ids: Sequence[int]) -> TextClause:
    return text(f"{of_hit} IN (SELECT value FROM json_each(:among))").bindparams(among=json.dumps(list(ids)))


def phrase_hits(phrase: str) -> FromClause | None:
    """Return a subquery of the `id` of quotations whose passage has these words in a row; None without any word."""
    terms = terms_of(phrase)[:MOST_TERMS]
    if not terms:
        return None
    return _matching(f'context : "{" ".join(terms)}"', None, is_searched=False).subquery("hits")


# Vectors


def cosines(
    session: Session, table: StatementTable, vector: NDArray[np.float32], model: str, ids: Sequence[int]
) -> tuple[list[int], NDArray[np.float32]]:
    """Return those of these statements that have a vector of this model, in order of id, and their cosines.

    The cosines are those of words and passage to a unit vector, of shape (ids, 2); 0 for a text without a vector. The
    vectors are read, and multiplied here. Raises ValueError if the vector has another length than the model's.
    """
    wanted, words, passage = vectors_of(table, model, ids)
    rows = session.connection().execute(wanted.add_columns(words, passage)).all()  # thousands: not by way of the ORM
    if not rows:
        return [], np.zeros((0, 2), np.float32)
    near = _matrix([stored for _, *pair in rows for stored in pair]) @ vector
    return [quotation_id for quotation_id, _, _ in rows], near.reshape(-1, 2)


def _matrix(stored: Sequence[bytes | None]) -> NDArray[np.float32]:
    """Return one row a text; zeros for a text without a vector."""
    nothing = bytes(max(len(vector) for vector in stored if vector is not None))
    return (
        np.frombuffer(b"".join(nothing if vector is None else vector for vector in stored), dtype="<f2")
        .reshape(len(stored), -1)
        .astype(np.float32)
    )
