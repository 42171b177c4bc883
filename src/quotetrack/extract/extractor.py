"""Extract the quotations of an article: find the words, attribute them, name their speakers, date them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.language import Language

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.attribution.ranker import RankedPart, decide_parts, rank_candidates
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.dating.grammar import read_clauses
from quotetrack.extract.dating.ranker import Dating
from quotetrack.extract.entities.confidence import (
    How,
    NameFeatures,
    Resolved,
    alternatives_of,
    chances_of,
    is_given,
    name_features,
)
from quotetrack.extract.entities.coreference import ModelOpinions, Resolver, Score
from quotetrack.extract.entities.descriptions import (
    Description,
    UnnamedPerson,
    descriptions_in,
    of_people_only,
    unnamed_people,
)
from quotetrack.extract.entities.joint import JointSpeakers, joint_speakers
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People, Person
from quotetrack.extract.frames import Reading, entities_in, read_paragraphs
from quotetrack.extract.joining import join_quotations, own_quotations
from quotetrack.extract.paragraphs import article_paragraphs
from quotetrack.extract.quotes import find_quotations
from quotetrack.extract.windows import Encoder, Questions

# Quoted parts that are read at one time: candidates are weighed against all of them, and no paragraph of news has more.
CROWDED = 20
# Least chance of the second likeliest mention for its name to be weighed too.
LEAST_SECOND = 0.05


def extract(
    article: Article, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> list[Quotation]:
    """Return the attributed and dated quotations of an article, in the order of its text.

    `encoder` (see `models/pointer.py`) is asked where the fitted trees are not sure who speaks, and whom a pronoun
    means; without one the trees decide alone, faster and somewhat less well. With `everything`, words in marks that
    are nobody's own count as well: scare quotes, titles, terms.
    Raises nothing, whatever the text; a text without quotation marks costs no parse.
    """
    attributed = attribute_text(article.text, nlp, encoder, everything=everything)
    named = name_speakers(article, attributed)
    return date_quotations(article, named, attributed, nlp)


@dataclass(frozen=True, slots=True)
class AttributedText:
    """The quotations of a text with the mentions of their speakers, not yet resolved to names.

    `quoted` are all parts in marks, `mentions` the speaker of each, `ranked` its candidates; `readings` are the parsed
    paragraphs. `questions` is None without an encoder.
    """

    paragraphs: list[Span]
    quotations: list[Quotation]
    quoted: list[Span]
    people: People
    organisations: list[Person]
    descriptions: list[Description]
    unnamed: list[UnnamedPerson]
    mentions: dict[Span, FoundMention | None]
    ranked: dict[Span, RankedPart]
    readings: Sequence[Reading] = ()
    questions: Questions | None = None

    def speaker_of(self, quotation: Quotation) -> FoundMention | None:
        """Return the mention of a quotation's speaker."""
        return self.mentions.get(quotation.parts[0])

    def parts_of_mentions(self) -> dict[Span, list[Span]]:
        """Return the parts that each mention speaks, in order."""
        parts: dict[Span, list[Span]] = {}
        for quotation in self.quotations:
            speaker = self.speaker_of(quotation)
            if speaker is not None:
                parts.setdefault(speaker.mention, []).extend(quotation.parts)
        return parts


