"""Related statements: pairs of sightings with their cosine. Each pair names its maker. Derived, and never a link."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Executable, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from quotetrack.core.domain import Related
from quotetrack.store.backends.statements import among, batches, ids_of, upsert
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import ArticleVersionRow, EmbeddingRow, QuotationRow, RelatedRow, SpeakerRow
from quotetrack.store.worklists import Touched, is_touched, parameters_of


def forget_other_relaters(session: Session, maker: str) -> None:
    """Delete the pairs of another maker. All quotations then wait to be related again."""
    if session.scalar(_by_another(), {"maker": maker}) is not None:
        session.execute(delete(RelatedRow))
        session.execute(update(QuotationRow).values(related_by=None))
        session.expire_all()


@cache
def _by_another() -> Select[int]:
    maker: BindParameter[str] = bindparam("maker")
    by_another = or_(QuotationRow.related_by < maker, QuotationRow.related_by > maker)
    return select(QuotationRow.id).where(by_another).limit(1)


def waiting_by_speaker(session: Session, model: str, touched: Touched | None = None) -> dict[int, list[int]]:
    """Return the sightings that wait to be related, by the id of the speaker, merges followed, in order of id.

    Those without a vector of this model wait on. Only those that a decision touches, if it is given.
    """
    if touched is None:
        rows = session.execute(_waiting(), {"model": model})
    else:
        rows = session.execute(_touched_waiting(), {"model": model, **parameters_of(touched)})
    waiting: dict[int, list[int]] = {}
    for speaker_id, quotation_id in rows:
        if speaker_id is not None:
            waiting.setdefault(speaker_id, []).append(quotation_id)
    return waiting


@cache
def _touched_waiting() -> Select[int | None, int]:
    return _waiting().where(is_touched())


@cache
def _waiting() -> Select[int | None, int]:
    return (
        select(SpeakerRow.canonical_id, QuotationRow.id)
        .join_from(QuotationRow, ArticleVersionRow)
        .join(SpeakerRow, SpeakerRow.id == QuotationRow.speaker_id)
        .join(EmbeddingRow, EmbeddingRow.text_key == QuotationRow.words_sha256)
        .where(QuotationRow.related_by.is_(None), EmbeddingRow.model == bindparam("model"), is_sighting())
        .order_by(QuotationRow.id)
    )


def statements_of(
    session: Session, speaker_id: int, model: str, least_characters: int
) -> tuple[list[tuple[int, int]], NDArray[np.float16]]:
    """Return the quotation and utterance ids of a speaker's statements, and a matrix with the vector of each as a row.

    Those of speakers who were merged into this one count as well. One sighting for each wording of an utterance, in
    order of id. Statements of fewer than `least_characters` are left out, because their vectors say little.
    """
    rows = session.execute(_statements(), {"speaker": speaker_id, "model": model, "least": least_characters})
    one_a_wording = {(key, utterance): (quotation, utterance, vector) for quotation, utterance, key, vector in rows}
    statements = sorted((quotation, utterance or 0, vector) for quotation, utterance, vector in one_a_wording.values())
    vectors = np.frombuffer(b"".join(vector for _, _, vector in statements), dtype="<f2")
    vectors = vectors.reshape(len(statements), -1) if statements else np.empty((0, 0), np.float16)
    return [(quotation, utterance) for quotation, utterance, _ in statements], vectors


@cache
def _statements() -> Select[int, int | None, str, bytes]:
    merged = select(SpeakerRow.id).where(SpeakerRow.canonical_id == bindparam("speaker"))
    is_long_enough = QuotationRow.end - QuotationRow.start >= bindparam("least")
    return (
        select(QuotationRow.id, QuotationRow.utterance_id, QuotationRow.words_sha256, EmbeddingRow.vector)
        .join_from(QuotationRow, ArticleVersionRow)
        .join(EmbeddingRow, EmbeddingRow.text_key == QuotationRow.words_sha256)
        .where(EmbeddingRow.model == bindparam("model"), QuotationRow.speaker_id.in_(merged), is_sighting())
        .where(is_long_enough, QuotationRow.utterance_id.is_not(None))
        .order_by(QuotationRow.id)
    )


def put_related(session: Session, pairs: Sequence[tuple[int, int, float]], maker: str) -> None:
    """Store pairs of sightings with their cosine. A pair that is stored is updated."""
    rows = [
        {"left_id": min(a, b), "right_id": max(a, b), "cosine": cosine, "related_by": maker} for a, b, cosine in pairs
    ]
    upsert(session, RelatedRow, rows, ("left_id", "right_id"))
    session.expire_all()


def put_relater(session: Session, quotation_ids: Sequence[int], maker: str) -> None:
    """Mark these quotations as related by this maker, and delete their old pairs."""
    session.execute(_drop_related(), ids_of(quotation_ids))
    session.execute(_put_relater(), {**ids_of(quotation_ids), "maker": maker})
    session.expire_all()


@cache
def _drop_related() -> Executable:
    ends = or_(RelatedRow.left_id.in_(among()), RelatedRow.right_id.in_(among()))
    return delete(RelatedRow).where(ends).execution_options(synchronize_session=False)


@cache
def _put_relater() -> Executable:
    statement = update(QuotationRow).where(QuotationRow.id.in_(among())).values(related_by=bindparam("maker"))
    return statement.execution_options(synchronize_session=False)


def related_to(session: Session, utterance_ids: Sequence[int]) -> dict[int, list[Related]]:
    """Return for each of these utterances the related ones, each once, the nearest first."""
    nearest: dict[int, dict[int, Related]] = {utterance_id: {} for utterance_id in utterance_ids}
    for wanted in _related():
        for batch in batches(utterance_ids):
            for asked, other, words, speaker, cosine in session.execute(wanted, {"asked": batch}):
                if asked is None or other is None:
                    continue
                if other not in nearest[asked] or cosine > nearest[asked][other].cosine:
                    nearest[asked][other] = Related(other, words, speaker, cosine)
    return {
        utterance_id: sorted(related.values(), key=lambda other: (-other.cosine, other.utterance_id))
        for utterance_id, related in nearest.items()
    }


@cache
def _related() -> tuple[Select[int | None, int | None, str, str | None, float], ...]:
    """Return the statements for both ends of a pair. The parameter `asked` takes the utterance ids."""
    mine, other = aliased(QuotationRow), aliased(QuotationRow)
    own, canonical = aliased(SpeakerRow), aliased(SpeakerRow)
    shown = func.coalesce(canonical.name, other.speaker_name)
    ends = ((RelatedRow.left_id, RelatedRow.right_id), (RelatedRow.right_id, RelatedRow.left_id))
    asked: BindParameter[int] = bindparam("asked", expanding=True)
    return tuple(
        select(mine.utterance_id, other.utterance_id, other.words, shown, RelatedRow.cosine)
        .join_from(RelatedRow, mine, mine.id == this)
        .join(other, other.id == that)
        .outerjoin(own, own.id == other.speaker_id)
        .outerjoin(canonical, canonical.id == own.canonical_id)
        .where(mine.utterance_id.in_(asked), other.utterance_id != mine.utterance_id)
        .where(mine.retired_at.is_(None), other.retired_at.is_(None))
        for this, that in ends
    )
