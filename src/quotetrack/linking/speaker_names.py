"""Resolve a printed name to a speaker: one person under many spellings, joined only where that is safe. Pure.

It is safe for equal names, and for two full names that no two people of the store could share by chance of spelling:
surnames that sound alike, given names that sound alike or one the initial of the other, nothing between them that
contradicts, and the same "Jr". A surname without a given name joins nobody: "Clinton" does not become Hillary Clinton
because it stands near Bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.core.names import are_compatible, name_key


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
