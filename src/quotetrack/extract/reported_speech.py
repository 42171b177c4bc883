"""Extract the reported statements of an article: what it says, without marks, that somebody said.

The paragraphs that quotations have parsed are used again, and only the rest is parsed. A statement that holds a
quotation ("said the law was “cruel” and would fail") shares its characters. Speakers are named, and days found, by the
code that does so for quotations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import exp

from spacy.language import Language

from quotetrack.core.domain import Article, Quotation, QuotationKind, ReportedStatement, Span, StatementKind
from quotetrack.core.parts import reported_words
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.extractor import (
    AttributedText,
    attribute_text,
    date_quotations,
    make_resolver,
    name_quotations,
    weigh_names,
)
from quotetrack.extract.frames import Reading, read_paragraphs
from quotetrack.extract.reporting.choice import FoundStatement, choose, placed_cues
from quotetrack.extract.reporting.cues import is_attitude
from quotetrack.extract.reporting.reading import answers_for
from quotetrack.extract.windows import Encoder

# Between two sentences: of words of several sentences, one may be inside a statement.
_SENTENCES = re.compile(r"[.?!] [A-Z]")


def extract_with_reported(
    article: Article,
    nlp: Language,
    encoder: Encoder,
    *,
    everything: bool = False,
    attitudes: bool = False,
) -> tuple[list[Quotation], list[ReportedStatement]]:
    """Return the quotations of an article, as `extract` does, and its reported statements, in the order of its text.

    With `attitudes`, what people are said to want or think counts as well. `encoder` is that of `extract`. Raises
    TypeError where it cannot read reported statements.
    """
    attributed = attribute_text(article.text, nlp, encoder, everything=everything, is_whole=True)
    quotations = name_quotations(attributed, weigh_names(attributed, make_resolver(article, attributed)))
    dated = date_quotations(article, quotations, attributed, nlp)
    return dated, reported_statements(article, attributed, nlp, attitudes=attitudes)


def reported_statements(
    article: Article, attributed: AttributedText, nlp: Language, *, attitudes: bool = False
) -> list[ReportedStatement]:
    """Return the named and dated statements of an article whose quotations are attributed."""
    readings = all_readings(article.text, attributed, nlp)
    found = [
        statement
        for statement in find_statements(attributed, readings)
        if attitudes or not is_attitude(statement.candidate.cue.word)
    ]
    return _named_and_dated(article, replace(attributed, readings=tuple(readings)), found, nlp)


def all_readings(text: str, attributed: AttributedText, nlp: Language) -> list[Reading]:
    """Return all paragraphs parsed, in order: those that quotations needed, and the rest, without named entities."""
    parsed = list(attributed.readings)
    ends = [(reading.paragraph.start, reading.paragraph.end) for reading in parsed]
    rest = [p for p in attributed.paragraphs if not any(start <= p.start < end for start, end in ends)]
    with nlp.select_pipes(disable=[name for name in ("ner",) if name in nlp.pipe_names]):
        parsed += read_paragraphs(text, [(paragraph, []) for paragraph in rest], nlp)
    return sorted(parsed, key=lambda reading: reading.paragraph)


def find_statements(attributed: AttributedText, readings: Sequence[Reading]) -> list[FoundStatement]:
    """Return the statements of parsed paragraphs, with the mentions of their sources.

    Raises ValueError where the text was attributed without an encoder.
    """
    cues = placed_cues(readings)
    if attributed.questions is None:
        raise ValueError("reported statements need the encoder")
    if not cues:
        return []
    pieces, answers = answers_for(attributed.questions, [cue.span for cue in cues])
    likely = [(cue, answer) for cue, answer in zip(cues, answers, strict=True) if answer is not None]
    return choose([replace(cue, answer=answer) for cue, answer in likely], pieces)


def _named_and_dated(
    article: Article, attributed: AttributedText, found: Sequence[FoundStatement], nlp: Language
) -> list[ReportedStatement]:
    """Return the statements with names and days, by the code for quotations: each stands in as one quotation."""
    stand_ins = [_as_quotation(statement) for statement in found]
    mentions = {stand_in.parts[0]: _mention_of(statement) for stand_in, statement in zip(stand_ins, found, strict=True)}
    lent = replace(attributed, quotations=stand_ins, mentions=mentions, ranked={})
    named = name_quotations(lent, weigh_names(lent, make_resolver(article, lent)))
    dated = date_quotations(article, named, lent, nlp)
    return [_as_statement(article.text, q, s, attributed) for q, s in zip(dated, found, strict=True)]


def _as_quotation(statement: FoundStatement) -> Quotation:
    candidate = statement.candidate
    reading = candidate.cue.reading
    fragments = [part.marked for part in reading.parts if not _SENTENCES.search(part.span.of(reading.text))]
    parts = with_whole_marks(candidate.spans, fragments)
    return Quotation(parts, "", QuotationKind.MIXED, reading.paragraph)


def with_whole_marks(parts: Sequence[Span], marked: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of a statement so that none begins or ends between two marks: ‘looked into’, not ‘looked.

    `marked` are the quoted characters with their marks. A part inside one pair of marks, and one that would meet
    another, stays as it is.
    """
    whole: list[Span] = []
    for part in parts:
        cut = [own for own in marked if own.start < part.end and part.start < own.end]
        start = min([part.start, *(own.start for own in cut if own.end < part.end)])
        end = max([part.end, *(own.end for own in cut if part.start < own.start)])
        meets = (whole and start < whole[-1].end) or any(part.end <= other.start < end for other in parts)
        whole.append(part if meets else Span(start, end))
    return tuple(whole)


def _mention_of(statement: FoundStatement) -> FoundMention | None:
    if statement.source is None:
        return None
    cue = statement.candidate.cue
    return FoundMention(
        statement.source.mention,
        statement.source.head,
        cue.span,
        f"reported_{cue.word.kind}",
        round(_chance(statement.source_score), 3),
        True,
    )


def _as_statement(
    text: str, quotation: Quotation, statement: FoundStatement, attributed: AttributedText
) -> ReportedStatement:
    cue = statement.candidate.cue
    kind = StatementKind.ATTITUDE if is_attitude(cue.word) else StatementKind.SPEECH
    inner = tuple(
        number
        for number, other in enumerate(attributed.quotations)
        if any(part.overlap(own) for part in other.parts for own in quotation.parts)
    )
    return ReportedStatement(
        quotation.parts,
        reported_words([part.of(text) for part in quotation.parts]),
        kind,
        cue.span,
        f"reported_{cue.word.kind}",
        round(_chance(statement.score), 3),
        quotation.context,
        quotation.attribution,
        quotation.said,
        quotation.said_evidence,
        quotation.said_confidence,
        inner,
    )


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds))
