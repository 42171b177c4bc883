"""The reporter's own words: which sentence stands around a place, and what of it is outside the quotation marks.

Characters only: a stop inside marks ends no sentence, and an abbreviation does not either.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from quotetrack.core.domain import Quotation, Span

_ABBREVIATIONS = "Mr Ms Dr Jr Sr St vs No Mrs Sen Rep Gov Gen Col Jan Feb Mar Apr Aug Sep Oct Nov Dec Sept".split()
_SENTENCE_END = re.compile(
    r"(?<![A-Z])"
    + "".join(rf"(?<!\b{abbreviation})" for abbreviation in _ABBREVIATIONS)
    + r"[.?!][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])"
)


class Reporter:
    """Sentences and paragraphs of one article, with what stands in marks known."""

    def __init__(self, text: str, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` and `quoted` are those of the text, in order."""
        self.text = text
        self.paragraphs = list(paragraphs)
        self.quoted = sorted(quoted)
        self._starts = [paragraph.start for paragraph in self.paragraphs]
        self._quoted_starts = [span.start for span in self.quoted]
        self._stops: dict[int, list[tuple[int, int]]] = {}
        self._words: dict[Span, str] = {}

    def paragraph_of(self, position: int) -> int:
        """The number of the paragraph in which a place lies, or that before it; 0 above the first."""
        return max(0, bisect_right(self._starts, position) - 1)

    def is_quoted(self, position: int) -> bool:
        """Whether a place lies inside marks."""
        return any(span.start <= position < span.end for span in self._around(Span(position, position + 1)))

    def quoted_before(self, position: int) -> int:
        """How many stretches in marks begin before a place."""
        return bisect_left(self._quoted_starts, position)

    def has_quoted(self, stretch: Span) -> bool:
        """Whether words in marks begin within a stretch."""
        return self.quoted_before(stretch.end) > self.quoted_before(stretch.start)

    def words(self, stretch: Span) -> str:
        """The reporter's words of a stretch: what stands in marks is left out."""
        if stretch not in self._words:
            kept, at = [], stretch.start
            for span in self._around(stretch):
                kept.append(self.text[at : max(at, span.start)])
                at = max(at, span.end)
            kept.append(self.text[at : max(at, stretch.end)])
            self._words[stretch] = " ".join(kept)
        return self._words[stretch]

    def sentences_of(self, quotation: Quotation) -> Span:
        """The reporter's sentence or sentences in which the words and their cue stand."""
        points = [part.start for part in quotation.parts] + [quotation.parts[-1].end]
        if quotation.attribution is not None and quotation.attribution.cue is not None:
            points += [quotation.attribution.cue.start, quotation.attribution.cue.end]
        return Span(self.sentence(min(points)).start, self.sentence(max(points)).end)

    def sentence_before(self, stretch: Span) -> Span | None:
        """The sentence that ends where a stretch begins, be it of the paragraph above."""
        end = len(self.text[: stretch.start].rstrip())
        return self.sentence(end - 1) if end else None

    def sentence(self, position: int) -> Span:
        """The reporter's sentence around a place."""
        number = self.paragraph_of(position)
        paragraph = self.paragraphs[number]
        start, end = paragraph.start, paragraph.end
        for stop, following in self._stops_of(number):
            if following <= position:
                start = following
            elif stop >= position:
                end = following
                break
        return Span(start, max(end, start + 1))

    def _stops_of(self, number: int) -> list[tuple[int, int]]:
        """Where the sentences of a paragraph end, and where the next begins."""
        if number not in self._stops:
            paragraph = self.paragraphs[number]
            inside = self._around(paragraph)
            self._stops[number] = [
                (match.start(), match.end())
                for match in _SENTENCE_END.finditer(self.text, paragraph.start, paragraph.end)
                if not any(q.start <= match.start() < q.end - 1 for q in inside)
            ]
        return self._stops[number]

    def _around(self, stretch: Span) -> list[Span]:
        """What stands in marks and reaches into a stretch."""
        first = max(0, bisect_right(self._quoted_starts, stretch.start) - 1)
        reaching = self.quoted[first : bisect_left(self._quoted_starts, stretch.end)]
        return [span for span in reaching if span.end > stretch.start]
