"""Resolve the mentions of speakers: whom "he" means, and which full name "Rutte" has.

For a pronoun, a description or a surname that two people bear, the people of the article are options, described by
features and rated by fitted trees (`quotetrack.training.coreference`). "Nobody of these" is an option too. A mention
that means none of them keeps the words in which the article prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.capitalised_runs import bare_name, words_of
from quotetrack.extract.entities.features import (
    BODY_KINDS,
    AmbiguousMention,
    BodyFeatures,
    Features,
    MentionKind,
    PersonFeatures,
    features_of_options,
    nouns_of,
)
from quotetrack.extract.entities.name_places import NamePlace
from quotetrack.extract.entities.people import People, Person
from quotetrack.extract.entities.printed_names import printed_name
from quotetrack.extract.entities.titles import role_of
from quotetrack.extract.entities.unambiguous import unambiguous_person
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.lang import sections
from quotetrack.lang.en import pronouns
from quotetrack.lang.en.mention_words import HUMAN
from quotetrack.models.trees import Trees, load_ensemble

# Log-odds by which "nobody of these" has to lead before a pronoun is left without its person.
NOBODY_LEAD = 1.5
# Log-odds for one unit of the encoder's log-chance: of the person whom the mention means, and of the speaker of the
# quoted words. On held-out articles of train .3 to 1 and .6 to 2 do the same. The trees know one corpus, so that the
# encoder gets much weight.
MENTION_WEIGHT, WORDS_WEIGHT = 0.5, 1.5
# Log-odds by which the best option by the trees has to lead for the encoder not to be asked: 2.5 loses a point of the
# persons on held-out articles, 4 wins nothing.
UNSURE = 3.0

_GROUPS = words_of("group")

Score = Callable[[Sequence[Features]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Option:
    """One person or organisation whom a mention may mean, or nobody (None)."""

    person: Person | None
    kind: MentionKind
    features: Features


class ModelOpinions:
    """The opinion of an encoder on the speakers of one article: by their mention, and by the quoted words."""

    def __init__(self, questions: Questions, parts: Mapping[Span, Sequence[Span]]) -> None:
        """`parts` are the quoted words of each mention."""
        self._questions = questions
        self._parts = parts

    def scores(self, mention: Span, options: Sequence[Option]) -> NDArray[np.float64]:
        """Return the log-odds to add to the score of each option, shape (options,)."""
        (meant,) = self._questions.ask(Ask.PERSON, [mention])
        added = MENTION_WEIGHT * np.array([_chance(meant, option) for option in options])
        named = self._questions.ask(Ask.NAME, self._parts.get(mention, []))
        for pointed in named:
            added += WORDS_WEIGHT / len(named) * np.array([_chance(pointed, option) for option in options])
        return added


def _chance(pointed: Pointed, option: Option) -> float:
    """Return the encoder's log-chance of an option."""
    if option.person is None:
        return pointed.nowhere
    return pointed.at([place.span for place in option.person.places])


