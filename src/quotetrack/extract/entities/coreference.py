"""Resolve the mentions of speakers: whom "he" means, and which full name "Rutte" has.

Rules resolve the mentions that leave no choice. For a pronoun, a description or a surname that two people bear, the
people of the article are options, described by features and rated by fitted trees
(`quotetrack.training.coreference`). "Nobody of these" is an option too. A mention that means none of them keeps the
name that it gives, else the words in which the article prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.bodies import Bodies
from quotetrack.extract.entities.chains import Chains
from quotetrack.extract.entities.confidence import How, Resolved, shares_of
from quotetrack.extract.entities.descriptions import Description, Opening, UnnamedPerson
from quotetrack.extract.entities.features import (
    BODY_KINDS,
    AmbiguousMention,
    BodyFeatures,
    Features,
    MentionKind,
    PersonFeatures,
    features_of_options,
    is_named_in,
    nouns_of,
)
from quotetrack.extract.entities.joint import joint_speakers
from quotetrack.extract.entities.name_forms import (
    CapitalisedRun,
    acts_behind,
    bare_name,
    follows_according,
    opens_sentence,
    role_of,
    titles,
    words_of,
)
from quotetrack.extract.entities.nouns import (
    gender_of_noun,
    is_general,
    is_kin,
    is_part_played,
    is_proxy,
    is_several,
    noun_of_person,
)
from quotetrack.extract.entities.offices import countries, is_relation, office_in
from quotetrack.extract.entities.pairs import meant_by_pair
from quotetrack.extract.entities.people import NamePlace, People, Person
from quotetrack.extract.entities.reporter import ReporterText
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.lang import sections
from quotetrack.lang.en import mention_words, pronouns
from quotetrack.lang.en import printed_names as speakers
from quotetrack.lang.en.name_faults import may_speak
from quotetrack.lang.en.office_words import SENTENCE_END
from quotetrack.lang.en.people_nouns import NOT_YET
from quotetrack.lang.en.words import FUNCTION_WORDS
from quotetrack.models.trees import Trees, load_ensemble

# Log-odds for one unit of the encoder's log-chance: of the person whom the mention means, and of the speaker of the
# quoted words. Of 852 mentions of articles that neither has seen the trees alone name 718 right, so weighed 734;
# with 1 and 1.5 it was 715, and the chances were far too sure.
MENTION_WEIGHT, WORDS_WEIGHT = 0.2, 0.3
# Log-odds by which the best option by the trees has to lead for the encoder not to be asked: with 2 it is 730 of those
# 852, with 5 no more than with 3.
UNSURE = 3.0
# Log-odds for an unnamed person who acts directly before a pronoun. In the invented articles that we fit on, 6 of the 9
# pronouns that it gives to somebody else were wrong before, and 1 of them is wrong then. For one who speaks in the last
# sentence that names anybody: of 201 such pronouns of all labelled articles 193 mean him or her, and of the 12 that the
# trees gave to another all 12.
INTRODUCED_LEAD = 6.0
# Log-odds for somebody by whose office the paragraph of a pronoun opens, or by "As for Lee".
TOPIC_LEAD = 12.0
# The least share of a person to whom a document is ascribed: "Lee read the report. The report said so."
LEAST_AUTHOR = 0.7
# Characters of a sentence behind the name of who asks.
LONGEST_QUESTION = 300
# Characters of a sentence before an agent in it.
LONGEST_SENTENCE = 500
# Ends of sentences between such a person and the pronoun, at most.
FARTHEST_INTRODUCED = 2
# Characters below a spokesperson without a name within which the name may follow.
FARTHEST_BELOW = 400
# Characters behind an office within which the next sentence may begin with the name of who holds it.
FARTHEST_NEXT = 400
# A description may be this long, in characters; a longer mention is cut at its first comma.
LONGEST_DESCRIPTION = 90
# Characters before a name by which a sentence introduces the person.
LONGEST_INTRODUCTION = 140
# Letters of an acronym that may be spelled out elsewhere in the article.
SHORTEST_ACRONYM = 3

PRONOUNS = pronouns.HE_OR_SHE | pronouns.OTHERS

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
        added = MENTION_WEIGHT * np.array([_chance(meant, option, mention) for option in options])
        named = self._questions.ask(Ask.NAME, self._parts.get(mention, []))
        for pointed in named:
            added += WORDS_WEIGHT / len(named) * np.array([_chance(pointed, option, mention) for option in options])
        return added


def _chance(pointed: Pointed, option: Option, mention: Span) -> float:
    """Return the encoder's log-chance of an option; a description that means nobody else is its own name."""
    if option.person is None:
        return pointed.nowhere_or([mention] if option.kind is MentionKind.OFFICE else [])
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
        unnamed: Sequence[UnnamedPerson] = (),
        descriptions: Sequence[Description] = (),
        parts: Mapping[Span, Sequence[Span]] | None = None,
        score: Score | None = None,
        opinions: ModelOpinions | None = None,
    ) -> None:
        """`quoted` are the characters in quotation marks: a name inside them is not the reporter's.

        `parts` are the quoted words of each mention. `score` rates the options of a mention (default: the shipped
        trees). `opinions` are those of an encoder.
        """
        self._names = ArticleNames(
            text, people, quoted, byline, title, organisations, unnamed, descriptions, parts or {}
        )
        self._unnamed = [person for person in unnamed if self._names.is_outside_quotes(person.places)]
        self._reporter = ReporterText(self._names)
        self._bodies = Bodies(self._names, self._reporter)
        self._chains = Chains(self._names, self._reporter)
        self._score = score
        self._opinions = opinions

    def resolve_all(self, mentions: Sequence[FoundMention | None]) -> dict[Span, Resolved]:
        """Return the name of each mention of an article, with the other names that were weighed.

        `mentions` are those of all quotations, in the order of the text; None where a quotation has none.
        """
        spoken: list[str] = []
        resolved: dict[Span, Resolved] = {}
        for found in mentions:
            if found is None:
                continue
            if found.mention not in resolved:
                resolved[found.mention] = self.resolve(found, spoken)
            if resolved[found.mention].name:
                spoken.append(resolved[found.mention].name)
        return resolved

    def resolve(self, found: FoundMention, spoken: Sequence[str], *, is_weighed: bool = True) -> Resolved:
        """Return the fullest name of a speaker, else the description as printed, with what else was weighed.

        The name is empty where the mention names nobody.

        `spoken` are the names of the speakers before the mention, in order. Without `is_weighed` the encoder is not
        asked.
        """
        if (joint := joint_speakers(self._names.text, self._names.people, found)) is not None:
            return Resolved(joint.name, How.RULE, None, 1.0, (), None, False)
        if (body := self._bodies.meant_by(found)) is not None:
            name = _full_name(self._names.text, body.name)
            return Resolved(name, How.RULE, None, 1.0, (), body.person, False)
        if compared := compared_bearers(self._names, found) or beside_kin(self._names, found):
            return self._compared(found, compared)
        if (kin := kin_of_writer(self._names, found)) is not None:
            return Resolved(kin, How.DESCRIBED, None, 1.0, (), None, False)
        if (meant := meant_by_pair(self._names, found)) is not None:
            return Resolved(meant.name, How.RULE, None, 1.0, (), meant.person, False)
        person = unambiguous_person(self._names, found)
        if person is not None and not self._is_of_below(person, found, spoken):
            return Resolved(person.name, How.RULE, None, 1.0, (), person, self._is_named_in_words(person, found))
        if (expert := expert_speaking(self._names, found, spoken)) is not None:
            return Resolved(expert.name, How.RULE, None, 1.0, (), expert, self._is_named_in_words(expert, found))
        if tied := tied_bearers(self._names, found, spoken):
            return self._of_several(found, spoken, tied)
        options = self.options(found, spoken)
        if not options:
            return self._printed(found, spoken)
        if (told := only_in_role(options)) is not None:
            return Resolved(told.name, How.RULE, options[0].kind, 1.0, (), told, self._is_named_in_words(told, found))
        scores = self.scores(found, options, ask=is_weighed)
        chances = shares_of(list(scores))
        best = self._likeliest(options, chances)
        printed = self._printed(found, spoken)
        persons = [self._with_name(option.person) for option in options]
        names = [person.name if person is not None else printed.name for person in persons]
        chosen = persons[best]
        others: dict[str, float] = {}
        for name, chance in zip(names, chances, strict=True):
            others[name] = others.get(name, 0.0) + chance
        share = others.pop(names[best])
        nobody = printed.how if printed.how is How.PRONOUN else How.NOBODY
        return Resolved(
            names[best],
            How.CHOSEN if chosen is not None else nobody,
            options[0].kind,
            share,
            tuple(others.items()),
            chosen if chosen is not None else printed.person,
            chosen is not None and self._is_named_in_words(chosen, found),
        )

    def _with_name(self, person: Person | None) -> Person | None:
        """Return who "her predecessor" is, where the article tells it; any other person as given."""
        if not isinstance(person, UnnamedPerson) or person.opening is not Opening.OWNED:
            return person
        described = next((d for d in self._names.descriptions if d.span == person.places[0].span), None)
        if described is None:
            return person
        found = FoundMention(described.span, described.head, None, "described", 1.0, False)
        return unambiguous_person(self._names, found) or person

    def _likeliest(self, options: Sequence[Option], chances: Sequence[float]) -> int:
        """Return the number of the likeliest option: "the report" is a person’s only where that is rather sure."""
        best = int(np.argmax(chances))
        is_document = options[best].kind is MentionKind.DOCUMENT and options[best].person in self._names.people.persons
        return len(options) - 1 if is_document and chances[best] < LEAST_AUTHOR else best

    def _of_several(self, found: FoundMention, spoken: Sequence[str], bearers: Sequence[Person]) -> Resolved:
        """Return an office that several bear by its own words, with the bearers as what else it may mean."""
        share = 1 / (len(bearers) + 1)
        others = tuple((person.name, share) for person in bearers)
        return replace(
            self._printed(found, spoken), how=How.NOBODY, kind=MentionKind.OFFICE, chance=share, others=others
        )

    def _compared(self, found: FoundMention, bearers: Sequence[Person]) -> Resolved:
        """Return "the younger Lee": who that is, by the article, else its own words with all who may be meant."""
        if (person := by_age(self._names, found, bearers)) is not None:
            return Resolved(person.name, How.RULE, None, 1.0, (), person, self._is_named_in_words(person, found))
        share = 1 / (len(bearers) + 1)
        others = tuple((person.name, share) for person in bearers)
        words = description(self._names.text, found)
        return Resolved(words, How.NOBODY, MentionKind.NAME, share, others, None, False)

    def _printed(self, found: FoundMention, spoken: Sequence[str]) -> Resolved:
        """Return the name or description that the mention itself gives."""
        name = printed_name(self._names, found, spoken)
        word = self._names.head_word(found)
        person = next((p for p in (*self._names.people.persons, *self._names.unnamed) if p.name == name), None)
        if word in PRONOUNS and (not name or found.mention.of(self._names.text).lower() in PRONOUNS):
            how = How.PRONOUN
        elif isinstance(person, UnnamedPerson) or name[:1].islower():
            how = How.DESCRIBED
        else:
            how = How.NAME if person is not None else How.OTHER
        return Resolved(name, how, None, 1.0, (), person, person is not None and self._is_named_in_words(person, found))

    def _is_of_below(self, person: Person, found: FoundMention, spoken: Sequence[str]) -> bool:
        """Return whether somebody is first named below the sentence of a mention, and another one goes on speaking.

        Tolland speaks, "the manager said", and the manager of the other team is named three paragraphs below.
        """
        end, first = found.mention.end, min(place.start for place in person.places)
        goes_on = bool(spoken) and any(p.name == spoken[-1] and p is not person for p in self._names.people.persons)
        return goes_on and mention_words.SENTENCE_STOP.search(self._names.text, end, max(end, first)) is not None

    def _is_named_in_words(self, person: Person, found: FoundMention) -> bool:
        """Return whether the quoted words of a mention name a person."""
        return is_named_in(self._names.text, person, self._names.parts.get(found.mention, ()))

    def options(self, found: FoundMention, spoken: Sequence[str]) -> list[Option]:
        """Return the options of a mention that leaves a choice, "nobody of these" last; empty where it leaves none.

        `spoken` are the names of the speakers before the mention, in order.
        """
        word = self._names.head_word(found)
        kind, candidates = self._candidates(found, word)
        if kind in BODY_KINDS:  # a body that only the words name does not speak them
            candidates = [each for each in candidates if self._names.is_outside_quotes(each.places)]
        at = found.head.start
        named = [(person, self._names.outside_quotes(person.places)) for person in candidates]
        named = sorted((entry for entry in named if entry[1]), key=lambda entry: -_last_before(entry[1], at))
        if not named:
            return []
        nouns = nouns_of(self._names.text, found, word) if kind in BODY_KINDS else ()
        described = self._described(found)
        mention = AmbiguousMention(
            found,
            word,
            kind,
            spoken,
            nouns,
            self._names.parts.get(found.mention, ()),
            described.opening if described is not None else None,
            modifiers_of(self._names.text, found, described),
        )
        rows = features_of_options(self._names, mention, named, self._chains)
        persons = [*(person for person, _ in named), None]
        return [Option(person, kind, row) for person, row in zip(persons, rows, strict=True)]

    def _candidates(self, found: FoundMention, word: str) -> tuple[MentionKind, Sequence[Person]]:
        """Return whom a mention may mean by its noun or pronoun; nobody where it leaves no choice."""
        names, persons = self._names, self._names.people.persons
        if word in pronouns.HE_OR_SHE:
            named = [person for person in persons if not names.is_author(person)]
            return MentionKind.PRONOUN, _of_gender([*named, *self._unnamed], "m" if word in pronouns.HE else "f")
        run = names.people.run_at(found.head.start) if word not in pronouns.OTHERS else None
        if run is not None:
            bearers = names.people.bearers(run)
            is_surname = len(run.words) > 1 and bool(bearers)  # Charlie King is no king
            if run.is_titled or is_surname or role_of(run.words[-1].lower()) is None:
                return MentionKind.NAME, bearers if len(bearers) > 1 else []
        if word in mention_words.OF_COURT:
            judges = [person for person in persons if not person.roles.isdisjoint(mention_words.JUDGES)]
            courts = [body for body in names.organisations if mention_words.COURT.search(body.name)]
            return MentionKind.DOCUMENT, [*courts, *judges]
        if word in sections("reporting.txt")["document"]:
            makers = [] if names.is_indefinite(found) else [*names.organisations, *persons]
            return MentionKind.DOCUMENT, makers
        if word in pronouns.THINGS:
            return MentionKind.THING, [*names.organisations, *persons]
        if word in _GROUPS:
            return MentionKind.GROUP, names.organisations
        if (described := self._described(found)) is not None:
            return MentionKind.OFFICE, self._described_persons(found, described)
        if is_several(word) or found.mention.of(names.text) in mention_words.REPLIES:
            return MentionKind.OFFICE, []
        may_be_office = word not in pronouns.OTHERS and not names.is_indefinite(found)
        is_human = bool(mention_words.HUMAN.search(word)) or role_of(word) is not None
        has_opinion = self._opinions is not None and names.is_definite(found)
        return MentionKind.OFFICE, persons if may_be_office and (is_human or has_opinion) else []

    def _described(self, found: FoundMention) -> Description | None:
        """Return the description that a mention is, by its noun; None where it is none."""
        return self._names.described.get(found.head.start)

    def _described_persons(self, found: FoundMention, described: Description) -> list[Person]:
        """Return whom a description may mean besides somebody new.

        A person of somebody ("her lawyer"), or one who plays a part in the story ("the victim"), is a named one only
        where the article calls that one so, and never the one whose it is. An indefinite description is somebody new.
        """
        if described.opening is Opening.INDEFINITE:
            return []
        gender = gender_of_noun(described.noun)
        here = Span(min(found.mention.start, described.span.start), max(found.mention.end, described.span.end))
        fitting = [
            person
            for person in _of_gender(self._names.people.persons, gender)
            if not any(place.span.overlap(here) for place in person.places)
        ]
        bearers = self._names.bearers(found)
        fitting = [person for person in fitting if person not in bearers.others]
        if described.opening is Opening.OWNED or is_part_played(described.noun):
            fitting = [person for person in fitting if described.noun in person.roles]
        if described.opening is Opening.OWNED:
            return fitting
        before = [
            person
            for person in _of_gender(self._unnamed, gender)
            if person.places[0].start < described.span.start
            and (is_general(described.noun) or described.noun in person.roles)
        ]
        return [*fitting, *before]

    def _bearer_just_acted(
        self, described: Description | None, found: FoundMention, options: Sequence[Option]
    ) -> Option | None:
        """Return who is meant by the description that opened the paragraph and acts, where the article tells it."""
        if described is None:
            return None
        office = FoundMention(described.span, described.head, None, "described", 1.0, False)
        meant = self.resolve(office, ())
        if meant.person is None or meant.how is not How.RULE:
            return None
        if is_general(described.noun) and meant.person.places[0].start > found.mention.start:
            return None  # "the woman" who is named below is another one
        return next((option for option in options if option.person is meant.person), None)

    def scores(self, found: FoundMention, options: Sequence[Option], *, ask: bool = True) -> NDArray[np.float64]:
        """Return the log-odds of each option, shape (options,). Without `ask` the encoder has no say."""
        score = self._score or trees_for(options).score
        scores = score([option.features for option in options])
        described = office_before(self._names, found) if options[0].kind is MentionKind.PRONOUN else None
        topic = self._bearer_just_acted(described, found, options) or topic_of(self._names, found, options)
        lead = (
            topic
            or nobody_told(described, options)
            or just_described(self._names, found, options)
            or just_spoke(self._names, self._reporter, found, options)
            or newest_bearer(self._names.text, options)
            or last_bearer(self._names, found, options)
        )
        if lead is not None:
            size = INTRODUCED_LEAD if topic is None else TOPIC_LEAD
            scores = scores + size * np.array([option is lead for option in options])
        others = [
            *asked_about(self._names, found, options),
            *who_asked(self._names, found, options),
            *officers(self._names, found, options),
            *told_by_agent(self._names, found, options),
            *who_tells(self._names, found, options),
        ]
        scores = scores - INTRODUCED_LEAD * np.array([option in others for option in options])
        second, first = np.sort(scores)[-2:]
        if self._opinions is None or not ask or first - second >= UNSURE or options[0].kind in BODY_KINDS:
            return scores  # the encoder was trained on persons only
        return scores + self._opinions.scores(found.mention, options)


