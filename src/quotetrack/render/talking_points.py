"""Talking points as text. What a reporter wrote stands without quotation marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quotetrack.core.domain import Utterance
from quotetrack.render.days import day_of_sighting, day_of_utterance, short_day
from quotetrack.render.fact_checks import fact_checked_lines
from quotetrack.render.quotations import outlet_text
from quotetrack.render.reported import mark_of, plain_words
from quotetrack.render.text import count, quoted, speaker_of_sighting, speaker_of_utterance, visible

if TYPE_CHECKING:
    from quotetrack.search.talking_points import PointStatement, TalkingPoint

MOST_SPEAKERS = 3  # named in a line of the list
AGAINST = "Statements that contradict it:"


def point_line(point: TalkingPoint) -> str:
    """Return a line of a list: number, days, how many say it in how many outlets, the words, and who said it first."""
    return visible(f"{point.id}. {words_text(point.centre)} {counts_text(point)}; {speakers_text(point)}")


def counts_text(point: TalkingPoint) -> str:
    """Return "4 statements, 3 outlets, 2 Mar 2026 to 9 Apr 2026"; without days where none is known."""
    said = f"{count(len(point.statements), 'statement')}, {count(len(point.outlets), 'outlet')}"
    if point.days is None:
        return said
    first, last = point.days
    return f"{said}, {short_day(first)}{f' to {short_day(last)}' if last != first else ''}"


def speakers_text(point: TalkingPoint) -> str:
    """Return the speakers in the order in which they said it; of more than three the number of the others."""
    named, others = point.speakers[:MOST_SPEAKERS], len(point.speakers) - MOST_SPEAKERS
    rest = f" and {count(others, 'other')}" if others > 0 else ""
    return f"{', '.join(named) or 'nobody named'}{rest}"


def words_text(statement: PointStatement) -> str:
    """Return the words: in quotation marks, or with the mark of what is reported before them."""
    words = statement.words
    if isinstance(words, Utterance):
        return quoted(words.words)
    return f"{mark_of(words.best)}: {plain_words(words.words)}"


def speaker_text(statement: PointStatement) -> str:
    """Return the speaker as other outputs show it."""
    words = statement.words
    return speaker_of_utterance(words) if isinstance(words, Utterance) else speaker_of_sighting(words.best)


def day_text(statement: PointStatement) -> str:
    """Return the day as other outputs show it."""
    words = statement.words
    return day_of_utterance(words) if isinstance(words, Utterance) else day_of_sighting(words.best)


def id_text(statement: PointStatement) -> str:
    """Return what `show` takes: the id of an utterance, or r and the number of a reported statement."""
    return str(statement.words.id if isinstance(statement.words, Utterance) else statement.best.id)


def point_lines(point: TalkingPoint) -> Iterator[str]:
    """Yield a talking point: its counts, each statement from the first said on, and what contradicts it."""
    yield visible(f"Talking point {point.id}: {counts_text(point)}")
    for statement in point.statements:
        yield ""
        yield from map(visible, _statement_lines(statement, "" if statement == point.centre else "agrees"))
    if point.against:
        yield ""
        yield AGAINST
    for statement in point.against:
        yield ""
        yield from map(visible, _statement_lines(statement, "contradicts"))


def _statement_lines(statement: PointStatement, how: str) -> Iterator[str]:
    yield words_text(statement)
    yield f"  {speaker_text(statement)}, {day_text(statement)}"
    outlets = dict.fromkeys(outlet_text(each) for each in statement.words.sightings)
    chance = f"{how} {statement.chance:.2f}" if how else "the others are compared with this one"
    yield f"  {', '.join(outlets)}; {chance}; show {id_text(statement)}"
    yield from fact_checked_lines(statement.checks)