def attribute_text(
    text: str, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False, is_whole: bool = False
) -> AttributedText:
    """Find the quotations of a text and the mention of each one's speaker; the options are those of `extract`.

    With `is_whole`, the people of a text without quotation marks are found as well.
    """
    parsed = parse_text(text, nlp)
    paragraphs, readings = parsed.paragraphs, parsed.readings
    quoted = [part for quotation in parsed.quotations for part in quotation.parts]
    if not quoted and not is_whole:
        return AttributedText(paragraphs, [], [], People(""), [], [], [], {}, {})
    unparsed = [paragraph for index, paragraph in enumerate(paragraphs) if index not in readings]
    entities = _parsed_entities(readings) + entities_in(text, unparsed, nlp)
    people = People(text, _with_label(entities, "PERSON"), paragraphs, _subjects(readings), quoted)
    organisations = organisations_of(text, paragraphs, _with_label(entities, "ORG"), people.persons)
    descriptions = of_people_only(text, descriptions_in(text, paragraphs), organisations)
    unnamed = unnamed_people(text, descriptions, people)
    questions = (
        Questions(text, quoted, people.persons, organisations, encoder, unnamed) if encoder is not None else None
    )
    ranked = rank_candidates(text, parsed.quotations, readings, questions)
    decisions = decide_parts(parsed.quotations, ranked)
    mentions = {span: decision.speaker for span, decision in decisions.items()}
    scenes = {span: part.part.scene for span, part in ranked.items()}
    kept: Sequence[Quotation] = parsed.quotations
    if not everything:
        is_own = {span: decision.is_own for span, decision in decisions.items()}
        kept = own_quotations(text, paragraphs, parsed.quotations, is_own, mentions, scenes)
    joined = join_quotations(text, paragraphs, kept, mentions, scenes)
    return AttributedText(
        paragraphs,
        joined,
        quoted,
        people,
        organisations,
        descriptions,
        unnamed,
        mentions,
        ranked,
        tuple(readings.values()),
        questions,
    )


def name_speakers(article: Article, attributed: AttributedText) -> list[Quotation]:
    """Return the quotations with the names of their speakers, not yet dated."""
    return name_quotations(attributed, weigh_names(attributed, make_resolver(article, attributed)))


def name_quotations(attributed: AttributedText, weighed: Mapping[Span, WeighedName]) -> list[Quotation]:
    """Return the quotations with the names that `weigh_names` gave."""
    text = attributed.people.text
    chances = dict(zip(weighed, chances_of([name.features(text) for name in weighed.values()]), strict=True))
    quotations = [(quotation, quotation.parts[0]) for quotation in attributed.quotations]
    return [
        _name_speaker(quotation, weighed[first], chances[first]) if first in weighed else quotation
        for quotation, first in quotations
    ]


@dataclass(frozen=True, slots=True)
class WeighedName:
    """The name of a quotation's speaker, with the second likeliest mention where it was weighed too."""

    found: FoundMention
    resolved: Resolved
    second: tuple[FoundMention, Resolved] | None
    joint: JointSpeakers | None

    def features(self, text: str) -> NameFeatures:
        """Return what the chance of the name is computed from."""
        return name_features(text, self.found, self.resolved, self.second)


def weigh_names(attributed: AttributedText, resolver: Resolver) -> dict[Span, WeighedName]:
    """Return the name of each quotation with a mention, by the first part of the quotation."""
    mentions = [attributed.speaker_of(quotation) for quotation in attributed.quotations]
    resolved = resolver.resolve_all(mentions)
    weighed: dict[Span, WeighedName] = {}
    spoken: list[str] = []
    for quotation, found in zip(attributed.quotations, mentions, strict=True):
        if found is None:
            continue
        second = None
        ranked = attributed.ranked.get(quotation.parts[0])
        other = ranked.runner_up() if ranked is not None else None
        if other is not None and other.confidence >= LEAST_SECOND:
            second = (other, resolver.resolve(other, spoken, is_weighed=False))
        joint = joint_speakers(attributed.people.text, attributed.people, found)
        weighed[quotation.parts[0]] = WeighedName(found, resolved[found.mention], second, joint)
        if resolved[found.mention].name:
            spoken.append(resolved[found.mention].name)
    return weighed


def make_resolver(article: Article, attributed: AttributedText, score: Score | None = None) -> Resolver:
    """Return the resolver that gives the mentions of an article their names; `score` rates (default: shipped trees)."""
    parts = attributed.parts_of_mentions()
    opinions = ModelOpinions(attributed.questions, parts) if attributed.questions is not None else None
    return Resolver(
        article.text,
        attributed.people,
        attributed.quoted,
        article.byline,
        article.title,
        attributed.organisations,
        attributed.unnamed,
        attributed.descriptions,
        parts,
        score,
        opinions,
    )


