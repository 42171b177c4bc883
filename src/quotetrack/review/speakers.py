"""Decisions about speakers: merge, split, rename, import. Recorded, then what depends on the names is linked again.

A decision is one short transaction, so that it can be made while a night runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.names import name_key
from quotetrack.core.settings import Settings
from quotetrack.core.texts import gettext
from quotetrack.review.apply import Effect, Recorded, apply_decision
from quotetrack.search.roles import role_asked
from quotetrack.search.understanding import near_names, speakers_called
from quotetrack.store import Session, Sessions, begin_naming
from quotetrack.store import speakers as speaker_store
from quotetrack.store.roles import EnteredRole, put_role
from quotetrack.store.speaker_decisions import NamedSpeaker, find_or_put_speaker
from quotetrack.store.speakers import (
    StoredSpeaker,
    canonical_id_of,
    is_speaker,
    kind_of,
    put_name,
    read_speakers,
    set_wikidata_id,
    speakers_by_key,
    split_name,
)
from quotetrack.store.worklists import Touched


class NameCannotBeSplit(QuotetrackError):
    """The name belongs to no speaker, or is the only name of its speaker."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One line of a list of speakers: a name, another name of the same speaker, the Wikidata id, an office.

    `since` and `until` are the first and last day of the office, each as YYYY-MM-DD; None is open.
    """

    name: str
    alias: str | None = None
    wikidata_id: str | None = None
    role: str | None = None
    since: str | None = None
    until: str | None = None


class SpeakerNotFound(QuotetrackError):
    """No speaker has this id or name, or several have the name. The message lists similar names, or the ids."""


def find_speaker(session: Session, id_or_name: int | str) -> StoredSpeaker:
    """Return the speaker with this id, merges followed, or this name. Raises SpeakerNotFound."""
    asked = str(id_or_name)
    if asked.isdigit():
        if not is_speaker(session, int(asked)):
            raise SpeakerNotFound(
                gettext("There is no speaker %(asked)s. See `quotetrack speakers list`.", asked=asked)
            )
        return read_speakers(session, [int(asked)])[0]
    speakers = speakers_called(session, asked)
    if not speakers:
        told = gettext("No speaker is called %(asked)s.", asked=asked)
        if similar := ", ".join(near_names(session, asked)):
            told += " " + gettext("Similar names: %(names)s.", names=similar)
        raise SpeakerNotFound(told)
    if len(speakers) > 1:
        listed = ", ".join(f"{speaker.name} ({speaker.id})" for speaker in speakers)
        raise SpeakerNotFound(
            gettext("Several speakers are called %(asked)s: %(names)s. Give the id.", asked=asked, names=listed)
        )
    return speakers[0]


def merge(
    sessions: Sessions, speaker_id: int, into_id: int, *, decided_by: str, now: datetime, settings: Settings
) -> Recorded | None:
    """Record that two speakers are one, shown under the second's id and name. Return None if they were one already."""
    with sessions.begin() as session:
        if not speaker_store.merge(session, speaker_id, into_id, decided_by, now):
            return None
        kept = canonical_id_of(session, into_id)
    return _applied(sessions, kept, [kept], settings, now)


def revoke_merge(
    sessions: Sessions, speaker_id: int, *, decided_by: str, now: datetime, settings: Settings
) -> Recorded | None:
    """Revoke the merge of a speaker into another. Return None if the speaker was not merged."""
    with sessions.begin() as session:
        kept = canonical_id_of(session, speaker_id)
        if not speaker_store.revoke_merge(session, speaker_id, decided_by, now):
            return None
    return _applied(sessions, speaker_id, [speaker_id, kept], settings, now)


def split(sessions: Sessions, name: str, *, decided_by: str, now: datetime, settings: Settings) -> Recorded:
    """Give one name of a speaker to a new speaker, whose id is returned. Raises NameCannotBeSplit."""
    key = name_key(name)
    with sessions.begin() as session:
        begin_naming(session)
        old_id = speakers_by_key(session, [key]).get(key)
        if old_id is None:
            raise NameCannotBeSplit(gettext("no speaker has the name %(name)r", name=name))
        speaker_id = split_name(session, key, kind_of(name), decided_by, now)
        if speaker_id is None:
            raise NameCannotBeSplit(gettext("%(name)r is the only name of its speaker", name=name))
        kept = canonical_id_of(session, old_id)
    return _applied(sessions, speaker_id, [speaker_id, kept], settings, now)


def rename(
    sessions: Sessions, speaker_id: int, name: str, *, decided_by: str, now: datetime, settings: Settings
) -> Recorded:
    """Show a speaker under another name. All names by which the speaker is found stay."""
    with sessions.begin() as session:
        kept = speaker_store.rename(session, speaker_id, name, decided_by, now)
        put_name(session, kept, name, name_key(name))
    return Recorded(kept, apply_decision(sessions, settings, now, Touched(speakers=[kept]), Effect.NAMES))


def import_speakers(
    sessions: Sessions, aliases: Iterable[Alias], *, decided_by: str, now: datetime, settings: Settings
) -> list[str | None]:
    """Record that each alias is a name of its speaker. A speaker who has the alias already is merged into that one.

    A second import changes nothing. Returns for each line what is wrong with it, or None.
    """
    problems: list[str | None] = []
    touched: set[int] = set()
    for alias in aliases:
        with sessions.begin() as session:
            begin_naming(session)
            problems.append(_import(session, alias, touched, decided_by, now))
    if touched:
        apply_decision(sessions, settings, now, Touched(speakers=sorted(touched)), Effect.SPEAKERS)
    return problems


def _import(session: Session, line: Alias, touched: set[int], decided_by: str, now: datetime) -> str | None:
    if not name_key(line.name):
        return "a line without a name"
    speaker_id = find_or_put_speaker(session, NamedSpeaker(line.name, kind_of(line.name), (line.name,)))
    if line.alias is not None:
        owner = speakers_by_key(session, [name_key(line.alias)]).get(name_key(line.alias))
        if owner is None:
            speaker_store.give_name(session, speaker_id, line.alias, name_key(line.alias), decided_by, now)
        elif speaker_store.merge(session, owner, speaker_id, decided_by, now):
            touched.add(canonical_id_of(session, speaker_id))
    if line.role is not None and (problem := _enter_role(session, speaker_id, line, decided_by, now)) is not None:
        return problem
    if line.wikidata_id is None:
        return None
    (speaker,) = read_speakers(session, [speaker_id])
    holder = set_wikidata_id(session, speaker.id, line.wikidata_id, decided_by, now)
    return f"{line.wikidata_id} is already {holder}, not {speaker.name}" if holder is not None else None


def _enter_role(session: Session, speaker_id: int, line: Alias, decided_by: str, now: datetime) -> str | None:
    """Record an office of a speaker, unless it is recorded; return what is wrong with it, or None."""
    try:
        since, until = (date.fromisoformat(day) if day else None for day in (line.since, line.until))
    except ValueError:
        return f"since and until must be days such as 2024-10-01, not {line.since or ''} and {line.until or ''}"
    if since and until and since > until:
        return f"the office ends on {until}, before it begins on {since}"
    if role_asked(line.role or "") is None:
        return f"{line.role!r} names no office, such as “governor of Indiana”"
    put_role(session, speaker_id, EnteredRole(speaker_id, line.role or "", since, until), decided_by, now)
    return None


def _applied(sessions: Sessions, decided: int, speakers: list[int], settings: Settings, now: datetime) -> Recorded:
    return Recorded(decided, apply_decision(sessions, settings, now, Touched(speakers=speakers), Effect.SPEAKERS))
