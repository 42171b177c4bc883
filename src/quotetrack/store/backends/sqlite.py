"""What differs between SQLite and another database: upserts, full text, and many numbers in one parameter.

The full-text index is an FTS5 table without content of its own (`quotation_text`, rowid = quotation id; columns
words, context (the passage), title), kept by write.py: the words stand in `quotations` and `article_versions` already,
and a trigger would be lost whenever a migration rebuilds its table. To take a row out, FTS5 must be told what it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, FromClause, column, func, literal_column, select, table, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from quotetrack.store.tables import Base

FULL_TEXT_TABLE = "quotation_text"
# The passage holds the words again, so that what is said counts twice; the title is about the whole article.
WORDS_WEIGHT, PASSAGE_WEIGHT, TITLE_WEIGHT = 1.0, 1.0, 0.3
MOST_TERMS = 64  # FTS5 limits the depth of an expression; a question has a dozen words
_TERM = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FullText:
    """What the full-text index holds of one quotation."""

    quotation_id: int
    words: str
    passage: str
    title: str


def insert_absent(
    session: Session, row: type[Base], values: Sequence[Mapping[str, object]], key: Sequence[str]
) -> None:
    """Insert what is not there yet by its natural key; what is there stays as it is."""
    if values:
        session.execute(insert(row).on_conflict_do_nothing(index_elements=key), values)


def upsert(session: Session, row: type[Base], values: Sequence[Mapping[str, object]], key: Sequence[str]) -> None:
    """Insert, or bring up to date what has the same natural key; a row keeps its id."""
    if values:
        statement = insert(row)
        told = {name: statement.excluded[name] for name in values[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=told), values)


def numbers(values: Iterable[int]) -> FromClause:
    """A table of one column, `value`, with these numbers: one parameter however many they are."""
    return func.json_each(json.dumps(sorted(values))).table_valued(column("value", BigInteger))


def put_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Make quotations findable that are not in the index."""
    _tell_index(
        session,
        "INSERT INTO quotation_text (rowid, words, context, title) VALUES (:rowid, :words, :context, :title)",
        texts,
    )


def drop_full_text(session: Session, texts: Sequence[FullText]) -> None:
    """Take quotations out of the index, where they must stand exactly so."""
    _tell_index(
        session,
        "INSERT INTO quotation_text (quotation_text, rowid, words, context, title)"
        " VALUES ('delete', :rowid, :words, :context, :title)",
        texts,
    )


def _tell_index(session: Session, statement: str, texts: Sequence[FullText]) -> None:
    if texts:
        session.execute(
            text(statement),
            [{"rowid": t.quotation_id, "words": t.words, "context": t.passage, "title": t.title} for t in texts],
        )


def full_text_hits(topic: str, among: Sequence[int] | None = None) -> FromClause | None:
    """A subquery of `id` and `score` (higher is better) of quotations with any word of the topic, all or `among` these.

    None where the topic has no word. Each word is quoted, so that nothing in the topic is an operator of FTS5.
    """
    terms = list(dict.fromkeys(_TERM.findall(topic.casefold())))[:MOST_TERMS]
    if not terms:
        return None
    wanted = " OR ".join(f'"{term}"' for term in terms)
    weights = f"{WORDS_WEIGHT}, {PASSAGE_WEIGHT}, {TITLE_WEIGHT}"
    conditions = [text(f"{FULL_TEXT_TABLE} MATCH :wanted").bindparams(wanted=wanted)]
    if among is not None:
        # The plus keeps SQLite from searching once for each id; hits are left out before they are scored.
        chosen = text("+rowid IN (SELECT value FROM json_each(:among))")
        conditions.append(chosen.bindparams(among=json.dumps(list(among))))
    return (
        select(
            column("rowid").label("id"),
            # SQLite's bm25 is the lower the better.
            literal_column(f"-bm25({FULL_TEXT_TABLE}, {weights})").label("score"),
        )
        .select_from(table(FULL_TEXT_TABLE))
        .where(*conditions)
        .subquery("hits")
    )


def phrase_hits(phrase: str) -> FromClause | None:
    """A subquery of the `id` of quotations whose passage has these words in a row; None where there is no word."""
    terms = _TERM.findall(phrase.casefold())[:MOST_TERMS]
    if not terms:
        return None
    return (
        select(column("rowid").label("id"))
        .select_from(table(FULL_TEXT_TABLE))
        .where(text(f"{FULL_TEXT_TABLE} MATCH :phrase").bindparams(phrase=f'context : "{" ".join(terms)}"'))
        .subquery("hits")
    )
