"""The text of one article with the people and organisations that it names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.name_places import NamePlace
from quotetrack.extract.entities.people import People, Person
from quotetrack.lang.en.mention_words import DEFINITE, INDEFINITE

# Characters of the text that stand in for a missing headline.
OPENING = 120


@dataclass(slots=True)
class ArticleNames:
    """The names of one article, as coreference reads them.

    `quoted` are the characters in quotation marks: a name inside them is not the reporter's.
    """

    text: str
    people: People
    quoted: Sequence[Span]
    byline: str | None
    title: str | None
    organisations: Sequence[Person]
    headline: str = field(init=False)
    times_named: int = field(init=False)  # places where any person is named
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.headline = self.title or self.text[:OPENING]
        self.times_named = sum(len(person.places) for person in self.people.persons)
        self.quoted = sorted(self.quoted)
        self._starts = [span.start for span in self.quoted]

    def outside_quotes(self, places: Sequence[NamePlace]) -> list[NamePlace]:
        """Return the places in the reporter's own words; all of them where there is none."""
        return [place for place in places if not self._is_quoted(place.start)] or list(places)

    def _is_quoted(self, position: int) -> bool:
        index = bisect_left(self._starts, position + 1) - 1
        return index >= 0 and position < self.quoted[index].end

    def words_of(self, found: FoundMention) -> str:
        """Return the words of a mention in lower case."""
        return found.mention.of(self.text).lower()

    def is_definite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that the reader knows: "the expert", "her father"."""
        return self.words_of(found).startswith(DEFINITE)

    def is_indefinite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that was not named before: "a farmer"."""
        return self.words_of(found).startswith(INDEFINITE)
