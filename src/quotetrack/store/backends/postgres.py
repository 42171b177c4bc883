"""Everything that is particular to PostgreSQL: connections, the run lock, error codes, tables, full text, vectors.

The full-text index is the table `quotation_text`: for each quotation a tsvector with the weights A (words), B (passage)
and C (title). The text search configuration `quotetrack` has the Porter stemmer and no stop words, as FTS5 in SQLite;
words are cut and freed of accents here, so that both systems index the same.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Float,
    FromClause,
    SQLColumnExpression,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    exists,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy import table as table_named
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as insert_into
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from quotetrack.core.normalize import unaccented
from quotetrack.store.backends import FULL_TEXT_TABLE, FullText
from quotetrack.store.backends.columns import Vector, vector_text
from quotetrack.store.backends.postgres_tables import LONG_ANCHORS, SIGHTINGS_V, TEXT_SEARCH
from quotetrack.store.backends.statements import MOST_TERMS, numbers, rarity, terms_of, texts, vectors_of
from quotetrack.store.errors import StoreError, UnstorableText, locked_by_a_run, printed_url, translate_errors
from quotetrack.store.tables import Base, StatementTable

CONNECT_SECONDS = 10
READ_SECONDS = 60  # of one statement that only reads; a question takes less than one
CONNECTIONS, MORE_CONNECTIONS = 5, 15  # that are kept open, and that are opened beside them where many read at once

LOCK = 0x71756F7465  # the number of our advisory locks: "quote"
RUN_LOCK, MIGRATION_LOCK, NAMING_LOCK = LOCK, LOCK + 1, LOCK + 2

TITLE_WEIGHT = 0.3  # of a word in the title; in the words and in the passage 1, as in SQLite
K1, B = 1.2, 0.75  # of BM25, as in FTS5
MOST_COUNTED = 100_000  # quotations with a word are counted up to here, to tell how rare the word is
MOST_RANKED = 10_000  # quotations that rarer words have found; then commoner ones find none by themselves
MOST_SAMPLED = 20_000  # quotations whose mean length stands for that of all
ZETA_2 = 1.64493406685  # to which 1 + 1/4 + 1/9 + ... adds up

NO_VECTORS = "has no pgvector 0.7 or later: install it, and let an administrator run `CREATE EXTENSION vector` there"

# By the SQLSTATE of an error, or its first two characters. Each continues a sentence that begins with the name of the
# database.
_PROBLEMS = {
    "08": "does not answer: is the server running, and can this machine reach it?",
    "0A000": NO_VECTORS,  # what CREATE EXTENSION reports where the extension is not installed
    "25006": "was opened for reading only, and cannot be written",
    "28": "refuses this user or password: correct the URL",
    "3D000": "does not exist: create it with `createdb`, with UTF8 as its encoding",
    "42501": "cannot be used: this user lacks a right. Give it the database, or the rights on its schema and tables",
    "42704": NO_VECTORS,  # there is no type halfvec
    "53100": "does not fit on the disk of its server: free some space there and run it again; commits are kept",
    "53200": "cannot answer: its server has no memory left",
    "53300": "cannot answer: its server has too many connections",
    "57014": f"took longer than {READ_SECONDS} seconds for one statement: ask for less at once",
    "57P": "was shut down, or is starting: try again when the server runs",
    "58": "cannot be read or written: its server reports an error of the system",
    "XX001": "is damaged: restore it from a copy",
    "XX002": "is damaged: run `REINDEX DATABASE` there, or restore it from a copy",
}
OUT_OF_RANGE = "22003"  # an id of more than 31 bits, for example
NO_CHARACTER = ("22021", "22P05")  # in a text, and in JSON
_LOCKED = ("55P03", "40P01")  # a lock that is not to be had in time, and two that wait for one another


# Errors and connections


def is_locked(error: BaseException | None) -> bool:
    """Return whether an error of the driver says that another connection holds a lock."""
    return getattr(error, "sqlstate", None) in _LOCKED


def problem_of(error: BaseException | None) -> str | None:
    """Return what a user should know and do, to follow the name of the database; None for a fault of our code."""
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return next((_PROBLEMS[part] for part in (state, state[:3], state[:2]) if part in _PROBLEMS), None)
    if "connection option" in str(error):
        return "has an option in its URL that PostgreSQL does not know: correct the URL"
    if type(error).__name__ not in ("OperationalError", "ConnectionTimeout"):
        return None
    # The driver gives no code for what the server says before there is a connection, and for what only the client sees.
    said = str(error)
    if "password" in said or "authentication" in said or "role" in said:
        return _PROBLEMS["28"]
    return _PROBLEMS["3D000"] if "does not exist" in said else _PROBLEMS["08"]


def make_engine(url: URL, *, read_only: bool, busy_seconds: float) -> Engine:
    """Return an engine with a pool of connections, each of which is tried before it is used again."""
    options = {"lock_timeout": f"{round(busy_seconds * 1000)}"}
    if read_only:
        options |= {"default_transaction_read_only": "on", "statement_timeout": f"{READ_SECONDS * 1000}"}
    return _engine(url, options, pool_size=CONNECTIONS, max_overflow=MORE_CONNECTIONS, pool_pre_ping=True)


def _engine(url: URL, options: dict[str, str], **pool: Any) -> Engine:
    """Return an engine whose connections have these settings; those that the URL gives come after them."""
    # Days and moments are read as text by the view; JIT compiles statements for longer than they run.
    options = {"datestyle": "ISO", "timezone": "UTC", "jit": "off", **options}
    given = url.normalized_query.get("options", ())
    set_up = " ".join([*(f"-c {name}={value}" for name, value in options.items()), *given])
    arguments = {"options": set_up, "connect_timeout": CONNECT_SECONDS, "application_name": _application()}
    try:
        engine = create_engine(url.difference_update_query(["options"]), connect_args=arguments, **pool)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"{printed_url(url)} needs the package {error.name}: pip install 'quotetrack[postgres]'"
        ) from error
    event.listen(engine, "handle_error", _error_about_a_value)
    return engine


def _error_about_a_value(context: ExceptionContext) -> Exception | None:
    """Return what is raised for a value that PostgreSQL does not hold: the error that SQLite's driver has, or ours."""
    said = context.original_exception
    state = getattr(said, "sqlstate", None)
    if state == OUT_OF_RANGE:
        return OverflowError(str(said))
    is_nul = state in NO_CHARACTER or (state is None and "NUL (0x00)" in str(said))  # the driver looks before it sends
    return UnstorableText("PostgreSQL cannot store a text with a NUL character") if is_nul else None


