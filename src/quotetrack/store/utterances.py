"""Utterances and their sightings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import Executable, Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.store.articles import published_at_of
from quotetrack.store.backends.statements import BATCH, among, batches, ids_of
from quotetrack.store.sightings import SightingRows, is_sighting, read_rows, select_sightings
from quotetrack.store.tables import ArticleVersionRow, QuotationRow, UtteranceRow, published_day


def put_utterances(
    session: Session,
    clusters: Sequence[frozenset[int]],
    ids: Sequence[int | None],
    redirects: Mapping[int, int],
    linker: str,
    known: Mapping[int, int] | None = None,
) -> list[int]:
    """Store the utterance of each cluster of quotations and its linker. Return the utterance id of each cluster.

    `known` are the utterances that quotations of this linker have already: those that keep theirs are not written.
    `ids` and `redirects` are those of `keep_utterance_ids`. None in `ids` stands for a new id, which no utterance had
    before. A key of `redirects` is an id that was absorbed, and its value the id that absorbed it.
    """
    session.flush()
    for absorbed, kept in redirects.items():
        _redirect(session, absorbed, kept)
    minted = iter(_mint(session, sum(known is None for known in ids)))
    named = [next(minted) if known is None else known for known in ids]
    values = [
        {"quotation": quotation_id, "utterance": utterance_id, "linker": linker}
        for utterance_id, cluster in zip(named, clusters, strict=True)
        for quotation_id in sorted(cluster)
        if known is None or known.get(quotation_id) != utterance_id
    ]
    if values:
        # Ten times as fast as changing mapped objects.
        session.connection().execute(_put_utterance(), values)
    session.expire_all()
    return named


@cache
def _put_utterance() -> Executable:
    one_row = update(QuotationRow).where(QuotationRow.__table__.c.id == bindparam("quotation"))
    return one_row.values(utterance_id=bindparam("utterance"), linked_by=bindparam("linker"))


def _redirect(session: Session, absorbed: int, kept: int) -> None:
    session.execute(update(UtteranceRow).where(UtteranceRow.id == absorbed).values(merged_into_id=kept))
    # Retired quotations too, so that one that is revived has an id in use.
    moved = update(QuotationRow).where(QuotationRow.utterance_id == absorbed).values(utterance_id=kept)
    session.execute(moved.execution_options(synchronize_session=False))


def _mint(session: Session, number: int) -> list[int]:
    rows = [UtteranceRow() for _ in range(number)]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def iter_utterances(session: Session) -> Iterator[Utterance]:
    """Yield every utterance that has a sighting, in order of id. Reads one batch at a time."""
    last = 0
    while ids := _utterance_ids_after(session, last, BATCH):
        yield from _utterances(session, ids)
        last = ids[-1]


def count_sightings(session: Session) -> int:
    """Return the number of sightings of all utterances: the rows of an export of everything."""
    counted = select(func.count()).select_from(QuotationRow).join(ArticleVersionRow)
    return session.scalars(counted.where(is_sighting(), QuotationRow.utterance_id.is_not(None))).one()


def utterances_after(session: Session, last: int, limit: int) -> list[Utterance]:
    """Return the next utterances behind an id that have a sighting, in order of id: `limit` of them, if there are."""
    found: list[Utterance] = []
    while len(found) < limit and (ids := _utterance_ids_after(session, last, limit - len(found))):
        found += _utterances(session, ids)
        last = ids[-1]
    return found


def read_utterances(session: Session, ids: Sequence[int]) -> list[Utterance]:
    """Return these utterances in order of id, without those that have no sighting. Redirects are not followed."""
    return [utterance for batch in batches(sorted(set(ids))) for utterance in _utterances(session, batch)]


def read_utterance(session: Session, utterance_id: int) -> Utterance | None:
    """Return the utterance of this id, or the one it was merged into; None if that has no sighting."""
    return next(_utterances(session, [follow(session, utterance_id)]), None)


def follow(session: Session, utterance_id: int) -> int:
    """Return the id that this id was merged into; the id itself if it was not merged."""
    merged_into = select(UtteranceRow.merged_into_id)
    while (kept := session.scalar(merged_into.where(UtteranceRow.id == utterance_id))) is not None:
        utterance_id = kept
    return utterance_id


def utterance_ids(session: Session, quotation_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Return the utterance of each live quotation that has one, for `keep_utterance_ids`: of all, or only of these."""
    if quotation_ids is None:
        rows = session.execute(_utterance_ids())
    else:
        rows = session.execute(_utterance_ids_among(), ids_of(quotation_ids))
    return {quotation_id: utterance_id for quotation_id, utterance_id in rows if utterance_id is not None}


@cache
def _utterance_ids_among() -> Select[int, int | None]:
    return _utterance_ids().where(QuotationRow.id.in_(among()))


@cache
def _utterance_ids() -> Select[int, int | None]:
    wanted = select(QuotationRow.id, QuotationRow.utterance_id)
    return wanted.where(QuotationRow.utterance_id.is_not(None), QuotationRow.retired_at.is_(None))


def _of_utterances(ids: Sequence[int]) -> Select[*SightingRows]:
    return select_sightings().where(QuotationRow.utterance_id.in_(ids))


def _utterance_ids_after(session: Session, last: int, limit: int) -> Sequence[int]:
    wanted = select(QuotationRow.utterance_id).where(QuotationRow.utterance_id > last)
    wanted = wanted.distinct().order_by(QuotationRow.utterance_id).limit(limit)
    return [utterance_id for utterance_id in session.scalars(wanted) if utterance_id is not None]


def _utterances(session: Session, ids: Sequence[int]) -> Iterator[Utterance]:
    """Return the utterances in the order of the ids, with their sightings by day of publication, undated ones last."""
    published = published_day(published_at_of())
    wanted = _of_utterances(ids).order_by(published.is_(None), published, QuotationRow.id)
    members: defaultdict[int | None, list[Sighting]] = defaultdict(list)
    for utterance_id, sighting in read_rows(session, wanted):
        members[utterance_id].append(sighting)
    return (Utterance(utterance_id, tuple(members[utterance_id])) for utterance_id in ids if utterance_id in members)
