"""Find the speaker of every printed name."""

from __future__ import annotations

from quotetrack.core.names import name_key
from quotetrack.linking.speaker_names import name_speakers
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions, begin_naming
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


def run(sessions: Sessions, on_progress: OnProgress = ignore_progress) -> None:
    """Give every printed name a speaker, as `linking.speaker_names.name_speakers` finds it."""
    with sessions.begin() as session:
        begin_naming(session)
        waiting = names_without_speaker(session)
        if not waiting:
            return
        on_progress("naming", 0, len(waiting))
        keys = {name_key(name) for name in waiting}
        by_key = speakers_by_key(session, sorted(keys))
        known = names_by_speaker(session) if keys - by_key.keys() else {}  # all names are loaded only if one is new
        for named in name_speakers(waiting, by_key, known, lambda name: put_speaker(session, name, kind_of(name))):
            if named.is_new_name:
                put_name(session, named.speaker_id, named.name, named.key)
            put_speaker_of_name(session, named.name, named.speaker_id)
            if named.is_shown:
                show_speaker_as(session, named.speaker_id, named.name)
    on_progress("naming", len(waiting), len(waiting))
