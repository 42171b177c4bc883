"""Minimal edits of invented sentences, each in three places of a statement: alone, at its beginning, and at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

EDITS = Path(__file__).with_name("minimal_edits.txt")
REWORDED = "reworded"  # the section of the edits that turn no sense
BEFORE = "I have told the committee of the islands twice already: "
BEHIND = " That is all that I have to say on the matter, and I stand by each word."
_CHOICE = re.compile(r"\{([^|}]*)\|([^}]*)\}")

Edit = tuple[str, str]


def edits_by_kind() -> dict[str, list[Edit]]:
    """Return the edits by the flag that they should raise, and by `REWORDED`."""
    edits: dict[str, list[Edit]] = {}
    kind = ""
    for line in EDITS.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            edits.setdefault(kind, []).extend(_placed(line))
    return edits


def _placed(line: str) -> Iterator[Edit]:
    one, other = (_CHOICE.sub(rf"\{choice}", line) for choice in (1, 2))
    yield one, other
    yield one + BEHIND, other + BEHIND
    yield BEFORE + one, BEFORE + other
