"""Speakers, their names, and the decisions of people about them.

The machine adds a speaker for a name that no speaker has, and adds a name to the one speaker that it safely means. It
never moves a name. People merge, split, rename and import, and each decision adds a row to `speaker_decisions`. A merge
is a reference that can be revoked in one step, and a new extraction keeps it. Readers follow `canonical_id`, the end of
all merges. Quotations whose speaker is shown under another name than before wait to be linked and related again.

A key is the form of a name for look-up (`names.name_key`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from quotetrack.core.names import is_full_name
from quotetrack.store.backends.statements import (
    among,
    among_texts,
    batches,
    contains_words,
    ids_of,
    insert_absent,
    insert_one,
    texts_in,
)
from quotetrack.store.tables import (
    QuotationRow,
    ReportedStatementRow,
    SpeakerDecisionRow,
    SpeakerNameRow,
    SpeakerRow,
    StatementTable,
)

WITH_SPEAKER: tuple[StatementTable, ...] = (QuotationRow, ReportedStatementRow)


class DecisionKind(StrEnum):
    """The kinds of decision about a speaker."""

    MERGED = "merged"
    REVOKED = "revoked"
    SPLIT = "split"
    RENAMED = "renamed"
    NAMED = "named"  # another name was given, so that it finds the speaker too
    IMPORTED = "imported"  # the Wikidata id
    ROLE = "role"  # an office with its days


class SpeakerKind(StrEnum):
    """`person`: has a full name; `described`: has another name, such as "the harbour board"."""

    PERSON = "person"
    DESCRIBED = "described"


def kind_of(name: str) -> SpeakerKind:
    """Return the kind of a new speaker of this name."""
    return SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a speaker; `value` is the name or Wikidata id that it is about."""

    deciding: DecisionKind
    value: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class StoredSpeaker:
    """A speaker with all names and the number of live quotations, including those of speakers merged into this one.

    `ids` are the speaker's own id and those of the merged speakers, in order.
    """

    id: int
    name: str
    kind: SpeakerKind
    wikidata_id: str | None
    ids: tuple[int, ...]
    names: tuple[str, ...]
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """One name of a speaker: its key, its printed form, and the id of the speaker, merges followed."""

    key: str
    name: str
    speaker_id: int


# Written by the resolve_speakers step


def names_without_speaker(session: Session) -> dict[str, int]:
    """Return the printed names of live quotations that have no speaker yet, with the number of quotations."""
    waiting: Counter[str] = Counter()
    for table in WITH_SPEAKER:
        waiting.update({name: number for name, number in session.execute(_names_without_speaker(table)) if name})
    return waiting


@cache
def _names_without_speaker(table: StatementTable) -> Select[str | None, int]:
    return select(table.speaker_name, func.count()).where(_lacks_speaker(table)).group_by(table.speaker_name)


def put_speaker(session: Session, name: str, kind: SpeakerKind, wikidata_id: str | None = None) -> int:
    """Store a new speaker, and return the id."""
    row = SpeakerRow(kind=str(kind), name=name, wikidata_id=wikidata_id)
    session.add(row)
    session.flush()
    row.canonical_id = row.id
    session.flush()
    return row.id


def show_speaker_as(session: Session, speaker_id: int, name: str) -> None:
    """Show a new speaker under another one of the names."""
    session.get_one(SpeakerRow, speaker_id).name = name


def put_name(session: Session, speaker_id: int, name: str, key: str) -> None:
    """Store a name of a speaker. A key that a speaker has already is not moved."""
    if session.scalar(_has_key(), {"key": key}) is None:
        values = [{"speaker_id": speaker_id, "name": name, "key": key}]
        insert_absent(session, SpeakerNameRow, values, ("key", "speaker_id"))


@cache
def _has_key() -> Select[int]:
    return select(SpeakerNameRow.id).where(SpeakerNameRow.key == bindparam("key")).limit(1)


def put_speaker_of_name(session: Session, name: str, speaker_id: int) -> None:
    """Store the speaker of the statements that print this name and have no speaker yet.

    Quotations then wait to be linked, also those that were linked while a split had left them without a speaker.
    """
    for table in WITH_SPEAKER:
        session.execute(_put_speaker_of_name(table), {"printed": name, "speaker": speaker_id})


@cache
def _put_speaker_of_name(table: StatementTable) -> Executable:
    named = update(table).where(table.speaker_name == bindparam("printed"), _lacks_speaker(table))
    named = named.values(speaker_id=bindparam("speaker"))
    if table is QuotationRow:
        named = named.values(linked_by=None, related_by=None, matched_by=None)
    return named.execution_options(synchronize_session=False)


