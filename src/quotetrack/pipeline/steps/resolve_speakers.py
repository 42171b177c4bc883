"""Whose the printed names are: the machine's part, which is a step of every ingest, and lists that people bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from quotetrack.core.names import is_full_name, name_key, name_words, surname_sound
from quotetrack.linking.speaker_names import KnownName, Speaker, resolve
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.speakers import (
    SpeakerKind,
    call_speaker,
    names_by_speaker,
    names_without_speaker,
    put_name,
    put_speaker,
    put_speaker_of,
    speakers_by_key,
)

"""Told the step, how many are done, and of how many, as in `nightly`."""


def name_speakers(sessions: Sessions, on_progress: OnProgress = ignore_progress) -> None:
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
        case KnownName(speaker):
            speaker_id, its_names = speaker.id, (*speaker.names, name)
        case _:
            kind = SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED
            speaker_id, its_names = put_speaker(session, name, kind), (name,)
            shown[speaker_id] = name
    put_name(session, speaker_id, name, key)
    neighbours[speaker_id] = Speaker(speaker_id, its_names)
    return speaker_id
