"""Quotations, explanations and utterances as text for a terminal. Nothing is printed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from quotetrack.core.domain import Link, LinkKind, Quotation, Sighting, Utterance
from quotetrack.render.text import BASIS_PHRASE, NO_SPEAKER, count, days_text, one_line

if TYPE_CHECKING:
    from quotetrack.extract.explain import Explanation, MentionOption, NameOption, Reason

NO_PERSON = "(no person in the article)"  # the option that a mention means nobody else in the article
DIGITS = 12  # of a hash: enough to tell versions apart

_LINK_PHRASE = {
    LinkKind.EXACT: "same words",
    LinkKind.CONTAINED: "one contains the words of the other",
    LinkKind.REWORDED: "nearly the same words",
}


# Quotations of one text


def quotations_table(quotations: Sequence[Quotation]) -> Table:
    """Return a table of the quotations of one text: speaker, words, days, and the rule that found the speaker."""
    table = Table("Speaker", "Words", "Said", "Rule and confidence", show_lines=True, expand=True)
    table.columns[1].ratio = 1
    for quotation in quotations:
        found = quotation.attribution
        rule = f"{found.method}\n{found.confidence:.2f}" if found else ""
        said = f"{days_text(quotation.said)}\n{quotation.said.basis}"
        speaker = (found.name if found else None) or NO_SPEAKER
        table.add_row(Text(speaker), Text(quotation.words), said, rule)
    return table


def explanation_lines(number: int, explanation: Explanation, text: str) -> Iterator[str]:
    """Yield a quotation, its speaker and day, and the options with their reasons; `->` marks the chosen options."""
    quotation, found = explanation.quotation, explanation.quotation.attribution
    speaker = (found.name if found else None) or NO_SPEAKER
    yield f"{number}. “{quotation.words}”"
    yield f"   {speaker}, {days_text(quotation.said)} ({day_reason(quotation, text)})"
    if found is not None:
        cue = f", cue “{found.cue.of(text)}”" if found.cue else ""
        mention = f"mention “{one_line(found.mention.of(text))}”{cue}, " if found.mention else ""
        yield f"   {mention}rule {found.method}, confidence {found.confidence:.2f}"
    if explanation.mentions:
        yield "   Which mention names the speaker:"
    for option in explanation.mentions:
        yield _option_line(one_line(option.mention.of(text)), option, f" (rule {option.method})")
        yield from _reason_lines(option.reasons)
    if explanation.names:
        yield "   Which person the mention means:"
    elif found is not None:
        yield "   The name is taken from the mention."
    for choice in explanation.names:
        yield _option_line(choice.name or NO_PERSON, choice, "")
        yield from _reason_lines(choice.reasons)


def day_reason(quotation: Quotation, text: str) -> str:
    """Return the basis of the day in words, with the phrase of the article that gives it."""
    evidence = quotation.said_evidence
    reason = f"{quotation.said.basis}: {BASIS_PHRASE[quotation.said.basis]}"
    return f"{reason}, “{one_line(evidence.of(text))}”" if evidence else reason


def _option_line(option_text: str, option: MentionOption | NameOption, rule: str) -> str:
    return f"   {'->' if option.is_chosen else '  '} {option.score:+.2f} {option_text}{rule}"


def _reason_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"            {reason.effect:+.2f} {reason.says}"


# Utterances


def utterance_lines(utterance: Utterance, urls: Sequence[str | None], *, with_wordings: bool = True) -> Iterator[str]:
    """Yield the words, the speaker, the days and their basis, and every sighting; `urls` open the pages at the words.

    Set `with_wordings` to False where `variants.variant_lines` follows, which shows the wordings side by side.
    """
    yield f"“{utterance.words}”"
    yield f"  {utterance.speaker or NO_SPEAKER}, {days_text(utterance.said)} ({BASIS_PHRASE[utterance.said.basis]})"
    outlets = count(len(utterance.outlets), "outlet")
    origins = count(len(utterance.origins), "independent source")
    yield f"  {outlets}, {origins}; utterance {utterance.id}"
    for sighting, url in zip(utterance.sightings, urls, strict=True):
        yield f"  - {outlet_text(sighting)}, {sighting.published_on or 'undated'}: {url or 'no URL'}"
        if with_wordings and sighting.words != utterance.words:
            yield f"    Printed as: “{sighting.words}”"
        if utterance.speaker and sighting.speaker_as_printed not in (None, utterance.speaker):
            yield f"    Named in the article: “{sighting.speaker_as_printed}”"
        if sighting.decided:
            yield f"    {decided_text(sighting)}"
        if not sighting.is_current:
            yield "    No longer in the article."


def outlet_name(sighting: Sighting) -> str:
    """Return the name of the outlet for readers, else its short name."""
    return sighting.outlet_name or sighting.outlet or "unknown"


def outlet_text(sighting: Sighting) -> str:
    """Return the outlet's name, with the wire agency if one is credited."""
    wire = sighting.wire_credit
    return f"{outlet_name(sighting)}{f' ({wire})' if wire and wire != sighting.outlet else ''}"


def decided_text(sighting: Sighting) -> str:
    """Return what a person decided about a sighting, as a sentence."""
    return f"Decided by a person: {', '.join(sighting.decided)}."


def provenance_lines(utterance: Utterance, links: Sequence[Link]) -> Iterator[str]:
    """Yield the rule and the characters of each sighting, and the evidence that links the sightings."""
    yield "  Evidence:"
    for sighting in utterance.sightings:
        spans = " ".join(f"{part.start}-{part.end}" for part in sighting.parts)
        rule = f"rule {sighting.method} ({sighting.confidence:.2f})" if sighting.method else "no rule"
        version = (sighting.version_sha256 or "")[:DIGITS]
        speaker = sighting.speaker or NO_SPEAKER
        evidence = (sighting.evidence_sha256 or "not known")[:DIGITS]
        yield f"  - Sighting {sighting.id}: {speaker}, {rule}, characters {spans} of version {version}"
        yield f"    Outlet {sighting.outlet or 'unknown'}, evidence {evidence}"
    for link in links:
        differs = f", differs in: {', '.join(link.flags)}" if link.flags else ""
        yield f"  - {link.left} and {link.right}: {_LINK_PHRASE[link.kind]} ({link.score:.2f}){differs}"