def names_by_speaker(session: Session) -> dict[int, tuple[str, ...]]:
    """Return the names of each speaker; merges are not followed."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for speaker_id, name in session.execute(
        select(SpeakerNameRow.speaker_id, SpeakerNameRow.name).order_by(SpeakerNameRow.id)
    ):
        names[speaker_id].append(name)
    return {speaker_id: tuple(its_names) for speaker_id, its_names in names.items()}


def speakers_by_key(session: Session, keys: Sequence[str] | None = None) -> dict[str, int]:
    """Return the speaker of each key, or of each of these keys; merges are not followed."""
    if keys is None:
        return dict(session.execute(select(SpeakerNameRow.key, SpeakerNameRow.speaker_id)).tuples().all())
    return dict(session.execute(_speakers_by_key(), texts_in(keys, "keys")).tuples().all())


@cache
def _speakers_by_key() -> Select[str, int]:
    wanted = select(SpeakerNameRow.key, SpeakerNameRow.speaker_id)
    return wanted.where(SpeakerNameRow.key.in_(among_texts("keys")))


# Read


def find_names(session: Session, key: str) -> list[SpeakerName]:
    """Return the names whose keys have the words of this key in a row; all names for an empty key."""
    wanted = select(SpeakerNameRow.key, SpeakerNameRow.name, _canonical_id()).join_from(SpeakerNameRow, SpeakerRow)
    if key:
        wanted = wanted.where(contains_words(SpeakerNameRow.key, key))
    rows = session.execute(wanted.order_by(SpeakerNameRow.id))
    return [SpeakerName(its_key, name, speaker_id) for its_key, name, speaker_id in rows]


def read_speakers(session: Session, ids: Sequence[int] | None = None) -> list[StoredSpeaker]:
    """Return all speakers, or those of these ids, most quoted first. Merges are followed."""
    members = _members(session, ids)
    every = sorted(i for its_ids in members.values() for i in its_ids)
    rows = {row.id: row for batch in batches(every) for row in session.scalars(_rows(batch))}
    names, counts = names_of(session, every), quotations_of(session, every)
    speakers = [
        StoredSpeaker(
            id=speaker_id,
            name=rows[speaker_id].name,
            kind=SpeakerKind(rows[speaker_id].kind),
            wikidata_id=rows[speaker_id].wikidata_id,
            ids=its_ids,
            names=tuple(name for i in its_ids for name in names.get(i, ())),
            quotations=sum(counts.get(i, 0) for i in its_ids),
        )
        for speaker_id, its_ids in members.items()
    ]
    return sorted(speakers, key=lambda speaker: (-speaker.quotations, speaker.name, speaker.id))


def most_quoted_speakers(session: Session, limit: int | None = None) -> list[StoredSpeaker]:
    """Return the most quoted speakers, all without a limit: those with a name, then mere descriptions ("the study")."""
    if limit is None:
        return sorted(read_speakers(session), key=_is_nameless)
    counted = select(QuotationRow.speaker_id, func.count().label("quotations"))
    counts = counted.where(QuotationRow.retired_at.is_(None)).group_by(QuotationRow.speaker_id).subquery()
    kept = aliased(SpeakerRow)
    wanted = select(kept.id).join_from(SpeakerRow, kept, kept.id == _canonical_id())
    wanted = wanted.outerjoin(counts, counts.c.speaker_id == SpeakerRow.id).group_by(kept.id, kept.name, kept.kind)
    number = func.coalesce(func.sum(counts.c.quotations), 0)
    is_nameless = and_(kept.kind == SpeakerKind.DESCRIBED, func.lower(kept.name) == kept.name)
    ids = session.scalars(wanted.order_by(is_nameless, number.desc(), kept.name, kept.id).limit(limit)).all()
    return sorted(read_speakers(session, ids), key=_is_nameless)


def _is_nameless(speaker: StoredSpeaker) -> bool:
    """Return whether a speaker is stored under a description without a capital, such as "my then 8-year-old"."""
    return speaker.kind is SpeakerKind.DESCRIBED and speaker.name == speaker.name.lower()


def is_speaker(session: Session, speaker_id: int) -> bool:
    """Return whether a speaker has this id, merged or not."""
    return session.get(SpeakerRow, speaker_id) is not None


def quotations_of(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Return the number of live quotations of each of these speakers, without 0; merges are not followed."""
    counted = select(QuotationRow.speaker_id, func.count()).where(QuotationRow.retired_at.is_(None))
    counted = counted.group_by(QuotationRow.speaker_id)
    return {
        speaker_id: number
        for batch in batches(ids)
        for speaker_id, number in session.execute(counted.where(QuotationRow.speaker_id.in_(batch)))
        if speaker_id is not None
    }


