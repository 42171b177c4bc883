"""What the linker keeps on file from night to night: wordings, their postings, and links. Derived: made again at will.

A night reads of it only what it needs: the postings of its own word n-grams, the sightings of the wordings that these
lead to, and the links around what it touches. A quotation has a `wording_id` while it is linked as a sighting.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session, aliased

from quotetrack.core.domain import DateBasis, Link, LinkKind, SaidOn, Sighting
from quotetrack.store.backends.sqlite import insert_absent, numbers, upsert
from quotetrack.store.sightings import is_sighting
from quotetrack.store.tables import (
    ArticleVersionRow,
    Base,
    JudgementLinkedRow,
    LinkRow,
    PostingRow,
    QuotationRow,
    WordingRow,
)


@dataclass(frozen=True, slots=True)
class StoredWording:
    """A wording as the store keeps it: its words in one print, as they are compared, and its word n-grams."""

    id: int
    words: str
    tokens: str
    grams: frozenset[int]


def forget_other_linkers(session: Session, linker: str) -> bool:
    """Drop what another linker made, but for the utterances, whose ids last; whether there was any.

    Every sighting of it waits to be linked again.
    """
    by_another = or_(QuotationRow.linked_by < linker, QuotationRow.linked_by > linker)  # two ranges of one index
    is_there = session.scalar(select(QuotationRow.id).where(by_another).limit(1)) is not None
    if is_there:
        for row in (LinkRow, PostingRow, WordingRow, JudgementLinkedRow):
            session.execute(delete(row))
        session.execute(update(QuotationRow).values(linked_by=None, wording_id=None))
        session.expire_all()
    return is_there


# Sightings


def linkable(session: Session, quotation_ids: Sequence[int]) -> list[Sighting]:
    """Those of these quotations that are sightings, with what linking reads of them."""
    wanted = _linkable().where(is_sighting(), QuotationRow.id.in_(_among(quotation_ids)))
    return [_sighting(row) for row in session.execute(wanted)]


def linkable_with(session: Session, wording_ids: Iterable[int], linker: str) -> list[Sighting]:
    """The sightings of these wordings that the linker has seen as they are now."""
    wanted = _linkable().where(QuotationRow.wording_id.in_(_among(wording_ids)), _off_index(linker))
    return [_sighting(row) for row in session.execute(wanted)]


def _linkable() -> Select[int, str, str | None, date | None, date | None, str, date | None]:
    return select(
        QuotationRow.id,
        QuotationRow.words,
        QuotationRow.speaker_name,
        QuotationRow.said_first,
        QuotationRow.said_last,
        QuotationRow.said_basis,
        ArticleVersionRow.published_at,
    ).join_from(QuotationRow, ArticleVersionRow)


def _sighting(row: Row[int, str, str | None, date | None, date | None, str, date | None]) -> Sighting:
    quotation_id, words, speaker, first, last, basis, published_at = row
    said = SaidOn(first, last, DateBasis(basis))
    return Sighting(id=quotation_id, words=words, speaker=speaker, published_at=published_at, said=said)


def put_linker(session: Session, quotation_ids: Sequence[int], linker: str) -> None:
    """Say that the linker has seen these quotations as they are now."""
    statement = update(QuotationRow).where(QuotationRow.id.in_(_among(quotation_ids))).values(linked_by=linker)
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


# Wordings and postings


def wording_ids(session: Session, quotation_ids: Sequence[int]) -> dict[int, int]:
    """The wording under which each of these quotations is linked, if it is."""
    wanted = select(QuotationRow.id, QuotationRow.wording_id).where(QuotationRow.id.in_(_among(quotation_ids)))
    found = session.execute(wanted)
    return {quotation_id: wording_id for quotation_id, wording_id in found if wording_id is not None}


def put_wording_ids(session: Session, wording_of: Mapping[int, int | None]) -> None:
    """File under which wording each quotation is linked; None: it is no sighting any more."""
    if wording_of:
        table = QuotationRow.__table__
        statement = update(QuotationRow).where(table.c.id == bindparam("which")).values(wording_id=bindparam("wording"))
        rows = [{"which": quotation, "wording": wording} for quotation, wording in sorted(wording_of.items())]
        session.connection().execute(statement, rows)
        session.expire_all()


def words_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Of each of these wordings that is on file the words, in one of its prints."""
    wanted = select(WordingRow.id, WordingRow.words).where(WordingRow.id.in_(_among(ids)))
    return dict(session.execute(wanted).tuples().all())


