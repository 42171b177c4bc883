"""Find the mentions that may name the speaker of a quoted part, each with its features.

Candidates are the nouns and pronouns outside the marks in the part's own paragraph, the subjects of the paragraphs
around it, and every mention at which a rule of `rules.py` points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.features import (
    NO_CUE,
    NO_PLACE,
    NO_WORD,
    NOT_ELSEWHERE,
    SUBJECTS,
    Neighbours,
    SpeakerFeatures,
    Values,
    context_features,
    cue_features,
    cue_gap,
    elsewhere_features,
    part_features,
    place_features,
    rule_features,
    word_features,
)
from quotetrack.extract.attribution.rules import FRAGMENT_RULES, FULL_RULES, FoundMention, ParagraphScene
from quotetrack.extract.attribution.syntax import Cue, RuleMatch, is_surname_between, mention_of
from quotetrack.extract.frames import Reading
from quotetrack.lang.en.words import SOME_OF

# Paragraphs before and behind a part in which a subject may be its speaker.
PARAGRAPHS_BEFORE = 2
PARAGRAPHS_BEHIND = 1

_HEADS = {"NOUN", "PROPN", "PRON"}
_NEVER = {"compound", "amod", "nummod", "npadvmod", "det", "punct", "predet"}
_NUMBERS_AND_DATES = {"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"}
_PERSON_PLACES = {"pobj", "dobj", "ROOT"}
_RULES = {name: rule for name, rule, _ in FULL_RULES + FRAGMENT_RULES}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun or pronoun of a paragraph that may name a speaker, with what is the same for every quoted part.

    `cues` are the reporting words of which it is the subject.
    """

    token: Token
    match: RuleMatch
    cues: list[Cue]
    features: Values


class ReadParagraph:
    """A parsed paragraph with its cues and nouns. The nouns are described when a part first asks for them, and once."""

    def __init__(self, reading: Reading, cues: Sequence[Cue]) -> None:
        self.reading = reading
        self.cues = cues

    @cached_property
    def own_nouns(self) -> list[Noun]:
        """The nouns that may name the speaker of a part in this paragraph."""
        return [self._described(token) for token in _heads(self.reading, is_own=True)]

    @cached_property
    def nouns_for_others(self) -> list[Noun]:
        """The nouns that may name the speaker of a part in another paragraph."""
        return [self._described(token) for token in _heads(self.reading, is_own=False)]

    def _described(self, token: Token) -> Noun:
        cues = [cue for cue in self.cues if cue.subject == token.i]
        return Noun(token, mention_of(self.reading, token.i), cues, word_features(self.reading, token))


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """One mention that may name the speaker.

    `cue` is the reporting word whose subject it is, if any; `method` the first rule that points at it, else "cue" or
    "mention".
    """

    mention: Span
    head: Span
    cue: Span | None
    method: str
    features: SpeakerFeatures


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """One quoted part, as its candidates are found and described.

    `number` is its place in the paragraph of the scene, `chosen` the mention that the rules chose, `counts` how often
    each capitalised word stands in the article.
    """

    scene: ParagraphScene
    number: int
    chosen: FoundMention | None
    neighbours: Neighbours
    counts: Mapping[str, int]


def find_candidates(part: QuotedPart, around: Mapping[int, ReadParagraph]) -> list[MentionCandidate]:
    """Return the candidates of one part, in the order of the text.

    `around` has the parsed paragraphs by their distance (0: the part's own).
    """
    matches = _rule_matches(part)
    pointed = _rules_by_head(matches)
    of_part = part_features(part.scene, part.number, part.chosen.method if part.chosen is not None else None)
    candidates: dict[Span, MentionCandidate] = {}
    for distance, read in sorted(around.items(), key=lambda entry: entry[0]):
        for noun in read.own_nouns if distance == 0 else read.nouns_for_others:
            head = noun.match.head
            if head not in candidates:
                candidates[head] = _candidate(part, of_part, distance, read.reading, noun, pointed.get(head, []))
    for head, names in pointed.items():
        cue = next((m.cue for _, m in matches if m.head == head and m.cue is not None), None)
        if head not in candidates:
            match = next(m for _, m in matches if m.head == head)
            candidates[head] = _candidate_outside(part, of_part, match, names)
        elif candidates[head].cue is None and cue is not None:
            candidates[head] = replace(candidates[head], cue=cue)
    return sorted(candidates.values(), key=lambda candidate: candidate.head)