def _application() -> str:
    return f"quotetrack {os.getpid()} on {socket.gethostname()}"[:63]


def is_missing(url: URL) -> bool:
    """Return False: only the server knows."""
    return False


def begin_reading(session: Session) -> None:
    """Begin a transaction, in which all statements see the database of one moment; no writer waits for it."""
    connection = session.connection()
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {READ_SECONDS * 1000}")


def begin_naming(session: Session) -> None:
    """Begin a transaction that reads and then changes whose a name is. Another such one waits until it ends."""
    session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({NAMING_LOCK})")


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """Run the block in one transaction in which no other process migrates. A failure changes nothing."""
    connection.rollback()
    try:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        yield
        connection.commit()
    finally:
        connection.rollback()


def rewrite(connection: Connection) -> None:
    """Rewrite all our tables, so that nothing of deleted rows is left. The connection commits by itself.

    Readers wait meanwhile. Backups and the server's log of writes hold what was deleted, as long as they are kept.
    """
    for name in [*sorted(Base.metadata.tables), FULL_TEXT_TABLE]:
        connection.exec_driver_sql(f"VACUUM FULL {name}")


def merge_full_text(_connection: Connection) -> None:
    """Do nothing: PostgreSQL merges what is new in an index by itself."""


def last_ids(session: Session) -> dict[str, int]:
    """Return the last id that each table has given."""
    return {name: session.scalar(text(f"SELECT last_value FROM {its}")) or 0 for name, its in _sequences(session)}


