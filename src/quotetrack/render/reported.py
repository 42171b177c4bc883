"""Reported statements as text. Their words are the reporter's: each line of them says so, without quotation marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quotetrack.core.domain import ReportedWords, Sighting
from quotetrack.core.texts import gettext, gettext_noop
from quotetrack.render.days import day_of_sighting
from quotetrack.render.quotations import DIGITS, decided_text, source_text
from quotetrack.render.text import count, one_line, speaker_of_sighting, visible_sighting, without_last_comma

if TYPE_CHECKING:
    from quotetrack.search.answer import Answer

MARK = gettext_noop("Reported, not quoted")


def plain_words(words: str) -> str:
    """Return a reporter's words on one line, without the last comma."""
    return without_last_comma(one_line(words))


def mark_of(sighting: Sighting) -> str:
    """Return what stands before a reporter's words: "Reported, not quoted (blamed)", with the cue.

    Without it "blamed Israel for the strike" would read "Israel for the strike".
    """
    mark = gettext(MARK)
    return f"{mark} ({one_line(sighting.cue_words)})" if sighting.cue_words else mark


def reported_lines(reported: ReportedWords, *, is_terminal: bool = False) -> Iterator[str]:
    """Yield the words with their mark, speaker and day, the reporter's sentence, and each article that has them."""
    best = visible_sighting(reported.best)
    yield f"{mark_of(best)}: {plain_words(best.words)}"
    yield f"  {speaker_of_sighting(best)}, {day_of_sighting(best)}"
    if best.sentence:
        yield f"  In the article: {one_line(best.sentence)}"
    for sighting in map(visible_sighting, reported.sightings):
        yield f"  - {sighting.id}: {source_text(sighting, is_terminal=is_terminal)}"
        if sighting.decided:
            yield f"    {decided_text(sighting)}"
        if not sighting.is_current:
            yield "    No longer in the article."


def reported_of_answer(answer: Answer, option: str | None, *, is_terminal: bool = False) -> Iterator[str]:
    """Yield the reported statements of an answer, each behind an empty line, and how many there are.

    Where not all are shown, `option` is how to see more; None if there are no more.
    """
    for reported in answer.reported:
        yield ""
        yield from reported_lines(reported, is_terminal=is_terminal)
    shown = len(answer.reported)
    if 0 < shown < answer.reported_total:
        yield ""
        yield f"{shown} of {count(answer.reported_total, 'reported statement')}{f'. More: {option}' if option else '.'}"


def reported_line(sighting: Sighting) -> str:
    """Return one line of an article's reported statements: id, speaker, cue, and the words behind a colon."""
    gone = "" if sighting.is_current else "  (no longer in the article)"
    cue = f" ({one_line(sighting.cue_words)})" if sighting.cue_words else ""
    return f"  {sighting.id}  {speaker_of_sighting(sighting)}{cue}: {plain_words(sighting.words)}{gone}"


def provenance_of_reported(sighting: Sighting) -> Sequence[str]:
    """Return the cue, the confidences and the characters of a reported statement."""
    spans = " ".join(f"{part.start}-{part.end}" for part in sighting.parts)
    version = (sighting.version_sha256 or "")[:DIGITS]
    chances = f"statement {sighting.statement_confidence or 0.0:.2f}, speaker {sighting.speaker_confidence:.2f}"
    return (
        "  Evidence:",
        f"  - Confidence: {chances}",
        f"    Characters {spans} of version {version}, outlet {sighting.outlet or 'unknown'}",
    )