def _rule_matches(part: QuotedPart) -> list[tuple[str, RuleMatch]]:
    """Return the mention at which each rule points, by the rule's name; the one that the rules chose comes first."""
    matches = []
    if part.chosen is not None:
        matches.append((part.chosen.method, RuleMatch(part.chosen.mention, part.chosen.head, part.chosen.cue)))
    for name, rule in _RULES.items():
        if (match := rule(part.scene, part.number)) is not None:
            matches.append((name, match))
    return matches


def _rules_by_head(matches: Sequence[tuple[str, RuleMatch]]) -> dict[Span, list[str]]:
    """Return the names of the rules that point at each head, each name once."""
    pointed: dict[Span, list[str]] = {}
    for name, match in matches:
        names = pointed.setdefault(match.head, [])
        if name not in names:
            names.append(name)
    return pointed


def _heads(reading: Reading, *, is_own: bool) -> Iterator[Token]:
    """Yield the nouns and pronouns outside the marks; of other paragraphs only subjects and persons."""
    for token in reading.tokens:
        is_surname = is_own and is_surname_between(reading, token.i)
        if is_surname:
            yield token
        if token.pos_ not in _HEADS or reading.inside[token.i] >= 0 or token.dep_ in _NEVER:
            continue
        if token.ent_type_ in _NUMBERS_AND_DATES or _is_whole_of_some(token):
            continue
        is_person = token.ent_type_ == "PERSON" and token.dep_ in _PERSON_PLACES
        if is_own or token.dep_ in SUBJECTS or is_person:
            yield token


def _is_whole_of_some(token: Token) -> bool:
    """Return whether a noun names the whole of which only some speak: "the women" in "one of the women"."""
    of = token.head
    return token.dep_ == "pobj" and of.lower_ == "of" and (of.head.like_num or of.head.lower_ in SOME_OF)


def _candidate(
    part: QuotedPart,
    of_part: Values,
    distance: int,
    reading: Reading,
    noun: Noun,
    names: Sequence[str],
) -> MentionCandidate:
    """Describe a noun of a parsed paragraph as a candidate; `names` are the rules that point at it."""
    token, match = noun.token, noun.match
    cue = None
    if distance == 0:
        cue = min(noun.cues, key=lambda cue: cue_gap(reading, cue.verb, part.number), default=None)
        place = place_features(part.scene, token, part.number) | NOT_ELSEWHERE
    else:
        place = elsewhere_features(reading, token, noun.cues[-1] if noun.cues else None) | NO_PLACE
    features = SpeakerFeatures(
        **of_part,
        **rule_features(names),
        **noun.features,
        **place,
        **(cue_features(part.scene, cue, part.number) if cue is not None else NO_CUE),
        **context_features(match.head, part.neighbours, part.counts, reading.text),
        chosen=float(bool(names) and part.chosen is not None and names[0] == part.chosen.method),
        paragraph=float(distance),
        elsewhere=0.0,
    )
    method = names[0] if names else "cue" if cue is not None else "mention"
    cue_span = reading.place(reading.tokens[cue.verb]) if cue is not None else None
    return MentionCandidate(match.mention, match.head, cue_span, method, features)


def _candidate_outside(part: QuotedPart, of_part: Values, match: RuleMatch, names: Sequence[str]) -> MentionCandidate:
    """Describe a mention at which rules point, but which is no noun of the parsed paragraphs around the part."""
    features = SpeakerFeatures(
        **of_part,
        **rule_features(names),
        **NO_WORD,
        **NO_PLACE,
        **NO_CUE,
        **NOT_ELSEWHERE,
        **context_features(match.head, part.neighbours, part.counts, part.scene.reading.text),
        chosen=0.0,
        paragraph=0.0,
        elsewhere=1.0,
    )
    return MentionCandidate(match.mention, match.head, match.cue, names[0], features)