def compared_bearers(names: ArticleNames, found: FoundMention) -> Sequence[Person]:
    """Return the bearers of a surname of whom a mention may mean one by age: "the younger Lee"; else nobody.

    Where the article names one only, it may be a relative: "His son Bo was there. “...,” the younger Lee said."
    """
    by_age = mention_words.BY_AGE.match(names.words_of(found))
    run = names.people.run_at(found.head.start) if by_age is not None else None
    if by_age is None or run is None:
        return ()
    bearers = names.people.named(run.words, run.gender)
    between = names.text[found.mention.start + by_age.end() : run.start]
    kin = mention_words.CHILDREN if by_age[0] == mention_words.YOUNGER else mention_words.ELDERS
    has_kin = any(d.opening is Opening.OWNED and d.noun in kin for d in names.descriptions)
    is_surname = not between[:1].islower()  # not "the younger son, Bo Lee"
    return bearers if len(bearers) > 1 or (has_kin and is_surname) else ()


def beside_kin(names: ArticleNames, found: FoundMention) -> Sequence[Person]:
    """Return the bearer of a surname that may mean a relative who opens a sentence: "Lee’s son, Bo, ... Lee said".

    Nobody where the paragraph names the bearer before the mention.
    """
    text, at = names.text, found.mention.start
    run = names.people.run_at(found.head.start) if names.head_word(found) not in PRONOUNS else None
    relatives = list(mention_words.KIN_OPENS.finditer(text, text.rfind("\n", 0, at) + 1, at))
    if not relatives or run is None or len(run.words) > 1:
        return ()
    relative = relatives[-1]
    bearers = names.people.named(run.words, run.gender)
    is_here = any(relative.end() <= place.start < at for person in bearers for place in person.places)
    is_relative = relative["given"] in {word for person in bearers for word in (*person.words, run.words[0])}
    return bearers if len(bearers) == 1 and not is_here and not is_relative else ()