def _name_speaker(quotation: Quotation, weighed: WeighedName, chance: float) -> Quotation:
    """Return the quotation with its speaker's name, which is right with this chance."""
    found, resolved = weighed.found, weighed.resolved
    joint = weighed.joint
    is_shown = is_given(resolved, chance)
    mentions = [(resolved, found.confidence)]
    if weighed.second is not None:
        mentions.append((weighed.second[1], weighed.second[0].confidence))
    attribution = Attribution(
        resolved.name if is_shown else None,
        joint.mention if joint is not None else found.mention,
        found.cue,
        found.method,
        chance,
        found.confidence,
        alternatives_of(resolved.name, chance, mentions, with_name=not is_shown and resolved.how is not How.PRONOUN),
    )
    return replace(quotation, attribution=attribution)


def date_quotations(
    article: Article, quotations: list[Quotation], attributed: AttributedText, nlp: Language
) -> list[Quotation]:
    """Return the quotations with the days on which they may have been said."""
    if not quotations or article.published_at is None:
        return quotations
    return make_dating(article, attributed, nlp).date_all(quotations)


def make_dating(article: Article, attributed: AttributedText, nlp: Language) -> Dating:
    """Return what dates the quotations of an article; the sentences of its dates are parsed where they are not yet."""
    clauses = read_clauses(article.text, attributed.paragraphs, attributed.quoted, attributed.readings, nlp)
    return Dating(article, attributed.paragraphs, attributed.quoted, clauses, attributed.questions)


# --- words and parse -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The paragraphs and quoted words of a text, and its parsed paragraphs by their number.

    Paragraphs are parsed where they have quoted words, or stand directly before one that has.
    """

    paragraphs: list[Span]
    quotations: list[Quotation]
    readings: dict[int, Reading]


def parse_text(text: str, nlp: Language) -> ParsedText:
    """Find the quoted words of a text and parse the paragraphs around them."""
    paragraphs = article_paragraphs(text)
    quotations = find_quotations(text, paragraphs)
    if not quotations:
        return ParsedText(paragraphs, [], {})
    parts = [part for quotation in quotations for part in quotation.parts]
    stretches = [stretch for paragraph in paragraphs for stretch in _split_crowded(paragraph, parts)]
    return ParsedText(paragraphs, quotations, _read(text, stretches, quotations, nlp))


def _split_crowded(paragraph: Span, parts: Sequence[Span]) -> list[Span]:
    """Cut a paragraph behind every `CROWDED` quoted parts: a text without line breaks is one paragraph to us."""
    cuts = [part.end + 1 for part in parts if _holds(paragraph, part)][CROWDED - 1 :: CROWDED]
    edges = [paragraph.start, *(cut for cut in cuts if cut < paragraph.end), paragraph.end]
    return [Span(start, end) for start, end in pairwise(edges)]


def _read(text: str, paragraphs: Sequence[Span], quotations: Sequence[Quotation], nlp: Language) -> dict[int, Reading]:
    """Parse the paragraphs with quoted words, and the one before each; returned by their number."""
    quoted = [
        [(part, q.kind is QuotationKind.MIXED) for q in quotations for part in q.parts if _holds(paragraph, part)]
        for paragraph in paragraphs
    ]
    wanted = [i for i in range(len(paragraphs)) if quoted[i] or (i + 1 < len(paragraphs) and quoted[i + 1])]
    readings = read_paragraphs(text, [(paragraphs[i], quoted[i]) for i in wanted], nlp)
    return dict(zip(wanted, readings, strict=True))


def _holds(paragraph: Span, part: Span) -> bool:
    return paragraph.start <= part.start < paragraph.end


def _parsed_entities(readings: Mapping[int, Reading]) -> list[tuple[Span, str]]:
    """Return the entities of the parsed paragraphs with their labels."""
    return [(reading.place(entity), entity.label_) for reading in readings.values() for entity in reading.doc.ents]


def _with_label(entities: Sequence[tuple[Span, str]], label: str) -> list[Span]:
    return [span for span, its_label in entities if its_label == label]


def _subjects(readings: Mapping[int, Reading]) -> list[Span]:
    """Return the subjects of the reporter's clauses, where they are parsed."""
    return [
        reading.place(token)
        for reading in readings.values()
        for token in reading.tokens
        if token.dep_ in ("nsubj", "nsubjpass") and reading.inside[token.i] < 0
    ]
