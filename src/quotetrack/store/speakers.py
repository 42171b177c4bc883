"""Speakers, their names, and the decisions of people about them.

The machine adds a speaker for a name that no speaker has, and adds a name to the one speaker that it safely means. It
never moves a name. People merge, split, rename and import, and each decision adds a row to `speaker_decisions`. A merge
is stored only as a reference that every reader follows: it can be revoked in one step, and a new extraction keeps it.

A key is the form of a name for look-up (`names.name_key`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from quotetrack.store.backends.sqlite import batches, contains_words, insert_absent
from quotetrack.store.tables import QuotationRow, SpeakerDecisionRow, SpeakerNameRow, SpeakerRow


class DecisionKind(StrEnum):
    """The kinds of decision about a speaker."""

    MERGED = "merged"
    REVOKED = "revoked"
    SPLIT = "split"
    RENAMED = "renamed"
    IMPORTED = "imported"


class SpeakerKind(StrEnum):
    """`person`: has a full name; `described`: has another name, such as "the harbour board"."""

    PERSON = "person"
    DESCRIBED = "described"


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
    wanted = select(QuotationRow.speaker_name, func.count()).where(_lacks_speaker()).group_by(QuotationRow.speaker_name)
    return {name: number for name, number in session.execute(wanted) if name is not None}


def put_speaker(session: Session, name: str, kind: SpeakerKind, wikidata_id: str | None = None) -> int:
    """Store a new speaker, and return the id."""
    row = SpeakerRow(kind=str(kind), name=name, wikidata_id=wikidata_id)
    session.add(row)
    session.flush()
    return row.id


def show_speaker_as(session: Session, speaker_id: int, name: str) -> None:
    """Show a new speaker under another one of the names."""
    session.get_one(SpeakerRow, speaker_id).name = name


def put_name(session: Session, speaker_id: int, name: str, key: str) -> None:
    """Store a name of a speaker. A key that a speaker has already is not moved."""
    taken = session.scalar(select(SpeakerNameRow.id).where(SpeakerNameRow.key == key).limit(1))
    if taken is None:
        values = [{"speaker_id": speaker_id, "name": name, "key": key}]
        insert_absent(session, SpeakerNameRow, values, ("key", "speaker_id"))


def put_speaker_of_name(session: Session, name: str, speaker_id: int) -> None:
    """Store the speaker of the quotations that print this name and have no speaker yet."""
    named = update(QuotationRow).where(QuotationRow.speaker_name == name, _lacks_speaker())
    named = named.values(speaker_id=speaker_id)
    session.execute(named.execution_options(synchronize_session=False))


def names_by_speaker(session: Session) -> dict[int, tuple[str, ...]]:
    """Return the names of each speaker; merges are not followed."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for speaker_id, name in session.execute(
        select(SpeakerNameRow.speaker_id, SpeakerNameRow.name).order_by(SpeakerNameRow.id)
    ):
        names[speaker_id].append(name)
    return {speaker_id: tuple(its_names) for speaker_id, its_names in names.items()}


def speakers_by_key(session: Session) -> dict[str, int]:
    """Return the speaker of each key; merges are not followed."""
    return dict(session.execute(select(SpeakerNameRow.key, SpeakerNameRow.speaker_id)).tuples().all())


# Read


def find_names(session: Session, key: str) -> list[SpeakerName]:
    """Return the names whose keys have the words of this key in a row; all names for an empty key."""
    wanted = select(SpeakerNameRow.key, SpeakerNameRow.name, SpeakerNameRow.speaker_id).order_by(SpeakerNameRow.id)
    if key:
        wanted = wanted.where(contains_words(SpeakerNameRow.key, key))
    into = _merged_into(session)
    rows = session.execute(wanted)
    return [SpeakerName(its_key, name, _follow(speaker_id, into)) for its_key, name, speaker_id in rows]


def read_speakers(session: Session, ids: Sequence[int] | None = None) -> list[StoredSpeaker]:
    """Return all speakers, or those of these ids, most quoted first. Merges are followed."""
    into = _merged_into(session)
    wanted = {_follow(i, into) for i in ids} if ids is not None else None
    members = _members(session, into, wanted)
    every = sorted(i for its_ids in members.values() for i in its_ids)
    rows = {row.id: row for batch in batches(every) for row in session.scalars(_rows(batch))}
    names, counts = _names_of(session, every), quotations_of(session, every)
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
    into = _merged_into(session)
    absorbed, kept = _follow(speaker_id, into), _follow(into_id, into)
    if absorbed == kept:
        return False
    session.get_one(SpeakerRow, absorbed).merged_into_id = kept
    _decide(session, absorbed, DecisionKind.MERGED, session.get_one(SpeakerRow, kept).name, decided_by, now)
    return True


