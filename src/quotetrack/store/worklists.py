"""Work lists: what a step has still to do. A step drains its list; a crash leaves the rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from quotetrack.store.articles import texts_of
from quotetrack.store.backends.statements import among, among_texts, batches, ids_of, texts_in
from quotetrack.store.quotations import passage_of
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    EmbeddingRow,
    QuotationRow,
    ReportedStatementRow,
    SpeakerRow,
    StatementTable,
)


def versions_never_extracted(session: Session) -> list[int]:
    """Return the versions that no extractor has read, current or not, oldest first."""
    wanted = select(ArticleVersionRow.id).where(ArticleVersionRow.extracted_by.is_(None))
    return list(session.scalars(wanted.order_by(ArticleVersionRow.id)))


def versions_to_extract(session: Session, extractor: str, reporter: str, *, with_reported: bool = False) -> list[int]:
    """Return the versions that this extractor has not read, including those that another one has.

    So are those whose reported statements were read by another one than `reporter`, and `with_reported` those whose
    reported statements nobody has read.
    """
    waiting = or_(ArticleVersionRow.extracted_by.is_(None), _is_stale(extractor, reporter, with_reported))
    return list(session.scalars(select(ArticleVersionRow.id).where(waiting).order_by(ArticleVersionRow.id)))


def count_stale_versions(session: Session, extractor: str, reporter: str, *, with_reported: bool = False) -> int:
    """Return the number of extracted versions that `versions_to_extract` returns."""
    wanted = select(func.count()).select_from(ArticleVersionRow).where(ArticleVersionRow.extracted_by.is_not(None))
    return session.scalars(wanted.where(_is_stale(extractor, reporter, with_reported))).one()


def _is_stale(extractor: str, reporter: str, with_reported: bool) -> ColumnElement[bool]:
    unread = [ArticleVersionRow.reported_by.is_(None)] if with_reported else []
    return or_(ArticleVersionRow.extracted_by != extractor, ArticleVersionRow.reported_by != reporter, *unread)


def versions_with_reported(session: Session, version_ids: Sequence[int]) -> set[int]:
    """Return those of these versions whose reported statements were read: they are read again with the quotations."""
    was_read = select(ArticleVersionRow.id).where(ArticleVersionRow.reported_by.is_not(None))
    return {
        each
        for batch in batches(version_ids)
        for each in session.scalars(was_read.where(ArticleVersionRow.id.in_(batch)))
    }


@dataclass(frozen=True, slots=True)
class Touched:
    """What a decision is about: speakers by id, merges followed, and articles by URL."""

    speakers: Sequence[int] = ()
    articles: Sequence[str] = ()


def quotations_for_linker(session: Session, linker: str, touched: Touched | None = None) -> list[int]:
    """Return the quotations that this linker has not seen as they are now, sightings or not, ordered by utterance.

    Only those that a decision touches, if it is given.
    """
    if touched is None:
        return list(session.scalars(_for_linker(), {"linker": linker}))
    return list(session.scalars(_touched_for_linker(), {"linker": linker, **parameters_of(touched)}))


@cache
def _touched_for_linker() -> Select[int]:
    return _for_linker().where(is_touched())


@cache
def _for_linker() -> Select[int]:
    linker: BindParameter[str] = bindparam("linker")
    by_another = or_(QuotationRow.linked_by < linker, QuotationRow.linked_by > linker)  # two ranges of one index
    wanted = select(QuotationRow.id).where(or_(QuotationRow.linked_by.is_(None), by_another))
    return wanted.order_by(QuotationRow.utterance_id.nulls_first(), QuotationRow.id)


def is_touched() -> ColumnElement[bool]:
    """Return the condition for quotations that a decision touches, for a statement with `parameters_of` it.

    They are listed by id, so that SQLite begins with them, and not with all that wait: those may be many.
    """
    touched = aliased(QuotationRow)
    speakers = select(SpeakerRow.id).where(SpeakerRow.canonical_id.in_(among("touched_speakers")))
    versions = select(ArticleVersionRow.id).join(ArticleRow)
    versions = versions.where(ArticleRow.url.in_(among_texts("touched_articles")))
    of_speakers = select(touched.id).where(touched.speaker_id.in_(speakers))
    return QuotationRow.id.in_(union_all(of_speakers, select(touched.id).where(touched.version_id.in_(versions))))


def parameters_of(touched: Touched) -> dict[str, str]:
    """Return the parameters of `is_touched`."""
    return ids_of(touched.speakers, "touched_speakers") | texts_in(touched.articles, "touched_articles")


def texts_without_vector(session: Session, model: str) -> list[tuple[str, str]]:
    """Return the words and passages of live statements without a vector of this model: text key and text, each once."""
    found: dict[str, str] = {}
    for table in (QuotationRow, ReportedStatementRow):
        found |= _words_without_vector(session, model, table) | _contexts_without_vector(session, model, table)
    return list(found.items())


def _words_without_vector(session: Session, model: str, table: StatementTable) -> dict[str, str]:
    key = table.words_sha256
    wanted = select(key, table.words).where(_lacks_vector(key, table, model)).order_by(table.id)
    return {row.words_sha256: row.words for row in session.execute(wanted)}


def _contexts_without_vector(session: Session, model: str, table: StatementTable) -> dict[str, str]:
    key = table.context_sha256
    wanted = select(key, table.version_id, table.context_start, table.context_end)
    wanted = wanted.where(_lacks_vector(key, table, model)).order_by(table.id)
    places = {text_key: (version_id, start, end) for text_key, version_id, start, end in session.execute(wanted)}
    texts = texts_of(session, (version_id for version_id, _, _ in places.values()))
    return {
        text_key: passage_of(texts[version_id], start, end) for text_key, (version_id, start, end) in places.items()
    }


def _lacks_vector(key: InstrumentedAttribute[str], table: StatementTable, model: str) -> ColumnElement[bool]:
    has_vector = exists().where(EmbeddingRow.text_key == key, EmbeddingRow.model == model)
    return and_(table.retired_at.is_(None), ~has_vector)
