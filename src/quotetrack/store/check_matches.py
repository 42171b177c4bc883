"""Matches of sightings with fact-checks. Each names its maker. Derived: whether they are right is for people to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, Select, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from quotetrack.core.domain import MatchedCheck
from quotetrack.store.backends.sqlite import among, batches, ids_of, upsert
from quotetrack.store.fact_checks import fact_check_of
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import ArticleVersionRow, EmbeddingRow, FactCheckMatchRow, FactCheckRow, QuotationRow

ROWS_A_BATCH = 1_000  # vectors, each compared with those of all new fact-checks


# Work


def has_fact_checks(session: Session) -> bool:
    """Return whether any fact-check is stored."""
    return session.scalar(select(exists(select(FactCheckRow.id)))) is True


def has_quotations(session: Session) -> bool:
    """Return whether any quotation is stored that could match."""
    return session.scalar(select(exists(select(QuotationRow.id)))) is True


def forget_other_matchers(session: Session, maker: str) -> None:
    """Delete the matches of another maker. All fact-checks and quotations then wait to be compared again."""
    is_other = or_(FactCheckRow.matched_by < maker, FactCheckRow.matched_by > maker)
    if session.scalar(select(FactCheckRow.id).where(is_other).limit(1)) is not None:
        session.execute(delete(FactCheckMatchRow))
        session.execute(update(FactCheckRow).values(matched_by=None))
        session.execute(update(QuotationRow).where(QuotationRow.matched_by.is_not(None)).values(matched_by=None))
        session.expire_all()


def fact_checks_to_match(session: Session) -> set[int]:
    """Return the ids of the current fact-checks that wait to be compared with the quotations."""
    waiting = select(FactCheckRow.id).where(FactCheckRow.is_current, FactCheckRow.matched_by.is_(None))
    return set(session.scalars(waiting))


def sightings_to_match(session: Session, model: str) -> list[int]:
    """Return the sightings that wait to be compared, in order of id. Those without a vector of this model wait on."""
    return list(session.scalars(_sightings_to_match(), {"model": model}))


@cache
def _sightings_to_match() -> Select[int]:
    return (
        select(QuotationRow.id)
        .join_from(QuotationRow, ArticleVersionRow)
        .join(EmbeddingRow, EmbeddingRow.text_key == QuotationRow.words_sha256)
        .where(QuotationRow.matched_by.is_(None), EmbeddingRow.model == bindparam("model"), is_sighting())
        .order_by(QuotationRow.id)
    )


def has_matched_quotations(session: Session, maker: str) -> bool:
    """Return whether this maker has compared any quotation."""
    return session.scalar(select(exists(select(QuotationRow.id).where(QuotationRow.matched_by == maker)))) is True


def iter_matched_vectors(session: Session, model: str, maker: str) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    """Yield the quotations that this maker has compared, and a matrix with the vector of each as a row, in batches."""
    last = 0
    wanted = (
        select(QuotationRow.id, EmbeddingRow.vector)
        .join(EmbeddingRow, EmbeddingRow.text_key == QuotationRow.words_sha256)
        .where(QuotationRow.matched_by == maker, EmbeddingRow.model == model)
        .order_by(QuotationRow.id)
        .limit(ROWS_A_BATCH)
    )
    while rows := session.execute(wanted.where(QuotationRow.id > last)).all():
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f2").reshape(len(rows), -1)
        yield [quotation_id for quotation_id, _ in rows], vectors.astype(np.float32)
        last = rows[-1][0]


def match_again(session: Session, quotation_ids: Sequence[int]) -> None:
    """Let these quotations wait to be compared again, and those that match the earlier form of a fact-check."""
    revised = select(FactCheckMatchRow.quotation_id).join(FactCheckRow).where(FactCheckRow.is_current.is_(False))
    again = or_(QuotationRow.id.in_(among()), QuotationRow.id.in_(revised))
    statement = update(QuotationRow).where(again).values(matched_by=None)
    session.execute(statement.execution_options(synchronize_session=False), ids_of(quotation_ids))
    session.expire_all()


def put_matcher_of_checks(session: Session, fact_check_ids: set[int], maker: str) -> None:
    """Mark these fact-checks as compared by this maker."""
    statement = update(FactCheckRow).where(FactCheckRow.id.in_(among())).values(matched_by=maker)
    session.execute(statement.execution_options(synchronize_session=False), ids_of(fact_check_ids))
    session.expire_all()


# Matches


def put_matches(session: Session, matches: Mapping[int, Sequence[MatchedCheck]], maker: str) -> None:
    """Store the matches of these quotations in place of their old ones, and mark the quotations as compared."""
    session.execute(_drop_matches(), ids_of(matches))
    rows = [
        {
            "quotation_id": quotation_id,
            "fact_check_id": match.check.id,
            "chance": round(match.chance, 4),
            "matched_by": maker,
        }
        for quotation_id, matched in matches.items()
        for match in matched
    ]
    upsert(session, FactCheckMatchRow, rows, ("quotation_id", "fact_check_id"))
    session.execute(_put_matcher(), {**ids_of(matches), "maker": maker})
    session.expire_all()


@cache
def _drop_matches() -> Executable:
    statement = delete(FactCheckMatchRow).where(FactCheckMatchRow.quotation_id.in_(among()))
    return statement.execution_options(synchronize_session=False)


@cache
def _put_matcher() -> Executable:
    statement = update(QuotationRow).where(QuotationRow.id.in_(among())).values(matched_by=bindparam("maker"))
    return statement.execution_options(synchronize_session=False)


def checks_of_utterances(session: Session, utterance_ids: Sequence[int]) -> dict[int, list[MatchedCheck]]:
    """Return for each of these utterances the current fact-checks that its sightings match, the likeliest first."""
    likeliest: dict[int, dict[int, MatchedCheck]] = {utterance_id: {} for utterance_id in utterance_ids}
    for batch in batches(utterance_ids):
        for utterance_id, chance, row in session.execute(_checks_of_utterances(), {"asked": batch}):
            found = likeliest[utterance_id or 0]
            if row.id not in found or chance > found[row.id].chance:
                found[row.id] = MatchedCheck(fact_check_of(row), chance)
    return {
        utterance_id: sorted(found.values(), key=lambda match: (-match.chance, match.check.id or 0))
        for utterance_id, found in likeliest.items()
    }


@cache
def _checks_of_utterances() -> Select[int | None, float, FactCheckRow]:
    return (
        select(QuotationRow.utterance_id, FactCheckMatchRow.chance, FactCheckRow)
        .join_from(FactCheckMatchRow, QuotationRow, QuotationRow.id == FactCheckMatchRow.quotation_id)
        .join(FactCheckRow, FactCheckRow.id == FactCheckMatchRow.fact_check_id)
        .where(QuotationRow.utterance_id.in_(bindparam("asked", expanding=True)))
        .where(QuotationRow.retired_at.is_(None), FactCheckRow.is_current)
    )
