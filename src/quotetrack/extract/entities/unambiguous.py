"""Resolve the mentions that leave no choice: rules, tried in order."""

from __future__ import annotations

from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.capitalised_runs import bare_name
from quotetrack.extract.entities.name_places import opens_sentence
from quotetrack.extract.entities.people import Person
from quotetrack.extract.entities.titles import role_of
from quotetrack.lang.en import mention_words, pronouns

# Characters below a spokesperson without a name within which the name may follow.
FARTHEST_BELOW = 400


def unambiguous_person(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the person whom the first rule that applies points at; None where none does."""
    return next((person for rule in _RULES if (person := rule(names, found)) is not None), None)


def named_beside(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the person beside whom an office stands: "the harbour master, Ann Lee", "Ann Lee, a harbour master"."""
    text = names.text
    if found.head.of(text)[:1].isupper():
        return None
    mention, start = found.mention.of(text), found.mention.start
    if ", " in mention and (person := _only_person_at(names, start + mention.index(", ") + 2)) is not None:
        return person
    before = mention_words.BESIDE_NAME.search(text, max(0, start - mention_words.LONGEST_BESIDE_NAME), start)
    if before is None:
        return None
    person = _only_person_at(names, before.start() - 1)
    if person is None or (
        before[0] == mention_words.AND and not _speaks_with(names, mention, before.start() - 1, person)
    ):
        return None
    return person


def _only_person_at(names: ArticleNames, position: int) -> Person | None:
    """Return the person named at a place; None where nobody or several people may bear the name."""
    run = names.people.run_at(position)
    named = names.people.named(names.people.name_of(run), run.gender) if run is not None else []
    return named[0] if len(named) == 1 else None


def _speaks_with(names: ArticleNames, mention: str, position: int, person: Person) -> bool:
    """Return whether "her aides" behind "Lee and" are those of Lee, who speaks with them."""
    run = names.people.run_at(position)
    owner = mention.split()[0].lower()
    if run is None or owner not in pronouns.OWNERS or not opens_sentence(names.text, run.start):
        return False
    return pronouns.OWNERS[owner] in (None, person.gender or pronouns.OWNERS[owner])


def named_below(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person first named a little below, as a speaker: "a spokeswoman said. ... Ann Lee said"."""
    start = found.mention.end
    is_spokesperson = found.head.of(names.text).lower().startswith(mention_words.SPOKESPERSON)
    if not is_spokesperson or not names.is_indefinite(found):
        return None
    below = [
        person
        for person in names.people.persons
        if person.places
        and start < person.places[0].start < start + FARTHEST_BELOW
        and (person.places[0].speaks or mention_words.SPEAKS.match(names.text, person.places[0].end))
    ]
    return below[0] if len(below) == 1 else None


def only_holder(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person to whom the article gives this office, where the mention is definite: "the governor"."""
    role = role_of(bare_name(found.head.of(names.text)).lower())
    if role is None or not names.words_of(found).startswith(mention_words.THE):
        return None
    holders = [person for person in names.people.persons if role in person.offices]
    return holders[0] if len(holders) == 1 else None


_RULES = (named_beside, named_below, only_holder)
