"""Parse the frame of a paragraph: the reporter's text, with one word in place of each whole quotation.

`"We have waited long enough, and we will not wait again," Ann Lee said.` is parsed as `"Yes," Ann Lee said.` The quoted
words cannot mislead the parser then, and it has a third of the words to read.
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

# The word in place of a whole quotation: tried against "It", "So" and "This is it" on forms of attribution.
PLACEHOLDER = "Yes"
# Words and characters of a fragment that is parsed as it stands: it belongs to the grammar of the reporter's sentence.
LONGEST_FRAGMENT = 12
LONGEST_FRAGMENT_CHARACTERS = 199
# Characters of one frame that are parsed: no paragraph of news is longer, and spaCy refuses a million.
LONGEST_FRAME = 20_000

_MARK_BEFORE = re.compile(r"(?:''|``|[\"“”„‟«»‘’‚‛‹›'`])\s*$")
_MARK_AFTER = re.compile(r"\s*(?:''|``|[\"“”„‟«»‘’‚‛‹›'`])")
_INNER_END = re.compile(r"[.?!;:]\s")
_FINAL = re.compile(r"([,.?!])[^\w]*$")


@dataclass(frozen=True, slots=True)
class Part:
    """One pair of outer marks: the words (`span`), and the words with their marks (`marked`)."""

    span: Span
    marked: Span
    is_fragment: bool


@dataclass(slots=True)
class Reading:
    """A parsed paragraph: `doc` is the parsed frame, `parts` are in order, `inside[i]` is the part of token i or -1.

    `tokens` are those of `doc`, kept since spaCy makes a new object each time a token is taken from a doc.
    """

    text: str
    paragraph: Span
    parts: list[Part]
    doc: Doc
    _pieces: list[tuple[int, int, int, int]]  # frame start, frame end, text start, text end
    inside: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    _edges: list[tuple[int, int]] = field(default_factory=list)
    _sums: list[tuple[int, int, int, int]] = field(default_factory=list)

    def place(self, tokens: Tokens | Token) -> Span:
        """Return the characters of the text that tokens of the frame stand for."""
        if isinstance(tokens, Token):
            return Span(self._original(tokens.idx), self._original(tokens.idx + len(tokens), end=True))
        return Span(self._original(tokens.start_char), self._original(tokens.end_char, end=True))

    def first_token(self, part: int) -> int:
        """Return the first token of a part, its opening mark included; the length of the doc if it has none."""
        return self._bounds()[part][0]

    def after_token(self, part: int) -> int:
        """Return the token after a part and its closing mark; the length of the doc if it has none."""
        return self._bounds()[part][1]

    def outside_between(self, between: range) -> tuple[int, int, int]:
        """Return the numbers of words, stops and proper nouns among some tokens, outside of the parts."""
        if not between:
            return 0, 0, 0
        low, high = self._sums_before()[between.start], self._sums_before()[between.stop]
        return high[0] - low[0], high[1] - low[1], high[2] - low[2]

    def parts_between(self, between: range, but_for: int) -> int:
        """Return the number of parts among some tokens, without one of them."""
        if not between:
            return 0
        sums = self._sums_before()
        if sums[-1][3] != len(set(self.inside) - {-1}):  # the tokens of a part do not stand together
            return len({self.inside[i] for i in between if self.inside[i] >= 0} - {but_for})
        number = sums[between.stop][3] - sums[between.start + 1][3] + (self.inside[between.start] >= 0)
        first, after = self._bounds()[but_for]
        return number - (max(first, between.start) < min(after, between.stop))

    def _sums_before(self) -> list[tuple[int, int, int, int]]:
        """Return the words, stops, proper nouns and beginnings of parts before each token, and before the end."""
        if not self._sums:
            words = stops = nouns = parts = 0
            self._sums.append((0, 0, 0, 0))
            for index, token in enumerate(self.tokens):
                inside = self.inside[index]
                if inside < 0:
                    words += not token.is_punct
                    stops += token.text in (".", "!", "?", ";")
                    nouns += token.pos_ == "PROPN" and token.dep_ != "compound"
                elif not index or self.inside[index - 1] != inside:
                    parts += 1
                self._sums.append((words, stops, nouns, parts))
        return self._sums

    def _bounds(self) -> list[tuple[int, int]]:
        if not self._edges:
            edges: dict[int, tuple[int, int]] = {}
            for index, part in enumerate(self.inside):
                first = edges[part][0] if part in edges else index
                edges[part] = (first, index + 1)
            nowhere = (len(self.inside), len(self.inside))
            self._edges = [edges.get(part, nowhere) for part in range(len(self.parts))]
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
    """Parse paragraphs of a text, each given with its quoted parts and whether each part is a fragment (`mixed`)."""
    frames = [_frame(text, paragraph, parts) for paragraph, parts in wanted]
    order = sorted(range(len(frames)), key=lambda i: len(frames[i][0]))  # like lengths in one batch
    docs: dict[int, Doc] = dict(zip(order, parse((frames[i][0][:LONGEST_FRAME] for i in order), nlp), strict=True))
    return [
        _reading(text, paragraph, parts, docs[i], pieces)
        for i, ((paragraph, _), (_, parts, pieces)) in enumerate(zip(wanted, frames, strict=True))
    ]


def entities_in(text: str, paragraphs: Sequence[Span], nlp: Language) -> list[tuple[Span, str]]:
    """Return the entities of paragraphs that are not parsed, with their labels; none without a recogniser."""
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
    """Return the frame of a paragraph, its parts, and its pieces (see `Reading`): which characters stand for which."""
    frame, pieces, parts, at = "", [], [], paragraph.start
    for span, is_fragment in quoted:
        part = _part(text, paragraph, span, is_fragment)
        parts.append(part)
        if part.marked.start > at:
            pieces.append((len(frame), len(frame) + part.marked.start - at, at, part.marked.start))
            frame += text[at : part.marked.start]
        shown = _in_frame(text, part)
        pieces.append((len(frame), len(frame) + len(shown), part.marked.start, part.marked.end))
        frame += shown
        at = part.marked.end
    if at < paragraph.end:
        pieces.append((len(frame), len(frame) + paragraph.end - at, at, paragraph.end))
        frame += text[at : paragraph.end]
    return frame, parts, pieces


def _part(text: str, paragraph: Span, span: Span, is_fragment: bool) -> Part:
    before = _MARK_BEFORE.search(text[paragraph.start : span.start])
    after = _MARK_AFTER.match(text, span.end, paragraph.end)
    start = paragraph.start + before.start() if before else span.start
    words = span.of(text)
    is_short = len(span) <= LONGEST_FRAGMENT_CHARACTERS and len(words.split()) <= LONGEST_FRAGMENT
    marked = Span(start, after.end() if after else span.end)
    return Part(span, marked, is_fragment and is_short and not _INNER_END.search(words))


def _in_frame(text: str, part: Part) -> str:
    """Return the characters of a frame for a part: a fragment as it stands, else the placeholder with its last stop."""
    words = part.span.of(text)
    if part.is_fragment:
        return f'"{" ".join(words.split())}"'
    final = _FINAL.search(words)
    return f'"{PLACEHOLDER}{final[1] if final else ""}"'
