"""From an article to its quotations: find the words, say whose they are, resolve the name, date the utterance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.language import Language

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.attribution.ranker import Weighed, attribute_article, weigh
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.dating.ranker import Dating
from quotetrack.extract.entities.coreference import ModelOpinions, Resolver
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People, Person
from quotetrack.extract.frames import Reading, entities_in, read_paragraphs
from quotetrack.extract.paragraphs import article_paragraphs
from quotetrack.extract.quotes import find_quotations
from quotetrack.extract.windows import Encoder, Questions

# Quoted parts that are read at one time: candidates are weighed against all of them, and no paragraph of news has more.
CROWDED = 20


def extract(
    article: Article, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> list[Quotation]:
    """The attributed and dated quotations of an article, in the order of its text.

    `encoder` (see `quotetrack.pointer`) is asked where the fitted trees are not sure who speaks, and whom a pronoun
    means; without one the trees decide alone, faster and somewhat less well. With `everything`, also what stands in
    marks without being somebody's words: scare quotes, titles, terms.
    Whatever the text, no exception; a text without quotation marks costs no parse.
    """
    whose = attribution_of(article.text, nlp, encoder, everything=everything)
    return dated(article, attributed(article, whose), whose)


def attributed(article: Article, whose: AttributedText) -> list[Quotation]:
    """The quotations with the names of their speakers, before they are dated."""
    mentions = [whose.found_of(quotation) for quotation in whose.quotations]
    names = resolver_of(article, whose).names(mentions)
    return [named_by(*entry) for entry in zip(whose.quotations, mentions, names, strict=True)]


def dated(article: Article, quotations: list[Quotation], whose: AttributedText) -> list[Quotation]:
    """The quotations with the days on which they may have been said."""
    if not quotations:
        return []
    return Dating(article, article_paragraphs(article.text), whose.quoted).date_all(quotations)


def resolver_of(article: Article, whose: AttributedText) -> Resolver:
    """What gives the mentions of an article their names."""
    return Resolver(
        article.text,
        whose.people,
        whose.quoted,
        article.byline,
        article.title,
        whose.organisations,
        opinions=ModelOpinions(whose.questions, whose.parts_of_mentions()) if whose.questions is not None else None,
    )


@dataclass(frozen=True, slots=True)
class AttributedText:
    """The quotations of a text with the mentions of their speakers, not yet resolved to names."""

    quotations: list[Quotation]
    quoted: list[Span]
    people: People
    organisations: list[Person]
    found: dict[Span, FoundMention | None]
    weighed: dict[Span, Weighed]
    questions: Questions | None = None

    def parts_of_mentions(self) -> dict[Span, list[Span]]:
        """The parts that each mention speaks, in order."""
        parts: dict[Span, list[Span]] = {}
        for quotation in self.quotations:
            found = self.found_of(quotation)
            if found is not None:
                parts.setdefault(found.mention, []).extend(quotation.parts)
        return parts

    def found_of(self, quotation: Quotation) -> FoundMention | None:
        """The mention of a quotation's speaker."""
        return self.found.get(quotation.parts[0])


def attribution_of(
    text: str, nlp: Language, encoder: Encoder | None = None, *, everything: bool = False
) -> AttributedText:
    """Find the words, and say who is mentioned as their speaker."""
    found, readings = parsed(text, nlp)
    quoted = [part for quotation in found for part in quotation.parts]
    if not found:
        return AttributedText([], quoted, People(""), [], {}, {})
    paragraphs = article_paragraphs(text)
    unread = [paragraph for index, paragraph in enumerate(paragraphs) if index not in readings]
    entities = _entities(readings) + entities_in(text, unread, nlp)
    people = People(text, _labelled(entities, "PERSON"), paragraphs, _subjects(readings))
    organisations = organisations_of(text, paragraphs, _labelled(entities, "ORG"), people.persons)
    questions = Questions(text, quoted, people.persons, organisations, encoder) if encoder is not None else None
    weighed = weigh(text, found, readings, questions)
    verdicts = attribute_article(found, weighed)
    mentions = {span: verdict.found for span, verdict in verdicts.items()}
    kept = [q for q in found if everything or verdicts[q.parts[0]].is_own]
    joined = _join(text, paragraphs, kept, mentions)
    return AttributedText(joined, quoted, people, organisations, mentions, weighed, questions)


