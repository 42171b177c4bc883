"""Cut a text at the ends of what is lit in it, so that a template can print it piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotetrack.core.domain import Span

STATEMENTS = ("words", "reported")  # roles of the characters that somebody said, or is said to have said


@dataclass(frozen=True, slots=True)
class Highlight:
    """Characters that belong to a quotation or reported statement; `role` is the class of their colour."""

    span: Span
    number: int
    role: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters between two ends of highlights.

    `numbers` are those of the statements that are lit here, `starting` of those whose words begin here, `ending` of the
    highlights that end here.
    """

    text: str
    classes: str
    numbers: list[int]
    starting: list[int]
    ending: list[int]


def stretches(text: str, highlights: Sequence[Highlight]) -> Iterator[Stretch]:
    """Cut a text at both ends of each highlight: highlights may overlap, as a mention that holds quoted words."""
    started: set[int] = set()
    edges = sorted({0, len(text), *(h.span.start for h in highlights), *(h.span.end for h in highlights)})
    for start, end in pairwise(edges):
        here = [h for h in highlights if h.span.start <= start and end <= h.span.end]
        starting = {h.number for h in here if h.role in STATEMENTS} - started
        started |= starting
        yield Stretch(
            text=text[start:end],
            classes=" ".join(dict.fromkeys([h.role for h in here] + [f"n{h.number}" for h in here])),
            numbers=list(dict.fromkeys(h.number for h in here)),
            starting=sorted(starting),
            ending=list(dict.fromkeys(h.number for h in here if h.span.end == end)),
        )
