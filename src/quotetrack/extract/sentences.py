"""The reporter's sentences: the one around a position, and its words outside the quotation marks.

By characters only. A stop inside marks ends no sentence, nor does an abbreviation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from quotetrack.core.domain import Quotation, Span
from quotetrack.lang.en.sentences import SENTENCE_BOUNDARY


class Reporter:
    """The sentences and paragraphs of one article, and its words in quotation marks."""

    def __init__(self, text: str, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """Keep the paragraphs of the text, in order, and its parts in marks (`quoted`)."""
        self.text = text
        self.paragraphs = list(paragraphs)
        self.quoted = sorted(quoted)
        self._starts = [paragraph.start for paragraph in self.paragraphs]
        self._quoted_starts = [span.start for span in self.quoted]
        self._stops: dict[int, list[tuple[int, int]]] = {}
        self._words: dict[Span, str] = {}

    def paragraph_of(self, position: int) -> int:
        """Return the number of the paragraph that holds a position, or of the last one before it; 0 above the first."""
        return max(0, bisect_right(self._starts, position) - 1)

    def is_quoted(self, position: int) -> bool:
        """Return whether a position lies inside marks."""
        return any(span.start <= position < span.end for span in self._around(Span(position, position + 1)))

    def quoted_before(self, position: int) -> int:
        """Return how many parts in marks begin before a position."""
        return bisect_left(self._quoted_starts, position)

    def has_quoted(self, stretch: Span) -> bool:
        """Return whether a part in marks begins within a stretch."""
        return self.quoted_before(stretch.end) > self.quoted_before(stretch.start)

    def words(self, stretch: Span) -> str:
        """Return the reporter's words of a stretch, without those in marks."""
        if stretch not in self._words:
            kept, at = [], stretch.start
            for span in self._around(stretch):
                kept.append(self.text[at : max(at, span.start)])
                at = max(at, span.end)
            kept.append(self.text[at : max(at, stretch.end)])
            self._words[stretch] = " ".join(kept)
        return self._words[stretch]

    def sentences_of(self, quotation: Quotation) -> Span:
        """Return the reporter's sentence or sentences in which the words and their cue stand."""
        points = [part.start for part in quotation.parts] + [quotation.parts[-1].end]
        if quotation.attribution is not None and quotation.attribution.cue is not None:
            points += [quotation.attribution.cue.start, quotation.attribution.cue.end]
        return Span(self.sentence(min(points)).start, self.sentence(max(points)).end)

    def sentence_before(self, stretch: Span) -> Span | None:
        """Return the sentence that ends where a stretch begins, also that of the paragraph above; None at the top."""
        end = len(self.text[: stretch.start].rstrip())
        return self.sentence(end - 1) if end else None

    def sentence(self, position: int) -> Span:
        """Return the reporter's sentence around a position."""
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
        """Return where the sentences of a paragraph end, each with the beginning of the next."""
        if number not in self._stops:
            paragraph = self.paragraphs[number]
            inside = self._around(paragraph)
            self._stops[number] = [
                (match.start(), match.end())
                for match in SENTENCE_BOUNDARY.finditer(self.text, paragraph.start, paragraph.end)
                if not any(q.start <= match.start() < q.end - 1 for q in inside)
            ]
        return self._stops[number]

    def _around(self, stretch: Span) -> list[Span]:
        """Return the parts in marks that reach into a stretch."""
        first = max(0, bisect_right(self._quoted_starts, stretch.start) - 1)
        reaching = self.quoted[first : bisect_left(self._quoted_starts, stretch.end)]
        return [span for span in reaching if span.end > stretch.start]
