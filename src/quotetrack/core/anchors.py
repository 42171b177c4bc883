"""Find the characters of an anchor again in a text that may have changed (W3C TextQuoteSelector). Pure."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from quotetrack.core.domain import Anchor, Span

SURROUNDINGS = 32  # characters that an anchor has on each side
LEAST_SIMILARITY = 90.0  # of 100, of changed characters to those of the anchor
LEAST_CONTEXT_SIMILARITY = 75.0  # of 100, of the better of the two sides


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the characters before and after a range, `SURROUNDINGS` of each or fewer."""
    return text[max(0, start - SURROUNDINGS) : start], text[end : end + SURROUNDINGS]


def parts_at(text: str, anchor: Anchor) -> tuple[Span, ...] | None:
    """Return where the parts of an anchor are in a text that may have changed; None if any is not found.

    Words between the parts may have changed: the parts are then looked for one by one, and must stand in their order.
    """
    place = locate(anchor.start, anchor.exact, anchor.prefix, anchor.suffix, text)
    if place is not None and text[slice(*place)] == anchor.exact:
        return tuple(Span(place[0] + part.start, place[0] + part.end) for part in anchor.parts)
    if len(anchor.parts) == 1:
        return (Span(*place),) if place else None
    found: list[Span] = []
    for part in anchor.parts:
        prefix = f"{anchor.prefix}{anchor.exact[: part.start]}"[-SURROUNDINGS:]
        suffix = f"{anchor.exact[part.end :]}{anchor.suffix}"[:SURROUNDINGS]
        place = locate(anchor.start + part.start, part.of(anchor.exact), prefix, suffix, text)
        if place is None or (found and place[0] < found[-1].end):
            return None
        found.append(Span(*place))
    return tuple(found)


def locate(start: int, exact: str, prefix: str, suffix: str, text: str) -> tuple[int, int] | None:
    """Return start and end of the characters of an anchor in a text, or None.

    Tried in order: the same characters at the same place; the same characters elsewhere, of several those with the most
    similar surroundings; similar characters between similar surroundings. None means that a person has to look: a guess
    would hide the loss.
    """
    if text.startswith(exact, start):
        return start, start + len(exact)
    places = [match.start() for match in re.finditer(re.escape(exact), text)]
    if places:
        place = _by_surroundings(places, exact, prefix, suffix, text)
        return None if place is None else (place, place + len(exact))
    return _similar(exact, prefix, suffix, text)


def _by_surroundings(places: list[int], exact: str, prefix: str, suffix: str, text: str) -> int | None:
    """Return the only place, or that with the most similar surroundings; None if none is similar or two are equal."""
    if len(places) == 1:
        return places[0]
    similarity = {place: _context_similarity(place, place + len(exact), prefix, suffix, text) for place in places}
    best = max(similarity.values())
    best_places = [place for place in places if similarity[place] == best]
    return best_places[0] if len(best_places) == 1 and best >= LEAST_CONTEXT_SIMILARITY else None


def _similar(exact: str, prefix: str, suffix: str, text: str) -> tuple[int, int] | None:
    if len(text) < len(exact):
        return None
    found = fuzz.partial_ratio_alignment(exact, text, score_cutoff=LEAST_SIMILARITY)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    is_there = _context_similarity(start, end, prefix, suffix, text) >= LEAST_CONTEXT_SIMILARITY
    return (start, end) if is_there else None


def _context_similarity(start: int, end: int, prefix: str, suffix: str, text: str) -> float:
    """Return the similarity, of 100, of the better of the two sides; the other side only breaks ties."""
    before, after = surroundings(text, start, end)
    worse, better = sorted((fuzz.ratio(prefix, before), fuzz.ratio(suffix, after)))
    return better + worse / 1000