def revoke_merge(session: Session, speaker_id: int, decided_by: str, now: datetime) -> bool:
    """Revoke the merge of a speaker into another. Return False if the speaker is not merged."""
    row = session.get_one(SpeakerRow, speaker_id)
    if row.merged_into_id is None:
        return False
    kept = session.get_one(SpeakerRow, row.merged_into_id).name
    row.merged_into_id = None
    _decide(session, speaker_id, DecisionKind.REVOKED, kept, decided_by, now)
    return True


def split_name(session: Session, key: str, kind: SpeakerKind, decided_by: str, now: datetime) -> int | None:
    """Give one name of a speaker to a new speaker, and return the new id; None if the speaker has no other name.

    All quotations of the old speaker then wait for their speaker again.
    """
    row = session.scalars(select(SpeakerNameRow).where(SpeakerNameRow.key == key)).one()
    its_names = select(func.count()).where(SpeakerNameRow.speaker_id == row.speaker_id)
    if session.scalars(its_names).one() == 1:
        return None
    old_id, name = row.speaker_id, row.name
    row.speaker_id = put_speaker(session, name, kind)
    waiting = update(QuotationRow).where(QuotationRow.speaker_id == old_id).values(speaker_id=None)
    session.execute(waiting.execution_options(synchronize_session=False))
    _decide(session, old_id, DecisionKind.SPLIT, name, decided_by, now)
    return row.speaker_id


def rename(session: Session, speaker_id: int, name: str, decided_by: str, now: datetime) -> None:
    """Show a speaker under another name. The names by which the speaker is found stay."""
    row = session.get_one(SpeakerRow, speaker_id)
    if row.name != name:
        row.name = name
        _decide(session, speaker_id, DecisionKind.RENAMED, name, decided_by, now)


def set_wikidata_id(session: Session, speaker_id: int, wikidata_id: str, decided_by: str, now: datetime) -> str | None:
    """Store the Wikidata id of a speaker. Return the name of another speaker who has that id already, else None."""
    holder = session.scalars(select(SpeakerRow).where(SpeakerRow.wikidata_id == wikidata_id)).one_or_none()
    if holder is not None:
        return None if holder.id == speaker_id else holder.name
    session.get_one(SpeakerRow, speaker_id).wikidata_id = wikidata_id
    _decide(session, speaker_id, DecisionKind.IMPORTED, wikidata_id, decided_by, now)
    return None


def _decide(session: Session, speaker_id: int, kind: DecisionKind, value: str, decided_by: str, now: datetime) -> None:
    session.add(
        SpeakerDecisionRow(
            speaker_id=speaker_id, decision=str(kind), value=value, decided_by=decided_by, decided_at=now
        )
    )
    session.flush()


def _merged_into(session: Session) -> dict[int, int]:
    """Return where each merged speaker was merged into. They are few: people made each merge by hand."""
    wanted = select(SpeakerRow.id, SpeakerRow.merged_into_id).where(SpeakerRow.merged_into_id.is_not(None))
    return {speaker_id: kept for speaker_id, kept in session.execute(wanted) if kept is not None}


def _follow(speaker_id: int, into: dict[int, int]) -> int:
    while speaker_id in into:
        speaker_id = into[speaker_id]
    return speaker_id


def _members(session: Session, into: dict[int, int], wanted: set[int] | None) -> dict[int, tuple[int, ...]]:
    """Return the ids of each wanted speaker: its own first, then those merged into it. None means all speakers."""
    own = wanted if wanted is not None else {i for i in session.scalars(select(SpeakerRow.id)) if i not in into}
    members = {speaker_id: [speaker_id] for speaker_id in sorted(own)}
    for merged in sorted(into):
        kept = _follow(merged, into)
        if kept in members:
            members[kept].append(merged)
    return {speaker_id: tuple(its_ids) for speaker_id, its_ids in members.items()}


def _names_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    wanted = select(SpeakerNameRow.speaker_id, SpeakerNameRow.name).order_by(SpeakerNameRow.id)
    for batch in batches(ids):
        for speaker_id, name in session.execute(wanted.where(SpeakerNameRow.speaker_id.in_(batch))):
            names[speaker_id].append(name)
    return names


def _rows(ids: Sequence[int]) -> Select[SpeakerRow]:
    return select(SpeakerRow).where(SpeakerRow.id.in_(ids))


def _lacks_speaker() -> ColumnElement[bool]:
    live = QuotationRow.retired_at.is_(None)
    return and_(QuotationRow.speaker_name.is_not(None), QuotationRow.speaker_id.is_(None), live)
