"""The state of the linker: wordings, their postings, and links. All of it is derived and can be rebuilt.

A run reads only the part that it needs: the postings of its own word n-grams, the sightings of the wordings that these
lead to, and the links around the sightings that change. A quotation has a `wording_id` while it is linked as a
sighting.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Executable,
    Row,
    Select,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from quotetrack.core.domain import DateBasis, Link, LinkKind, SaidOn, Sighting
from quotetrack.store.articles import published_at_of
from quotetrack.store.backends.statements import among, ids_of, insert_absent, upsert
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    ArticleRow,
    ArticleVersionRow,
    Base,
    LinkRow,
    PostingRow,
    QuotationRow,
    SpeakerRow,
    WordingRow,
)


@dataclass(frozen=True, slots=True)
class StoredWording:
    """A wording as the store keeps it: its words as one outlet printed them, its tokens, and its word n-grams.

    `tokens` are the words as they are compared, with spaces between them. The id and the n-grams are hashes.
    """

    id: int
    words: str
    tokens: str
    grams: frozenset[int]


def forget_other_linkers(session: Session, linker: str) -> bool:
    """Drop what another linker made, and return whether there was any. All its quotations then wait for this linker.

    The utterances stay, because their ids last.
    """
    exists = session.scalar(_by_another(), {"linker": linker}) is not None
    if exists:
        for row in (LinkRow, PostingRow, WordingRow):
            session.execute(delete(row))
        session.execute(update(QuotationRow).values(linked_by=None, wording_id=None))
        session.expire_all()
    return exists


@cache
def _by_another() -> Select[int]:
    linker: BindParameter[str] = bindparam("linker")
    by_another = or_(QuotationRow.linked_by < linker, QuotationRow.linked_by > linker)  # two ranges of one index
    return select(QuotationRow.id).where(by_another).limit(1)


# Sightings


def linkable(session: Session, quotation_ids: Sequence[int]) -> list[Sighting]:
    """Return those of these quotations that are sightings, with the fields that linking reads."""
    return [_sighting(row) for row in session.execute(_linkable_by_id(), ids_of(quotation_ids))]


def linkable_with(session: Session, wording_ids: Iterable[int], linker: str) -> list[tuple[int, Sighting]]:
    """Return the sightings of these wordings that this linker has linked as they are now, each with its wording."""
    rows = session.execute(_linkable_by_wording(), {**ids_of(wording_ids), "linker": linker})
    return [(row.wording_id, _sighting(row)) for row in rows]


def linked(session: Session, quotation_ids: Iterable[int], linker: str) -> list[Sighting]:
    """Return those of these quotations that are sightings and that this linker has linked as they are now."""
    rows = session.execute(_linked_by_id(), {**ids_of(quotation_ids), "linker": linker})
    return [_sighting(row) for row in rows]


@cache
def _linked_by_id() -> Select[*_Linkable]:
    return _linkable_by_id().where(_linked_by_linker())


@cache
def _linkable_by_id() -> Select[*_Linkable]:
    return _linkable().where(is_sighting(), QuotationRow.id.in_(among()))


@cache
def _linkable_by_wording() -> Select[*_Linkable]:
    return _linkable().where(QuotationRow.wording_id.in_(among()), _linked_by_linker())


_Linkable: TypeAlias = tuple[
    int, str, str | None, int | None, str | None, date | None, date | None, str, int, date | None, Any, int | None
]


def _linkable() -> Select[*_Linkable]:
    own, canonical = aliased(SpeakerRow), aliased(SpeakerRow)
    return (
        select(
            QuotationRow.id,
            QuotationRow.words,
            QuotationRow.speaker_name,
            canonical.id,
            canonical.name,
            QuotationRow.said_first,
            QuotationRow.said_last,
            QuotationRow.said_basis,
            ArticleRow.id,
            published_at_of(),
            QuotationRow.decided,
            QuotationRow.wording_id,
        )
        .join_from(QuotationRow, ArticleVersionRow)
        .join(ArticleRow)
        .outerjoin(own, own.id == QuotationRow.speaker_id)
        .outerjoin(canonical, canonical.id == own.canonical_id)
    )


def _sighting(row: Row[*_Linkable]) -> Sighting:
    quotation_id, words, printed, speaker_id, name, first, last, basis, article_id, published_at, decided, _ = row
    return Sighting(
        id=quotation_id,
        words=words,
        speaker=name or printed,
        speaker_id=speaker_id,
        article=str(article_id),
        published_at=published_at,
        said=SaidOn(first, last, DateBasis(basis)),
        decided=tuple(decided or ()),
    )


def put_linker(session: Session, quotation_ids: Sequence[int], linker: str) -> None:
    """Mark these quotations as linked by this linker."""
    session.execute(_put_linker(), {**ids_of(quotation_ids), "linker": linker})
    session.expire_all()


@cache
def _put_linker() -> Executable:
    statement = update(QuotationRow).where(QuotationRow.id.in_(among())).values(linked_by=bindparam("linker"))
    return statement.execution_options(synchronize_session=False)


# Wordings and postings


def wording_ids(session: Session, quotation_ids: Sequence[int]) -> dict[int, int]:
    """Return the wording of each of these quotations that is linked."""
    rows = session.execute(_wording_ids(), ids_of(quotation_ids))
    return {quotation_id: wording_id for quotation_id, wording_id in rows if wording_id is not None}


@cache
def _wording_ids() -> Select[int, int | None]:
    return select(QuotationRow.id, QuotationRow.wording_id).where(QuotationRow.id.in_(among()))


def put_wording_ids(session: Session, wording_of: Mapping[int, int | None]) -> None:
    """Store the wording of each quotation; None for a quotation that is no sighting any more."""
    if wording_of:
        table = QuotationRow.__table__
        one_row = update(QuotationRow).where(table.c.id == bindparam("quotation"))
        rows = [{"quotation": quotation, "wording": wording} for quotation, wording in sorted(wording_of.items())]
        session.connection().execute(one_row.values(wording_id=bindparam("wording")), rows)
        session.expire_all()


def words_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the words of each of these wordings that the store holds, as one outlet printed them."""
    return dict(session.execute(_words_of(), ids_of(ids)).tuples().all()) if ids else {}


