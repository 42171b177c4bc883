"""Whose the printed names are: the machine's part, which is a step of every ingest, and lists that people bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from quotetrack.linking.speaker_names import (
    Known,
    Speaker,
    is_full_name,
    name_key,
    name_words,
    resolve,
    surname_sound,
)
from quotetrack.pipeline.progress import OnProgress, silent
from quotetrack.store import Session, Sessions
from quotetrack.store.speakers import (
    SpeakerKind,
    call_speaker,
    merge,
    names_by_speaker,
    names_without_speaker,
    put_name,
    put_speaker,
    put_speaker_of,
    read_speakers,
    set_wikidata_id,
    speakers_by_key,
)

"""Told the step, how many are done, and of how many, as in `nightly`."""


def name_speakers(sessions: Sessions, on_progress: OnProgress = silent) -> None:
    """Say of every printed name whose it is: a speaker's on file where that is safe, else a new speaker's.

    The fullest names come first, so that a shorter one that two of them could be joins neither. A new speaker is shown
    under the name that most quotations print.
    """
    with sessions.begin() as session:
        waiting = names_without_speaker(session)
        if not waiting:
            return
        on_progress("naming", 0, len(waiting))
        by_key, alike = speakers_by_key(session), _by_surname(names_by_speaker(session))
        shown: dict[int, str] = {}
        for name in sorted(waiting, key=lambda name: (-len(name_words(name)), -waiting[name], name)):
            key = name_key(name)
            if key not in by_key:
                by_key[key] = _put_new_name(session, name, key, alike, shown)
            put_speaker_of(session, name, by_key[key])
            if waiting[name] > waiting[shown.get(by_key[key], name)]:
                shown[by_key[key]] = name
                call_speaker(session, by_key[key], name)
    on_progress("naming", len(waiting), len(waiting))


_BySurname = defaultdict[str, dict[int, Speaker]]
"""The speakers on file by what their surnames sound like, each by its id."""


def _by_surname(names: Mapping[int, tuple[str, ...]]) -> _BySurname:
    alike: _BySurname = defaultdict(dict)
    for speaker_id, its_names in names.items():
        for name in its_names:
            alike[surname_sound(name)][speaker_id] = Speaker(speaker_id, its_names)
    return alike


def _put_new_name(session: Session, name: str, key: str, alike: _BySurname, shown: dict[int, str]) -> int:
    """The speaker to whom a name that nobody has is given; `alike` and, for a new one, `shown` are kept up to date."""
    neighbours = alike[surname_sound(name)]
    match resolve(name, list(neighbours.values())):
        case Known(speaker):
            speaker_id, its_names = speaker.id, (*speaker.names, name)
        case _:
            kind = SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED
            speaker_id, its_names = put_speaker(session, name, kind), (name,)
            shown[speaker_id] = name
    put_name(session, speaker_id, name, key)
    neighbours[speaker_id] = Speaker(speaker_id, its_names)
    return speaker_id


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
