"""Resolve a printed name to a speaker: one person under many spellings, joined only where that is safe. Pure.

It is safe for equal names, and for two full names that no two people of the store could share by chance of spelling:
surnames that sound alike, given names that sound alike or one the initial of the other, nothing between them that
contradicts, and the same "Jr". A surname without a given name joins nobody: "Clinton" does not become Hillary Clinton
because it stands near Bill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quotetrack.core.names import are_compatible, name_key, name_words, surname_sound


@dataclass(frozen=True, slots=True)
class Speaker:
    """A stored speaker with all joined names; `id` is the store's."""

    id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownName:
    """The name belongs to this speaker."""

    speaker: Speaker


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """The name may belong to any of these speakers; only a person may choose."""

    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class UnknownName:
    """The name belongs to no speaker yet."""


@dataclass(frozen=True, slots=True)
class NamedSpeaker:
    """The speaker of a printed name.

    `is_new_name`: no speaker had it before. `is_shown`: it is printed more often than the name under which its new
    speaker is shown, and takes its place.
    """

    name: str
    key: str
    speaker_id: int
    is_new_name: bool
    is_shown: bool


def name_speakers(
    printed: Mapping[str, int],
    by_key: Mapping[str, int],
    known: Mapping[int, tuple[str, ...]],
    new_speaker: Callable[[str], int],
) -> Iterator[NamedSpeaker]:
    """Yield the speaker of every printed name: a known one where that is safe, else a new one.

    `printed` counts the statements with each name. `by_key` are the known speakers by the keys of their names, `known`
    their names by id. `new_speaker` gives the id of a new speaker, who is first shown under this name.

    The fullest names come first. A shorter name that fits two of them is then ambiguous, and joins neither. A new
    speaker is shown under the name that most statements print, of equals the longest.
    """
    by_key = dict(by_key)
    by_surname: defaultdict[str, dict[int, Speaker]] = defaultdict(dict)
    for speaker_id, names in known.items():
        for name in names:
            by_surname[surname_sound(name)][speaker_id] = Speaker(speaker_id, names)
    shown: dict[int, str] = {}
    for name in sorted(printed, key=lambda name: (-len(name_words(name)), -printed[name], -len(name), name)):
        key = name_key(name)
        is_new_name = key not in by_key
        if is_new_name:
            neighbours = by_surname[surname_sound(name)]
            match resolve(name, list(neighbours.values())):
                case KnownName(speaker):
                    by_key[key], names = speaker.id, (*speaker.names, name)
                case _:
                    by_key[key], names = new_speaker(name), (name,)
                    shown[by_key[key]] = name
            neighbours[by_key[key]] = Speaker(by_key[key], names)
        speaker_id = by_key[key]
        is_shown = printed[name] > printed[shown.get(speaker_id, name)]
        if is_shown:
            shown[speaker_id] = name
        yield NamedSpeaker(name, key, speaker_id, is_new_name, is_shown)


def resolve(name: str, known: Sequence[Speaker]) -> KnownName | AmbiguousName | UnknownName:
    """Return the speaker of a name: one who has an equal name, else one with all of whose names it is compatible.

    If there are several such speakers, the name is ambiguous.
    """
    key = name_key(name)
    same = [speaker for speaker in known if any(name_key(other) == key for other in speaker.names)]
    fitting = same or [speaker for speaker in known if all(are_compatible(name, other) for other in speaker.names)]
    if len(fitting) > 1:
        return AmbiguousName(tuple(fitting))
    return KnownName(fitting[0]) if fitting else UnknownName()
