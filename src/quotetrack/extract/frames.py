"""A paragraph as its reporter wrote it, parsed: whole quotations stand as one word, so that the parse is of the frame.

`"We have waited long enough, and we will not wait again," Ann Lee said.` is read as `"Yes," Ann Lee said.`: the
parser is not led astray by what people say, and has a third of the words to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as Tokens

from quotetrack.core.domain import Span
from quotetrack.models.spacy_pipeline import parse

# The word that stands for a whole quotation: tried against "It", "So" and "This is it" on forms of attribution.
PLACEHOLDER = "Yes"
# Fragments up to this many words are read as they stand: they belong to the grammar of the reporter's sentence.
LONGEST_FRAGMENT = 12
# Characters of one paragraph that are parsed: no paragraph of news is longer, and spaCy refuses a million.
LONGEST_FRAME = 20_000

_MARK_BEFORE = re.compile(r"(?:''|``|[\"“”„‟«»‘’‚‛‹›'`])\s*$")
_MARK_AFTER = re.compile(r"\s*(?:''|``|[\"“”„‟«»‘’‚‛‹›'`])")
_INNER_END = re.compile(r"[.?!;:]\s")
_FINAL = re.compile(r"([,.?!])[^\w]*$")


@dataclass(frozen=True, slots=True)
class Part:
    """One pair of outer marks: the words, and the characters with their marks."""

    span: Span
    marked: Span
    is_fragment: bool


@dataclass(slots=True)
class Reading:
    """A parsed paragraph: `doc` is of the frame, `parts` are in order, `inside[i]` is the part of token i or -1.

    `tokens` are those of `doc`, made once: spaCy makes a new object each time one is taken from a doc.
    """

    text: str
    paragraph: Span
    parts: list[Part]
    doc: Doc
    _pieces: list[tuple[int, int, int, int]]  # frame start, frame end, text start, text end
    inside: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    _edges: list[tuple[int, int]] = field(default_factory=list)

    def place(self, tokens: Tokens | Token) -> Span:
        """Where tokens of the frame stand in the text."""
        if isinstance(tokens, Token):
            return Span(self._original(tokens.idx), self._original(tokens.idx + len(tokens), end=True))
        return Span(self._original(tokens.start_char), self._original(tokens.end_char, end=True))

    def first_token(self, part: int) -> int:
        """The first token of a part, its opening mark included; the length of the doc if it has none."""
        return self._bounds()[part][0]

    def after_token(self, part: int) -> int:
        """The token after a part and its closing mark; the length of the doc if it has none."""
        return self._bounds()[part][1]

    def _bounds(self) -> list[tuple[int, int]]:
        if not self._edges:
            found: dict[int, tuple[int, int]] = {}
            for index, part in enumerate(self.inside):
                found[part] = (found[part][0] if part in found else index, index + 1)
            nowhere = (len(self.inside), len(self.inside))
            self._edges = [found.get(part, nowhere) for part in range(len(self.parts))]
        return self._edges

    def _original(self, offset: int, end: bool = False) -> int:
        for frame_start, frame_end, start, stop in self._pieces:
            if offset < frame_end or (end and offset == frame_end):
                is_copied = frame_end - frame_start == stop - start
                return start + (offset - frame_start) if is_copied else (stop if end else start)
        return self.paragraph.end


def read_paragraphs(
    text: str, wanted: Sequence[tuple[Span, Sequence[tuple[Span, bool]]]], nlp: Language
) -> list[Reading]:
    """Parse paragraphs of a text, each given with its quoted parts and whether a part is a fragment (`mixed`)."""
    frames = [_frame(text, paragraph, parts) for paragraph, parts in wanted]
    order = sorted(range(len(frames)), key=lambda i: len(frames[i][0]))  # like lengths in one batch
    docs: dict[int, Doc] = dict(zip(order, parse((frames[i][0][:LONGEST_FRAME] for i in order), nlp), strict=True))
    return [
        _reading(text, paragraph, parts, docs[i], pieces)
        for i, ((paragraph, _), (_, parts, pieces)) in enumerate(zip(wanted, frames, strict=True))
    ]


def entities_in(text: str, paragraphs: Sequence[Span], nlp: Language) -> list[tuple[Span, str]]:
    """What the entity recogniser finds in paragraphs that are not parsed, with its label; nothing without one."""
    if "ner" not in nlp.pipe_names:
        return []
    with nlp.select_pipes(enable=["ner"]):
        docs = parse((p.of(text)[:LONGEST_FRAME] for p in paragraphs), nlp)
        return [
            (Span(paragraph.start + entity.start_char, paragraph.start + entity.end_char), entity.label_)
            for paragraph, doc in zip(paragraphs, docs, strict=True)
            for entity in doc.ents
        ]


def _reading(
    text: str, paragraph: Span, parts: list[Part], doc: Doc, pieces: list[tuple[int, int, int, int]]
) -> Reading:
    reading = Reading(text, paragraph, parts, doc, pieces)
    reading.tokens = list(doc)
    starts = [reading._original(token.idx) for token in reading.tokens]
    reading.inside = [_part_at(parts, start) for start in starts]
    return reading


def _part_at(parts: Sequence[Part], position: int) -> int:
    return next((i for i, part in enumerate(parts) if part.marked.start <= position < part.marked.end), -1)


def _frame(
    text: str, paragraph: Span, quoted: Iterable[tuple[Span, bool]]
) -> tuple[str, list[Part], list[tuple[int, int, int, int]]]:
    """The paragraph with a placeholder for each whole quotation, and which characters stand for which."""
    frame, pieces, parts, at = "", [], [], paragraph.start
    for span, is_fragment in quoted:
        part = _part(text, paragraph, span, is_fragment)
        parts.append(part)
        for original, shown in (
            (Span(at, part.marked.start) if part.marked.start > at else None, None),
            (part.marked, _shown(text, part)),
        ):
            if original is not None:
                characters = original.of(text) if shown is None else shown
                pieces.append((len(frame), len(frame) + len(characters), original.start, original.end))
                frame += characters
        at = part.marked.end
    if at < paragraph.end:
        pieces.append((len(frame), len(frame) + paragraph.end - at, at, paragraph.end))
        frame += text[at : paragraph.end]
    return frame, parts, pieces


def _part(text: str, paragraph: Span, span: Span, is_fragment: bool) -> Part:
    before = _MARK_BEFORE.search(text[paragraph.start : span.start])
    after = _MARK_AFTER.match(text, span.end, paragraph.end)
    start = paragraph.start + before.start() if before else span.start
    short = len(span) < 200 and len(span.of(text).split()) <= LONGEST_FRAGMENT and not _INNER_END.search(span.of(text))
    return Part(span, Span(start, after.end() if after else span.end), is_fragment and short)


def _shown(text: str, part: Part) -> str:
    words = part.span.of(text)
    if part.is_fragment:
        return f'"{" ".join(words.split())}"'
    final = _FINAL.search(words)
    return f'"{PLACEHOLDER}{final[1] if final else ""}"'
