"""Who said these words? Remembered words, the printed ones that come nearest, and how far they are apart.

Full text proposes and a word-by-word comparison decides: a memory is right about most words and wrong about some, so
that what is asked is how many words of it stand in print in this order, not what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz import fuzz

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.normalize import normalise
from quotetrack.store import Session
from quotetrack.store.search import EVERYTHING, Narrowing, full_text, hits
from quotetrack.store.utterances import read_utterances

POOL = 300  # sightings that full text proposes
LEAST_ALIKE = 0.6  # from here on people who misremember a sentence still mean it; other sentences reach 0.5
LIMIT = 5


class Edit(StrEnum):
    """What became of some remembered words."""

    KEPT = "kept"
    NOT_PRINTED = "not_printed"  # remembered, and not there
    NOT_REMEMBERED = "not_remembered"  # there, and not remembered


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and what became of them."""

    edit: Edit
    words: str


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """An utterance that may be what somebody remembers, by the sighting whose wording comes nearest.

    `alike` is 1 where the words stand in print as remembered, 0 where none does; `pieces` tell the difference from
    the remembered words to the part of the printed ones that they are about; `changed` counts the words in it.
    """

    utterance: Utterance
    sighting: Sighting
    alike: float
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> int:
        """How many words are remembered otherwise: missing or added, a replaced word counted once."""
        lost, gained = (
            sum(len(piece.words.split()) for piece in self.pieces if piece.edit is edit)
            for edit in (Edit.NOT_PRINTED, Edit.NOT_REMEMBERED)
        )
        return max(lost, gained)


def find_quotations_like(
    session: Session, remembered: str, narrowing: Narrowing = EVERYTHING, *, limit: int = LIMIT
) -> list[QuotationMatch]:
    """The utterances whose words come near to remembered ones, nearest first; none where nobody on file said so."""
    proposed = [quotation_id for quotation_id, _ in full_text(session, remembered, narrowing, limit=POOL)]
    alike: dict[int, float] = {}
    for hit in hits(session, proposed).values():
        alike[hit.utterance_id] = max(alike.get(hit.utterance_id, 0.0), likeness(remembered, hit.words))
    near = sorted((u for u in alike if alike[u] >= LEAST_ALIKE), key=lambda u: (-alike[u], u))[:limit]
    utterances = {utterance.id: utterance for utterance in read_utterances(session, near)}
    return [_recalled(remembered, utterances[u]) for u in near if u in utterances]


def likeness(remembered: str, printed: str) -> float:
    """How much of the remembered words stand in a row in the printed ones, 0 to 1, whatever the marks and case."""
    ours, theirs = normalise(remembered), normalise(printed)
    if not ours or not theirs:
        return 0.0
    if len(ours) > len(theirs):
        return fuzz.ratio(ours, theirs) / 100
    return fuzz.partial_ratio(ours, theirs) / 100


def difference(remembered: str, printed: str) -> tuple[Piece, ...]:
    """From the remembered words to the printed ones, word by word; print beyond the remembered part is left out."""
    ours, theirs = remembered.split(), printed.split()
    matcher = SequenceMatcher(None, [_bare(w) for w in ours], [_bare(w) for w in theirs], autojunk=False)
    pieces: list[Piece] = []
    codes = matcher.get_opcodes()
    for at, (tag, left, left_end, right, right_end) in enumerate(codes):
        if tag == "equal":
            pieces.append(Piece(Edit.KEPT, " ".join(theirs[right:right_end])))
            continue
        if left < left_end:
            pieces.append(Piece(Edit.NOT_PRINTED, " ".join(ours[left:left_end])))
        is_outside = left == left_end and at in (0, len(codes) - 1)
        if right < right_end and not is_outside:
            pieces.append(Piece(Edit.NOT_REMEMBERED, " ".join(theirs[right:right_end])))
    return tuple(pieces)


def _recalled(remembered: str, utterance: Utterance) -> QuotationMatch:
    nearest = max(utterance.sightings, key=lambda s: (likeness(remembered, s.words), s.is_current))
    return QuotationMatch(
        utterance, nearest, likeness(remembered, nearest.words), difference(remembered, nearest.words)
    )


def _bare(word: str) -> str:
    return normalise(word) or word
