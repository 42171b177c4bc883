"""Read reported statements as sightings, and find them by speaker, day and outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, defer

from quotetrack.core.domain import ReportedWords, Sighting, number_of_reported
from quotetrack.store.articles import outlet_of_article, texts_of
from quotetrack.store.backends.statements import BATCH, numbers
from quotetrack.store.search import Narrowing, conditions_of, latest_day
from quotetrack.store.sightings import is_sighting, sighting_of
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, OutletRow, ReportedStatementRow, SpeakerRow
from quotetrack.store.vectors import Cosines, cosines


def has_reported(session: Session) -> bool:
    """Return whether any reported statement is stored."""
    return session.scalar(select(exists(select(ReportedStatementRow.id)))) is True


def count_reported(session: Session) -> int:
    """Return the number of reported statements that are shown."""
    counted = select(func.count()).select_from(ReportedStatementRow).join(ArticleVersionRow)
    return session.scalars(counted.where(is_sighting(ReportedStatementRow))).one()


def reported_ids(session: Session, narrowing: Narrowing, *, limit: int | None = None) -> list[int]:
    """Return the ids of the reported statements, the last said first; at most `limit`."""
    wanted = select(ReportedStatementRow.id).join(ArticleVersionRow)
    wanted = wanted.where(*conditions_of(session, narrowing, ReportedStatementRow))
    day = latest_day(session, ReportedStatementRow)
    return list(session.scalars(wanted.order_by(day.desc().nulls_last(), ReportedStatementRow.id.desc()).limit(limit)))


def read_reported(session: Session, ids: Sequence[int] | None = None) -> list[Sighting]:
    """Return reported statements as sightings, in order of id: all, or those of these ids that are shown."""
    wanted = _select()
    if ids is not None:
        wanted = wanted.where(ReportedStatementRow.id.in_(select(numbers(ids).c.value)))
    return _read(session, wanted.order_by(ReportedStatementRow.id))


def cosines_of_reported(session: Session, vector: NDArray[np.floating], model: str, ids: Sequence[int]) -> Cosines:
    """Return the cosines of the words and passages of these reported statements, as `vectors.cosines` does."""
    return cosines(session, vector, model, ids, ReportedStatementRow)


def iter_reported(session: Session, min_confidence: float = 0.0) -> Iterator[ReportedWords]:
    """Yield every reported statement in order of id, each by itself; not those whose speaker is less sure than this."""
    last = 0
    wanted = _select().order_by(ReportedStatementRow.id).limit(BATCH)
    while batch := _read(session, wanted.where(ReportedStatementRow.id > last)):
        yield from (ReportedWords((each,)) for each in batch if each.speaker_confidence >= min_confidence)
        last = number_of_reported(batch[-1].id)


def reported_of_article(session: Session, article_id: int) -> list[Sighting]:
    """Return the reported statements of an article, in the order of its text."""
    wanted = _select().where(ArticleRow.id == article_id)
    return _read(session, wanted.order_by(ReportedStatementRow.start, ReportedStatementRow.id))


_Rows = tuple[ReportedStatementRow, ArticleVersionRow, ArticleRow, OutletRow, SpeakerRow | None]


def _select() -> Select[*_Rows]:
    own, canonical = aliased(SpeakerRow), aliased(SpeakerRow)
    return (
        select(ReportedStatementRow, ArticleVersionRow, ArticleRow, OutletRow, canonical)
        .join_from(ReportedStatementRow, ArticleVersionRow)
        .join(ArticleRow)
        .join(OutletRow, OutletRow.id == outlet_of_article())
        .outerjoin(own, own.id == ReportedStatementRow.speaker_id)
        .outerjoin(canonical, canonical.id == own.canonical_id)
        .where(is_sighting(ReportedStatementRow))
        .options(defer(ArticleVersionRow.text))
    )


def _read(session: Session, wanted: Select[*_Rows]) -> list[Sighting]:
    rows = session.execute(wanted).all()
    texts = texts_of(session, (version.id for _, version, _, _, _ in rows))
    return [
        sighting_of(statement, version, article, outlet, speaker, texts[version.id])
        for statement, version, article, outlet, speaker in rows
    ]
