"""The features by which fitted trees rate whom a mention means.

Each ensemble of `coreference.json` has one type, whose fields are the stored features in the stored order. Distances
are in characters and counts are numbers; those that `lang/en/reasons.txt` marks with `log` are stored as log(1 + n).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log1p
from typing import NamedTuple

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.chains import NO_CHAIN, NO_PRONOUN, Chains
from quotetrack.extract.entities.descriptions import Opening, UnnamedPerson
from quotetrack.extract.entities.name_forms import gender_of, role_of
from quotetrack.extract.entities.nouns import is_general, is_kin, is_proxy, noun_of_person
from quotetrack.extract.entities.people import NamePlace, Person
from quotetrack.lang import sections
from quotetrack.lang.en import pronouns
from quotetrack.lang.en.mention_words import DEFINITE_FEATURE, SENTENCE_STOP

# Characters within which an organisation and what it issued are named in one sentence.
LONGEST_MAKING = 160
# Characters behind a mention up to which its noun may be met again.
FARTHEST_NOUN = 200
# Characters above a mention within which a name is near, and below it.
NEAR_ABOVE, NEAR_BELOW = 600, 300
# The value of a distance (log of characters) and of a count of sentences or paragraphs to a name that is not above.
NO_DISTANCE, NO_COUNT = 20.0, 60.0
# The value of a distance (log of characters) between a name and a noun that share no sentence.
NO_NOUN = 9.0
# The rank of a candidate that no place ranks.
NO_RANK = 30.0
# Places of a person beside which the words of a description are looked for, and the characters beside each.
MOST_PLACES, BESIDE_BEFORE, BESIDE_BEHIND = 4, 60, 110
# A position above every text, from which a distance is counted where no fitting name stands above the mention.
NOWHERE_ABOVE = -(10**8)

_WORD = re.compile(r"[\w-]+")
_PARAGRAPH_END = re.compile(r"\n\s*")
_SENTENCE_END = re.compile(r"[.?!][\"”’]*\s")


class MentionKind(StrEnum):
    """The kinds of mentions that leave a choice."""

    NAME = "name"  # several bear it
    PRONOUN = "pronoun"  # "he" or "she"
    OFFICE = "office"  # an office or a description
    GROUP = "group"  # a word for an organisation
    DOCUMENT = "document"
    THING = "thing"  # "it" or "they"


BODY_KINDS = frozenset({MentionKind.GROUP, MentionKind.DOCUMENT, MentionKind.THING})


class PersonFeatures(NamedTuple):
    """A person whom a name, a pronoun or an office may mean, or nobody: stage "person" of the weights."""

    acting_distance: float
    acts_rank: float
    before: float
    behind_other: float
    behind_pronoun: float
    below: float
    below_near: float
    below_pronouns: float
    definite: float
    distance: float
    document: float
    first_above: float
    first_here: float
    firsts_above: float
    full: float
    full_distance: float
    gender_sure: float
    gender_unknown: float
    general_noun: float
    has_role: float
    in_paragraph: float
    in_title: float
    introduced: float
    introduced_rank: float
    is_object: float
    is_told_of: float
    kin_noun: float
    kind_name: float
    kind_office: float
    kind_pronoun: float
    last_acts: float
    last_full: float
    last_opens: float
    last_owner: float
    last_speaks: float
    modifiers: float
    modifiers_met: float
    named_here: float
    named_in_words: float
    near: float
    newest: float
    nobody: float
    nobody_spoke: float
    often: float
    openers_between: float
    opening_distance: float
    opens_rank: float
    others_acting: float
    others_between: float
    owned: float
    owned_mention: float
    paragraphs: float
    pronouns_between: float
    pronouns_here: float
    proxy_noun: float
    quote_opens: float
    rank: float
    rivals: float
    role_rivals: float
    same_noun: float
    same_sex_in_words: float
    sentences: float
    share: float
    speaking_distance: float
    spoke_last: float
    spoke_often: float
    spoke_three_before: float
    spoke_two_before: float
    subject_distance: float
    unnamed: float
    words: float


class BodyFeatures(NamedTuple):
    """An organisation (or maker) that a group, document or thing may mean, or none: stage "body" of the weights."""

    acronym: float
    acting_distance: float
    before: float
    below: float
    below_near: float
    definite: float
    distance: float
    document: float
    full: float
    full_distance: float
    gender_sure: float
    gender_unknown: float
    has_role: float
    in_mention: float
    in_name: float
    in_paragraph: float
    in_title: float
    is_person: float
    kind_document: float
    kind_group: float
    kind_thing: float
    last_acts: float
    last_full: float
    last_opens: float
    last_owner: float
    last_speaks: float
    named_once: float
    near: float
    nobody: float
    nobody_spoke: float
    noun_before: float
    noun_behind: float
    often: float
    opening_distance: float
    paragraphs: float
    rank: float
    rivals: float
    role_rivals: float
    sentences: float
    share: float
    speaking_distance: float
    spoke_last: float
    spoke_often: float
    spoke_three_before: float
    spoke_two_before: float
    subject_distance: float
    words: float


Features = PersonFeatures | BodyFeatures
Values = dict[str, float]  # some of the fields of a row


@dataclass(frozen=True, slots=True)
class AmbiguousMention:
    """A mention that leaves a choice, with what its features need.

    `word` is the noun or pronoun of the mention in lower case. `spoken` are the names of the speakers before the
    mention, in order. `nouns` are the places in the text where the noun of a group, document or thing stands. `parts`
    are the quoted words of the mention, and `modifiers` the words of a description beside its noun, in lower case.
    """

    found: FoundMention
    word: str
    kind: MentionKind
    spoken: Sequence[str]
    nouns: Sequence[int] = ()
    parts: Sequence[Span] = ()
    opening: Opening | None = None
    modifiers: frozenset[str] = frozenset()

    @property
    def at(self) -> int:
        """Return the place of the noun or pronoun."""
        return self.found.head.start

    @property
    def role(self) -> str:
        """Return the office that the mention names, else its word."""
        return role_of(self.word) or self.word


def nouns_of(text: str, found: FoundMention, word: str) -> list[int]:
    """Return where a noun stands in the text, up to a little behind the mention, in order."""
    nouns = [noun.start() for noun in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]
    return nouns[: bisect_left(nouns, found.head.start + FARTHEST_NOUN)]


def features_of_options(
    names: ArticleNames,
    mention: AmbiguousMention,
    named: Sequence[tuple[Person, Sequence[NamePlace]]],
    chains: Chains,
) -> list[Features]:
    """Return one row for each person (or organisation), and the row of "nobody of these" last.

    `named` holds each with the places in the reporter's words, the one named last before the mention first.
    """
    rows: list[Features] = []
    in_role = [mention.role in person.roles for person, _ in named]
    earlier_places = [[place for place in places if place.start < mention.at] for _, places in named]
    opens_rank = _ranks([_last(x.start for x in earlier if x.opens_sentence) for earlier in earlier_places])
    without = _without(names.text, mention.found.mention)
    acts_rank = _ranks([_last(x.start for x in earlier if x.acts) for earlier in earlier_places])
    pronoun, in_chain = NO_PRONOUN, [NO_CHAIN] * len(named)
    if mention.kind is MentionKind.PRONOUN:
        pronoun, in_chain = chains.features(earlier_places, mention.word, mention.at)
    of_mention = {} if mention.kind in BODY_KINDS else {**_mention(names.text, mention), **pronoun._asdict()}
    introductions = [earlier[0].start if earlier else NOWHERE_ABOVE for earlier in earlier_places]
    for rank, (person, places) in enumerate(named):
        earlier = earlier_places[rank]
        common = {
            **_distances(earlier, mention.at),
            **_last_place(names.text, earlier, mention.at),
            **_frequencies(names, places, earlier, mention.at),
            **_person(names, person, mention.word),
            **_speeches(person, mention.spoken),
            "rank": float(rank),
            "rivals": float(len(named) - 1),
            "has_role": float(in_role[rank]),
            "role_rivals": float(sum(in_role) - in_role[rank]),
            **_OF_NOBODY,
        }
        if mention.kind in BODY_KINDS:
            rows.append(BodyFeatures(**common, **_KIND[mention.kind], **_making(names, person, mention)))
        else:
            own = {
                "opens_rank": opens_rank[rank],
                "acts_rank": acts_rank[rank],
                "newest": float(bool(earlier) and introductions[rank] == max(introductions)),
                "introduced": float(len(earlier) == 1),
                "named_in_words": float(is_named_in(names.text, person, mention.parts)),
                "modifiers_met": _modifiers_met(names, without, person, mention),
                **_unnamed(person, mention),
                **in_chain[rank]._asdict(),
            }
            rows.append(PersonFeatures(**common, **own, **of_mention, **_KIND[mention.kind]))
    words = names.words_of(mention.found)
    nobody = _EMPTY[mention.kind]._replace(
        nobody=1.0,
        distance=min((row.distance for row in rows), default=NO_DISTANCE),
        rivals=float(len(named)),
        role_rivals=float(sum(in_role)),
        definite=float(words.startswith(DEFINITE_FEATURE)),
        document=float(mention.word in sections("reporting.txt")["document"]),
        words=float(len(words.split())),
        **of_mention,
    )
    return [*rows, nobody]


# Features of the row of "nobody of these" only.
_OF_NOBODY: Values = {"nobody": 0.0, "definite": 0.0, "document": 0.0, "words": 0.0}
_KIND: dict[MentionKind, Values] = {
    kind: {
        f"kind_{other}": float(other is kind) for other in MentionKind if (other in BODY_KINDS) == (kind in BODY_KINDS)
    }
    for kind in MentionKind
}
_NO_BODY = BodyFeatures._make([0.0] * len(BodyFeatures._fields))
_NO_PERSON = PersonFeatures._make([0.0] * len(PersonFeatures._fields))
_EMPTY: dict[MentionKind, Features] = {
    kind: (_NO_BODY if kind in BODY_KINDS else _NO_PERSON)._replace(**_KIND[kind]) for kind in MentionKind
}


def _last(starts: Iterable[int]) -> int:
    return max(starts, default=NOWHERE_ABOVE)


def _ranks(places: Sequence[int]) -> list[float]:
    """Return how many of the candidates have a later place; `NO_RANK` for one that has none."""
    return [float(sum(other > place for other in places)) if place >= 0 else NO_RANK for place in places]


def _mention(text: str, mention: AmbiguousMention) -> Values:
    """Return what the mention is, the same for every candidate."""
    noun = noun_of_person(mention.word) or mention.word
    pronoun_sex = pronouns.HE if mention.word in pronouns.HE else pronouns.SHE
    inside = {word for part in mention.parts for word in _WORD.findall(part.of(text).lower())}
    return {
        "general_noun": float(is_general(noun)),
        "kin_noun": float(is_kin(noun)),
        "proxy_noun": float(is_proxy(noun)),
        "owned_mention": float(mention.opening is Opening.OWNED),
        "modifiers": float(len(mention.modifiers)),
        "same_sex_in_words": float(mention.kind is MentionKind.PRONOUN and bool(inside & pronoun_sex)),
    }


def is_named_in(text: str, person: Person, parts: Sequence[Span]) -> bool:
    """Return whether quoted words name a person, if only by the given name: few speak of themselves by name."""
    if any(part.overlap(place.span) for part in parts for place in person.places):
        return True
    if isinstance(person, UnnamedPerson) or len(person.words) == 1 or gender_of(person.words[0]) is None:
        return False
    given = re.compile(rf"\b{re.escape(person.words[0])}\b(?! [A-Z])")
    return any(given.search(part.of(text)) for part in parts)


def _without(text: str, mention: Span) -> str:
    """Return the text with a mention blanked out, so that it says nothing of itself; no character moves."""
    return text[: mention.start] + " " * len(mention) + text[mention.end :]


def _modifiers_met(names: ArticleNames, text: str, person: Person, mention: AmbiguousMention) -> float:
    """Return the share of a description's other words that stand beside a name of the person; 1 without any.

    `text` is without the mention itself.
    """
    if not mention.modifiers:
        return 1.0
    beside = {
        word
        for place in person.places[:MOST_PLACES]
        for word in _WORD.findall(names.around(place, BESIDE_BEFORE, BESIDE_BEHIND).of(text).lower())
    }
    return len(mention.modifiers & beside) / len(mention.modifiers)


def _unnamed(person: Person, mention: AmbiguousMention) -> Values:
    """Return whether a candidate has no name, is somebody's, and is described by the noun of the mention."""
    is_unnamed = isinstance(person, UnnamedPerson)
    return {
        "unnamed": float(is_unnamed),
        "owned": float(isinstance(person, UnnamedPerson) and person.opening is Opening.OWNED),
        "same_noun": float(isinstance(person, UnnamedPerson) and person.noun == noun_of_person(mention.word)),
    }


