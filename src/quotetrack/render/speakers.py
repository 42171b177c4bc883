"""Speakers as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quotetrack.render.text import count

if TYPE_CHECKING:
    from quotetrack.store.speakers import Decision, StoredSpeaker


def speaker_line(speaker: StoredSpeaker) -> str:
    """Return one line of a list: id, number of quotations, name, other names."""
    others = [name for name in speaker.names if name != speaker.name]
    also = f" (also: {', '.join(others)})" if others else ""
    return f"{speaker.id:>6} {speaker.quotations:>6}  {speaker.name}{also}"


def speaker_lines(speaker: StoredSpeaker, decisions: Sequence[Decision]) -> Iterator[str]:
    """Yield one speaker: names, number of quotations, merged speakers, and what people decided."""
    yield f"{speaker.name} (speaker {speaker.id}, {speaker.kind}), {count(speaker.quotations, 'quotation')}"
    if speaker.wikidata_id:
        yield f"  Wikidata: {speaker.wikidata_id}"
    yield f"  Names: {', '.join(speaker.names)}"
    for merged in speaker.ids[1:]:
        yield f"  Speaker {merged} is merged into this one. To undo: quotetrack speakers merge {merged} --revoke"
    for decision in decisions:
        yield f"  {decision.decided_at:%Y-%m-%d} {decision.decided_by}: {decision.deciding} {decision.value}"