def decisions_on(session: Session, ids: Sequence[int]) -> list[Decision]:
    """Return the decisions about these speakers, in order."""
    wanted = select(SpeakerDecisionRow).where(SpeakerDecisionRow.speaker_id.in_(ids)).order_by(SpeakerDecisionRow.id)
    return [
        Decision(DecisionKind(row.decision), row.value, row.decided_by, row.decided_at)
        for row in session.scalars(wanted)
    ]


# Decisions


def merge(session: Session, speaker_id: int, into_id: int, decided_by: str, now: datetime) -> bool:
    """Store that two speakers are one, under the second's id. Return False if they are one already."""
    absorbed, kept = canonical_id_of(session, speaker_id), canonical_id_of(session, into_id)
    if absorbed == kept:
        return False
    session.get_one(SpeakerRow, absorbed).merged_into_id = kept
    _follow_merges(session, group_of(session, absorbed), kept)
    record_decision(session, absorbed, DecisionKind.MERGED, session.get_one(SpeakerRow, kept).name, decided_by, now)
    return True


def revoke_merge(session: Session, speaker_id: int, decided_by: str, now: datetime) -> bool:
    """Revoke the merge of a speaker into another. Return False if the speaker is not merged."""
    row = session.get_one(SpeakerRow, speaker_id)
    if row.merged_into_id is None:
        return False
    kept = session.get_one(SpeakerRow, row.merged_into_id).name
    row.merged_into_id = None
    _follow_merges(session, _absorbed_by(session, speaker_id), speaker_id)
    record_decision(session, speaker_id, DecisionKind.REVOKED, kept, decided_by, now)
    return True


def split_name(session: Session, key: str, kind: SpeakerKind, decided_by: str, now: datetime) -> int | None:
    """Give one name of a speaker to a new speaker, and return the new id; None if the speaker has no other name.

    All statements of the old speaker then wait for their speaker again. If the old speaker was shown under this name,
    it is now shown under the longest of the others.
    """
    row = session.scalars(select(SpeakerNameRow).where(SpeakerNameRow.key == key)).one()
    its_names = select(func.count()).where(SpeakerNameRow.speaker_id == row.speaker_id)
    if session.scalars(its_names).one() == 1:
        return None
    old_id, name = row.speaker_id, row.name
    row.speaker_id = put_speaker(session, name, kind)
    old = session.get_one(SpeakerRow, old_id)
    if old.name == name:
        others = select(SpeakerNameRow.name).where(SpeakerNameRow.speaker_id == old_id)
        old.name = max(session.scalars(others), key=lambda other: (len(other), other))
    waiting = update(QuotationRow).where(QuotationRow.speaker_id == old_id)
    waiting = waiting.values(speaker_id=None, linked_by=None, related_by=None, matched_by=None)
    session.execute(waiting.execution_options(synchronize_session=False))
    reported = update(ReportedStatementRow).where(ReportedStatementRow.speaker_id == old_id).values(speaker_id=None)
    session.execute(reported.execution_options(synchronize_session=False))
    record_decision(session, old_id, DecisionKind.SPLIT, name, decided_by, now)
    return row.speaker_id


def rename(session: Session, speaker_id: int, name: str, decided_by: str, now: datetime) -> int:
    """Show a speaker, merges followed, under another name, and return the speaker's id.

    The names by which the speaker is found stay.
    """
    row = session.get_one(SpeakerRow, speaker_id)
    if row.canonical_id not in (None, speaker_id):
        row = session.get_one(SpeakerRow, row.canonical_id)
    if row.name != name:
        change_shown_name(session, row.id, name)
        record_decision(session, row.id, DecisionKind.RENAMED, name, decided_by, now)
    return row.id


def change_shown_name(session: Session, speaker_id: int, name: str) -> None:
    """Show a speaker under another name, and let the quotations that are shown under it wait to be linked again."""
    show_speaker_as(session, speaker_id, name)
    _wait_again(session, group_of(session, speaker_id), "linked_by")


def set_wikidata_id(session: Session, speaker_id: int, wikidata_id: str, decided_by: str, now: datetime) -> str | None:
    """Store the Wikidata id of a speaker. Return the name of another speaker who has that id already, else None."""
    holder = session.scalars(select(SpeakerRow).where(SpeakerRow.wikidata_id == wikidata_id)).one_or_none()
    if holder is not None:
        return None if holder.id == speaker_id else holder.name
    session.get_one(SpeakerRow, speaker_id).wikidata_id = wikidata_id
    record_decision(session, speaker_id, DecisionKind.IMPORTED, wikidata_id, decided_by, now)
    return None


