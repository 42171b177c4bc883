"""Hold what coreference reads of one article: its people, named or only described, and its other names."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.descriptions import Description, UnnamedPerson
from quotetrack.extract.entities.name_forms import bare_name
from quotetrack.extract.entities.office_holders import Bearers, OfficeHolders
from quotetrack.extract.entities.people import NamePlace, People, Person
from quotetrack.lang.en import pronouns
from quotetrack.lang.en.mention_words import BYLINE, DEFINITE, INDEFINITE

# Characters of the text that stand in for a missing headline.
OPENING = 120


@dataclass(slots=True)
class ArticleNames:
    """The names of one article, as coreference reads them.

    `quoted` are the characters in quotation marks: a name inside them is not the reporter's. `unnamed` are the people
    whom the article only describes, `parts` the quoted words of each mention.
    """

    text: str
    people: People
    quoted: Sequence[Span]
    byline: str | None
    title: str | None
    organisations: Sequence[Person]
    unnamed: Sequence[UnnamedPerson] = ()
    descriptions: Sequence[Description] = ()
    parts: Mapping[Span, Sequence[Span]] = field(default_factory=dict)
    headline: str = field(init=False)
    times_named: int = field(init=False)  # places where any person is named
    described: dict[int, Description] = field(init=False)  # by the place of the noun
    holders: OfficeHolders = field(init=False)
    _starts: list[int] = field(init=False)
    _named: list[int] = field(init=False)  # where anybody is named, in order

    def __post_init__(self) -> None:
        self.headline = self.title or self.text[:OPENING]
        self.times_named = sum(len(person.places) for person in self.people.persons)
        self.described = {found.head.start: found for found in self.descriptions}
        self._named = sorted(place.start for person in self.people.persons for place in person.places)
        self.quoted = sorted(self.quoted)
        self._starts = [span.start for span in self.quoted]
        self.holders = OfficeHolders(self.text, self.people, self.unnamed, self.quoted)

    def outside_quotes(self, places: Sequence[NamePlace]) -> list[NamePlace]:
        """Return the places in the reporter's own words; all of them where there is none."""
        return [place for place in places if not self.is_quoted(place.start)] or list(places)

    def is_outside_quotes(self, places: Sequence[NamePlace]) -> bool:
        """Return whether one of the places is in the reporter's own words."""
        return not all(self.is_quoted(place.start) for place in places)

    def is_quoted(self, position: int) -> bool:
        """Return whether a place is inside quotation marks."""
        index = bisect_left(self._starts, position + 1) - 1
        return index >= 0 and position < self.quoted[index].end

    def around(self, place: NamePlace, before: int, behind: int) -> Span:
        """Return some characters around a name, up to where anybody else is named."""
        index = bisect_left(self._named, place.start)
        left = self._named[index - 1] if index else 0
        following = bisect_left(self._named, place.end)
        right = self._named[following] if following < len(self._named) else len(self.text)
        return Span(max(0, left, place.start - before), min(right, place.end + behind))

    def bearers(self, found: FoundMention) -> Bearers:
        """Return whom a mention may mean by the office that it names: "the mayor of Holm", not "a mayor"."""
        run = self.people.run_at(found.head.start)
        if self.is_indefinite(found) or (run is not None and self.people.named(run.words)):
            return Bearers((), ())
        return self.holders.bearers(found.mention)

    def is_author(self, person: Person) -> bool:
        """Return whether a person is named in the line of the author alone: "By Ann Lee"."""
        return all(BYLINE.search(self.text[: place.start].rpartition("\n")[2]) for place in person.places)

    def head_word(self, found: FoundMention) -> str:
        """Return the noun or pronoun of a mention in lower case; of a surname that is one ("You said") as printed."""
        word = bare_name(found.head.of(self.text))
        is_surname = word.lower() in pronouns.OTHERS and any(
            place.start <= found.head.start < place.end for person in self.people.persons for place in person.places
        )
        return word if is_surname else word.lower()

    def words_of(self, found: FoundMention) -> str:
        """Return the words of a mention in lower case."""
        return found.mention.of(self.text).lower()

    def is_definite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that the reader knows: "the expert", "her father"."""
        return self.words_of(found).startswith(DEFINITE)

    def is_indefinite(self, found: FoundMention) -> bool:
        """Return whether a mention means one that was not named before: "a farmer"."""
        return self.words_of(found).startswith(INDEFINITE)
