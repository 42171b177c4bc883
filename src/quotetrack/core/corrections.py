"""Apply the corrections of people to the quotations that the extractor found in a text. Pure.

A correction points at characters. It is about the quotation that shares most of them, wherever the text has them now.
If the extractor finds no such quotation, one is made of the very characters: a person has pointed at them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from quotetrack.core.anchors import parts_at
from quotetrack.core.domain import (
    Attribution,
    Correction,
    CorrectionFault,
    DateBasis,
    Quotation,
    QuotationKind,
    ReportedStatement,
    SaidOn,
    Span,
    hull_of,
)
from quotetrack.core.parts import join_parts
from quotetrack.core.texts import gettext

DECIDED = "decided"  # the method of an attribution that a person made
UNKNOWN = "unknown"  # a speaker or day that the article does not tell
LEAST_COMMON = 0.5  # share of the shorter of two spans: a quotation that has it in common is the one pointed at

# The characters that people type for those that newspapers print.
_TYPED_FOR_PRINTED = {"'": "['‘’ʼ]", '"': '["“”„]', "-": "[-‐‑–—]", "…": r"(?:…|\.\.\.)"}


class InvalidDays(ValueError):
    """Text that gives no days."""


@dataclass(frozen=True, slots=True)
class CorrectedQuotation:
    """A quotation as people left it.

    `quotation` is None where a person took it out, `extracted` where the extractor did not find it. `corrections` are
    those that shaped it, oldest first.
    """

    quotation: Quotation | None
    extracted: Quotation | None
    corrections: tuple[Correction, ...] = ()


def apply_corrections(
    text: str, quotations: Sequence[Quotation], corrections: Sequence[Correction]
) -> list[CorrectedQuotation]:
    """Return the extractor's quotations of a text as people left them.

    Words come first, then speakers and days; each kind in the order in which people decided, so that the newest
    correction wins. A correction whose characters the text does not have changes nothing.
    """
    corrected = [CorrectedQuotation(quotation, quotation) for quotation in quotations]
    about_others = (CorrectionFault.SPEAKER, CorrectionFault.DAY)
    of_quotations = [each for each in corrections if not (each.fault.is_of_fact_check or each.fault.is_of_reported)]
    by_kind = sorted(of_quotations, key=lambda c: (c.fault in about_others, c.decided_at, c.id))
    for correction in by_kind:
        parts = parts_at(text, correction.anchor)
        if parts is not None:
            _apply(text, corrected, correction, parts)
    return corrected


@dataclass(frozen=True, slots=True)
class CorrectedReported:
    """A reported statement as people left it: None where a person took it out. `faults` is what they changed."""

    extracted: ReportedStatement
    statement: ReportedStatement | None
    faults: tuple[CorrectionFault, ...] = ()


def apply_to_reported(
    text: str,
    statements: Sequence[ReportedStatement],
    quotations: Sequence[CorrectedQuotation],
    corrections: Sequence[Correction],
) -> list[CorrectedReported]:
    """Return the reported statements of a text as people left them.

    First comes what they decided about the quotations inside, then what they decided about the statements themselves,
    in the order in which they did. A correction whose statement is not found changes nothing.
    """
    corrected = [_with_quotations(statement, quotations) for statement in statements]
    own = (correction for correction in corrections if correction.fault.is_of_reported)
    for correction in sorted(own, key=lambda each: (each.decided_at, each.id)):
        parts = parts_at(text, correction.anchor)
        at = nearest([hull_of(each.parts) for each in statements], hull_of(parts)) if parts is not None else None
        if at is not None:
            corrected[at] = _reported_changed(corrected[at], correction)
    return corrected


def nearest(spans: Sequence[Span], span: Span) -> int | None:
    """Return which of some spans shares most of these characters; None if none shares enough."""
    likely = {i: _likeness(each, span) for i, each in enumerate(spans) if share_in_common(each, span) >= LEAST_COMMON}
    return max(likely, key=lambda i: (likely[i], -i), default=None)


def _with_quotations(statement: ReportedStatement, quotations: Sequence[CorrectedQuotation]) -> CorrectedReported:
    """Return a reported statement with what people decided about quotations inside it.

    In "Orr said the law was “cruel” and would fail" both are Orr's words, so that who said “cruel”, and when, holds for
    all of it. It does not hold where the article gives the quotation to another mention.
    """
    shown, changed = statement, []
    for each in quotations:
        quotation, faults = each.quotation, [correction.fault for correction in each.corrections]
        if quotation is None or each.extracted is None or not _are_one_speech(statement, each.extracted):
            continue
        if CorrectionFault.SPEAKER in faults:
            shown = replace(shown, attribution=quotation.attribution)
            changed.append(CorrectionFault.SPEAKER)
        if CorrectionFault.DAY in faults:
            evidence, confidence = quotation.said_evidence, quotation.said_confidence
            shown = replace(shown, said=quotation.said, said_evidence=evidence, said_confidence=confidence)
            changed.append(CorrectionFault.DAY)
    return CorrectedReported(statement, shown, tuple(dict.fromkeys(changed)))


def _reported_changed(before: CorrectedReported, correction: Correction) -> CorrectedReported:
    shown, value = before.statement, correction.value or UNKNOWN
    match correction.fault:
        case CorrectionFault.REPORTED_SPEAKER:
            fault, changed = CorrectionFault.SPEAKER, _attributed(shown, value)
        case CorrectionFault.REPORTED_DAY:
            fault, changed = CorrectionFault.DAY, _dated(shown, read_days(value)) if shown else None
        case _:
            fault, changed = CorrectionFault.NOT_REPORTED, None
    return CorrectedReported(before.extracted, changed, tuple(dict.fromkeys((*before.faults, fault))))


def share_in_common(one: Span, other: Span) -> float:
    """Return the characters that two spans share, as a share of the shorter."""
    return one.overlap(other) / min(len(one), len(other))


def find_words(text: str, words: str, near: Span | None = None) -> tuple[Span, ...] | None:
    """Return the characters of a text that a person typed; None if the text does not have them, or has them twice.

    ` […] ` divides parts with other words between them. White space, quotation marks and dashes may be typed in
    another form than printed. Of several places the only one that overlaps `near` is meant.
    """
    pieces = [piece for piece in re.split(r"\s*\[(?:…|\.\.\.)\]\s*", words.strip()) if piece]
    if not pieces:
        return None
    patterns = [rf"({_pattern(piece)})" for piece in pieces]
    found = [
        tuple(Span(*match.span(group)) for group in range(1, len(pieces) + 1))
        for match in re.finditer(r"(?s:.*?)".join(patterns), text)
    ]
    if near is not None:
        found = [parts for parts in found if hull_of(parts).overlap(near)] or found
    return found[0] if len(found) == 1 else None


def read_days(days: str) -> SaidOn:
    """Return the days that a person gave: `2024-11-07`, `2024-11-07..2024-11-09`, with an open end, or `unknown`.

    Raises InvalidDays.
    """
    if days == UNKNOWN:
        return SaidOn(None, None, DateBasis.DECIDED)
    first, is_interval, last = days.partition("..")
    try:
        start = date.fromisoformat(first) if first else None
        end = (date.fromisoformat(last) if last else None) if is_interval else start
        if start is None and end is None:
            raise ValueError
        return SaidOn(start, end, DateBasis.DECIDED)
    except ValueError as error:
        raise InvalidDays(
            gettext(
                "%(given)r is not a day: write 2024-11-07, 2024-11-07..2024-11-09, ..2024-11-09 or unknown", given=days
            )
        ) from error


def named_check(url: str, claim: str) -> str:
    """Return the value of a decision about a fact-check: its address, a space, and its claim on one line."""
    return f"{url} {' '.join(claim.split())}"


def read_named_check(value: str) -> tuple[str, str]:
    """Return the address and the claim of `named_check`. Raises ValueError where one is missing."""
    url, _, claim = value.partition(" ")
    if not url or not claim.strip():
        raise ValueError(f"{value!r} names no fact-check: write its address, a space and its claim")
    return url, claim


def _pattern(words: str) -> str:
    """Return a regular expression for words as they may be printed."""
    return "".join(
        r"\s+" if character.isspace() else _TYPED_FOR_PRINTED.get(_typed(character), re.escape(character))
        for character in " ".join(words.replace("...", "…").split())
    )


def _typed(character: str) -> str:
    """Return the character that a keyboard has for a printed one."""
    for typed, printed in _TYPED_FOR_PRINTED.items():
        if re.fullmatch(printed, character):
            return typed
    return character


def _apply(text: str, corrected: list[CorrectedQuotation], correction: Correction, parts: tuple[Span, ...]) -> None:
    at = _index_of(corrected, hull_of(parts))
    match correction.fault:
        case CorrectionFault.NOT_A_QUOTATION:
            if at is not None:
                _change(corrected, at, None, correction)
        case CorrectionFault.WORDS:
            chosen = parts_at(text, correction.target) if correction.target else None
            if chosen is not None:
                _choose(text, corrected, at, chosen, correction)
        case CorrectionFault.MISSED:
            at = _choose(text, corrected, at, parts, correction)
            _change(corrected, at, _attributed(corrected[at].quotation, correction.value), None)
        case CorrectionFault.SPEAKER | CorrectionFault.DAY:
            if at is None:
                corrected.append(CorrectedQuotation(_quotation_of(text, parts), None))
                at = len(corrected) - 1
            quotation = corrected[at].quotation
            if quotation is not None and correction.fault is CorrectionFault.SPEAKER:
                quotation = _attributed(quotation, correction.value)
            elif quotation is not None:
                quotation = _dated(quotation, read_days(correction.value or UNKNOWN))
            _change(corrected, at, quotation, correction)


def _index_of(corrected: Sequence[CorrectedQuotation], span: Span) -> int | None:
    """Return which quotation, as it is or as it was extracted, shares most of these characters; None if none does."""
    shares = {
        index: max(
            (_likeness(quotation.span, span), share_in_common(quotation.span, span))
            for quotation in (each.quotation, each.extracted)
            if quotation is not None
        )
        for index, each in enumerate(corrected)
        if each.quotation is not None or each.extracted is not None
    }
    likely = {index: likeness for index, (likeness, share) in shares.items() if share >= LEAST_COMMON}
    return max(likely, key=lambda index: (likely[index], -index), default=None)


def _are_one_speech(statement: ReportedStatement, quotation: Quotation) -> bool:
    """Return whether a quotation stands in a statement and the article gives both to one mention."""
    mentions = [each.attribution.mention if each.attribution else None for each in (statement, quotation)]
    is_inside = any(part.overlap(own) for part in quotation.parts for own in statement.parts)
    return is_inside and mentions[0] is not None and mentions[1] is not None and mentions[0].overlap(mentions[1]) > 0


def _likeness(one: Span, other: Span) -> float:
    common = one.overlap(other)
    return common / (len(one) + len(other) - common)


def _change(
    corrected: list[CorrectedQuotation], at: int, quotation: Quotation | None, correction: Correction | None
) -> None:
    before = corrected[at]
    corrections = (*before.corrections, correction) if correction else before.corrections
    corrected[at] = CorrectedQuotation(quotation, before.extracted, corrections)


def _choose(
    text: str,
    corrected: list[CorrectedQuotation],
    at: int | None,
    parts: tuple[Span, ...],
    correction: Correction,
) -> int:
    """Give a quotation other characters, or make one of them. Return which one it is.

    Quotations that lie inside the chosen characters go, since their words are in the chosen ones.
    """
    chosen = _quotation_of(text, parts)
    if at is None:
        corrected.append(CorrectedQuotation(chosen, None, (correction,)))
        at = len(corrected) - 1
    else:
        before = corrected[at].quotation
        if before is not None:
            chosen = replace(
                chosen,
                attribution=before.attribution,
                said=before.said,
                said_evidence=before.said_evidence,
                said_confidence=before.said_confidence,
                occasion=before.occasion,
            )
        _change(corrected, at, chosen, correction)
    for other, each in enumerate(corrected):
        if other != at and each.quotation is not None and all(_is_inside(part, parts) for part in each.quotation.parts):
            _change(corrected, other, None, correction)
    return at


def _is_inside(part: Span, parts: Sequence[Span]) -> bool:
    return any(outer.start <= part.start and part.end <= outer.end for outer in parts)


_Statement = TypeVar("_Statement", Quotation, ReportedStatement)


def _attributed(statement: _Statement | None, name: str | None) -> _Statement | None:
    """Return the statement with the speaker that a person gave; unchanged if the person gave none."""
    if statement is None or name is None:
        return statement
    attribution = None if name == UNKNOWN else Attribution(name, None, None, DECIDED, 1.0, 1.0)
    return replace(statement, attribution=attribution)


def _dated(statement: _Statement, said: SaidOn) -> _Statement:
    """Return the statement with the days that a person gave."""
    is_a_claim = said.first is not None or said.last is not None
    return replace(statement, said=said, said_evidence=None, said_confidence=1.0 if is_a_claim else None)


def _quotation_of(text: str, parts: tuple[Span, ...]) -> Quotation:
    """Return a quotation of these characters, in their paragraph, without a speaker."""
    start = text.rfind("\n", 0, parts[0].start) + 1
    end = text.find("\n", parts[-1].end)
    words = join_parts([part.of(text) for part in parts], [True] * (len(parts) - 1))
    return Quotation(parts, words, QuotationKind.FULL, Span(start, end if end >= 0 else len(text)))