def kin_of_writer(names: ArticleNames, found: FoundMention) -> str | None:
    """Return the relative of the writer whom a pronoun means: "My father had a saying. “...,” he used to say".

    None where anybody else of that sex is named before it in the paragraph.
    """
    text, at = names.text, found.head.start
    start, word = text.rfind("\n", 0, at) + 1, found.head.of(text).lower()
    opening = mention_words.MY_KIN.match(text, start, at) if word in pronouns.HE_OR_SHE else None
    if opening is None or not is_kin(opening["noun"]):
        return None
    gender = "m" if word in pronouns.HE else "f"
    others = _of_gender([*names.people.persons, *names.unnamed], gender)
    is_another = any(start <= place.start < at for person in others for place in person.places)
    return None if is_another or gender_of_noun(opening["noun"]) != gender else opening["kin"]


def by_age(names: ArticleNames, found: FoundMention, bearers: Sequence[Person]) -> Person | None:
    """Return the younger or elder of two, by their ages or by what they are to the other; None where nothing tells."""
    if len(bearers) != 2:
        return None
    is_younger = names.words_of(found).startswith(mention_words.YOUNGER)
    first, second = (_age(names.text, person) for person in bearers)
    if first is not None and second is not None and first != second:
        return bearers[0] if (first < second) is is_younger else bearers[1]
    one, other = (_is_elder(person) - _is_child(person) for person in bearers)
    if one == other:
        return None
    return bearers[0] if (one < other) is is_younger else bearers[1]


