"""Corrections and judgements of people as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotetrack.core.corrections import UNKNOWN
from quotetrack.core.domain import Anchor, ArticleDecision, Correction, CorrectionFault, Judgement
from quotetrack.core.texts import gettext
from quotetrack.render.articles import decision_text
from quotetrack.render.variants import shortened


def correction_lines(corrections: Sequence[tuple[Correction, Sequence[int | str]]]) -> Iterator[str]:
    """Yield each correction, with the sightings that it is about today, or that its words were not found."""
    for correction, sightings in corrections:
        yield f"c{correction.id}. {correction_text(correction)}, {_decided(correction)}"
        place = _reported_line if correction.fault.is_of_reported else _place_line
        yield place(correction.anchor, correction.article_url, sightings)


def judgement_lines(judgements: Sequence[Judgement]) -> Iterator[str]:
    """Yield each judgement, and for both quotations the sightings that they are today, or that they were not found."""
    for judgement in judgements:
        yield f"j{judgement.id}. {'same' if judgement.same else 'different'}, {_decided(judgement)}"
        halves = zip(judgement.anchors, judgement.where, (judgement.left, judgement.right), strict=True)
        for anchor, url, sightings in halves:
            yield _place_line(anchor, url, sightings)


def article_decision_lines(decisions: Sequence[ArticleDecision]) -> Iterator[str]:
    """Yield each decision about an article, and the article."""
    for decision in decisions:
        yield f"a{decision.id}. {decision_text(decision)}, {_decided(decision)}"
        yield f"   {decision.article_url}"


def decision_lines(
    corrections: Sequence[tuple[Correction, Sequence[int | str]]], judgements: Sequence[Judgement]
) -> Iterator[str]:
    """Yield what people decided about the sightings of an utterance; nothing if they decided nothing."""
    if corrections or judgements:
        yield "  Decided by people:"
    for line in (*correction_lines(corrections), *judgement_lines(judgements)):
        yield f"  {line}" if line.startswith(" ") else f"  - {line}"


def correction_text(correction: Correction) -> str:
    """Return what a person decided about a quotation: "speaker: Orla Venn"."""
    match correction.fault:
        case CorrectionFault.SPEAKER | CorrectionFault.REPORTED_SPEAKER:
            return gettext("speaker: %(value)s", value=_value(correction))
        case CorrectionFault.DAY | CorrectionFault.REPORTED_DAY:
            return gettext("day: %(value)s", value=_value(correction))
        case CorrectionFault.WORDS:
            if correction.target is None:
                return gettext("words")
            return gettext("words: “%(words)s”", words=shortened(correction.target.exact))
        case CorrectionFault.NOT_A_QUOTATION:
            return gettext("not a quotation")
        case CorrectionFault.NOT_REPORTED:
            return gettext("nobody is reported to have said so")
        case CorrectionFault.MISSED:
            if not correction.value:
                return gettext("missed")
            return gettext("missed, speaker: %(value)s", value=correction.value)
        case CorrectionFault.FACT_CHECK:
            return gettext("about the claim of the fact-check %(value)s", value=correction.value)
        case CorrectionFault.NOT_FACT_CHECK:
            return gettext("not about the claim of the fact-check %(value)s", value=correction.value)


def _value(correction: Correction) -> str:
    return gettext("not told by the article") if correction.value in (None, UNKNOWN) else str(correction.value)


def _decided(decision: Correction | Judgement | ArticleDecision) -> str:
    reason = f": {decision.reason}" if decision.reason else ""
    return f"by {decision.decided_by}, {decision.decided_at.date()}{reason}"


def _reported_line(anchor: Anchor, url: str, statements: Sequence[int | str]) -> str:
    """Return the same for a reported statement: its words are no quotation."""
    found = ", ".join(map(str, statements)) or "NOT FOUND"
    return f"   {found}, reported, not quoted: {shortened(anchor.exact)} in {url}"


def _place_line(anchor: Anchor, url: str, sightings: Sequence[int | str]) -> str:
    found = f"sighting {', '.join(map(str, sightings))}" if sightings else "NOT FOUND"
    return f"   {found}: “{shortened(anchor.exact)}” in {url}"