def give_name(session: Session, speaker_id: int, name: str, key: str, decided_by: str, now: datetime) -> None:
    """Store another name of a speaker, which no speaker has yet."""
    put_name(session, speaker_id, name, key)
    record_decision(session, speaker_id, DecisionKind.NAMED, name, decided_by, now)


def record_decision(
    session: Session, speaker_id: int, kind: DecisionKind, value: str, decided_by: str, now: datetime
) -> None:
    """Store that a decision about a speaker was made. What it changes is stored by the caller."""
    row = {"speaker_id": speaker_id, "decision": str(kind), "value": value, "decided_by": decided_by, "decided_at": now}
    insert_one(session, SpeakerDecisionRow, row)


def canonical_id_of(session: Session, speaker_id: int) -> int:
    """Return the id of the speaker into whom this one was merged in the end; the id itself if it was not merged."""
    return session.get_one(SpeakerRow, speaker_id).canonical_id or speaker_id


def group_of(session: Session, canonical_id: int) -> list[int]:
    """Return a speaker's id and those of all who were merged into it."""
    return list(session.scalars(_group(), {"canonical": canonical_id}))


@cache
def _group() -> Select[int]:
    return select(SpeakerRow.id).where(SpeakerRow.canonical_id == bindparam("canonical"))


def _absorbed_by(session: Session, speaker_id: int) -> list[int]:
    """Return a speaker's id and those of all whose merges lead through this speaker."""
    ids = [speaker_id]
    for each in ids:  # grows as the merges are followed
        ids += session.scalars(select(SpeakerRow.id).where(SpeakerRow.merged_into_id == each))
    return ids


def _follow_merges(session: Session, ids: Sequence[int], canonical_id: int) -> None:
    for batch in batches(ids):
        statement = update(SpeakerRow).where(SpeakerRow.id.in_(batch)).values(canonical_id=canonical_id)
        session.execute(statement.execution_options(synchronize_session="fetch"))
    _wait_again(session, ids, "linked_by", "related_by", "matched_by")


def _wait_again(session: Session, speaker_ids: Sequence[int], *makers: str) -> None:
    """Let the quotations of these speakers wait for the steps that fill these columns."""
    session.execute(_without(makers), ids_of(speaker_ids))


@cache
def _without(makers: tuple[str, ...]) -> Executable:
    live = QuotationRow.speaker_id.in_(among()) & QuotationRow.retired_at.is_(None)
    statement = update(QuotationRow).where(live).values(dict.fromkeys(makers))
    return statement.execution_options(synchronize_session=False)


def _canonical_id() -> ColumnElement[int]:
    return func.coalesce(SpeakerRow.canonical_id, SpeakerRow.id)


def _members(session: Session, ids: Sequence[int] | None) -> dict[int, tuple[int, ...]]:
    """Return the ids of each of these speakers, merges followed: its own first, then those merged into it.

    None means all speakers.
    """
    pairs = select(SpeakerRow.id, _canonical_id()).order_by(SpeakerRow.id)
    if ids is None:
        rows = session.execute(pairs).all()
    else:
        named = [kept for batch in batches(ids) for _, kept in session.execute(pairs.where(SpeakerRow.id.in_(batch)))]
        groups = batches(sorted(set(named)))
        rows = [row for batch in groups for row in session.execute(pairs.where(SpeakerRow.canonical_id.in_(batch)))]
    members: defaultdict[int, list[int]] = defaultdict(list)
    for speaker_id, kept in rows:
        members[kept].append(speaker_id)
    return {kept: (kept, *(i for i in members[kept] if i != kept)) for kept in sorted(members)}


def names_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the own names of each of these speakers, oldest first; merges are not followed."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    wanted = select(SpeakerNameRow.speaker_id, SpeakerNameRow.name).order_by(SpeakerNameRow.id)
    for batch in batches(ids):
        for speaker_id, name in session.execute(wanted.where(SpeakerNameRow.speaker_id.in_(batch))):
            names[speaker_id].append(name)
    return names


def _rows(ids: Sequence[int]) -> Select[SpeakerRow]:
    return select(SpeakerRow).where(SpeakerRow.id.in_(ids))


def _lacks_speaker(table: StatementTable) -> ColumnElement[bool]:
    return and_(table.speaker_name.is_not(None), table.speaker_id.is_(None), table.retired_at.is_(None))
