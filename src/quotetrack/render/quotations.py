"""Quotations, explanations and utterances as text for a terminal. Nothing is printed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from quotetrack.core.domain import (
    Attribution,
    CorrectionFault,
    Link,
    LinkKind,
    Quotation,
    ReportedStatement,
    Sighting,
    Utterance,
)
from quotetrack.core.parts import split_parts
from quotetrack.core.text_fragment import is_web_page, text_fragment_link
from quotetrack.core.texts import gettext, gettext_noop
from quotetrack.render.days import day_of_quotation, day_of_utterance
from quotetrack.render.text import (
    count,
    hyperlink,
    one_line,
    quoted,
    speaker_of_quotation,
    speaker_of_sighting,
    speaker_of_utterance,
    visible,
    visible_utterance,
)

if TYPE_CHECKING:
    from quotetrack.extract.explain import Explanation, MentionOption, NameOption, Reason

NO_PERSON = "(no person in the article)"  # the option that a mention means nobody else in the article
WIDEST_DAY, WIDEST_SPEAKER, WIDEST_RULE = 18, 16, 14  # characters of a column; the words have the rest
LONGEST_REPEATED = 40  # characters of words that are repeated in the reporter's sentence
DIGITS = 12  # of a hash: enough to tell versions apart

_LINK_PHRASE = {
    LinkKind.EXACT: gettext_noop("same words"),
    LinkKind.CONTAINED: gettext_noop("one contains the words of the other"),
    LinkKind.REWORDED: gettext_noop("nearly the same words"),
}
_DECIDED = {  # what a person decides about a quotation, a statement or an article, by its name in the store
    "speaker": gettext_noop("speaker"),
    "day": gettext_noop("day"),
    "words": gettext_noop("words"),
    "missed": gettext_noop("missed"),
    "reported_speaker": gettext_noop("speaker"),
    "reported_day": gettext_noop("day"),
    "outlet": gettext_noop("outlet"),
    "published": gettext_noop("published"),
    "title": gettext_noop("title"),
    "author": gettext_noop("author"),
    "url": gettext_noop("url"),
    "removed": gettext_noop("removed"),
}


# Quotations of one text


def quotations_table(quotations: Sequence[Quotation], text: str) -> Table:
    """Return a table of the quotations of a text: speaker, words, days, and the rule that found the speaker."""
    table = _table("Speaker", "Words", "Said", "Rule and confidence")
    for quotation in quotations:
        found = quotation.attribution
        rule = f"{found.method}\n{found.confidence:.2f}" if found else ""
        cells = (speaker_of_quotation(quotation, text), quotation.words, day_of_quotation(quotation, text))
        table.add_row(*(Text(visible(cell)) for cell in cells), rule)
    return table


def reported_table(statements: Sequence[ReportedStatement], text: str) -> Table:
    """Return a table of the reported statements of a text: speaker, the reporter's words, days, cue and confidence."""
    table = _table("Speaker", "Reported, not quoted", "Said", "Cue and confidence")
    for statement in statements:
        cells = (speaker_of_quotation(statement, text), statement.words, day_of_quotation(statement, text))
        cue = f"{visible(statement.cue.of(text))}\n{statement.confidence:.2f}"
        table.add_row(*(Text(visible(cell)) for cell in cells), Text(cue))
    return table


def _table(*headers: str) -> Table:
    """Return an empty table of speakers, words, days and rules in which no cell is cut short."""
    table = Table(*headers, show_lines=True, expand=True)
    for column, widest in zip(table.columns, (WIDEST_SPEAKER, None, WIDEST_DAY, WIDEST_RULE), strict=True):
        column.max_width, column.overflow = widest, "fold"
    table.columns[1].ratio = 1
    return table


