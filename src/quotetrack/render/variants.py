"""The wordings of one utterance, their pick-up by outlets, and related statements as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from quotetrack.core.domain import Related, Sighting, Utterance
from quotetrack.core.worddiff import Change, printed_step
from quotetrack.linking.variants import Variant, variants
from quotetrack.render.quotations import outlet_name, outlet_text
from quotetrack.render.text import visible_utterance

LONGEST_SHOWN = 12  # words of one cut; of a longer cut only the ends are shown
ENDS_SHOWN = 4  # words


def variant_lines(utterance: Utterance, *, colours: bool) -> Iterator[str]:
    """Yield where the words were seen first and who picked them up, then each wording compared with the fullest."""
    utterance = visible_utterance(utterance)
    yield from _pick_up_lines(utterance)
    wordings = variants(utterance)
    if len(wordings) == 1:
        return
    names = {sighting.outlet: outlet_name(sighting) for sighting in utterance.sightings}
    yield f"  {len(wordings)} wordings:"
    for number, variant in enumerate(wordings, start=1):
        size = f"{len(variant.words.split())} words"
        fullest = "fullest, " if number == 1 else ""
        outlets = ", ".join(names[outlet] for outlet in variant.outlets)
        yield f"  {number}. {fullest}{size}{_change_counts(variant)}: {outlets}"
        if number > 1:
            steps = (printed_step(step, cut=shortened(step.before), in_colour=colours) for step in variant.steps)
            yield f"     {' '.join(steps)}"
        if variant.flags:
            yield f"     Wording differs: {', '.join(variant.flags)}."


def related_lines(related: Sequence[Related]) -> Iterator[str]:
    """Yield other statements of the speaker to the same effect, the nearest first."""
    if related:
        yield "  Related statements, in other words or on another occasion:"
    for other in related:
        yield f"  - Utterance {other.utterance_id} ({other.cosine:.2f}): “{other.words}”"


def first_of_each_outlet(utterance: Utterance) -> list[Sighting]:
    """Return the first sighting of each outlet, in order of publication."""
    first: dict[str | None, Sighting] = {}
    for sighting in sorted(utterance.sightings, key=_publication):
        first.setdefault(sighting.outlet, sighting)
    return list(first.values())


def _publication(sighting: Sighting) -> tuple[str, str]:
    """Return a sort key: by the day, then by the hour where it is known; unknown last."""
    return str(sighting.published_on or "~"), str(sighting.published_at or "~")


def _pick_up_lines(utterance: Utterance) -> Iterator[str]:
    carriers = first_of_each_outlet(utterance)
    first = carriers[0]
    yield f"  First seen: {first.published_on or 'undated'}, {outlet_text(first)}."
    if len(carriers) > 1:
        days = groupby(carriers, key=lambda sighting: str(sighting.published_on or "undated"))
        by_day = [f"{day}: {', '.join(map(outlet_text, group))}" for day, group in days]
        yield f"  Picked up: {'; '.join(by_day)}."


def _change_counts(variant: Variant) -> str:
    changes: tuple[Change, ...] = ("cut", "added", "changed")
    return "".join(f", {variant.number(change)} {change}" for change in changes if variant.number(change))


def shortened(words: str) -> str:
    """Return words with the middle left out where they are many."""
    printed = words.split()
    if len(printed) <= LONGEST_SHOWN:
        return " ".join(printed)
    return " ".join([*printed[:ENDS_SHOWN], "…", *printed[-ENDS_SHOWN:]])
