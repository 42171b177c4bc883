"""Find characters again that a person pointed at (W3C TextQuoteSelector)."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

SURROUNDINGS = 32  # characters on each side of those that a person pointed at
NEARLY = 90.0  # of 100: how like the characters have to be that stand for changed ones
ALIKE_AROUND = 75.0  # of 100: how like what stands before or after them has to be


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after some characters."""
    return text[max(0, start - SURROUNDINGS) : start], text[end : end + SURROUNDINGS]


def locate(start: int, exact: str, prefix: str, suffix: str, text: str) -> tuple[int, int] | None:
    """Where characters stand in a text that may have changed since somebody pointed at them: start and end.

    Same place first, then the same characters elsewhere, those with the same surroundings where there are several;
    then nearly the same characters between nearly the same surroundings. None means that a human has to look: a guess
    would hide the loss.
    """
    if text.startswith(exact, start):
        return start, start + len(exact)
    places = [found.start() for found in re.finditer(re.escape(exact), text)]
    if places:
        place = _by_surroundings(places, exact, prefix, suffix, text)
        return None if place is None else (place, place + len(exact))
    return _nearly(exact, prefix, suffix, text)


def _by_surroundings(places: list[int], exact: str, prefix: str, suffix: str, text: str) -> int | None:
    """The only place, or that with the likest surroundings; None where none has such, or two are equally like."""
    if len(places) == 1:
        return places[0]
    likeness = {place: _alike(place, place + len(exact), prefix, suffix, text) for place in places}
    best = max(likeness.values())
    found = [place for place, alike in likeness.items() if alike == best]
    return found[0] if len(found) == 1 and best >= ALIKE_AROUND else None


def _nearly(exact: str, prefix: str, suffix: str, text: str) -> tuple[int, int] | None:
    found = fuzz.partial_ratio_alignment(exact, text, score_cutoff=NEARLY) if len(text) >= len(exact) else None
    if found is None or _alike(found.dest_start, found.dest_end, prefix, suffix, text) < ALIKE_AROUND:
        return None
    return found.dest_start, found.dest_end


def _alike(start: int, end: int, prefix: str, suffix: str, text: str) -> float:
    """How like the better of the two surroundings is, of 100; and by a little the other."""
    before, after = surroundings(text, start, end)
    sides = sorted((fuzz.ratio(prefix, before), fuzz.ratio(suffix, after)))
    return sides[1] + sides[0] / 1000
