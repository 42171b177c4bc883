"""Decisions about speakers."""

from __future__ import annotations

from datetime import datetime

from quotetrack.core.names import is_full_name, name_key
from quotetrack.store import Session
from quotetrack.store.speakers import (
    SpeakerKind,
    merge,
    put_name,
    put_speaker,
    read_speakers,
    set_wikidata_id,
    speakers_by_key,
)


def import_speaker(
    session: Session, name: str, alias: str | None, wikidata_id: str | None, decided_by: str, now: datetime
) -> str | None:
    """Take in that `alias` is a name of `name`; a speaker who goes by the alias already is merged.

    Nothing changes the second time. Returns what is wrong with the line, None where nothing is.
    """
    if not name_key(name):
        return "a line without a name"
    speaker_id = _speaker_of(session, name)
    if alias is not None:
        owner = speakers_by_key(session).get(name_key(alias))
        if owner is None:
            put_name(session, speaker_id, alias, name_key(alias))
        else:
            merge(session, owner, speaker_id, decided_by, now)
    if wikidata_id is None:
        return None
    speaker = read_speakers(session, [speaker_id])[0]
    holder = set_wikidata_id(session, speaker.id, wikidata_id, decided_by, now)
    return f"{wikidata_id} is {holder} on file, not {speaker.name}" if holder is not None else None


def _speaker_of(session: Session, name: str) -> int:
    """The speaker with this name, a new one where there is none."""
    known = speakers_by_key(session).get(name_key(name))
    if known is not None:
        return known
    kind = SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED
    speaker_id = put_speaker(session, name, kind)
    put_name(session, speaker_id, name, name_key(name))
    return speaker_id
