"""Which speaker a printed name means: one person under many spellings, joined only where that is safe. Pure.

Safe is: the same words, or two full names that no two people of the store could share by chance of spelling: surnames
that sound alike, first names alike or one the initial of the other, nothing between them that contradicts, and the
same "Jr". A surname alone joins nobody: "Clinton" is not Hillary Clinton for having appeared beside Bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotetrack.core.names import are_compatible, name_key


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker on file under the names that were joined; `id` is the store's."""

    id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownName:
    """The name is this speaker's."""

    speaker: Speaker


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """The name may be any of these; nobody may choose but a person."""

    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class UnknownName:
    """The name is nobody's so far."""


def resolve(name: str, known: Sequence[Speaker]) -> KnownName | AmbiguousName | UnknownName:
    """Whose name it is, among speakers on file: by the same words, else by being compatible with all of one's names.

    Several who have these very words, or with all of whose names it agrees, are candidates.
    """
    key = name_key(name)
    same = [speaker for speaker in known if any(name_key(other) == key for other in speaker.names)]
    fitting = same or [speaker for speaker in known if all(are_compatible(name, other) for other in speaker.names)]
    if len(fitting) > 1:
        return AmbiguousName(tuple(fitting))
    return KnownName(fitting[0]) if fitting else UnknownName()
