"""Extract the quotations of an article: find the words, attribute them, name their speakers, date them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.language import Language

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.attribution.ranker import RankedPart, decide_parts, rank_candidates
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.dating.ranker import Dating
from quotetrack.extract.entities.coreference import ModelOpinions, Resolver
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People, Person
from quotetrack.extract.frames import Reading, entities_in, read_paragraphs
from quotetrack.extract.paragraphs import article_paragraphs
from quotetrack.extract.quotes import begins_sentence, find_quotations, words_of
from quotetrack.extract.windows import Encoder, Questions

# Quoted parts that are read at one time: candidates are weighed against all of them, and no paragraph of news has more.
CROWDED = 20


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
    return date_quotations(article, named, attributed)


@dataclass(frozen=True, slots=True)
class AttributedText:
    """The quotations of a text with the mentions of their speakers, not yet resolved to names.

    `quoted` are all parts in marks, `mentions` the speaker of each, `ranked` its candidates; `questions` is None
    without an encoder.
    """

    paragraphs: list[Span]
    quotations: list[Quotation]
    quoted: list[Span]
    people: People
    organisations: list[Person]
    mentions: dict[Span, FoundMention | None]
    ranked: dict[Span, RankedPart]
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
    text: str, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> AttributedText:
    """Find the quotations of a text and the mention of each one's speaker; the options are those of `extract`."""
    parsed = parse_text(text, nlp)
    paragraphs, readings = parsed.paragraphs, parsed.readings
    quoted = [part for quotation in parsed.quotations for part in quotation.parts]
    if not quoted:
        return AttributedText(paragraphs, [], [], People(""), [], {}, {})
    unparsed = [paragraph for index, paragraph in enumerate(paragraphs) if index not in readings]
    entities = _parsed_entities(readings) + entities_in(text, unparsed, nlp)
    people = People(text, _with_label(entities, "PERSON"), paragraphs, _subjects(readings))
    organisations = organisations_of(text, paragraphs, _with_label(entities, "ORG"), people.persons)
    questions = Questions(text, quoted, people.persons, organisations, encoder) if encoder is not None else None
    ranked = rank_candidates(text, parsed.quotations, readings, questions)
    decisions = decide_parts(parsed.quotations, ranked)
    mentions = {span: decision.speaker for span, decision in decisions.items()}
    kept = [q for q in parsed.quotations if everything or decisions[q.parts[0]].is_own]
    joined = _join(text, paragraphs, kept, mentions)
    return AttributedText(paragraphs, joined, quoted, people, organisations, mentions, ranked, questions)


def name_speakers(article: Article, attributed: AttributedText) -> list[Quotation]:
    """Return the quotations with the names of their speakers, not yet dated."""
    mentions = [attributed.speaker_of(quotation) for quotation in attributed.quotations]
    names = make_resolver(article, attributed).names(mentions)
    return [_name_speaker(*entry) for entry in zip(attributed.quotations, mentions, names, strict=True)]


def make_resolver(article: Article, attributed: AttributedText) -> Resolver:
    """Return the resolver that gives the mentions of an article their names."""
    opinions = None
    if attributed.questions is not None:
        opinions = ModelOpinions(attributed.questions, attributed.parts_of_mentions())
    return Resolver(
        article.text,
        attributed.people,
        attributed.quoted,
        article.byline,
        article.title,
        attributed.organisations,
        opinions=opinions,
    )


def _name_speaker(quotation: Quotation, speaker: FoundMention | None, name: str | None) -> Quotation:
    """Return the quotation with its speaker's name; unchanged where no mention was found."""
    if speaker is None or name is None:
        return quotation
    attribution = Attribution(name, speaker.mention, speaker.cue, speaker.method, speaker.confidence)
    return replace(quotation, attribution=attribution)


def date_quotations(article: Article, quotations: list[Quotation], attributed: AttributedText) -> list[Quotation]:
    """Return the quotations with the days on which they may have been said."""
    if not quotations:
        return []
    return Dating(article, attributed.paragraphs, attributed.quoted).date_all(quotations)


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


# --- parts that are one quotation ----------------------------------------------------------------------------


def _join(
    text: str,
    paragraphs: Sequence[Span],
    quotations: Sequence[Quotation],
    mentions: Mapping[Span, FoundMention | None],
) -> list[Quotation]:
    """Join parts of one paragraph under one cue into one quotation: "A," she said. "B"."""
    joined: list[Quotation] = []
    for quotation in quotations:
        before = joined[-1] if joined else None
        if before is not None and _continues(text, paragraphs, before, quotation, mentions):
            parts = before.parts + quotation.parts
            kinds = {before.kind, quotation.kind}
            kind = QuotationKind.FULL if QuotationKind.FULL in kinds else QuotationKind.MIXED
            context = Span(before.context.start, quotation.context.end)
            joined[-1] = Quotation(parts, before.words, kind, context)
        else:
            joined.append(quotation)
    return [_with_words(text, quotation, mentions) for quotation in joined]


def _with_words(text: str, quotation: Quotation, mentions: Mapping[Span, FoundMention | None]) -> Quotation:
    found = [speaker for part in quotation.parts if (speaker := mentions.get(part)) is not None]
    attribution = [span for speaker in found for span in (speaker.mention, speaker.cue) if span is not None]
    return replace(quotation, words=words_of(text, quotation.parts, attribution))


def _continues(
    text: str,
    paragraphs: Sequence[Span],
    before: Quotation,
    quotation: Quotation,
    mentions: Mapping[Span, FoundMention | None],
) -> bool:
    """Return whether a quotation continues the one before it in the paragraph, under the same cue or under none."""
    is_one_paragraph = any(_holds(p, before.parts[-1]) and _holds(p, quotation.parts[0]) for p in paragraphs)
    left, right = mentions.get(before.parts[-1]), mentions.get(quotation.parts[0])
    if not is_one_paragraph or left is None or right is None or left.mention != right.mention:
        return False
    if right.cue is not None:
        is_one_cue = right.cue == left.cue or left.cue is None
        return is_one_cue and not _are_fragments_apart(text, before, quotation, right.cue)
    between = text[before.parts[-1].end : quotation.parts[0].start]
    return quotation.kind is QuotationKind.FULL or not re.search(r"[.?!]\s", between)


def _are_fragments_apart(text: str, before: Quotation, quotation: Quotation, cue: Span) -> bool:
    """Return whether one of two quotations is a fragment, and a sentence other than that of the cue begins between."""
    if QuotationKind.MIXED not in (before.kind, quotation.kind):
        return False
    start, end = before.parts[-1].end, quotation.parts[0].start
    is_cue_between = start <= cue.start < end
    return begins_sentence(text, start if is_cue_between else start - 1, end)  # the stop may be inside the marks