def explanation_lines(number: int, explanation: Explanation, text: str) -> Iterator[str]:
    """Yield a quotation, its speaker and day, and the options with their reasons; `->` marks the chosen options."""
    quotation, found = explanation.quotation, explanation.quotation.attribution
    yield f"{number}. “{quotation.words}”"
    yield f"   {speaker_of_quotation(quotation, text)}, {day_of_quotation(quotation, text)}"
    if found is not None:
        cue = f", cue “{found.cue.of(text)}”" if found.cue else ""
        mention = f"mention “{one_line(found.mention.of(text))}”{cue}, " if found.mention else ""
        yield f"   {mention}rule {found.method}, {confidence_text(found)}"
        if found.alternatives:
            others = ", ".join(f"{each.name} ({each.confidence:.2f})" for each in found.alternatives)
            yield f"   {'Unsure; it may be' if found.is_unsure else 'Else it may be'}: {others}"
    yield f"   day: {day_basis(quotation)}"
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


def confidence_text(found: Attribution) -> str:
    """Return the confidences of the name and of the mention."""
    return f"confidence {found.confidence:.2f} (of the mention {found.mention_confidence:.2f})"


def day_basis(quotation: Quotation) -> str:
    """Return the basis of the day, and its confidence where there is one: "stated_here, confidence 0.93"."""
    confidence = quotation.said_confidence
    return str(quotation.said.basis) if confidence is None else f"{quotation.said.basis}, confidence {confidence:.2f}"


def _option_line(option_text: str, option: MentionOption | NameOption, rule: str) -> str:
    return f"   {'->' if option.is_chosen else '  '} {option.score:+.2f} {option_text}{rule}"


def _reason_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"            {reason.effect:+.2f} {reason.says}"


# Utterances


def utterance_lines(
    utterance: Utterance, *, is_terminal: bool = False, with_wordings: bool = True, note: str = ""
) -> Iterator[str]:
    """Yield words, speaker, days and their phrase, the reporter's sentence, every sighting. Its texts are `visible`.

    On a terminal the title of a sighting opens the page at the very words; elsewhere the plain URL stands behind it.
    Set `with_wordings` to False where `variants.variant_lines` follows, which shows the wordings side by side. `note`
    stands behind the days.
    """
    shown = visible_utterance(utterance)
    yield quoted(shown.words)
    yield f"  {speaker_of_utterance(shown)}, {day_of_utterance(shown)}{f'; {note}' if note else ''}"
    sentence = attributing_sentence(shown)
    if sentence is not None:
        yield f"  In the article: {sentence}"
    if len(shown.outlets) > 1:
        origins = count(len(shown.origins), "independent source")
        yield f"  {len(shown.outlets)} outlets, {origins}; utterance {shown.id}"
    else:
        yield f"  Utterance {shown.id}"
    for sighting in shown.sightings:
        yield f"  - {source_text(sighting, is_terminal=is_terminal)}"
        if with_wordings and quoted(sighting.words) != quoted(shown.words):
            yield f"    Printed as: {quoted(sighting.words)}"
        if shown.speaker and sighting.speaker_as_printed not in (None, shown.speaker):
            yield f"    Named in the article: “{sighting.speaker_as_printed}”"
        if shown.speaker and sighting.is_unsure:
            yield f"    Named in the article: {speaker_of_sighting(sighting)}"
        if sighting.decided:
            yield f"    {decided_text(sighting)}"
        if not sighting.is_current:
            yield "    No longer in the article."


def source_text(sighting: Sighting, *, is_terminal: bool) -> str:
    """Return outlet, day of publication and title, which is a link on a terminal; elsewhere the URL follows."""
    lead = f"{outlet_text(sighting)}, {sighting.published_on or 'undated'}"
    title = f"“{one_line(sighting.title)}”" if sighting.title else ""
    link = text_fragment_link(sighting)
    if is_terminal and link is not None and is_web_page(link):
        return f"{lead}: {hyperlink(title or one_line(sighting.url or ''), link)}"
    return f"{lead}{f', {title}' if title else ''}: {sighting.url or 'no URL'}"