def _is_elder(person: Person) -> bool:
    """Return whether the article calls a person somebody's father, aunt or the like."""
    return not person.roles.isdisjoint(mention_words.ELDERS)


def _is_child(person: Person) -> bool:
    """Return whether the article calls a person somebody's son, niece or the like."""
    return not person.roles.isdisjoint(mention_words.CHILDREN)


def _age(text: str, person: Person) -> int | None:
    """Return the age that stands behind a name: "Ann Lee, 34,"."""
    found = (mention_words.AGE.match(text, place.end) for place in person.places)
    return next((int(match["age"]) for match in found if match is not None), None)


def office_before(names: ArticleNames, found: FoundMention) -> Description | None:
    """Return the description that opens the paragraph of a pronoun and acts there: "The judge agreed. “...,” he said.".

    None where it stands farther back than the sentence before, somebody is named, described or "him" in between, or
    who opens it asks: "The judge jailed him. “...,” he said." is another's.
    """
    text, at = names.text, found.head.start
    start = text.rfind("\n", 0, at) + 1
    start = opening.end() if (opening := mention_words.INTRODUCTION.match(text, start)) is not None else start
    word = found.head.of(text).lower()
    described = next((d for d in names.descriptions if d.span.start == start), None)
    if word not in pronouns.HE_OR_SHE or described is None or described.span.end > at:
        return None
    objects = mention_words.HIM if word in pronouns.HE else mention_words.HER
    starts = [
        *(place.start for person in (*names.people.persons, *names.unnamed) for place in person.places),
        *(other.span.start for other in names.descriptions),
        *(match.start() for match in objects.finditer(text, described.span.end, at)),
    ]
    is_another = any(described.span.end <= place < at and not names.is_quoted(place) for place in starts)
    ends = len(mention_words.SENTENCE_STOP.findall(text, described.span.end, at))
    behind = (described.head.end, described.span.end)
    is_acting = any(acts_behind(text, end) or mention_words.REPORTS.match(text, end) for end in behind)
    asks = mention_words.ASKS.match(text, described.head.end) is not None
    is_known = described.opening is Opening.DEFINITE and is_acting and not asks
    return described if is_known and not is_another and ends <= FARTHEST_INTRODUCED else None


def nobody_told(described: Description | None, options: Sequence[Option]) -> Option | None:
    """Return "nobody of these" where "the woman" opens the paragraph and acts: nothing tells who she is.

    `described` is that description (`office_before`). "The woman gave a name. “Is that Bo?” she asked".
    """
    if described is None or not is_general(described.noun) or gender_of_noun(described.noun) is None:
        return None
    return options[-1]