def _distances(earlier: Sequence[NamePlace], at: int) -> Values:
    """Return how far above the mention the name stands: in any place, and in places of several sorts."""
    not_owning = [place.start for place in earlier if not place.is_owner]
    return {
        "distance": log1p(at - earlier[-1].start) if earlier else NO_DISTANCE,
        "subject_distance": log1p(at - not_owning[-1]) if not_owning else NO_DISTANCE,
        "opening_distance": _distance_to((x.start for x in earlier if x.opens_sentence), at),
        "full_distance": _distance_to((x.start for x in earlier if x.is_full), at),
        "speaking_distance": _distance_to((x.start for x in earlier if x.speaks), at),
        "acting_distance": _distance_to((x.start for x in earlier if x.acts), at),
    }


def _distance_to(starts: Iterable[int], at: int) -> float:
    return log1p(at - max(starts, default=NOWHERE_ABOVE))


def _last_place(text: str, earlier: Sequence[NamePlace], at: int) -> Values:
    """Return how the last place above names the person, and how much text stands between it and the mention."""
    last = earlier[-1] if earlier else None
    between = text[last.start : at] if last is not None else ""
    return {
        "last_acts": float(last is not None and last.acts),
        "last_speaks": float(last is not None and last.speaks),
        "last_opens": float(last is not None and last.opens_sentence),
        "last_owner": float(last is not None and last.is_owner),
        "last_full": float(last is not None and last.is_full),
        "paragraphs": float(len(_PARAGRAPH_END.findall(between))) if last is not None else NO_COUNT,
        "sentences": float(len(_SENTENCE_END.findall(between))) if last is not None else NO_COUNT,
    }


