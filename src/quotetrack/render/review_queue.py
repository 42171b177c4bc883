"""The review queue as text for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from quotetrack.core.domain import Sighting
from quotetrack.core.doubts import Doubt
from quotetrack.render.days import days_text
from quotetrack.render.text import count, speaker_of_sighting
from quotetrack.render.variants import shortened


def queue_lines(doubts: Sequence[Doubt]) -> Iterator[str]:
    """Yield each doubt: the words, who said them when and where, why they are doubtful, and what corrects them."""
    for number, doubt in enumerate(doubts, 1):
        sighting = doubt.sighting
        carried = f", carried by {count(doubt.outlets, 'outlet')}" if doubt.outlets > 1 else ""
        yield f"{number}. “{shortened(sighting.words)}”"
        yield f"   {_about(sighting)}{carried}"
        if doubt.other is not None:
            yield f"   and “{shortened(doubt.other.words)}”"
            yield f"   {_about(doubt.other)}"
        yield f"   {doubt.why}"
        yield f"   {shlex.join(('quotetrack', *doubt.command))}"


def _about(sighting: Sighting) -> str:
    said = f"{speaker_of_sighting(sighting)}, {days_text(sighting.said)}"
    return f"{said}; {sighting.outlet_name or sighting.outlet}, sighting {sighting.id}"