def go_on_behind(session: Session, last_ids: Mapping[str, int]) -> None:
    """Let new rows of all tables have ids behind those that are stored, and behind these."""
    for name, its in _sequences(session):
        newest = session.scalar(text(f"SELECT coalesce(max(id), 0) FROM {name}")) or 0
        last = max(newest, last_ids.get(name, 0))
        session.execute(text(f"SELECT setval('{its}', {max(last, 1)}, {last > 0})"))


def _sequences(session: Session) -> list[tuple[str, str]]:
    """Return each table that numbers its rows, and the sequence that does."""
    wanted = text("SELECT pg_get_serial_sequence(:name, 'id')")
    names = [name for name, its in Base.metadata.tables.items() if "id" in its.columns]
    found = ((name, session.scalar(wanted, {"name": name})) for name in names)
    return [(name, str(its)) for name, its in found if its is not None]


# The run lock


@contextmanager
def run_lock(url: URL) -> Iterator[None]:
    """Hold the lock of a database: an advisory lock, which ends with its connection.

    Raises StoreLocked, or StoreError where the server cannot be reached.
    """
    engine = _engine(url, {"idle_session_timeout": "0"}, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with translate_errors(url.render_as_string(hide_password=False)):
        connection = engine.connect()
    with connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(RUN_LOCK))):
            raise locked_by_a_run(printed_url(url), _holder(connection))
        yield


