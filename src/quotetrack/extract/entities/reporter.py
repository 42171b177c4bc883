"""Read the reporter's own words of an article, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.lang.en.body_words import QUOTED, SENTENCE_END

# Ends of sentences, and of paragraphs, between a place and a mention that goes on from it, at most.
FARTHEST_SENTENCE, FARTHEST_PARAGRAPH = 2, 1


class ReporterText:
    """The text of an article with each quoted character replaced, so that every place stays. Read when first asked."""

    def __init__(self, names: ArticleNames) -> None:
        self._names = names

    @cached_property
    def text(self) -> str:
        """The text without the quoted words."""
        text = list(self._names.text)
        for span in self._names.quoted:
            text[span.start : span.end] = QUOTED * len(span)
        return "".join(text)

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        """Where each sentence ends and the next one begins."""
        return [match.span() for match in SENTENCE_END.finditer(self.text)]

    def ends_between(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """Return where sentences end between two places, each with the beginning of the next one."""
        return self._ends[bisect_left(self._ends, (start, 0)) : bisect_left(self._ends, (end, 0))]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return where the sentence around a place begins and ends."""
        following = bisect_left(self._ends, (at, 0))
        start = self._ends[following - 1][1] if following else 0
        return min(start, at), self._ends[following][0] if following < len(self._ends) else len(self.text)

    def is_near(self, end: int, at: int) -> bool:
        """Return whether few sentences stand between a place and a mention, in the same paragraph or the next."""
        sentences = len(self.ends_between(end, at))
        return sentences <= FARTHEST_SENTENCE and self.text.count("\n\n", end, at) <= FARTHEST_PARAGRAPH
