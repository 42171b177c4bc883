"""Work lists: what a step has still to do. A step drains its list; a crash leaves the rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from quotetrack.store.articles import texts_of
from quotetrack.store.backends.sqlite import among, among_texts, ids_of, texts_in
from quotetrack.store.quotations import passage_of
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, EmbeddingRow, QuotationRow, SpeakerRow


def versions_never_extracted(session: Session) -> list[int]:
    """Return the versions that no extractor has read, current or not, oldest first."""
    wanted = select(ArticleVersionRow.id).where(ArticleVersionRow.extracted_by.is_(None))
    return list(session.scalars(wanted.order_by(ArticleVersionRow.id)))


def versions_to_extract(session: Session, extractor: str) -> list[int]:
    """Return the versions that this extractor has not read, including those that another one has."""
    by_another = or_(ArticleVersionRow.extracted_by.is_(None), ArticleVersionRow.extracted_by != extractor)
    return list(session.scalars(select(ArticleVersionRow.id).where(by_another).order_by(ArticleVersionRow.id)))


def count_stale_versions(session: Session, extractor: str) -> int:
    """Return the number of versions that another extractor read."""
    wanted = select(func.count()).select_from(ArticleVersionRow).where(ArticleVersionRow.extracted_by != extractor)
    return session.scalars(wanted).one()


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
    return wanted.order_by(QuotationRow.utterance_id, QuotationRow.id)


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
    """Return the words and passages of live quotations without a vector of this model: text key and text, each once."""
    return list({**_words_without_vector(session, model), **_contexts_without_vector(session, model)}.items())


def _words_without_vector(session: Session, model: str) -> dict[str, str]:
    key = QuotationRow.words_sha256
    wanted = select(key, QuotationRow.words).where(_lacks_vector(key, model)).order_by(QuotationRow.id)
    return {row.words_sha256: row.words for row in session.execute(wanted)}


def _contexts_without_vector(session: Session, model: str) -> dict[str, str]:
    key = QuotationRow.context_sha256
    wanted = select(key, QuotationRow.version_id, QuotationRow.context_start, QuotationRow.context_end)
    wanted = wanted.where(_lacks_vector(key, model)).order_by(QuotationRow.id)
    places = {text_key: (version_id, start, end) for text_key, version_id, start, end in session.execute(wanted)}
    texts = texts_of(session, (version_id for version_id, _, _ in places.values()))
    return {
        text_key: passage_of(texts[version_id], start, end) for text_key, (version_id, start, end) in places.items()
    }


def _lacks_vector(key: InstrumentedAttribute[str], model: str) -> ColumnElement[bool]:
    has_vector = exists().where(EmbeddingRow.text_key == key, EmbeddingRow.model == model)
    return and_(QuotationRow.retired_at.is_(None), ~has_vector)