def _holder(connection: Connection) -> str:
    """Return the process that holds the run lock; empty where it has gone."""
    wanted = (
        "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
        f" WHERE locktype = 'advisory' AND granted AND classid = {RUN_LOCK >> 32} AND objid = {RUN_LOCK & 0xFFFFFFFF}"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    name = connection.exec_driver_sql(wanted).scalar()
    return str(name).removeprefix("quotetrack ") if name else ""


# Tables


def make_tables(connection: Connection, head: str) -> None:
    """Make the tables of the revision `head` in an empty database, as they are declared. Raises StoreError.

    The migrations to the first revision that PostgreSQL has are in the words of SQLite; later ones run on both.
    """
    with migrating(connection):
        if inspect(connection).has_table("alembic_version"):
            return
        name = printed_url(connection.engine.url)
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise StoreError(
                f"{printed_url(connection.engine.url)} has the encoding {encoding}: create one with the encoding UTF8"
            )
        try:
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
        except DBAPIError as error:
            raise StoreError(f"{name} {NO_VECTORS}") from error
        _narrow_indexes()
        Base.metadata.create_all(connection)
        for statement in (*TEXT_SEARCH, *LONG_ANCHORS, SIGHTINGS_V):
            connection.execute(text(statement))
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def _narrow_indexes() -> None:
    """Let an index that holds some rows only hold the same rows here.

    The tables name the condition for SQLite alone: to name it for PostgreSQL too loads that dialect, in .04 s.
    """
    for index in (index for table in Base.metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


# Statements


def insert(row: type[Base]) -> Insert:
    """Return a statement that inserts rows, and knows what to do where their key is there already."""
    return insert_into(row)


def has_first(pairs: SQLColumnExpression[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that one of the pairs in a JSON column begins with one of these texts."""
    pair = func.json_array_elements(pairs).table_valued("value").alias("pair")
    first = pair.c.value.op("->>")(literal_column("0"))
    return exists(select(pair.c.value).where(first.in_(select(texts(values).c.value))))


# Full text


def put_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Add quotations to the index, which must not hold them yet."""
    if texts:
        session.execute(
            text(
                f"INSERT INTO {FULL_TEXT_TABLE} (quotation_id, document, tokens) VALUES (:id,"
                " setweight(to_tsvector('quotetrack', :words), 'A') ||"
                " setweight(to_tsvector('quotetrack', :passage), 'B') ||"
                " setweight(to_tsvector('quotetrack', :title), 'C'), :tokens)"
            ),
            list(map(_values_of, texts)),
        )


def _values_of(texts: FullText) -> dict[str, object]:
    parts = {"words": tokens_of(texts.words), "passage": tokens_of(texts.passage), "title": tokens_of(texts.title)}
    number = sum(map(len, parts.values()))
    return {"id": texts.quotation_id, "tokens": number, **{part: " ".join(each) for part, each in parts.items()}}


def drop_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Remove quotations from the index."""
    if texts:
        session.execute(
            text(f"DELETE FROM {FULL_TEXT_TABLE} WHERE quotation_id = :id"), [{"id": t.quotation_id} for t in texts]
        )


def full_text_hits(session: Session, topic: str, among: Sequence[int] | None) -> FromClause | None:
    """Return a subquery of `id` and `score` (higher is better) of the quotations with any word of the topic.

    `among` limits it to these ids. None if the topic has no word. The score is BM25, as in SQLite: the ranks of
    PostgreSQL do not know how rare a word is. Without `among`, the commonest words find no quotation by themselves once
    the others have found `MOST_RANKED`.
    """
    terms = list(dict.fromkeys(tokens_of(topic)))[:MOST_TERMS]
    if not terms:
        return None
    newest = session.scalar(select(func.max(_HITS.c.quotation_id))) or 0
    number, mean_tokens = _size(session, newest)
    times = _times_found(session, terms)
    finding = terms if among is not None else _rarest(times)
    length = K1 * (1 - B + B * _HITS.c.tokens / mean_tokens)
    scores = [rarity(number, times[term]) * _saturated(_frequency(term), length) for term in terms]
    wanted = select(_HITS.c.quotation_id.label("id"), sum(scores[1:], scores[0]).label("score"))
    wanted = wanted.where(_matches(" | ".join(finding)))
    if among is not None:
        wanted = wanted.where(_is_among(among))
    return wanted.subquery("hits")


_HITS = table_named(FULL_TEXT_TABLE, column("quotation_id"), column("document"), column("tokens", Float))


def _size(session: Session, newest: int) -> tuple[int, float]:
    """Return the number of quotations in the index, and their mean length in tokens; of many, about."""
    percent = 100 if newest <= MOST_SAMPLED else 100 * MOST_SAMPLED / newest
    sample = f"{FULL_TEXT_TABLE} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)"
    number, mean_tokens = session.execute(text(f"SELECT count(*), coalesce(avg(tokens), 1) FROM {sample}")).one()
    return number if percent == 100 else newest, float(mean_tokens)


def _times_found(session: Session, terms: Sequence[str]) -> dict[str, int]:
    """Return the number of quotations with each term, up to `MOST_COUNTED`."""
    asked = texts(terms)
    found = select(literal(1)).select_from(_HITS).where(_matches(asked.c.value)).limit(MOST_COUNTED)
    counted = select(func.count()).select_from(found.correlate(asked).subquery()).scalar_subquery()
    return dict(session.execute(select(asked.c.value, counted)).tuples().all())


def _rarest(times: Mapping[str, int]) -> list[str]:
    """Return the rarest terms, until they find enough."""
    chosen, found = [], 0
    for term in sorted(times, key=lambda term: times[term]):
        if found >= MOST_RANKED:
            break
        chosen.append(term)
        found += times[term]
    return chosen


def _saturated(frequency: ColumnElement[float], length: ColumnElement[Any]) -> ColumnElement[float]:
    return frequency * (K1 + 1) / (frequency + length)


def _frequency(term: str) -> ColumnElement[float]:
    """Return how often a quotation has a term: in words and passage, and in the title, where it counts less."""
    with_title, without_title = _times(term, "{0, 1, 1, 1}"), _times(term, "{0, 0, 1, 1}")
    return without_title + TITLE_WEIGHT * (with_title - without_title)


def _times(term: str, weights: str) -> ColumnElement[float]:
    """Return how often a quotation has a term where the weights (of D, C, B and A) are 1.

    PostgreSQL tells it in its rank of one term: the sum of 1, 1/4, 1/9, ... for each time, as a share of `ZETA_2`. What
    is missing to `ZETA_2` after n times lies between 1 / (n + 1) and 1 / n. The places in the title come last.
    """
    rank = func.ts_rank(literal_column(f"CAST('{weights}' AS REAL[])"), _HITS.c.document, _query(term), type_=Float())
    return func.round(1 / (ZETA_2 * (1 - cast(rank, Double))) - 0.5, type_=Float())


def all_terms_hits(
    _session: Session, alternatives: Iterable[Iterable[str]], among: Sequence[int] | None, *, in_words: bool
) -> FromClause | None:
    """Return a subquery of the `id` of quotations that have a phrase of each of these sets; None for an empty set.

    `among` limits it to these ids. `in_words`: in the words alone, not in passage or title.
    """
    places = "A" if in_words else "ABC"
    sets = [{tokens for phrase in phrases if (tokens := tuple(tokens_of(phrase)))} for phrases in alternatives]
    if not sets or not all(sets):
        return None
    every = (" | ".join(_phrase(tokens, place) for tokens in sorted(phrases) for place in places) for phrases in sets)
    return _hits(" & ".join(f"({phrases})" for phrases in every), among)


def phrase_hits(phrase: str) -> FromClause | None:
    """Return a subquery of the `id` of quotations whose passage has these words in a row; None without any word."""
    tokens = tokens_of(phrase)[:MOST_TERMS]
    return _hits(_phrase(tokens, "B")) if tokens else None


def _phrase(tokens: Sequence[str], place: str) -> str:
    """Return the query for words in a row in the words (A), the passage (B) or the title (C)."""
    return f"({' <-> '.join(f'{token}:{place}' for token in tokens)})"


def _hits(query: str, among: Sequence[int] | None = None) -> FromClause:
    wanted = select(_HITS.c.quotation_id.label("id")).where(_matches(query))
    return (wanted if among is None else wanted.where(_is_among(among))).subquery("hits")


def _is_among(ids: Sequence[int]) -> ColumnElement[bool]:
    return _HITS.c.quotation_id.in_(select(numbers(ids).c.value))


def _matches(query: str | ColumnElement[str]) -> ColumnElement[bool]:
    return _HITS.c.document.op("@@", is_comparison=True)(_query(query))


def _query(query: str | ColumnElement[str]) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'quotetrack'"), query)


def tokens_of(words: str) -> list[str]:
    """Return the words of a text as the index has them before their stems: no accents, and "_" parts them."""
    return terms_of(unaccented(words).replace("_", " "))


# Vectors


def cosines(
    session: Session, table: StatementTable, vector: NDArray[np.float32], model: str, ids: Sequence[int]
) -> tuple[list[int], NDArray[np.float32]]:
    """Return those of these statements that have a vector of this model, in order of id, and their cosines.

    The cosines are those of words and passage to a unit vector, of shape (ids, 2); 0 for a text without a vector. The
    server multiplies the vectors, in float32. Raises ValueError if the vector has another length than the model's.
    """
    wanted, words, passage = vectors_of(table, model, ids)
    asked = cast(bindparam("asked", vector_text(vector)), Vector())
    inverse = (cast(each, Vector()).op("<#>", return_type=Float())(asked) for each in (words, passage))
    products = (func.coalesce(-each, 0.0) for each in inverse)
    try:
        rows = session.execute(wanted.add_columns(*products)).all()
    except DataError as error:
        raise ValueError(f"mismatch: the vectors of {model} have not {vector.size} dimensions") from error
    return [row[0] for row in rows], np.array([row[1:] for row in rows], np.float32).reshape(-1, 2)
