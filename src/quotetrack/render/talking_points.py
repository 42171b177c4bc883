"""Talking points as text. What a reporter wrote stands without quotation marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quotetrack.core.domain import Utterance
from quotetrack.core.texts import gettext, ngettext
from quotetrack.render.days import day_of_sighting, day_of_utterance, from_to, short_day
from quotetrack.render.fact_checks import fact_checked_lines
from quotetrack.render.quotations import outlet_text
from quotetrack.render.reported import mark_of, plain_words
from quotetrack.render.text import NO_SPEAKER, quoted, speaker_of_sighting, speaker_of_utterance, visible

if TYPE_CHECKING:
    from quotetrack.search.talking_points import PointStatement, TalkingPoint
    from quotetrack.store.talking_points import PointsState

COMPARED_WITH = "the others are compared with this one"
MOST_SPEAKERS = 3  # named in a line of the list
AGAINST = "Statements that contradict it:"
UPDATE = "quotetrack claims update"


def point_line(point: TalkingPoint) -> str:
    """Return a line of a list: number, days, how many say it in how many outlets, the words, and who said it first."""
    changed = "; changed since the last update" if point.changed else ""
    return visible(f"{point.id}. {words_text(point.centre)} {counts_text(point)}; {speakers_text(point)}{changed}")


def state_lines(state: PointsState, *, is_empty: bool) -> Iterator[str]:
    """Yield what to say beside a list of talking points: why it is empty, and that an update would find more."""
    if not state.has_points and state.updated_at is None:
        yield gettext("Nobody has looked for talking points yet. Find them: %(command)s", command=UPDATE)
        return
    day = short_day(state.updated_at) if state.updated_at is not None else ""
    if is_empty:
        found_none = gettext("The last update, on %(day)s, found no talking point.", day=day)
        yield gettext("No talking point matches.") if state.has_points else found_none
    if state.has_newer:
        yield gettext(
            "Statements were stored since the last update, on %(day)s. Compare them too: %(command)s",
            day=day,
            command=UPDATE,
        )


def counts_text(point: TalkingPoint) -> str:
    """Return "4 statements, 3 outlets, 2 Mar 2026 to 9 Apr 2026"; without days where none is known."""
    statements = ngettext("%(num)s statement", "%(num)s statements", len(point.statements))
    outlets = ngettext("%(num)s outlet", "%(num)s outlets", len(point.outlets))
    said = f"{statements}, {outlets}"
    if point.days is None:
        return said
    first, last = point.days
    return f"{said}, {short_day(first) if first == last else from_to(short_day(first), short_day(last))}"


def speakers_text(point: TalkingPoint) -> str:
    """Return the speakers in the order in which they said it; of more than three the number of the others."""
    speakers = _speakers(point)
    named, others = speakers[:MOST_SPEAKERS], len(speakers) - MOST_SPEAKERS
    names = ", ".join(named) or gettext("nobody named")
    if others <= 0:
        return names
    return ngettext("%(names)s and %(num)s other", "%(names)s and %(num)s others", others, names=names)


def _speakers(point: TalkingPoint) -> list[str]:
    """Return each speaker once, as other outputs show it; as surely as the surest of the statements does."""
    shown: dict[str, str] = {}
    for statement in point.statements:
        text = speaker_text(statement)
        name = statement.speaker or text
        if text != gettext(NO_SPEAKER) and (name not in shown or text == name):
            shown[name] = text
    return list(shown.values())


def changed_text(point: TalkingPoint) -> str | None:
    """Return what has changed since the last update, what is not shown for that, and what to do; None if nothing."""
    if not point.changed:
        return None
    if point.is_outdated:
        return gettext(
            "The statement that the others were compared with has changed or is gone since the last update. "
            "How they agree, and what contradicts them, is not shown. Run: %(command)s",
            command=UPDATE,
        )
    return ngettext(
        "Left out, as changed or gone since the last update: %(num)s statement. Run: %(command)s",
        "Left out, as changed or gone since the last update: %(num)s statements. Run: %(command)s",
        point.changed,
        command=UPDATE,
    )


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
    if changed := changed_text(point):
        yield changed
    for statement in point.statements:
        yield ""
        is_centre = statement == point.centre
        yield from map(visible, _statement_lines(statement, COMPARED_WITH if is_centre else "agrees {:.2f}"))
    if point.against:
        yield ""
        yield AGAINST
    for statement in point.against:
        yield ""
        yield from map(visible, _statement_lines(statement, "about the same claim, {:.2f}"))


def _statement_lines(statement: PointStatement, how: str) -> Iterator[str]:
    yield words_text(statement)
    yield f"  {speaker_text(statement)}, {day_text(statement)}"
    outlets = dict.fromkeys(outlet_text(each) for each in statement.words.sightings)
    chance = "" if statement.chance is None else f"{how.format(statement.chance)}; "
    yield f"  {', '.join(outlets)}; {chance}show {id_text(statement)}"
    yield from fact_checked_lines(statement.checks)