def asked_about(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> list[Option]:
    """Return whom a pronoun cannot mean: "Asked about her opponent, Ann Lee, she laughed. “...,” she said."

    So also who asks in the sentence before, but where the words are the question: "Lee asked him what he saw. “A dog,”
    he said."
    """
    if options[0].kind is not MentionKind.PRONOUN:
        return []
    text, at = names.text, found.head.start
    start = text.rfind("\n", 0, at) + 1
    parts = names.parts.get(found.mention, ())
    words = min([at, *(part.start for part in parts)])
    is_question = any("?" in part.of(text) for part in parts)
    ruled_out = []
    for option in options:
        places = names.outside_quotes(option.person.places) if option.person is not None else []
        is_inside = any(
            start <= place.start < at and mention_words.BEFORE_SUBJECT.match(text, place.end) for place in places
        )
        if is_inside or (not is_question and any(_asks_another(text, place, words) for place in places)):
            ruled_out.append(option)
    return ruled_out


def who_asked(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> list[Option]:
    """Return who does not answer: who asked directly before: "“Why?” the attorney asked. “...,” she replied"."""
    text, words = names.text, min((part.start for part in names.parts.get(found.mention, ())), default=0)
    cue = found.cue.of(text).lower() if found.cue is not None else ""
    is_question = any("?" in part.of(text) for part in names.parts.get(found.mention, ()))
    if options[0].kind is not MentionKind.PRONOUN or cue not in mention_words.ANSWERS or is_question:
        return []
    if mention_words.QUESTION_BEFORE.search(text, max(0, words - LONGEST_QUESTION), words) is None:
        return []
    return [o for o in options if isinstance(o.features, PersonFeatures) and o.features.spoke_last > 0]


def officers(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> list[Option]:
    """Return the officers and judges, who are not meant in "Interviewed under caution in July, he said"."""
    text, at = names.text, found.head.start
    if options[0].kind is not MentionKind.PRONOUN:
        return []
    if mention_words.INTERVIEWED.fullmatch(text, _sentence_start(names, at), at) is None:
        return []
    return [o for o in options if o.person is not None and not o.person.roles.isdisjoint(mention_words.OFFICERS)]


def told_by_agent(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> list[Option]:
    """Return whom an agent cannot mean, as the sentence is about them: "Lee was called “...” by the judge"."""
    text, at = names.text, found.mention.start
    if found.method != "embedded" or not text.endswith(mention_words.BEFORE_AGENT, 0, at):
        return []
    start = _sentence_start(names, at)
    return [
        option
        for option in options
        if option.person is not None and any(start <= place.start < at for place in option.person.places)
    ]


def who_tells(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> list[Option]:
    """Return whom an inner speaker without a name cannot mean: "Lee said the driver stopped and told him: ..."."""
    if options[0].kind is not MentionKind.OFFICE:
        return []
    text, at = names.text, found.mention.start
    start = _sentence_start(names, at)
    teller = mention_words.PRONOUN_TELLS.match(text, start, at)
    if teller is not None and mention_words.IN_ONE.fullmatch(text, teller.end(), at) is None:
        teller = None
    gender = None if teller is None else "m" if teller["who"].lower() in pronouns.HE else "f"
    before: list[tuple[bool, int, Option]] = []  # whether the sex is told, where
    ruled_out = []
    for option in options:
        for place in option.person.places if option.person is not None else ():
            verb = mention_words.TELLS.match(text, place.end) if start <= place.start < at else None
            if verb is not None and mention_words.IN_ONE.fullmatch(text, verb.end(), at):
                ruled_out.append(option)
            elif place.start < start and option.person is not None and option.person.gender in (None, gender):
                before.append((option.person.gender is not None, place.start, option))
    if teller is not None and before:
        ruled_out.append(max(before, key=lambda entry: entry[:2])[2])
    return ruled_out


def _sentence_start(names: ArticleNames, at: int) -> int:
    """Return where the reporter's sentence around a place begins, at most LONGEST_SENTENCE before it."""
    text, first = names.text, max(0, at - LONGEST_SENTENCE)
    ends = [match.end() for match in mention_words.SENTENCE_STOP.finditer(text, first, at)]
    return max([0, text.rfind("\n", 0, at) + 1, *(end for end in ends if not names.is_quoted(end - 1))])


def topic_of(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> Option | None:
    """Return whom the paragraph names first, as what it is about: "As for Lee, he was asked. “...,” he said.".

    None where anybody else whom the pronoun may mean is named in between.
    """
    text, at = names.text, found.head.start
    start = text.rfind("\n", 0, at) + 1
    if options[0].kind is not MentionKind.PRONOUN or (topic := mention_words.AS_FOR.match(text, start)) is None:
        return None
    named = [
        (place.start, option)
        for option in options
        for place in (names.outside_quotes(option.person.places) if option.person is not None else [])
        if start <= place.start < at
    ]
    first = min(named, default=None, key=lambda entry: entry[0])
    is_only = first is not None and all(option is first[1] for _, option in named)
    if first is None or not is_only or mention_words.TITLES.fullmatch(text, topic.end(), first[0]) is None:
        return None
    return first[1]


def _asks_another(text: str, place: NamePlace, words: int) -> bool:
    """Return whether who is named at a place asks another in the sentence directly before the quoted words."""
    if not place.end < words <= place.end + LONGEST_QUESTION or place.is_owner:
        return False
    sentence = text[place.end : words].rstrip(mention_words.BEFORE_WORDS)
    is_one = mention_words.SENTENCE_STOP.search(sentence) is None
    return is_one and mention_words.ASKS_ANOTHER.match(text, place.end) is not None


def just_described(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> Option | None:
    """Return who was described as the last to act before a pronoun: "Vale’s lawyer agreed. “...,” she said.".

    Told so are "a waiter", "a resident of Holm" where nobody else fits, somebody whose owner is named, who speaks for
    somebody ("his lawyer"), and "His deputy, Jan Kolb, takes over."; "his brother" and "the officer" are often somebody
    whom the article names, but where "His brother shrugged." (not "His brother died.") opens the paragraph, as "The
    head lad, Ann Lee, shrugged." does where she is named for the first time. So is who was asked: "Asked about it, Lee
    shrugged.". Who asks is answered by another. None where anybody else who fits is named in between.
    """
    if options[0].kind is not MentionKind.PRONOUN:
        return None
    at = found.head.start
    last: tuple[NamePlace, Option] | None = None
    for option in options:
        for place in names.outside_quotes(option.person.places) if option.person is not None else ():
            if place.start < at and not place.is_owner and (last is None or place.start > last[0].start):
                last = (place, option)
    if last is None:
        return None
    place, option = last
    place = _subject_before(names, option, place)
    before = names.text[max(0, place.start - LONGEST_INTRODUCTION) : place.start]
    was_asked = mention_words.ASKED_BEFORE.search(before) is not None
    if mention_words.BEFORE_SUBJECT.match(names.text, place.end):
        return None
    is_owned = mention_words.OWNED_BEFORE.search(before) is not None and names.text[place.end : place.end + 1] == ","
    if not (place.acts or place.opens_sentence or was_asked or is_owned):
        return None
    person, features = option.person, option.features
    if person is None or not isinstance(features, PersonFeatures):
        return None
    if features.paragraphs > 1 or features.sentences > FARTHEST_INTRODUCED:
        return None
    opens_paragraph = mention_words.OPENS_PARAGRAPH.search(before)
    is_near = features.paragraphs == 0 and features.sentences <= 1
    is_beside = opens_paragraph is not None and is_near
    if isinstance(person, UnnamedPerson):
        if _is_only_mentioned(names.text, place, person):
            return None
        printed = place.span.of(names.text)
        is_only = len(options) == 2 and person.opening is Opening.INDEFINITE
        is_told = (
            is_only
            or mention_words.HIDDEN_SOURCE.match(names.text, place.end) is not None
            or (_is_own_kin(printed, person) and mention_words.SPOKE.match(names.text, place.end) is not None)
            or any(form.match(printed) for form in mention_words.TOLD_DESCRIPTIONS)
            or bool(
                is_beside
                and (
                    (mention_words.OWNED.match(printed) and not mention_words.NO_ACT.match(names.text, place.end))
                    or mention_words.SELF.match(names.text, place.end)
                )
            )
        )
    else:
        is_introduced = any(form.search(before) for form in mention_words.INTRODUCED_BEFORE)
        opens = is_beside and place.is_full and not mention_words.DIED.match(names.text, place.end)
        is_told = (is_near and was_asked) or (features.introduced == 1 and (is_introduced or opens))
    return option if is_told and not mention_words.ASKS.match(names.text, place.end) else None


def _is_only_mentioned(text: str, place: NamePlace, person: UnnamedPerson) -> bool:
    """Return whether a sentence only speaks of somebody, who need not be there: "Lee said a patient may die".

    So do "as a tailor does" and "an engineer will come".
    """
    before = text[max(0, place.start - LONGEST_INTRODUCTION) : place.start]
    is_new = person.opening is Opening.INDEFINITE
    is_to_act = is_new and mention_words.MAY_ACT.match(text, place.end) is not None
    return is_to_act or mention_words.SPEAKS_OF.search(before) is not None


def _is_own_kin(printed: str, person: UnnamedPerson) -> bool:
    """Return whether the printed words mean a relative: "his brother", "her late grandfather"."""
    return printed.split()[0].lower() in pronouns.OWNERS and is_kin(person.noun)


def _subject_before(names: ArticleNames, option: Option, place: NamePlace) -> NamePlace:
    """Return the place of the same person that opens the sentence: "The victim" of "The victim, a nurse, wept"."""
    places = option.person.places if option.person is not None else []
    opening = [other for other in places if other.opens_sentence and other.end < place.start]
    is_aside = bool(opening) and mention_words.ASIDE_BETWEEN.fullmatch(names.text, opening[-1].end, place.start)
    return opening[-1] if is_aside else place


def just_spoke(
    names: ArticleNames, reporter: ReporterText, found: FoundMention, options: Sequence[Option]
) -> Option | None:
    """Return who speaks in the last sentence that names anybody whom a pronoun may mean: "Lee said that Berg left".

    So is somebody without a name ("The teacher added that Berg left"), but where the sentence gives it ("A judge, Ann
    Lee, said so"). None where another one speaks in it as well, or it begins with a clause ("When Lee said so, Berg
    left"), or somebody new follows. On labelled articles 247 of 253 persons with a name are right. Without one it was
    12 of 17, counted before the exception for "A judge, Ann Lee".
    """
    if options[0].kind is not MentionKind.PRONOUN:
        return None
    at = found.head.start
    places = [
        (place, option)
        for option in options
        if option.person is not None
        for place in names.outside_quotes(option.person.places)
        if place.start < at
    ]
    if not places:
        return None
    last = max(places, key=lambda entry: entry[0].start)[0]
    start, end = reporter.sentence(last.start)
    if end > at or not reporter.is_near(last.end, at):
        return None
    following = [beginning for _, beginning in reporter.ends_between(last.end, at)]
    if any(
        reporter.text[beginning : beginning + 8].lower().startswith(mention_words.INDEFINITE) for beginning in following
    ):
        return None  # somebody new: "A resident, who heard it, wept."
    inside = [entry for entry in places if start <= entry[0].start < end]
    place, option = min(inside, key=lambda entry: entry[0].start)
    is_introduced = not isinstance(option.person, UnnamedPerson) or option.person.opening is Opening.INDEFINITE
    is_subject = place.opens_sentence and not place.is_owner and is_introduced
    reports = mention_words.REPORTS.match(names.text, place.end) if is_subject else None
    if reports is None:
        return None
    others = [other for other, its_option in inside if its_option is not option]
    others_speak = any(mention_words.REPORTS.match(names.text, other.end) for other in others)
    is_named = isinstance(option.person, UnnamedPerson) and any(other.start < reports.end() for other in others)
    return (
        None if others_speak or is_named or mention_words.CLAUSE_FIRST.match(names.text, start, place.start) else option
    )


def newest_bearer(text: str, options: Sequence[Option]) -> Option | None:
    """Return the bearer of a surname who was introduced in the sentences before: "His father, Bo Tate, wept. ... Tate".

    None where another bearer has spoken before, or the one introduced has not acted. Without "his father" the surname
    may go on to mean the person whom the article is about.
    """
    if options[0].kind is not MentionKind.NAME:
        return None
    bearers = [(o, o.features) for o in options if o.person is not None and isinstance(o.features, PersonFeatures)]
    option, newest = min(bearers, key=lambda bearer: bearer[1].distance)
    is_near = newest.paragraphs <= 1 and newest.sentences <= FARTHEST_INTRODUCED
    is_new = newest.introduced == 1 and newest.last_full == 1 and newest.newest == 1
    start = option.person.places[0].start if option.person is not None else 0
    is_related = mention_words.OWNED_BEFORE.search(text[max(0, start - LONGEST_DESCRIPTION) : start]) is not None
    has_acted = newest.last_acts == 1 or newest.last_opens == 1
    has_rival = any(features.spoke_often > 0 for other, features in bearers if other is not option)
    return option if is_near and is_new and is_related and has_acted and not has_rival else None


def _of_gender(persons: Sequence[Person], gender: str | None) -> list[Person]:
    """Return the persons who may have this gender; all where it is unknown."""
    return [person for person in persons if gender is None or person.gender in (None, gender)]


def modifiers_of(text: str, found: FoundMention, described: Description | None) -> frozenset[str]:
    """Return the words of a description beside its noun that say which one: "german" of "the German chancellor"."""
    span = described.span if described is not None else found.mention
    words = re.findall(r"[\w-]+", span.of(text).lower())
    return frozenset(words) - {found.head.of(text).lower()} - FUNCTION_WORDS


def only_in_role(options: Sequence[Option]) -> Person | None:
    """Return the only person whom the article calls as the mention does, in all its words: "the mayor of Holm".

    A person without a name counts as well: "the teacher" is the teacher who was mentioned before. None where several
    are called so, or the mention is somebody's ("her lawyer").
    """
    called = [
        (option.person, option.features)
        for option in options
        if option.person is not None
        and isinstance(option.features, PersonFeatures)
        and option.kind is MentionKind.OFFICE
        and not option.features.owned_mention
        and (option.features.has_role or option.features.same_noun)
    ]
    if len(called) != 1:
        return None
    person, features = called[0]
    is_named_later = features.before == 0 and any(
        isinstance(option.features, PersonFeatures) and option.features.before > 0 and option.features.spoke_last > 0
        for option in options
    )
    if is_named_later:
        return None  # Tolland speaks, and "the manager" of the other team is named below
    if isinstance(person, UnnamedPerson):  # one introduced by "the" may be somebody whom the article names
        is_new = person.opening is Opening.INDEFINITE and NOT_YET.match(person.name) is None
        return person if features.same_noun and is_new else None
    return person if features.modifiers_met == 1.0 else None


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
    if names.head_word(found) in titles() and (titled := _named_behind_rank(names, found)) is not None:
        return titled
    if found.head.of(text)[:1].isupper() or names.head_word(found) in PRONOUNS:  # "Beside Ann Lee, she said"
        return None
    mention, start = found.mention.of(text), found.mention.start
    behind = start + mention.index(", ") + 2 if ", " in mention else _behind_agent(names, found)
    if behind >= 0 and not _is_owner_at(names, behind) and (person := _only_person_at(names, behind)) is not None:
        return person
    before = mention_words.BESIDE_NAME.search(text, max(0, start - mention_words.LONGEST_BESIDE_NAME), start)
    if before is None:
        return None
    person = _only_person_at(names, before.start() - 1)
    if (
        person is None
        or _ends_according(names, found, before.start() - 1)
        or (before[0] == mention_words.AND and not _speaks_with(names, mention, before.start() - 1, person))
    ):
        return None
    return person


def _named_behind_rank(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the person named between commas behind a rank: "The head of the unit, Chief Superintendent, Ann Lee,"."""
    run = names.people.run_at(found.mention.end + 2)
    if run is None or names.text[found.mention.end : run.start] != ", " or not names.text.startswith(",", run.end):
        return None
    return _only_person_at(names, run.start)


def _ends_according(names: ArticleNames, found: FoundMention, position: int) -> bool:
    """Return whether a comma ends "according to Lee": "According to Lee, the reviewer wept"."""
    run = names.people.run_at(position)
    is_aside = names.text[found.mention.end : found.mention.end + 1] == ","
    return run is not None and not is_aside and follows_according(names.text, run.start)


def _behind_agent(names: ArticleNames, found: FoundMention) -> int:
    """Return where an aside behind an agent begins: "called “...” by his deputy, Ann Lee"; -1 where there is none."""
    end = found.mention.end
    is_agent = found.method == "embedded" and names.text.endswith(mention_words.BEFORE_AGENT, 0, found.mention.start)
    return end + 2 if is_agent and names.text[end : end + 2] == ", " else -1


def _is_owner_at(names: ArticleNames, position: int) -> bool:
    """Return whether a possessive stands at a place: "Ann Lee, Holm’s chairman," is not Holm."""
    run = names.people.run_at(position)
    return run is not None and run.is_owner


def _only_person_at(names: ArticleNames, position: int) -> Person | None:
    """Return the person named at a place; None where nobody or several people may bear the name."""
    run = names.people.run_at(position)
    named = names.people.bearers(run) if run is not None else []
    return named[0] if len(named) == 1 else None


def _speaks_with(names: ArticleNames, mention: str, position: int, person: Person) -> bool:
    """Return whether "her aides" behind "Lee and" are those of Lee, who speaks with them."""
    run = names.people.run_at(position)
    owner = mention.split()[0].lower()
    if run is None or owner not in pronouns.OWNERS or not opens_sentence(names.text, run.start):
        return False
    return pronouns.OWNERS[owner] in (None, person.gender or pronouns.OWNERS[owner])


def named_below(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return who is named below and speaks in a statement: "a spokeswoman said. ... Ann Lee said in a statement".

    Not of "a spokeswoman for the mayor", nor where several people are first named there. Of 50 labelled mentions of
    an unnamed spokesperson one means a person who is named.
    """
    start = found.mention.end
    if not mention_words.SPOKESPERSON.fullmatch(names.words_of(found)):
        return None
    below = [
        person.places[0]
        for person in names.people.persons
        if person.places and start < person.places[0].start < start + FARTHEST_BELOW
    ]
    if len(below) != 1 or not mention_words.SPEAKS_IN_STATEMENT.match(names.text, below[0].end):
        return None
    return _only_person_at(names, below[0].start)


def named_next(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return whom the sentence after that of an office names for the first time: "Tarn's mayor has quit. Ann Lee said".

    None where anybody else is named behind the mention, or the article gives the name another office.
    """
    text, mention = names.text, found.mention
    office = office_in(mention.of(text))
    is_known = names.words_of(found).startswith(mention_words.THE) or mention_words.OWNED_OFFICE.match(mention.of(text))
    if office is None or is_relation(office.noun) or is_proxy(office.noun) or not is_known:
        return None
    following = [
        (place.start, person)
        for person in names.people.persons
        for place in person.places
        if place.start >= mention.end and not names.is_quoted(place.start)
    ]
    if not following:
        return None
    start, person = min(following, key=lambda entry: entry[0])
    in_title = len(names.title or "") if text.startswith(names.title or "") else 0
    place = next((place for place in person.places if place.start >= in_title), person.places[0])
    stops = mention_words.SENTENCE_STOP.findall(text, mention.end, start)
    is_next = place.start == start and place.is_full and 0 < len(stops) <= 2 and start - mention.end < FARTHEST_NEXT
    is_told = text.startswith(",", place.end) or not (place.opens_sentence and place.acts)
    if is_told or not is_next or person in names.bearers(found).others:
        return None
    return person


def only_holder(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person to whom the article gives this office, where the mention is definite: "the governor"."""
    role = role_of(bare_name(found.head.of(names.text)).lower())
    if role is None or not names.words_of(found).startswith(mention_words.THE):
        return None
    bearers = names.bearers(found)
    holders = [person for person in names.people.persons if role in person.offices and person not in bearers.others]
    named = [person for person in bearers.told if not isinstance(person, UnnamedPerson)]
    if len(holders) != 1 or len(named) > 1 or _may_lead(names, found, holders[0]):
        return None
    return None if modifiers_of(names.text, found, names.described.get(found.head.start)) else holders[0]


def told_bearer(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person whose office answers to all words of a mention: "the former mayor of Holm"."""
    told = names.bearers(found).told
    return told[0] if len(told) == 1 and not _may_lead(names, found, told[0]) else None


def _may_lead(names: ArticleNames, found: FoundMention, holder: Person) -> bool:
    """Return whether another opens the paragraph who may hold the office: "Norway’s Ann Lee ... the minister said".

    `holder` is the one to whom the article gives it, and whom the paragraph does not name before.
    """
    text, at = names.text, found.mention.start
    start = text.rfind("\n", 0, at) + 1
    opening = mention_words.OF_COUNTRY.match(text, start, at)
    if opening is None or opening["country"].lower() not in countries():
        return False
    is_named = names.people.run_at(opening.end()) is not None
    return is_named and not any(start <= place.start < at for place in holder.places)


def expert_speaking(names: ArticleNames, found: FoundMention, spoken: Sequence[str]) -> Person | None:
    """Return who spoke last, where "the expert" goes on; None where anybody else has acted, or is called so.

    Somebody of no known sex and role may be a company. `spoken` are the names of the speakers before, in order.
    """
    if names.words_of(found) not in mention_words.THE_EXPERT or not spoken:
        return None
    at, noun = found.mention.start, names.head_word(found)
    last = next((p for p in names.people.persons if p.name == spoken[-1] and " " in p.name), None)
    others = [p for p in names.people.persons if p is not last and (p.gender is not None or p.roles)]
    places = [place for person in others for place in names.outside_quotes(person.places) if place.start < at]
    called = [d for d in names.descriptions if d.noun == noun and d.span.end <= at]
    is_another = any(place.acts or place.speaks for place in places)
    return None if is_another or any(d.opening is not Opening.DEFINITE for d in called) else last


def tied_bearers(names: ArticleNames, found: FoundMention, spoken: Sequence[str]) -> Sequence[Person]:
    """Return the bearers of an office of whom the article does not tell which one is meant; none where it may tell.

    It may tell by naming one of them last, in a sentence of its own, or by one who spoke last.
    """
    told = names.bearers(found).told
    if len(told) == 1 and _may_lead(names, found, told[0]):
        return told
    if len(told) < 2 or (spoken and spoken[-1] in {person.name for person in told}):
        return ()
    at = found.head.start
    last = {id(person): _last_before(names.outside_quotes(person.places), at) for person in told}
    latest = max(last.values())
    beside = [p for p in told if last[id(p)] >= 0 and not SENTENCE_END.search(names.text, last[id(p)], latest)]
    return told if len(beside) > 1 else ()


def last_bearer(names: ArticleNames, found: FoundMention, options: Sequence[Option]) -> Option | None:
    """Return who acted last of several who bear an office; None where that one is no subject.

    Nor where another of them spoke last, but where only the one who acted is named in this paragraph.
    """
    told = names.bearers(found).told if options[0].kind is MentionKind.OFFICE else ()
    bearers = [(o, o.features) for o in options if o.person in told and isinstance(o.features, PersonFeatures)]
    if len(bearers) < 2:
        return None
    option, last = min(bearers, key=lambda bearer: bearer[1].distance)
    here = [each for each, features in bearers if features.paragraphs == 0]
    if any(features.spoke_last for _, features in bearers) and here != [option]:
        return None
    return option if (last.last_acts or last.last_opens) and not last.last_owner else None


def of_that_age(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person of whom the article tells this age: "the 33-year-old"."""
    told = mention_words.YEAR_OLD.match(names.words_of(found))
    if told is None:
        return None
    people = [*names.people.persons, *names.unnamed]
    fitting = [person for person in people if _age(names.text, person) == int(told["age"])]
    return fitting[0] if len(fitting) == 1 else None


def only_owner(names: ArticleNames, found: FoundMention) -> Person | None:
    """Return the only person of the sex of a possessive whose words a colon introduces: "Her verdict: ..."."""
    word = found.head.of(names.text).lower()
    is_before_colon = found.cue is not None and found.cue.of(names.text) == ":"
    if word not in pronouns.OWNERS or not is_before_colon:
        return None
    gender = pronouns.OWNERS[word]
    people = [p for p in (*names.people.persons, *names.unnamed) if names.is_outside_quotes(p.places)]
    fitting = _of_gender(people, gender)
    return fitting[0] if len(fitting) == 1 and fitting[0].gender == gender else None


_UNAMBIGUOUS_RULES = (
    named_beside,
    named_below,
    of_that_age,
    told_bearer,
    only_holder,
    only_owner,
    named_next,
)


def printed_name(names: ArticleNames, found: FoundMention, spoken: Sequence[str]) -> str:
    """Return the name that the mention itself gives, else its words; empty where these name nobody.

    `spoken` are the names of the speakers before the mention, in order: some pronouns mean the last one.
    """
    word = names.head_word(found)
    if word == pronouns.AUTHOR and names.byline:
        return names.byline
    if word in pronouns.OF_LAST_SPEAKER and spoken:
        return spoken[-1]
    if word in pronouns.HE_OR_SHE and spoken and _may_be_called(names, spoken[-1], word):
        return spoken[-1]
    for person in names.unnamed:
        if any(place.start <= found.head.start < place.end for place in person.places):
            words = description(names.text, found) if found.head.start < person.places[0].end else ""
            is_elsewhere = mention_words.CIRCUMSTANCE_FIRST.match(words) is not None
            return person.name if is_elsewhere else max(words, person.name, key=len)
    run = names.people.run_at(found.head.start) or _run_before_colon(names, found)
    if run is None:
        return _noun_phrase(names, description(names.text, found))
    fitting = names.people.bearers(run)
    if fitting:
        return fitting[0].name
    is_body = any(place.start == run.start for body in names.organisations for place in body.places)
    if (_is_common_noun(names.text, found, run) and not is_body) or run.is_owner:
        return _noun_phrase(names, description(names.text, found))
    return _noun_phrase(names, _organisation(names, found, run))


def _noun_phrase(names: ArticleNames, words: str) -> str:
    """Return the name or noun phrase that opens some words; empty where they are a clause about nothing that speaks.

    "Harbour Post on Thursday" is the Harbour Post, "A voice is then heard saying" a voice, "Ann Lee’s words" Ann Lee.
    """
    circumstance = speakers.CIRCUMSTANCE.search(words)
    is_behind = circumstance is not None and speakers.RELATIVE.search(words, 0, circumstance.start()) is None
    phrase = words[: circumstance.start()] if circumstance is not None and is_behind else words
    clause = speakers.CLAUSE.match(phrase)
    owner = None
    if clause is not None and speakers.RELATIVE.search(clause["noun"]) is None:
        phrase = clause["noun"]
        owner = speakers.HE_OR_SHE.fullmatch(phrase)
    owner = owner or speakers.OWN_WORDS.fullmatch(phrase)
    if owner is not None:
        return _owner_of_words(names, owner["owner"])
    if speakers.NOBODY.fullmatch(phrase) or speakers.COMMAND.match(phrase) or _is_thing(names.text, phrase):
        return ""
    return speakers.CUT_CLAUSE.sub("", phrase).strip(" ,;:")


def _owner_of_words(names: ArticleNames, owner: str) -> str:
    """Return whose words they are, of "Ann Lee’s words", "her verdict" or "she"; empty where several may be meant."""
    people = names.people
    gender = speakers.GENDER_OF_OWNER.get(owner.lower())
    if gender is not None:
        fitting = _of_gender([*people.persons, *names.unnamed], gender)
    else:
        fitting = people.named(bare_name(owner).split()) or [Person(bare_name(owner))]
    return fitting[0].name if len(fitting) == 1 else ""


def _is_thing(text: str, phrase: str) -> bool:
    """Return whether a capitalised word is a noun of the article for what cannot speak: a label ("Plaque: ...")."""
    word = phrase.lower()
    if not phrase.istitle() or not phrase.isalpha() or may_speak(word) or noun_of_person(word) is not None:
        return False
    return re.search(rf"\b{word}\b", text) is not None


def _may_be_called(names: ArticleNames, name: str, pronoun: str) -> bool:
    """Return whether a pronoun may mean the person of this name: false where the person has the other gender."""
    other = "f" if pronoun in pronouns.HE else "m"
    return not any(person.name == name and person.gender == other for person in names.people.persons)


def _run_before_colon(names: ArticleNames, found: FoundMention) -> CapitalisedRun | None:
    """Return the name that opens a mention before a colon: "Lee sees trouble: ..."."""
    if found.cue is None or found.cue.of(names.text) != ":":
        return None
    run = names.people.run_at(found.mention.start)
    if run is None or run.is_owner or not names.people.bearers(run):
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
    behind = mention_words.RELATIVE_BEHIND.sub(r"\1", behind)
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
        if is_here and (len(organisation.words) > len(run.words) or "&" in organisation.name):
            return organisation.name  # "the Times" is the Orle Times, "B" of "B&B" is Bow & Bell
    if _is_acronym(run.name):
        return _full_name(names.text, run.name)
    return _with_surroundings(names.text, found, run)


def _full_name(text: str, name: str) -> str:
    """Return an acronym as the article spells it out; other names as they are."""
    return (_spelled_out(text, name) if _is_acronym(name) else None) or name


def _is_acronym(name: str) -> bool:
    return name.isupper() and name.isalpha() and len(name) >= SHORTEST_ACRONYM


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
    """Return the words of the text that have the letters of the acronym as initials, first those that it stands behind.

    "The Office of Radio, Film and Song (ORFS)" tells it, with a comma between two of them as well.
    """
    escaped = [re.escape(letter) for letter in acronym]
    behind = mention_words.BETWEEN_INITIALS_BEFORE_BRACKET.join(escaped)
    told = re.search(rf"\b(?P<words>{behind}[\w’'-]+) \({re.escape(acronym)}\)", text)
    match = told or re.search(rf"\b(?P<words>{mention_words.BETWEEN_INITIALS.join(escaped)}[\w’'-]+)", text)
    return match["words"] if match and " " in match["words"] else None