def attributing_sentence(utterance: Utterance) -> str | None:
    """Return the reporter's sentence that mentions the shown speaker, with `[…]` for long words of the utterance.

    It is that of the longest sighting with such a sentence; None if there is none.
    """
    unsure = utterance.unsure_sighting
    shown = (unsure,) if unsure else tuple(s for s in utterance.sightings if s.speaker == utterance.speaker)
    naming = [sighting for sighting in shown if sighting.sentence]
    if not naming:
        return None
    sighting = Utterance(utterance.id, tuple(naming)).longest
    sentence = sighting.sentence or ""
    for words in split_parts(sighting.words, [len(part) for part in sighting.parts]) or ():
        if len(words) > LONGEST_REPEATED:
            sentence = sentence.replace(words, "[…]")
    return one_line(sentence)


def outlet_name(sighting: Sighting) -> str:
    """Return the name of the outlet for readers, else its short name."""
    return sighting.outlet_name or sighting.outlet or gettext("unknown")


def outlet_text(sighting: Sighting) -> str:
    """Return the outlet's name, with the wire agency if one is credited."""
    wire = sighting.wire_credit
    return f"{outlet_name(sighting)}{f' ({wire})' if wire and wire != sighting.outlet else ''}"


def decided_text(sighting: Sighting) -> str:
    """Return what a person decided about a sighting, as a sentence."""
    what = ", ".join(gettext(_DECIDED.get(name, name)) for name in sighting.decided)
    return gettext("Decided by a person: %(what)s.", what=what)


def link_phrase(link: Link) -> str:
    """Return in words why a link makes two sightings one utterance: "same words"."""
    return gettext(_LINK_PHRASE[link.kind])


def reason_of_speaker(sighting: Sighting) -> str:
    """Return in plain words why an article is taken to say that this speaker said it."""
    if CorrectionFault.SPEAKER in sighting.decided:
        return gettext("A person decided who said it.")
    if sighting.mention_words is None:
        return gettext("The article does not say who said it.")
    mention = one_line(sighting.mention_words)
    printed = gettext("The article says “%(mention)s”", mention=mention)
    if sighting.cue_words:
        cue = one_line(sighting.cue_words)
        printed = gettext("The article says “%(mention)s” and “%(cue)s”", mention=mention, cue=cue)
    if sighting.is_unsure:
        return gettext("%(printed)s, and it is not sure whom that means.", printed=printed)
    if sighting.speaker is None:
        return f"{printed}."
    named = sighting.speaker_as_printed or sighting.speaker
    taken = gettext("%(printed)s, which is taken to mean %(name)s.", printed=printed, name=named)
    percent = f"{100 * sighting.speaker_confidence:.0f}"
    right = gettext("The probability that this is right is %(percent)s %%.", percent=percent)
    return f"{printed}. {right}" if mention == named else f"{taken} {right}"


def provenance_lines(utterance: Utterance, links: Sequence[Link]) -> Iterator[str]:
    """Yield the rule and the characters of each sighting, and the evidence that links the sightings."""
    yield "  Evidence:"
    for sighting in utterance.sightings:
        spans = " ".join(f"{part.start}-{part.end}" for part in sighting.parts)
        rule = f"rule {sighting.method} ({sighting.speaker_confidence:.2f})" if sighting.method else "no rule"
        version = (sighting.version_sha256 or "")[:DIGITS]
        speaker = speaker_of_sighting(sighting)
        evidence = (sighting.evidence_sha256 or "not known")[:DIGITS]
        yield f"  - Sighting {sighting.id}: {speaker}, {rule}, characters {spans} of version {version}"
        yield f"    Outlet {sighting.outlet or 'unknown'}, evidence {evidence}"
    for link in links:
        differs = f", differs in: {', '.join(link.flags)}" if link.flags else ""
        yield f"  - {link.left} and {link.right}: {link_phrase(link)} ({link.score:.2f}){differs}"