def parsed(text: str, nlp: Language) -> tuple[list[Quotation], dict[int, Reading]]:
    """The quoted words of a text, and by their number the parsed paragraphs in which they are attributed."""
    paragraphs = article_paragraphs(text)
    found = find_quotations(text, paragraphs)
    parts = [part for quotation in found for part in quotation.parts]
    stretches = [stretch for paragraph in paragraphs for stretch in _uncrowded(paragraph, parts)]
    return found, _read(text, stretches, found, nlp) if found else {}


def _uncrowded(paragraph: Span, parts: Sequence[Span]) -> list[Span]:
    """A paragraph, cut behind every so many quoted parts: a text without line breaks is one paragraph to us."""
    cuts = [part.end + 1 for part in parts if _holds(paragraph, part)][CROWDED - 1 :: CROWDED]
    edges = [paragraph.start, *(cut for cut in cuts if cut < paragraph.end), paragraph.end]
    return [Span(start, end) for start, end in pairwise(edges)]


def _read(text: str, paragraphs: Sequence[Span], found: Sequence[Quotation], nlp: Language) -> dict[int, Reading]:
    """The paragraphs with quoted words, and the one before each: by their number."""
    quoted = [
        [(part, q.kind is QuotationKind.MIXED) for q in found for part in q.parts if _holds(paragraph, part)]
        for paragraph in paragraphs
    ]
    wanted = [i for i in range(len(paragraphs)) if quoted[i] or (i + 1 < len(paragraphs) and quoted[i + 1])]
    readings = read_paragraphs(text, [(paragraphs[i], quoted[i]) for i in wanted], nlp)
    return dict(zip(wanted, readings, strict=True))


def _holds(paragraph: Span, part: Span) -> bool:
    return paragraph.start <= part.start < paragraph.end


def _join(
    text: str, paragraphs: Sequence[Span], found: Sequence[Quotation], attributions: dict[Span, FoundMention | None]
) -> list[Quotation]:
    """Parts of one paragraph under one cue are one quotation: "A," she said. "B"."""
    joined: list[Quotation] = []
    for quotation in found:
        before = joined[-1] if joined else None
        if before is not None and _same_saying(text, paragraphs, before, quotation, attributions):
            parts = before.parts + quotation.parts
            kinds = {before.kind, quotation.kind}
            kind = QuotationKind.FULL if QuotationKind.FULL in kinds else QuotationKind.MIXED
            context = Span(before.context.start, quotation.context.end)
            joined[-1] = Quotation(parts, " ".join(part.of(text) for part in parts), kind, context)
        else:
            joined.append(quotation)
    return joined


def _same_saying(
    text: str,
    paragraphs: Sequence[Span],
    before: Quotation,
    quotation: Quotation,
    attributions: dict[Span, FoundMention | None],
) -> bool:
    """Whether a part goes on where the one before it in the paragraph stopped, under the same cue or under none."""
    one_paragraph = any(_holds(p, before.parts[-1]) and _holds(p, quotation.parts[0]) for p in paragraphs)
    left, right = attributions.get(before.parts[-1]), attributions.get(quotation.parts[0])
    if not one_paragraph or left is None or right is None or left.mention != right.mention:
        return False
    if right.cue is not None:
        return right.cue == left.cue or left.cue is None
    between = text[before.parts[-1].end : quotation.parts[0].start]
    return quotation.kind is QuotationKind.FULL or not re.search(r"[.?!]\s", between)


def _entities(readings: dict[int, Reading]) -> list[tuple[Span, str]]:
    """What the parser takes for persons, organisations and so on."""
    return [(r.place(e), e.label_) for r in readings.values() for e in r.doc.ents]


def _labelled(entities: Sequence[tuple[Span, str]], label: str) -> list[Span]:
    return [span for span, its_label in entities if its_label == label]


def _subjects(readings: dict[int, Reading]) -> list[Span]:
    """The subjects of the reporter's clauses, where they are parsed."""
    return [
        reading.place(token)
        for reading in readings.values()
        for token in reading.tokens
        if token.dep_ in ("nsubj", "nsubjpass") and reading.inside[token.i] < 0
    ]


def named_by(quotation: Quotation, found: FoundMention | None, name: str | None) -> Quotation:
    """Return the quotation with its speaker's name."""
    if found is None or name is None:
        return quotation
    attribution = Attribution(name, found.mention, found.cue, found.method, found.confidence)
    return replace(quotation, attribution=attribution)
