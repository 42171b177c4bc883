"""Propose what a cue may report: stretches of its sentence that begin and end where the parse has an edge.

"Lee said the ferry would stop" has its content behind the cue, "The ferry would stop, Lee said" before it, and "The
ferry, Lee said, would stop" on both sides, with the reporter's clause left out (`hole`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.frames import Reading
from quotetrack.extract.reporting.cues import CueKind, CueWord

# Candidates of one cue on each side, at most.
MOST_STARTS, MOST_ENDS = 5, 8
# Tokens behind a cue in which "that" or a colon may open what it reports.
FARTHEST_OPENING = 14

_COMPLEMENTS = frozenset("ccomp xcomp dobj obj prep advcl acl dative attr oprd parataxis relcl appos pcomp".split())
_LEFT = frozenset("ccomp parataxis advcl nsubjpass dep".split())
_LATER = frozenset("advcl conj relcl parataxis acl prep npadvmod".split())  # what may stand behind the content
_BREAKS = frozenset({",", "--", "–", "—", ";", ":"})

Side = Literal["right", "left", "around", "noun"]


@dataclass(frozen=True, slots=True)
class Content:
    """Tokens that a cue may report, from `first` to `last`, without those of `hole` (first, last).

    `opens` and `closes` name the edges of the parse at which they begin and end.
    """

    first: int
    last: int
    side: Side
    opens: str
    closes: str
    hole: tuple[int, int] | None = None

    def spans(self, reading: Reading) -> list[Span]:
        """Return the characters: one span, or the two around the hole."""
        if self.hole is None:
            return [_span(reading, self.first, self.last)]
        return [_span(reading, self.first, self.hole[0] - 1), _span(reading, self.hole[1] + 1, self.last)]


def contents_of(reading: Reading, cue: CueWord) -> list[Content]:
    """Return what a cue may report, each stretch once."""
    token = reading.tokens[cue.index]
    first, last = sentence_of(reading, token)
    found: dict[tuple[int, int, tuple[int, int] | None], Content] = {}
    if cue.kind is CueKind.ACCORDING:
        proposed = _beside_phrase(reading, token, first, last)
    else:
        proposed = _proposed(reading, token, first, last)
    for content in proposed:
        trimmed = _trimmed(reading, content)
        if trimmed is not None:
            found.setdefault((trimmed.first, trimmed.last, trimmed.hole), trimmed)
    return list(found.values())


def sentence_of(reading: Reading, token: Token) -> tuple[int, int]:
    """Return the first and the last token of the sentence of a token."""
    sentence = token.sent
    return sentence.start, sentence.end - 1


def _proposed(reading: Reading, cue: Token, first: int, last: int) -> Iterator[Content]:
    yield from _behind(reading, cue, last)
    yield from _before(reading, cue, first)
    yield from _around(reading, cue, first, last)
    if cue.dep_ in ("relcl", "acl") and cue.head.i < cue.i:
        yield Content(cue.head.left_edge.i, cue.head.i, "noun", "antecedent", "antecedent")


def _behind(reading: Reading, cue: Token, last: int) -> Iterator[Content]:
    starts = _starts(reading, cue, last)
    ends = _ends(reading, cue, last)
    for start, opens in list(starts.items())[:MOST_STARTS]:
        later = [(end, closes) for end, closes in ends.items() if end >= start]
        for end, closes in later[:MOST_ENDS]:
            yield Content(start, end, "right", opens, closes)


def _starts(reading: Reading, cue: Token, last: int) -> dict[int, str]:
    """Return the tokens behind a cue at which its content may begin, with the names of the edges."""
    starts: dict[int, str] = {}
    for child in cue.rights:
        if child.dep_ in _COMPLEMENTS:
            starts.setdefault(max(child.left_edge.i, cue.i + 1), child.dep_)
    for index in range(cue.i + 1, min(last, cue.i + FARTHEST_OPENING)):
        token = reading.tokens[index]
        if token.lower_ == "that" and token.pos_ == "SCONJ":
            starts.setdefault(index, "that")
            break
        if token.text == ":":
            starts.setdefault(index + 1, "colon")
            break
    if cue.i < last:
        starts.setdefault(cue.i + 1, "next")
    return starts


def _ends(reading: Reading, cue: Token, last: int) -> dict[int, str]:
    """Return the tokens behind a cue at which its content may end: the farthest edge has the first name."""
    ends: dict[int, str] = {}
    for child in cue.rights:
        if child.dep_ in _COMPLEMENTS:
            ends.setdefault(min(child.right_edge.i, last), child.dep_)
    ends.setdefault(min(cue.right_edge.i, last), "cue")
    ends.setdefault(last, "sentence")
    heads = [cue, *(child for child in cue.rights if child.dep_ in _COMPLEMENTS)]
    for head in heads:
        for child in head.rights:
            if child.dep_ in _LATER and child.left_edge.i - 1 > cue.i:
                ends.setdefault(child.left_edge.i - 1, f"before_{child.dep_}")
    return ends


def _before(reading: Reading, cue: Token, first: int) -> Iterator[Content]:
    for child in cue.lefts:
        if child.dep_ in _LEFT:
            yield Content(child.left_edge.i, child.right_edge.i, "left", child.dep_, child.dep_)
    clause = _own_clause(reading, cue)
    if clause[0] - 1 > first:
        yield Content(first, clause[0] - 1, "left", "sentence", "clause")
        if cue.head.i < cue.i and cue.head is not cue:
            yield Content(max(first, cue.head.left_edge.i), clause[0] - 1, "left", "head", "clause")
        comma = next((i for i in range(clause[0] - 2, first, -1) if reading.tokens[i].text in _BREAKS), None)
        if comma is not None:
            yield Content(comma + 1, clause[0] - 1, "left", "comma", "clause")


def _around(reading: Reading, cue: Token, first: int, last: int) -> Iterator[Content]:
    start, end = _own_clause(reading, cue)
    if start - 1 > first and end + 1 < last and reading.tokens[start - 1].text in _BREAKS:
        behind = next((i for i in range(end + 1, min(end + 8, last)) if reading.tokens[i].text in _BREAKS), None)
        if behind is not None:
            yield Content(first, last, "around", "sentence", "sentence", (start, behind))
            for child in cue.children:
                if child.dep_ in ("ccomp", "parataxis") and child.left_edge.i < start and child.right_edge.i > behind:
                    edges = child.left_edge.i, child.right_edge.i
                    yield Content(*edges, "around", child.dep_, child.dep_, (start, behind))


def _own_clause(reading: Reading, cue: Token) -> tuple[int, int]:
    """Return the first and last token of "Lee said" in "..., Lee said, ...": subject, auxiliaries and cue."""
    near = [cue.i]
    for child in cue.children:
        if child.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass", "neg", "prt", "dative", "expl"):
            near += [child.left_edge.i, child.right_edge.i]
        if child.dep_ == "advmod" and abs(child.i - cue.i) == 1:
            near.append(child.i)
    return min(near), max(near)


def _beside_phrase(reading: Reading, cue: Token, first: int, last: int) -> Iterator[Content]:
    """Yield what stands beside "according to X": the rest of its sentence or clause, on either side."""
    end = cue.right_edge.i
    for child in cue.rights:
        end = max(end, child.right_edge.i)
    behind = next((t.i for t in cue.rights if t.lower_ == "to"), cue.i + 1)
    end = max(end, reading.tokens[behind].right_edge.i)
    comma = next((i for i in range(cue.i, min(end + 2, last + 1)) if reading.tokens[i].text == ","), None)
    stops = {end: "phrase"} | ({comma: "comma"} if comma is not None and comma > cue.i + 1 else {})
    for stop, name in stops.items():
        if stop + 1 < last:
            yield Content(stop + 1, last, "right", name, "sentence")
            yield from (
                Content(stop + 1, child.left_edge.i - 1, "right", name, "before_conj")
                for child in cue.sent.root.rights
                if child.dep_ == "conj" and child.left_edge.i - 1 > stop + 1
            )
            if cue.i - 1 > first:
                yield Content(first, last, "around", "sentence", "sentence", (cue.i, stop))
    if cue.i - 1 > first:
        yield Content(first, cue.i - 1, "left", "sentence", "phrase")
        head = cue.head
        seen = set()
        while head.i < cue.i and head.i not in seen:
            seen.add(head.i)
            yield Content(max(first, head.left_edge.i), cue.i - 1, "left", f"head_{head.pos_.lower()}", "phrase")
            head = head.head
        for index in range(cue.i - 2, first, -1):
            token = reading.tokens[index]
            if token.text in _BREAKS or token.dep_ == "cc":
                yield Content(index + 1, cue.i - 1, "left", "comma", "phrase")
                break


def _trimmed(reading: Reading, content: Content) -> Content | None:
    """Return a content without commas, dashes and conjunctions at its ends; None where nothing is left."""
    first, last = content.first, content.last
    while (
        first <= last
        and (reading.tokens[first].is_punct or reading.tokens[first].is_space)
        and not _is_mark(reading, first)
    ):
        first += 1
    while last >= first and _is_loose(reading, last):
        last -= 1
    if first > last:
        return None
    hole = content.hole
    if hole is not None and not first < hole[0] <= hole[1] < last:
        return None
    return Content(first, last, content.side, content.opens, content.closes, hole)


def _is_loose(reading: Reading, index: int) -> bool:
    token = reading.tokens[index]
    return (token.is_punct or token.is_space or token.dep_ == "cc") and not _is_mark(reading, index)


def _is_mark(reading: Reading, index: int) -> bool:
    return reading.inside[index] >= 0


def _span(reading: Reading, first: int, last: int) -> Span:
    return Span(reading.place(reading.tokens[first]).start, reading.place(reading.tokens[last]).end)