def tokens_of_wordings(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Of each of these wordings its words as they are compared, with spaces between."""
    wanted = select(WordingRow.id, WordingRow.tokens).where(WordingRow.id.in_(_among(ids)))
    return dict(session.execute(wanted).tuples().all())


def without_sightings(session: Session, ids: Iterable[int]) -> set[int]:
    """Which of these wordings no quotation has any more."""
    ids = set(ids)
    wanted = select(QuotationRow.wording_id).distinct().where(QuotationRow.wording_id.in_(_among(ids)))
    return ids.difference(session.scalars(wanted))


def put_wordings(session: Session, new: Sequence[StoredWording], linker: str) -> None:
    """File new wordings with their postings."""
    rows = [{"id": each.id, "words": each.words, "tokens": each.tokens, "linker": linker} for each in new]
    insert_absent(session, WordingRow, rows, ("id",))
    postings = sorted((gram, each.id) for each in new for gram in each.grams)  # in the order of the table
    if postings:
        values = [{"gram": gram, "wording_id": wording_id} for gram, wording_id in postings]
        session.connection().execute(insert(Base.metadata.tables[PostingRow.__tablename__]), values)


def drop_wordings(session: Session, grams: Mapping[int, Collection[int]]) -> None:
    """Take wordings off the file, and their postings."""
    table = PostingRow.__table__
    this = delete(PostingRow).where(table.c.gram == bindparam("g"), table.c.wording_id == bindparam("w"))
    postings = [{"g": gram, "w": each} for each in sorted(grams) for gram in sorted(grams[each])]
    if postings:
        session.connection().execute(this, postings)
    session.execute(delete(WordingRow).where(WordingRow.id.in_(_among(grams))))


def sizes(session: Session, grams: Iterable[int], most: int) -> dict[int, int]:
    """How many wordings have each of these n-grams; above `most` nobody counts on."""
    asked = numbers(grams)
    first = select(PostingRow.gram).where(PostingRow.gram == asked.c.value).limit(most + 1).correlate(asked)
    number = select(func.count()).select_from(first.subquery()).scalar_subquery()
    return dict(session.execute(select(asked.c.value, number)).tuples().all())


def postings(session: Session, grams: Iterable[int]) -> dict[int, list[int]]:
    """The wordings that have each of these n-grams."""
    found: dict[int, list[int]] = defaultdict(list)
    wanted = select(PostingRow.gram, PostingRow.wording_id).where(PostingRow.gram.in_(_among(grams)))
    for gram, wording_id in session.execute(wanted):
        found[gram].append(wording_id)
    return found


# Links


def links_with(session: Session, quotation_ids: Iterable[int]) -> list[Link]:
    """Every link that has one of these quotations at an end, once."""
    flags_as_text = type_coerce(LinkRow.flags, Text)
    wanted = select(LinkRow.left_id, LinkRow.right_id, LinkRow.kind, LinkRow.score, flags_as_text)
    found: dict[tuple[int, int], Link] = {}
    among = _among(quotation_ids)
    for end in (LinkRow.left_id, LinkRow.right_id):
        for left, right, kind, score, flags in session.execute(wanted.where(end.in_(among))):
            found[left, right] = Link(left, right, _KINDS[kind], score, _flags(flags))
    return list(found.values())


_KINDS = {str(kind): kind for kind in LinkKind}


@lru_cache(maxsize=64)  # a handful of flags, on a hundred thousand links a night
def _flags(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


def drop_links(session: Session, links: Iterable[Link]) -> None:
    """Drop these links."""
    table = LinkRow.__table__
    this = delete(LinkRow).where(table.c.left_id == bindparam("l"), table.c.right_id == bindparam("r"))
    rows = [{"l": link.left, "r": link.right} for link in links]
    if rows:
        session.connection().execute(this, rows)
        session.expire_all()


def utterance_mates(session: Session, quotation_ids: Iterable[int], linker: str) -> set[int]:
    """The linked sightings that go by an utterance by which one of these quotations goes."""
    named = select(QuotationRow.utterance_id).where(QuotationRow.id.in_(_among(quotation_ids)))
    mates = select(QuotationRow.id).where(QuotationRow.utterance_id.in_(named), QuotationRow.wording_id.is_not(None))
    return set(session.scalars(mates.where(_off_index(linker))))


def put_judgements_linked(session: Session, in_force: Mapping[int, bool], linker: str) -> None:
    """Say that the linker has seen these judgements: in force, or revoked."""
    rows = [{"judgement_id": each, "in_force": is_so, "linker": linker} for each, is_so in sorted(in_force.items())]
    upsert(session, JudgementLinkedRow, rows, ("judgement_id",))


def _among(ids: Iterable[int]) -> Select[int]:
    return select(numbers(ids).c.value)


def _off_index(linker: str) -> ColumnElement[bool]:
    """Linked by this linker, as a condition that no index answers: nearly all rows are, and others answer faster."""
    return func.coalesce(QuotationRow.linked_by, "") == linker


def put_links(session: Session, links: Sequence[Link], linker: str) -> None:
    """File links between quotations on file; a pair that has one is brought up to date."""
    session.flush()
    upsert(session, LinkRow, [_link_values(link, linker) for link in links], ("left_id", "right_id"))
    session.expire_all()


def _link_values(link: Link, linker: str) -> dict[str, object]:
    if not isinstance(link.left, int) or not isinstance(link.right, int):
        raise TypeError(f"{link} is not between quotations on file")
    return {
        "left_id": min(link.left, link.right),
        "right_id": max(link.left, link.right),
        "kind": str(link.kind),
        "score": link.score,
        "flags": list(link.flags),
        "linker": linker,
    }


def links_of(session: Session, utterance_id: int) -> list[Link]:
    """The links inside an utterance, in order of their pairs."""
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
