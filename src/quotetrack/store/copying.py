"""Copy a whole database into an empty one of either system. Every row keeps its id."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Table, insert, select, update
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from quotetrack.store.backends import backend_of
from quotetrack.store.engine import begin_reading, close_store, open_store, refuse_missing
from quotetrack.store.errors import StoreError, UnstorableText, name_of, translate_errors
from quotetrack.store.lock import run_lock
from quotetrack.store.quotations import full_texts_of
from quotetrack.store.tables import ArticleRow, Base

ROWS_AT_ONCE = 1_000

OnTable = Callable[[str], None]


def copy_database(source_url: str, target_url: str, on_table: OnTable) -> int:
    """Copy all rows, and return their number. The tables of the target are made if there are none.

    The target gets everything in one transaction, or nothing. No run may write to either meanwhile. `on_table` is
    called with the name of each table that is begun. Raises StoreError, also if the target has any row.
    """
    refuse_missing(source_url)  # before a lock makes a file beside it
    with run_lock(source_url), run_lock(target_url):
        with translate_errors(source_url):
            sources = open_store(source_url, read_only=True)
        with translate_errors(target_url):
            targets = open_store(target_url)
            with sources() as source, targets.begin() as target:
                begin_reading(source)
                if filled := next((table.name for table in _tables() if _has_rows(target, table)), None):
                    raise StoreError(f"{name_of(target_url)} is not empty ({filled} has rows): name another database")
                copied = sum(_copy(source, target, table, on_table) for table in _tables())
                on_table("full text")
                _index(target)
                backend_of(target).go_on_behind(target, backend_of(source).last_ids(source))
        close_store(sources)
        close_store(targets)
    return copied


def _tables() -> list[Table]:
    """Return the tables, each behind those that its rows point at."""
    return Base.metadata.sorted_tables


def _has_rows(session: Session, table: Table) -> bool:
    return session.execute(select(table).limit(1)).first() is not None


def _copy(source: Session, target: Session, table: Table, on_table: OnTable) -> int:
    """Copy the rows of a table. Where they point at one another, they do so when all are there."""
    on_table(table.name)
    pointing = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    pointers: list[tuple[Column[int], int, int]] = []
    copied = 0
    rows = source.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": ROWS_AT_ONCE})
    for some in rows.mappings().partitions():
        values = [dict(row) for row in some]
        for column in pointing:
            pointers += [(column, row["id"], row[column.name]) for row in values if row[column.name] is not None]
            for row in values:
                row[column.name] = None
        try:
            target.execute(insert(table), values)
        except (UnstorableText, OverflowError, DataError) as error:
            raise StoreError(f"a row of {table.name} does not fit: {error}") from error
        copied += len(values)
    for column, row_id, other in pointers:
        target.execute(update(table).where(table.c.id == row_id).values({column.name: other}))
    return copied


def _index(target: Session) -> None:
    """Fill the full-text index, which each system has in its own way."""
    for article_id in target.scalars(select(ArticleRow.id).order_by(ArticleRow.id)).all():
        backend_of(target).put_full_text(target, full_texts_of(target, article_id))
        target.expunge_all()  # texts are long, and are not needed again