def _frequencies(names: ArticleNames, places: Sequence[NamePlace], earlier: Sequence[NamePlace], at: int) -> Values:
    """Return how often the article names the person: in all, above, below and near."""
    line = names.text.rfind("\n", 0, at) + 1
    return {
        "often": log1p(len(places)),
        "share": len(places) / max(1, names.times_named),
        "before": log1p(len(earlier)),
        "below": log1p(len(places) - len(earlier)),
        "below_near": float(any(0 < x.start - at < NEAR_BELOW for x in places)),
        "near": float(sum(x.start > at - NEAR_ABOVE for x in earlier)),
        "in_paragraph": float(sum(x.start >= line for x in earlier)),
    }


def _person(names: ArticleNames, person: Person, word: str) -> Values:
    """Return who the person is, apart from any place."""
    gender = "m" if word in pronouns.HE else "f" if word in pronouns.SHE else None
    words = person.words
    return {
        "in_title": float(words[-1] in names.headline),
        "gender_sure": float(gender is not None and person.gender == gender),
        "gender_unknown": float(person.gender is None),
        "full": float(len(words) > 1),
    }


def _speeches(person: Person, spoken: Sequence[str]) -> Values:
    """Return when and how often the person spoke before the mention."""
    last, second, third = (spoken[-back] if len(spoken) >= back else None for back in (1, 2, 3))
    return {
        "spoke_last": float(last == person.name),
        "spoke_two_before": float(second == person.name),
        "spoke_three_before": float(third == person.name),
        "spoke_often": log1p(spoken.count(person.name)),
        "nobody_spoke": float(not spoken),
    }


def _making(names: ArticleNames, maker: Person, mention: AmbiguousMention) -> Values:
    """Return whether a body has the noun in its name, and whether the text says that the body made the thing."""
    places = [place.start for place in maker.places]
    nouns, head, longest = mention.nouns, mention.found.head.start, LONGEST_MAKING
    behind = [
        log1p(noun - place)
        for place in places
        for noun in _between(nouns, place, place + longest)
        if not SENTENCE_STOP.search(names.text[place:noun])
    ]
    before = [
        log1p(place - noun)
        for place in places
        for noun in _between(nouns, place - longest, place)
        if not SENTENCE_STOP.search(names.text[noun:place])
    ]
    return {
        "in_name": float(mention.word in maker.roles and mention.word in (word.lower() for word in maker.words)),
        "is_person": float(maker in names.people.persons),
        "noun_behind": min(behind, default=NO_NOUN),
        "noun_before": min(before, default=NO_NOUN),
        "in_mention": float(any(head <= place < mention.found.mention.end for place in places)),
        "acronym": float(maker.name.isupper()),
        "named_once": float(len(maker.places) == 1),
    }


def _between(places: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Return those of sorted places that lie between two, neither included."""
    return places[bisect_left(places, first + 1) : bisect_left(places, last)]
