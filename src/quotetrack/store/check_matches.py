"""Matches of sightings with fact-checks. Each names its maker, and what a person decided about it.

The decisions themselves are corrections of the quotations; here they are followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Executable, Select, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from quotetrack.core.corrections import read_named_check
from quotetrack.core.domain import CorrectionFault, MatchedCheck
from quotetrack.store.backends.statements import among, batches, ids_of, insert_absent, upsert
from quotetrack.store.corrections import corrections_on, read_corrections, sightings_of_correction
from quotetrack.store.fact_checks import current_fact_check, fact_check_of
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    EmbeddingRow,
    FactCheckMatchRow,
    FactCheckRow,
    QuotationRow,
)

DECIDED = "decided"  # the maker of a match that only a person found
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


def follow_check_decisions(session: Session, article_url: str | None = None) -> None:
    """Bring what people decided about fact-checks to the matches: of one article, or of all.

    A confirmed one that the matcher does not have is added; one that is no longer decided about is as it was.
    """
    decisions = [
        each
        for each in (read_corrections(session) if article_url is None else corrections_on(session, article_url))
        if each.fault.is_of_fact_check
    ]
    for url in {each.article_url for each in decisions} if article_url is None else {article_url}:
        _forget_decisions(session, url)
    for decision in decisions:
        url, claim = read_named_check(decision.value or "")
        check_id = current_fact_check(session, url, claim)
        if check_id is None:  # it may be imported later
            continue
        is_right = decision.fault is CorrectionFault.FACT_CHECK
        for quotation_id in sightings_of_correction(session, decision):
            _put_decided(session, quotation_id, check_id, is_right=is_right)
    session.flush()
    session.expire_all()


def _forget_decisions(session: Session, article_url: str) -> None:
    versions = select(ArticleVersionRow.id).join(ArticleRow).where(ArticleRow.url == article_url)
    quotations = select(QuotationRow.id).where(QuotationRow.version_id.in_(versions))
    of_article = FactCheckMatchRow.quotation_id.in_(quotations)
    added = delete(FactCheckMatchRow).where(of_article, FactCheckMatchRow.matched_by == DECIDED)
    session.execute(added.execution_options(synchronize_session=False))
    undecided = update(FactCheckMatchRow).where(of_article, FactCheckMatchRow.decided.is_not(None)).values(decided=None)
    session.execute(undecided.execution_options(synchronize_session=False))


def _put_decided(session: Session, quotation_id: int, check_id: int, *, is_right: bool) -> None:
    match = update(FactCheckMatchRow).where(
        FactCheckMatchRow.quotation_id == quotation_id, FactCheckMatchRow.fact_check_id == check_id
    )
    session.execute(match.values(decided=is_right).execution_options(synchronize_session=False))
    row = {
        "quotation_id": quotation_id,
        "fact_check_id": check_id,
        "chance": 1.0 if is_right else 0.0,
        "matched_by": DECIDED,
        "decided": is_right,
    }
    insert_absent(session, FactCheckMatchRow, [row], ("quotation_id", "fact_check_id"))


def checks_of_utterances(session: Session, utterance_ids: Sequence[int]) -> dict[int, list[MatchedCheck]]:
    """Return for each of these utterances the current fact-checks that its sightings match.

    Those that a person confirmed come first, then the likeliest. One that a person rejected for any sighting of the
    utterance is left out.
    """
    matches: dict[int, dict[int, list[_Match]]] = {utterance_id: {} for utterance_id in utterance_ids}
    for batch in batches(utterance_ids):
        for utterance_id, chance, decided, row in session.execute(_checks_of_utterances(), {"asked": batch}):
            matches[utterance_id or 0].setdefault(row.id, []).append((chance, decided, row))
    return {
        utterance_id: sorted(
            (_likeliest(of_check) for of_check in found.values() if not _is_rejected(of_check)),
            key=lambda match: (not match.is_confirmed, -match.chance, match.check.id or 0),
        )
        for utterance_id, found in matches.items()
    }


def checks_of_all(session: Session) -> dict[int, list[MatchedCheck]]:
    """Return the same for every utterance that matches any fact-check."""
    matched = select(QuotationRow.utterance_id).join(
        FactCheckMatchRow, FactCheckMatchRow.quotation_id == QuotationRow.id
    )
    wanted = matched.where(QuotationRow.utterance_id.is_not(None), QuotationRow.retired_at.is_(None)).distinct()
    return checks_of_utterances(session, [each for each in session.scalars(wanted) if each is not None])


_Match: TypeAlias = tuple[float, bool | None, FactCheckRow]


def _is_rejected(matches: Sequence[_Match]) -> bool:
    return any(decided is False for _, decided, _ in matches)


def _likeliest(matches: Sequence[_Match]) -> MatchedCheck:
    check = fact_check_of(matches[0][2])
    return MatchedCheck(check, max(chance for chance, _, _ in matches), any(decided for _, decided, _ in matches))


@cache
def _checks_of_utterances() -> Select[int | None, float, bool | None, FactCheckRow]:
    return (
        select(QuotationRow.utterance_id, FactCheckMatchRow.chance, FactCheckMatchRow.decided, FactCheckRow)
        .join_from(FactCheckMatchRow, QuotationRow, QuotationRow.id == FactCheckMatchRow.quotation_id)
        .join(FactCheckRow, FactCheckRow.id == FactCheckMatchRow.fact_check_id)
        .where(QuotationRow.utterance_id.in_(bindparam("asked", expanding=True)))
        .where(QuotationRow.retired_at.is_(None), FactCheckRow.is_current)
    )
