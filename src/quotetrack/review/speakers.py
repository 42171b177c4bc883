"""Decisions about speakers: merge, split, rename, import.

Only `split` runs a step, and takes the run lock. The others are one short transaction, which every output shows at
once, so that they work while a night runs.
"""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import is_full_name, name_key
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Session, Sessions
from quotetrack.store import speakers as speaker_store
from quotetrack.store.lock import lock_of
from quotetrack.store.speakers import (
    SpeakerKind,
    put_name,
    put_speaker,
    read_speakers,
    set_wikidata_id,
    speakers_by_key,
    split_name,
)


class NameCannotBeSplit(QuotetrackError):
    """The name belongs to no speaker, or is the only name of its speaker."""


def merge(sessions: Sessions, speaker_id: int, into_id: int, *, decided_by: str, now: datetime) -> bool:
    """Record that two speakers are one, shown under the second's id and name. Return False if they were one already."""
    with sessions.begin() as session:
        return speaker_store.merge(session, speaker_id, into_id, decided_by, now)


def revoke_merge(sessions: Sessions, speaker_id: int, *, decided_by: str, now: datetime) -> bool:
    """Revoke the merge of a speaker into another. Return False if the speaker was not merged."""
    with sessions.begin() as session:
        return speaker_store.revoke_merge(session, speaker_id, decided_by, now)


def split(sessions: Sessions, name: str, *, decided_by: str, now: datetime) -> int:
    """Give one name of a speaker to a new speaker, resolve the names again, and return the new speaker's id.

    Raises NameCannotBeSplit, and StoreLocked while another run holds the lock; then nothing is recorded.
    """
    with lock_of(sessions):
        with sessions.begin() as session:
            if name_key(name) not in speakers_by_key(session, [name_key(name)]):
                raise NameCannotBeSplit(f"no speaker has the name {name!r}")
            speaker_id = split_name(session, name_key(name), _kind_of(name), decided_by, now)
            if speaker_id is None:
                raise NameCannotBeSplit(f"{name!r} is the only name of its speaker")
        resolve_speakers.run(sessions)
    return speaker_id


def rename(sessions: Sessions, speaker_id: int, name: str, *, decided_by: str, now: datetime) -> None:
    """Show a speaker under another name. All names by which the speaker is found stay."""
    with sessions.begin() as session:
        speaker_store.rename(session, speaker_id, name, decided_by, now)
        put_name(session, speaker_id, name, name_key(name))


def import_speaker(
    sessions: Sessions, name: str, alias: str | None, wikidata_id: str | None, *, decided_by: str, now: datetime
) -> str | None:
    """Record that `alias` is a name of `name`. A speaker who has the alias already is merged into that of `name`.

    A second import changes nothing. Returns what is wrong with the line, or None.
    """
    if not name_key(name):
        return "a line without a name"
    with sessions.begin() as session:
        speaker_id = _speaker_of(session, name)
        if alias is not None:
            owner = speakers_by_key(session, [name_key(alias)]).get(name_key(alias))
            if owner is None:
                put_name(session, speaker_id, alias, name_key(alias))
            else:
                speaker_store.merge(session, owner, speaker_id, decided_by, now)
        if wikidata_id is None:
            return None
        speaker = read_speakers(session, [speaker_id])[0]
        holder = set_wikidata_id(session, speaker.id, wikidata_id, decided_by, now)
        return f"{wikidata_id} is already {holder}, not {speaker.name}" if holder is not None else None


def _speaker_of(session: Session, name: str) -> int:
    """Return the speaker with this name; a new one if there is none."""
    known = speakers_by_key(session, [name_key(name)]).get(name_key(name))
    if known is not None:
        return known
    speaker_id = put_speaker(session, name, _kind_of(name))
    put_name(session, speaker_id, name, name_key(name))
    return speaker_id


def _kind_of(name: str) -> SpeakerKind:
    return SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED
