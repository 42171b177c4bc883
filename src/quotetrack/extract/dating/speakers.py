"""Describe who speaks where in one article."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from math import log1p

from quotetrack.core.domain import Quotation, Span
from quotetrack.extract.dating.features import Values

# Places that name a speaker, as far as they are counted.
MOST_TIMES = 30
# Characters from the first place of a name within which a mention is that place.
NEAR_FIRST = 60


class Speakers:
    """The quotations of an article with the names and surnames of their speakers, by number."""

    def __init__(self, text: str, quotations: Sequence[Quotation]) -> None:
        self.quotations = list(quotations)
        self.names = [q.attribution.name if q.attribution else None for q in quotations]
        self.surnames = [name.split()[-1] if name else None for name in self.names]
        self._length = max(1, len(text))
        self._starts = [quotation.span.start for quotation in quotations]
        self._first_named = {surname: text.find(surname) for surname in set(self.surnames) if surname}
        self._times_named = {surname: text.count(surname) for surname in self._first_named}
        self._times_quoted = Counter(self.names)
        self._first_quoted = {name: number for number, name in reversed(list(enumerate(self.names)))}

    def first_named(self, number: int) -> int:
        """Return where the text first names the speaker of a quotation; -1 for nowhere."""
        return self._first_named.get(self.surnames[number] or "", -1)

    def prominence(self, number: int) -> Values:
        """Return how much of the article is about the speaker of a quotation."""
        name, surname = self.names[number], self.surnames[number]
        attribution = self.quotations[number].attribution
        mention = attribution.mention if attribution else None
        is_near_first = mention is not None and abs(self.first_named(number) - mention.start) < NEAR_FIRST
        return {
            "speaker_quotations": log1p(self._times_quoted[name]),
            "speaker_share": self._times_quoted[name] / len(self.names),
            "speaker_times": float(min(MOST_TIMES, self._times_named.get(surname or "", 0))),
            "speaker_named_at": self.first_named(number) / self._length,
            "first_quotation": float(name is not None and self._first_quoted[name] == number),
            "first_mention": float(is_near_first),
        }

    def between(self, number: int, position: int) -> Values:
        """Return who is quoted between a quotation and a place."""
        low, high = sorted((bisect_left(self._starts, position), number))
        names = self.names[low:high]
        return {
            "others_between": float(len(set(names) - {self.names[number]})),
            "same_between": float(names.count(self.names[number])),
        }

    def within(self, number: int, sentence: Span) -> Values:
        """Return who is quoted in a sentence: the same speaker, or other ones."""
        first = max(0, bisect_right(self._starts, sentence.start) - 1)
        last = bisect_left(self._starts, sentence.end)
        names = [self.names[i] for i in range(first, last) if self.quotations[i].span.end > sentence.start]
        same = names.count(self.names[number])
        return {"same_there": float(same), "other_there": float(len(names) - same)}
