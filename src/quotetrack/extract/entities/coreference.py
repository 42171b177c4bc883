"""Resolve the mentions of speakers: whom "he" means, and which full name "Rutte" has.

Rules resolve the mentions that leave no choice. For a pronoun, a description or a surname that two people bear, the
people of the article are options, described by features and rated by fitted trees
(`quotetrack.training.coreference`). "Nobody of these" is an option too. A mention that means none of them keeps the
name that it gives, else the words in which the article prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
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
from quotetrack.extract.entities.name_forms import CapitalisedRun, bare_name, opens_sentence, role_of, words_of
from quotetrack.extract.entities.people import ArticleNames, NamePlace, People, Person
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.lang import sections
from quotetrack.lang.en import mention_words, pronouns
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
# Characters below a spokesperson without a name within which the name may follow.
FARTHEST_BELOW = 400
# A description may be this long, in characters; a longer mention is cut at its first comma.
LONGEST_DESCRIPTION = 90
# Letters of an acronym that may be spelled out elsewhere in the article.
SHORTEST_ACRONYM = 3

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
        is_human = bool(mention_words.HUMAN.search(word)) or role_of(word) is not None
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


def unambiguous_person(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the person whom the first rule that applies points at; None where none does."""
    return next((person for rule in _UNAMBIGUOUS_RULES if (person := rule(names, found)) is not None), None)


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


_UNAMBIGUOUS_RULES = (named_beside, named_below, only_holder)


def printed_name(names: ArticleNames, found: FoundMention, spoken: Sequence[str]) -> str:
    """Return the name that the mention itself gives, else its words.

    `spoken` are the names of the speakers before the mention, in order: some pronouns mean the last one.
    """
    word = bare_name(found.head.of(names.text)).lower()
    if word == pronouns.AUTHOR and names.byline:
        return names.byline
    if word in pronouns.OF_LAST_SPEAKER and spoken:
        return spoken[-1]
    if word in pronouns.HE_OR_SHE and spoken and _may_be_called(names, spoken[-1], word):
        return spoken[-1]
    run = names.people.run_at(found.head.start) or _run_before_colon(names, found)
    if run is None:
        return description(names.text, found)
    fitting = names.people.named(names.people.name_of(run), run.gender)
    if fitting:
        return fitting[0].name
    if _is_common_noun(names.text, found, run):
        return description(names.text, found)
    return _organisation(names, found, run)


def _may_be_called(names: ArticleNames, name: str, pronoun: str) -> bool:
    """Return whether a pronoun may mean the person of this name: false where the person has the other gender."""
    other = "f" if pronoun in pronouns.HE else "m"
    return not any(person.name == name and person.gender == other for person in names.people.persons)


def _run_before_colon(names: ArticleNames, found: FoundMention) -> CapitalisedRun | None:
    """Return the name that opens a mention before a colon: "Lee sees trouble: ..."."""
    if found.cue is None or found.cue.of(names.text) != ":":
        return None
    run = names.people.run_at(found.mention.start)
    if run is None or run.is_owner or not names.people.named(names.people.name_of(run), run.gender):
        return None
    return run


def _is_common_noun(text: str, found: FoundMention, run: CapitalisedRun) -> bool:
    """Return whether a word is capitalised only because it opens its sentence: "Teachers in Orle said"."""
    word = run.words[0]
    if len(run.words) > 1 or word.isupper() or found.head.start != found.mention.start:
        return False
    return opens_sentence(text, run.start) and bool(mention_words.HUMAN.search(word.rstrip("s")))


def description(text: str, found: FoundMention) -> str:
    """Return the words of a mention with those that belong to it; a long one is cut at its first comma."""
    start, end = found.mention.start, found.mention.end
    while start and text[start - 1] == "-":  # the parser cuts "counter-protesters" in two
        start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    behind = text[end : found.cue.start].rstrip() if found.cue and found.cue.start > end else ""
    if mention_words.BELONGS.fullmatch(behind) or mention_words.KNOWS.fullmatch(behind):
        end += len(behind)
    elif not behind and (known := mention_words.KNOWS.match(text, end)) is not None:
        end = len(text[: known.end()].rstrip())
    words = text[start:end]
    words = words if len(words) <= LONGEST_DESCRIPTION else words.split(",")[0]
    return " ".join(words.split()).strip(" ,;:")


def _organisation(names: ArticleNames, found: FoundMention, run: CapitalisedRun) -> str:
    """Return the fullest name of an organisation: the article's longer form, an acronym spelled out, or as printed."""
    for organisation in names.organisations:
        is_here = any(place.start <= run.start < place.end for place in organisation.places)
        if is_here and len(organisation.words) > len(run.words):
            return organisation.name  # "the Times" is the Orle Times
    if run.name.isupper() and run.name.isalpha() and len(run.name) >= SHORTEST_ACRONYM:
        return _spelled_out(names.text, run.name) or run.name
    return _with_surroundings(names.text, found, run)


def _with_surroundings(text: str, found: FoundMention, run: CapitalisedRun) -> str:
    """Return a run with the words of the mention around it that belong to the same name."""
    earliest = max(found.mention.start, run.start - LONGEST_DESCRIPTION)
    before = mention_words.CAPITALS_BEFORE.search(text, earliest, run.start)
    start = before.start() if before else run.start  # "General" is no title in "UN General Assembly"
    behind = mention_words.ORGANISATION_GOES_ON.match(text[run.end : max(run.end, found.mention.end)])
    if before is None and behind is None:
        return run.name
    return " ".join(text[start : run.end + (behind.end() if behind else 0)].split())


def _spelled_out(text: str, acronym: str) -> str | None:
    """Return the words of the text that have the letters of the acronym as initials."""
    letters = mention_words.BETWEEN_INITIALS.join(re.escape(letter) for letter in acronym)
    match = re.search(rf"\b{letters}[\w’'-]+", text)
    return match[0] if match and " " in match[0] else None