class Resolver:
    """Gives the mentions of one article their names.

    No answer depends on earlier calls: the names of the speakers before a mention are the argument `spoken`.
    """

    def __init__(
        self,
        text: str,
        people: People,
        quoted: Sequence[Span],
        byline: str | None,
        title: str | None,
        organisations: Sequence[Person] = (),
        score: Score | None = None,
        opinions: ModelOpinions | None = None,
    ) -> None:
        """`quoted` are the characters in quotation marks: a name inside them is not the reporter's.

        `score` rates the options of a mention (default: the shipped trees). `opinions` are those of an encoder.
        """
        self._names = ArticleNames(text, people, quoted, byline, title, organisations)
        self._score = score
        self._opinions = opinions

    def names(self, mentions: Sequence[FoundMention | None]) -> list[str | None]:
        """Return the name of each mention of an article; None where there is no mention.

        `mentions` are those of all quotations, in the order of the text. A mention of several quotations has one name.
        """
        spoken: list[str] = []
        name_of: dict[Span, str] = {}
        names: list[str | None] = []
        for found in mentions:
            if found is None:
                names.append(None)
                continue
            if found.mention not in name_of:
                name_of[found.mention] = self.name(found, spoken)
            spoken.append(name_of[found.mention])
            names.append(name_of[found.mention])
        return names

    def name(self, found: FoundMention, spoken: Sequence[str]) -> str:
        """Return the fullest name of a speaker, else the description as printed.

        `spoken` are the names of the speakers before the mention, in order.
        """
        if (person := unambiguous_person(self._names, found)) is not None:
            return person.name
        options = self.options(found, spoken)
        if options:
            best = options[int(np.argmax(self.scores(found, options)))].person
            if best is not None:
                return best.name
        return printed_name(self._names, found, spoken)

    def options(self, found: FoundMention, spoken: Sequence[str]) -> list[Option]:
        """Return the options of a mention that leaves a choice, "nobody of these" last; empty where it leaves none.

        `spoken` are the names of the speakers before the mention, in order.
        """
        word = bare_name(found.head.of(self._names.text)).lower()
        kind, candidates = self._candidates(found, word)
        at = found.head.start
        named = [(person, self._names.outside_quotes(person.places)) for person in candidates]
        named = sorted((entry for entry in named if entry[1]), key=lambda entry: -_last_before(entry[1], at))
        if not named:
            return []
        nouns = nouns_of(self._names.text, found, word) if kind in BODY_KINDS else ()
        rows = features_of_options(self._names, AmbiguousMention(found, word, kind, spoken, nouns), named)
        persons = [*(person for person, _ in named), None]
        return [Option(person, kind, row) for person, row in zip(persons, rows, strict=True)]

    def _candidates(self, found: FoundMention, word: str) -> tuple[MentionKind, Sequence[Person]]:
        """Return whom a mention may mean by its noun or pronoun; nobody where it leaves no choice."""
        names, persons = self._names, self._names.people.persons
        if word in pronouns.HE_OR_SHE:
            gender = "m" if word in pronouns.HE else "f"
            return MentionKind.PRONOUN, [person for person in persons if person.gender in (None, gender)]
        run = names.people.run_at(found.head.start) if word not in pronouns.OTHERS else None
        if run is not None and (run.is_titled or role_of(run.words[-1].lower()) is None):
            bearers = names.people.named(names.people.name_of(run), run.gender)
            return MentionKind.NAME, bearers if len(bearers) > 1 else []
        if word in sections("reporting.txt")["document"]:
            makers = [] if names.is_indefinite(found) else [*names.organisations, *persons]
            return MentionKind.DOCUMENT, makers
        if word in pronouns.THINGS:
            return MentionKind.THING, [*names.organisations, *persons]
        if word in _GROUPS:
            return MentionKind.GROUP, names.organisations
        may_be_office = word not in pronouns.OTHERS and not names.is_indefinite(found)
        is_human = bool(HUMAN.search(word)) or role_of(word) is not None
        has_opinion = self._opinions is not None and names.is_definite(found)
        return MentionKind.OFFICE, persons if may_be_office and (is_human or has_opinion) else []

    def scores(self, found: FoundMention, options: Sequence[Option]) -> NDArray[np.float64]:
        """Return the log-odds of each option, shape (options,); a pronoun means nobody only if that leads clearly."""
        score = self._score or trees_for(options).score
        scores = score([option.features for option in options])
        if options[-1].kind is MentionKind.PRONOUN:
            scores[-1] -= NOBODY_LEAD
        second, first = np.sort(scores)[-2:]
        if self._opinions is None or first - second >= UNSURE or options[0].kind in BODY_KINDS:
            return scores  # the encoder was trained on persons only
        return scores + self._opinions.scores(found.mention, options)


def _last_before(places: Sequence[NamePlace], at: int) -> int:
    """Return where the last of the places before a position begins; -1 where none does."""
    return max((place.start for place in places if place.start < at), default=-1)


def trees_for(options: Sequence[Option]) -> Trees:
    """Return the trees that rate these options: those for persons, or those for organisations."""
    if options[0].kind in BODY_KINDS:
        return load_ensemble("coreference", "body", BodyFeatures._fields)
    return load_ensemble("coreference", "person", PersonFeatures._fields)
