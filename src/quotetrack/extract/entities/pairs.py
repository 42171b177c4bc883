"""Find whom "they", "the former" and "the latter" mean where an article names two people together.

"They" may also mean one person, of whom the article says so: "Rowan Ellis, who is non-binary".
"""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.people import Person
from quotetrack.lang.en import pair_words

# Characters before "they" within which it is told whom it means.
FARTHEST_PAIR = 400


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a mention means: the name, and the person or organisation where it is one that the article names."""

    name: str
    person: Person | None


def meant_by_pair(names: ArticleNames, found: FoundMention) -> Meant | None:
    """Return whom "they", "the former" or "the latter" means; None for other mentions, and where nothing tells it."""
    word = found.head.of(names.text).lower()
    if word in pair_words.FIRST_OR_SECOND:
        person = _one_of_two(names, found, pair_words.FIRST_OR_SECOND[word])
        return Meant(person.name, person) if person is not None else None
    return _they(names, found) if word == "they" else None


def _one_of_two(names: ArticleNames, found: FoundMention, index: int) -> Person | None:
    """Return the first or second of the two who are named in the last sentence that names anybody."""
    at = found.mention.start
    before = [entry for entry in _named(names) if entry[0] < at]
    if not before:
        return None
    start = max((m.end() for m in pair_words.SENTENCE_END.finditer(names.text, 0, before[-1][0])), default=0)
    persons = list({id(person): person for place, _, person in before if place >= start}.values())
    return persons[index] if len(persons) == 2 else None


def _they(names: ArticleNames, found: FoundMention) -> Meant | None:
    """Return the one person, or the two, who were named last before "they"; None where a group stands in between."""
    at = found.mention.start
    before = [entry for entry in _named(names) if at - FARTHEST_PAIR < entry[0] < at]
    if not before:
        return None
    _, end, last = before[-1]
    if pair_words.GROUP.search(names.text, end, at):
        return None
    around = names.text[max(0, before[0][0]) : at]
    if len({id(person) for _, _, person in before}) == 1 and pair_words.THEY_OF_ONE.search(around):
        return Meant(last.name, last)
    return _named_together(names, before)


def _named_together(names: ArticleNames, before: list[tuple[int, int, Person]]) -> Meant | None:
    """Return the two who open a sentence together, as the last who are named: "Ann and Bo Lee wept."."""
    start, _, second = before[-1]
    line = names.text.rfind("\n", 0, start) + 1
    if (given := pair_words.GIVEN_AND.search(names.text, line, start)) is not None:
        is_whole = len(second.words) > 1
        return Meant(f"{given['given']} and {second.name}", None) if is_whole else None
    if len(before) < 2:
        return None
    first_start, first_end, first = before[-2]
    opens = pair_words.OPENS.search(names.text, line, first_start) is not None or first_start == line
    is_pair = names.text[first_end:start] == " and " and first is not second and opens
    return Meant(f"{first.name} and {second.name}", None) if is_pair else None


def _named(names: ArticleNames) -> list[tuple[int, int, Person]]:
    """Return where anybody is named in the reporter’s words, with the end of the name and the person, in order."""
    return sorted(
        ((p.start, p.end, person) for person in names.people.persons for p in names.outside_quotes(person.places)),
        key=lambda entry: entry[0],
    )