@cache
def _words_of() -> Select[int, str]:
    return select(WordingRow.id, WordingRow.words).where(WordingRow.id.in_(among()))


def tokens_of_wordings(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the words of each of these wordings as they are compared, with spaces between them."""
    return dict(session.execute(_tokens_of(), ids_of(ids)).tuples().all())


@cache
def _tokens_of() -> Select[int, str]:
    return select(WordingRow.id, WordingRow.tokens).where(WordingRow.id.in_(among()))


def days_of_wordings(session: Session, ids: Iterable[int]) -> dict[int, tuple[date, date]]:
    """Return the first and last day on which each of these wordings may have been said, by its sightings.

    `date.min` and `date.max` are open ends. Where a sighting states no day, any day is possible.
    """
    rows = session.execute(_days_of(), ids_of(ids))
    return {wording_id: (first, last) for wording_id, first, last in rows if wording_id is not None}


@cache
def _days_of() -> Select[int | None, date, date]:
    is_stated = QuotationRow.said_basis.in_([basis for basis in DateBasis if SaidOn(None, None, basis).is_stated()])
    first = case((is_stated, func.coalesce(QuotationRow.said_first, date.min)), else_=date.min)
    last = case((is_stated, func.coalesce(QuotationRow.said_last, date.max)), else_=date.max)
    wanted = select(QuotationRow.wording_id, func.min(first), func.max(last))
    return wanted.where(QuotationRow.wording_id.in_(among())).group_by(QuotationRow.wording_id)


def without_sightings(session: Session, ids: Iterable[int]) -> set[int]:
    """Return those of these wordings that no quotation has any more."""
    ids = set(ids)
    return ids.difference(session.scalars(_wordings_with_sightings(), ids_of(ids))) if ids else ids


@cache
def _wordings_with_sightings() -> Select[int | None]:
    return select(QuotationRow.wording_id).distinct().where(QuotationRow.wording_id.in_(among()))


def put_wordings(session: Session, new: Sequence[StoredWording], linker: str) -> None:
    """Store new wordings with their postings."""
    rows = [{"id": w.id, "words": w.words, "tokens": w.tokens, "linker": linker} for w in new]
    insert_absent(session, WordingRow, rows, ("id",))
    postings = sorted((gram, wording.id) for wording in new for gram in wording.grams)  # in the order of the table
    if postings:
        values = [{"gram": gram, "wording_id": wording_id} for gram, wording_id in postings]
        session.connection().execute(insert(Base.metadata.tables[PostingRow.__tablename__]), values)


def drop_wordings(session: Session, grams: Mapping[int, Collection[int]]) -> None:
    """Delete wordings and their postings; `grams` are the n-grams of each."""
    if not grams:
        return
    table = PostingRow.__table__
    one_posting = delete(PostingRow).where(table.c.gram == bindparam("g"), table.c.wording_id == bindparam("w"))
    postings = [{"g": gram, "w": wording_id} for wording_id in sorted(grams) for gram in sorted(grams[wording_id])]
    if postings:
        session.connection().execute(one_posting, postings)
    session.execute(delete(WordingRow).where(WordingRow.id.in_(among())), ids_of(grams))


def sizes(session: Session, grams: Collection[int], most: int) -> dict[int, int]:
    """Return the number of wordings with each of these n-grams. Counting stops at `most` + 1."""
    return dict(session.execute(_sizes(), {**ids_of(grams), "most": most + 1}).tuples().all()) if grams else {}


@cache
def _sizes() -> Select[int, int]:
    asked = among().subquery()
    first = select(PostingRow.gram).where(PostingRow.gram == asked.c.value).limit(bindparam("most")).correlate(asked)
    number = select(func.count()).select_from(first.subquery()).scalar_subquery()
    return select(asked.c.value, number)


def postings(session: Session, grams: Collection[int]) -> dict[int, list[int]]:
    """Return the wordings with each of these n-grams."""
    wordings: dict[int, list[int]] = defaultdict(list)
    for gram, wording_id in session.execute(_postings(), ids_of(grams)) if grams else ():
        wordings[gram].append(wording_id)
    return wordings


@cache
def _postings() -> Select[int, int]:
    return select(PostingRow.gram, PostingRow.wording_id).where(PostingRow.gram.in_(among()))


# Links


def links_with(session: Session, quotation_ids: Iterable[int]) -> list[Link]:
    """Return every link that has one of these quotations at an end, once."""
    links: dict[tuple[int, int], Link] = {}
    for left, right, kind, score, flags in session.execute(_links_with(), ids_of(quotation_ids)):
        links[left, right] = Link(left, right, _KINDS[kind], score, _flags(flags))
    return list(links.values())


@cache
def _links_with() -> CompoundSelect[int, int, str, float, str]:
    flags_as_text = cast(LinkRow.flags, Text)
    wanted = select(LinkRow.left_id, LinkRow.right_id, LinkRow.kind, LinkRow.score, flags_as_text)
    return union_all(*(wanted.where(end.in_(among())) for end in (LinkRow.left_id, LinkRow.right_id)))


_KINDS = {str(kind): kind for kind in LinkKind}


@lru_cache(maxsize=64)  # few different flags, on a hundred thousand links a night
def _flags(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


def drop_links(session: Session, links: Iterable[Link]) -> None:
    """Delete these links."""
    table = LinkRow.__table__
    one_link = delete(LinkRow).where(table.c.left_id == bindparam("l"), table.c.right_id == bindparam("r"))
    rows = [{"l": link.left, "r": link.right} for link in links]
    if rows:
        session.connection().execute(one_link, rows)
        session.expire_all()


def utterance_mates(session: Session, quotation_ids: Iterable[int], linker: str) -> set[int]:
    """Return the linked sightings that have the same utterance as one of these quotations."""
    return set(session.scalars(_utterance_mates(), {**ids_of(quotation_ids), "linker": linker}))


@cache
def _utterance_mates() -> Select[int]:
    named = select(QuotationRow.utterance_id).where(QuotationRow.id.in_(among()))
    mates = select(QuotationRow.id).where(QuotationRow.utterance_id.in_(named), QuotationRow.wording_id.is_not(None))
    return mates.where(_linked_by_linker())


def _linked_by_linker() -> ColumnElement[bool]:
    """Return `linked_by = :linker`, written so that SQLite uses another index: nearly every row matches."""
    return func.coalesce(QuotationRow.linked_by, "") == bindparam("linker")


def put_links(session: Session, links: Sequence[Link], linker: str) -> None:
    """Store links between quotations by id; a pair that has a link is updated. Raises TypeError for other ids."""
    session.flush()
    upsert(session, LinkRow, [_link_values(link, linker) for link in links], ("left_id", "right_id"))
    session.expire_all()


def _link_values(link: Link, linker: str) -> dict[str, object]:
    if not isinstance(link.left, int) or not isinstance(link.right, int):
        raise TypeError(f"{link} is not between stored quotations")
    return {
        "left_id": min(link.left, link.right),
        "right_id": max(link.left, link.right),
        "kind": str(link.kind),
        "score": link.score,
        "flags": list(link.flags),
        "linker": linker,
    }


def links_of(session: Session, utterance_id: int) -> list[Link]:
    """Return the links inside an utterance, in order of their pairs of ids."""
    left, right = aliased(QuotationRow), aliased(QuotationRow)
    wanted = (
        select(LinkRow)
        .join(left, left.id == LinkRow.left_id)
        .join(right, right.id == LinkRow.right_id)
        .where(left.utterance_id == utterance_id, right.utterance_id == utterance_id)
        .where(left.retired_at.is_(None), right.retired_at.is_(None))
        .order_by(LinkRow.left_id, LinkRow.right_id)
    )
    return [
        Link(row.left_id, row.right_id, LinkKind(row.kind), row.score, tuple(row.flags))
        for row in session.scalars(wanted)
    ]
