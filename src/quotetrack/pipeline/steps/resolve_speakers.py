"""Find the speaker of every printed name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeAlias

from quotetrack.core.names import name_key, name_words, surname_sound
from quotetrack.linking.speaker_names import KnownName, Speaker, resolve
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Session, Sessions
from quotetrack.store.speakers import (
    kind_of,
    names_by_speaker,
    names_without_speaker,
    put_name,
    put_speaker,
    put_speaker_of_name,
    show_speaker_as,
    speakers_by_key,
)

_BySurname: TypeAlias = defaultdict[str, dict[int, Speaker]]
"""Speakers by the sound of their surnames, then by id."""


def run(sessions: Sessions, on_progress: OnProgress = ignore_progress) -> None:
    """Give every printed name a speaker: a known one where that is safe, else a new one.

    The fullest names come first. A shorter name that fits two of them is then ambiguous, and joins neither. A new
    speaker is shown under the name that most quotations print, of equals the longest.
    """
    with sessions.begin() as session:
        waiting = names_without_speaker(session)
        if not waiting:
            return
        on_progress("naming", 0, len(waiting))
        keys = {name_key(name) for name in waiting}
        by_key = speakers_by_key(session, sorted(keys))
        # All names are loaded only if one is new.
        by_surname = _by_surname(names_by_speaker(session) if keys - by_key.keys() else {})
        shown: dict[int, str] = {}
        for name in sorted(waiting, key=lambda name: (-len(name_words(name)), -waiting[name], -len(name), name)):
            key = name_key(name)
            if key not in by_key:
                by_key[key] = _put_new_name(session, name, key, by_surname, shown)
            put_speaker_of_name(session, name, by_key[key])
            if waiting[name] > waiting[shown.get(by_key[key], name)]:
                shown[by_key[key]] = name
                show_speaker_as(session, by_key[key], name)
    on_progress("naming", len(waiting), len(waiting))


def _by_surname(names: Mapping[int, tuple[str, ...]]) -> _BySurname:
    by_surname: _BySurname = defaultdict(dict)
    for speaker_id, its_names in names.items():
        for name in its_names:
            by_surname[surname_sound(name)][speaker_id] = Speaker(speaker_id, its_names)
    return by_surname


def _put_new_name(session: Session, name: str, key: str, by_surname: _BySurname, shown: dict[int, str]) -> int:
    """Store a name that no speaker has, and return the id of its speaker.

    Adds the name to `by_surname`, and a new speaker to `shown`.
    """
    neighbours = by_surname[surname_sound(name)]
    match resolve(name, list(neighbours.values())):
        case KnownName(speaker):
            speaker_id, its_names = speaker.id, (*speaker.names, name)
        case _:
            speaker_id, its_names = put_speaker(session, name, kind_of(name)), (name,)
            shown[speaker_id] = name
    put_name(session, speaker_id, name, key)
    neighbours[speaker_id] = Speaker(speaker_id, its_names)
    return speaker_id
