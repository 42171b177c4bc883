"""From an article to its quotations: find the words, say whose they are, resolve the name, date the utterance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import spacy
from spacy.language import Language

from quotetrack.extract.attribute import SHORTEST_UNCUED, Found, Scene, attribute_paragraph
from quotetrack.extract.body import article_paragraphs
from quotetrack.extract.coref import People, Resolver
from quotetrack.extract.dating import Dating
from quotetrack.extract.find import find_quotations
from quotetrack.extract.reading import Reading, read_paragraphs
from quotetrack.model import Article, Attribution, Quotation, QuotationKind, Span

# The name under which quotations are stored: changed whenever any output of this room would change.
EXTRACTOR = "rules-1"
# A paragraph of words alone may be the speaker's of so many paragraphs before.
FARTHEST_SPEAKER = 2
# Capitalised words in marks up to this many are the title of a work or a show.
LONGEST_TITLE = 8

_FUNCTION_WORDS = set("a an and as at but by for from in is it nor of on or our the to up vs with your".split())


class LanguageModelMissing(Exception):
    """The spaCy model that the settings name is not installed."""


def load_language(name: str) -> Language:
    """The spaCy pipeline of this name, with no more components than extraction uses."""
    try:
        return spacy.load(name)
    except OSError as error:
        raise LanguageModelMissing(f"the spaCy model {name!r} is not installed: pip install it, or name another one") from error


def extract(article: Article, nlp: Language, *, everything: bool = False) -> list[Quotation]:
    """The attributed and dated quotations of an article, in the order of its text.

    With `everything`, also what stands in marks without being somebody's words: scare quotes, titles, terms.
    Whatever the text, no exception; a text without quotation marks costs no parse.
    """
    text = article.text
    paragraphs = article_paragraphs(text)
    found = find_quotations(text, paragraphs)
    if not found:
        return []
    readings = _read(text, paragraphs, found, nlp)
    attributions = _attribute(paragraphs, found, readings)
    kept = [q for q in found if everything or _is_somebodys(text, q, attributions.get(q.parts[0]))]
    joined = _join(text, paragraphs, kept, attributions)
    people = People(text, _persons(readings), [part for q in found for part in q.parts])
    resolver = Resolver(text, people, article.byline)
    named = [_named(resolver, q, attributions.get(q.parts[0])) for q in joined]
    dating = Dating(article, paragraphs, [part for q in found for part in q.parts])
    return dating.date_all(named)


def _read(
    text: str, paragraphs: Sequence[Span], found: Sequence[Quotation], nlp: Language
) -> dict[int, Reading]:
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


def _attribute(
    paragraphs: Sequence[Span], found: Sequence[Quotation], readings: dict[int, Reading]
) -> dict[Span, Found | None]:
    """The attribution of each part; the parts of one quotation over several paragraphs share that of the first."""
    kind_of = {part: q.kind for q in found for part in q.parts}
    first_of = {part: q.parts[0] for q in found for part in q.parts}
    chosen: dict[Span, Found | None] = {}
    last: Found | None = None
    last_at = -FARTHEST_SPEAKER - 1
    for index in range(len(paragraphs)):
        reading = readings.get(index)
        if reading is None or not reading.parts:
            continue
        scene = Scene(reading, readings.get(index - 1), last, None, index - last_at <= FARTHEST_SPEAKER)
        spans = [part.span for part in reading.parts]
        for span, hit in zip(
            spans, attribute_paragraph(scene, [kind_of[s] is QuotationKind.FULL for s in spans]), strict=True
        ):
            chosen[span] = hit if first_of[span] == span else chosen.get(first_of[span])
        if scene.last is not last or scene.last_here is not None:
            last, last_at = scene.last, index
    return chosen


def _is_somebodys(text: str, quotation: Quotation, found: Found | None) -> bool:
    """Whether words in marks are somebody's own: not a title, not a term or scare quote of the reporter's."""
    if quotation.kind is QuotationKind.FULL and len(quotation.words.split()) >= SHORTEST_UNCUED:
        return not _is_title(text, quotation)
    if found is None or _is_title(text, quotation):
        return False
    is_long = len(quotation.words.split()) >= SHORTEST_UNCUED
    return found.is_cued or is_long or (quotation.kind is QuotationKind.FULL and found.method != "last_speaker")


def _is_title(text: str, quotation: Quotation) -> bool:
    """Words printed as titles are: "Meet the Press", after no comma or colon."""
    words = re.findall(r"[\w’'&-]+", quotation.words)
    if not 2 <= len(words) <= LONGEST_TITLE or quotation.words.rstrip()[-1:] in "?!":
        return False
    before = text[: quotation.parts[0].start].rstrip(" \"'“”‘’«„`")
    if before.endswith((":", "\n")) or not before:
        return False
    return all(word[:1].isupper() or word[:1].isdigit() or word.lower() in _FUNCTION_WORDS for word in words)


def _join(
    text: str, paragraphs: Sequence[Span], found: Sequence[Quotation], attributions: dict[Span, Found | None]
) -> list[Quotation]:
    """Parts of one paragraph under one cue are one quotation: "A," she said. "B"."""
    joined: list[Quotation] = []
    for quotation in found:
        before = joined[-1] if joined else None
        if before is not None and _same_saying(paragraphs, before, quotation, attributions):
            parts = before.parts + quotation.parts
            kinds = {before.kind, quotation.kind}
            kind = QuotationKind.FULL if QuotationKind.FULL in kinds else QuotationKind.MIXED
            context = Span(before.context.start, quotation.context.end)
            joined[-1] = Quotation(parts, " ".join(part.of(text) for part in parts), kind, context)
        else:
            joined.append(quotation)
    return joined


def _same_saying(
    paragraphs: Sequence[Span], before: Quotation, quotation: Quotation, attributions: dict[Span, Found | None]
) -> bool:
    one_paragraph = any(_holds(p, before.parts[-1]) and _holds(p, quotation.parts[0]) for p in paragraphs)
    left, right = attributions.get(before.parts[-1]), attributions.get(quotation.parts[0])
    if not one_paragraph or left is None or right is None or left.mention != right.mention:
        return False
    return right.cue is None or right.cue == left.cue or left.method == "earlier_part"


def _persons(readings: dict[int, Reading]) -> list[Span]:
    """What the parser takes for persons."""
    return [r.place(e) for r in readings.values() for e in r.doc.ents if e.label_ == "PERSON"]


def _named(resolver: Resolver, quotation: Quotation, found: Found | None) -> Quotation:
    if found is None:
        return quotation
    attribution = Attribution(resolver.name(found), found.mention, found.cue, found.method, found.confidence)
    return replace(quotation, attribution=attribution)

