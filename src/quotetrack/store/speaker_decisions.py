"""Decisions about speakers as another database can read them: a speaker is given by its names, not by its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.names import name_key
from quotetrack.store.backends.statements import batches
from quotetrack.store.decisions import ImportResult
from quotetrack.store.speakers import (
    DecisionKind,
    SpeakerKind,
    canonical_id_of,
    change_shown_name,
    group_of,
    merge,
    names_of,
    put_name,
    put_speaker,
    record_decision,
    set_wikidata_id,
    speakers_by_key,
    split_name,
)
from quotetrack.store.tables import SpeakerDecisionRow, SpeakerRow


@dataclass(frozen=True, slots=True)
class NamedSpeaker:
    """A speaker without an id: the name that is shown, and the own names, oldest first; merges are not followed."""

    name: str
    kind: SpeakerKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeakerDecision:
    """A decision in force about a speaker.

    `value` is the name or Wikidata id that it is about. `other` is the speaker into whom this one was merged, or the
    one who got the name that was split off, which is then the first of the names; None for other kinds.
    """

    deciding: DecisionKind
    speaker: NamedSpeaker
    value: str
    decided_by: str
    decided_at: datetime
    other: NamedSpeaker | None = None


# Read


def speaker_decisions_in_force(session: Session) -> list[SpeakerDecision]:
    """Return the decisions about speakers that still hold, oldest first.

    A merge holds until it is revoked; a name that is shown, and a Wikidata id, until there is another; a name that was
    given, until it is split off. A split holds for ever: what takes it back is a merge. So does an office.
    """
    decisions = session.scalars(select(SpeakerDecisionRow).order_by(SpeakerDecisionRow.id)).all()
    newest = {(row.speaker_id, row.decision): row.id for row in decisions}
    decided = _rows(session, [row.speaker_id for row in decisions])
    owners = speakers_by_key(session, sorted({name_key(row.value) for row in decisions}))
    others: dict[int, int | None] = {}  # by the id of the decision
    for row in decisions:
        speaker, owner = decided[row.speaker_id], owners.get(name_key(row.value))
        is_newest = newest[row.speaker_id, row.decision] == row.id
        match DecisionKind(row.decision):
            case DecisionKind.MERGED if is_newest and speaker.merged_into_id is not None:
                others[row.id] = speaker.merged_into_id
            case DecisionKind.SPLIT if owner is not None:
                others[row.id] = owner
            case DecisionKind.RENAMED if is_newest and speaker.name == row.value:
                others[row.id] = None
            case DecisionKind.NAMED if owner == row.speaker_id:
                others[row.id] = None
            case DecisionKind.IMPORTED if is_newest and speaker.wikidata_id == row.value:
                others[row.id] = None
            case DecisionKind.ROLE:
                others[row.id] = None
    in_force = [row for row in decisions if row.id in others]
    named = _named(session, [*(row.speaker_id for row in in_force), *(other for other in others.values() if other)])
    return [
        SpeakerDecision(
            deciding=DecisionKind(row.decision),
            speaker=named[row.speaker_id],
            value=row.value,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            other=_with_first(named[other], row) if (other := others[row.id]) is not None else None,
        )
        for row in in_force
    ]


def _with_first(speaker: NamedSpeaker, decision: SpeakerDecisionRow) -> NamedSpeaker:
    """Return the speaker with the name that was split off as the first."""
    if decision.decision != DecisionKind.SPLIT:
        return speaker
    others = (name for name in speaker.names if name != decision.value)
    return replace(speaker, names=(decision.value, *others))


def _named(session: Session, ids: Sequence[int]) -> dict[int, NamedSpeaker]:
    rows, names = _rows(session, ids), names_of(session, sorted(set(ids)))
    return {
        speaker_id: NamedSpeaker(row.name, SpeakerKind(row.kind), tuple(names.get(speaker_id, (row.name,))))
        for speaker_id, row in rows.items()
    }


def _rows(session: Session, ids: Sequence[int]) -> dict[int, SpeakerRow]:
    wanted = (select(SpeakerRow).where(SpeakerRow.id.in_(batch)) for batch in batches(sorted(set(ids))))
    return {row.id: row for statement in wanted for row in session.scalars(statement)}


# Import


def import_speaker_decision(session: Session, decision: SpeakerDecision) -> tuple[ImportResult, set[int]]:
    """Store a decision of another database about a speaker. Return the result, and the speakers that it touches.

    The speaker is the one who has the first of the names that any speaker has. One who does not exist is made. Names
    that no speaker has are added. Raises ValueError if another speaker has the Wikidata id.
    """
    speaker_id = find_or_put_speaker(session, decision.speaker)
    result = ImportResult.KNOWN if _is_known(session, speaker_id, decision) else _apply(session, speaker_id, decision)
    touched = {speaker_id}
    if decision.deciding is DecisionKind.SPLIT:
        touched.add(_owner_of(session, decision.value) or speaker_id)
    return result, {canonical_id_of(session, each) for each in touched}


def find_or_put_speaker(session: Session, speaker: NamedSpeaker) -> int:
    """Return the speaker who has the first of these names that any speaker has; a new one if nobody has one.

    Names that no speaker has are given to it.
    """
    key_of = {name: name_key(name) for name in speaker.names}
    owners = speakers_by_key(session, list(key_of.values()))
    speaker_id = next((owners[key] for key in key_of.values() if key in owners), None)
    if speaker_id is None:
        speaker_id = put_speaker(session, speaker.name, speaker.kind)
    for name, key in key_of.items():
        if key not in owners:
            put_name(session, speaker_id, name, key)
    return speaker_id


def _is_known(session: Session, speaker_id: int, decision: SpeakerDecision) -> bool:
    """Return whether the decision was stored before, in force or not."""
    same = select(SpeakerDecisionRow.id).where(
        SpeakerDecisionRow.speaker_id.in_(group_of(session, canonical_id_of(session, speaker_id))),
        SpeakerDecisionRow.decision == decision.deciding,
        SpeakerDecisionRow.decided_by == decision.decided_by,
        SpeakerDecisionRow.decided_at == decision.decided_at,
    )
    if decision.deciding is not DecisionKind.MERGED:  # whose value is the name that the other speaker had then
        same = same.where(SpeakerDecisionRow.value == decision.value)
    return session.scalar(same.limit(1)) is not None


def _apply(session: Session, speaker_id: int, decision: SpeakerDecision) -> ImportResult:
    value, by, at = decision.value, decision.decided_by, decision.decided_at
    is_recorded = False
    match decision.deciding:
        case DecisionKind.MERGED:
            assert decision.other is not None
            is_recorded = merge(session, speaker_id, find_or_put_speaker(session, decision.other), by, at)
        case DecisionKind.SPLIT:
            assert decision.other is not None
            if _owner_of(session, value) == speaker_id:
                is_recorded = split_name(session, name_key(value), decision.other.kind, by, at) is not None
            find_or_put_speaker(session, decision.other)
        case DecisionKind.NAMED:
            merge(session, _owner_of(session, value) or speaker_id, speaker_id, by, at)
            put_name(session, speaker_id, value, name_key(value))
        case DecisionKind.RENAMED:
            if _is_later(session, speaker_id, decision):
                return ImportResult.OVERRULED
            put_name(session, speaker_id, value, name_key(value))
            change_shown_name(session, speaker_id, value)
        case DecisionKind.IMPORTED:
            if _is_later(session, speaker_id, decision):
                return ImportResult.OVERRULED
            if session.get_one(SpeakerRow, speaker_id).wikidata_id != value:
                is_recorded = True
                holder = set_wikidata_id(session, speaker_id, value, by, at)
                if holder is not None:
                    raise ValueError(f"{value} is already {holder}, not {decision.speaker.name}")
    if not is_recorded:
        record_decision(session, speaker_id, decision.deciding, value, by, at)
    return ImportResult.NEW


def _owner_of(session: Session, name: str) -> int | None:
    key = name_key(name)
    return speakers_by_key(session, [key]).get(key)


def _is_later(session: Session, speaker_id: int, decision: SpeakerDecision) -> bool:
    """Return whether a person decided the same kind about the speaker at a later time."""
    later = select(SpeakerDecisionRow.id).where(
        SpeakerDecisionRow.speaker_id == speaker_id,
        SpeakerDecisionRow.decision == decision.deciding,
        SpeakerDecisionRow.decided_at > decision.decided_at,
    )
    return session.scalar(later.limit(1)) is not None
