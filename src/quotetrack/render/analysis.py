"""Counts, timelines, comparisons and changes as text, and timelines as a picture for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from quotetrack.core.domain import Utterance
from quotetrack.render.answers import LONGEST_BAR, month_lines, months_between, speaker_hint_lines
from quotetrack.render.days import day_of_utterance
from quotetrack.render.quotations import outlet_text
from quotetrack.render.text import count, one_line, quoted, visible_utterance
from quotetrack.render.variants import first_of_each_outlet

if TYPE_CHECKING:
    from quotetrack.search.analysis import Change, Count, Found, Side, SpeakerTimeline
    from quotetrack.search.understanding import Understood

NO_MATCH = "No utterance names this."
CUT = "Only the best matches were read, and there are more: narrow the question by days, outlet or topic."
REPEATED = "nothing"

# Sizes of the picture, in pixels.
BAR_WIDTH, BAR_GAP, PLOT_HEIGHT, LETTER_HEIGHT = 14, 4, 60, 14


def found_hint_lines(understood: Understood, found: Found, speaker_option: str = "--speaker") -> Iterator[str]:
    """Yield hints: who has the name that was asked for, that nothing matches, that not everything was read."""
    yield from speaker_hint_lines(understood, speaker_option)
    if not found.utterances and not understood.is_unknown:
        yield NO_MATCH
    if found.is_cut:
        yield CUT


def count_lines(counts: Sequence[Count]) -> Iterator[str]:
    """Yield a line for each count: label, bar and number."""
    widest = max((len(one_line(each.label)) for each in counts), default=0)
    most = max((each.utterances for each in counts), default=1)
    for each in counts:
        bar = "█" * max(round(LONGEST_BAR * each.utterances / most), 1)
        yield f"{one_line(each.label):<{widest}}  {bar} {each.utterances}"


def speaker_timeline_lines(timelines: Sequence[SpeakerTimeline]) -> Iterator[str]:
    """Yield the name of each speaker with a bar for each month; all bars have one scale."""
    most = max((number for each in timelines for _, number in each.months), default=1)
    for place, each in enumerate(timelines):
        if place:
            yield ""
        yield f"{one_line(each.speaker)}: {count(sum(number for _, number in each.months), 'utterance')}"
        yield from month_lines(each.months, most)


def comparison_lines(about: str, sides: Sequence[Side]) -> Iterator[str]:
    """Yield for each speaker the number of utterances on the topic, and the newest of them."""
    for place, side in enumerate(sides):
        if place:
            yield ""
        newest = f", the newest {len(side.utterances)}" if len(side.utterances) < side.total else ""
        yield f"{one_line(side.speaker)} on {one_line(about)}: {count(side.total, 'utterance')}{newest}"
        for utterance in side.utterances:
            yield from _short_lines(utterance)


def change_lines(changed: Sequence[Change]) -> Iterator[str]:
    """Yield each utterance, the earliest first, with the words that no earlier one has."""
    for place, each in enumerate(changed):
        yield from _short_lines(each.utterance)
        if place:
            new = ", ".join(map(one_line, each.new_words))
            yield f"    New: {new or REPEATED}"


def _short_lines(utterance: Utterance) -> Iterator[str]:
    """Yield the day and the words of an utterance, and where it was printed first."""
    shown = visible_utterance(utterance)
    first = first_of_each_outlet(shown)[0]
    others = len(shown.outlets) - 1
    more = f" and {count(others, 'other outlet')}" if others > 0 else ""
    yield f"  {day_of_utterance(shown)}: {quoted(shown.words)}"
    yield f"    {outlet_text(first)}{more}; utterance {shown.id}"


# Pictures


def timelines_html(timelines: Sequence[SpeakerTimeline]) -> str:
    """Return a picture for each speaker: a bar for each month, all of one scale and over the same months. Escaped."""
    counted = [pair for each in timelines for pair in each.months]
    months = list(months_between(min(counted)[0], max(counted)[0])) if counted else []
    most = max((number for _, number in counted), default=1)
    return "\n".join(_picture(each, months, most) for each in timelines) or "<p>No utterance has a month.</p>"


def _picture(timeline: SpeakerTimeline, months: Sequence[str], most: int) -> str:
    numbers = dict(timeline.months)
    step, height = BAR_WIDTH + BAR_GAP, PLOT_HEIGHT + 2 * LETTER_HEIGHT
    bars = []
    for place, month in enumerate(months):
        number = numbers.get(month, 0)
        size = round(PLOT_HEIGHT * number / most)
        top = LETTER_HEIGHT + PLOT_HEIGHT - size
        title = f"<title>{month}: {count(number, 'utterance')}</title>"
        bars.append(f'<rect x="{place * step}" y="{top}" width="{BAR_WIDTH}" height="{size}">{title}</rect>')
    for year, group in groupby(enumerate(months), key=lambda placed: placed[1][:4]):
        place = next(group)[0]
        bars.append(f'<text x="{place * step}" y="{height - 2}" font-size="11">{year}</text>')
    name = escape(timeline.speaker)
    head = f"<p><b>{name}</b>: {count(sum(numbers.values()), 'utterance')}</p>"
    width = max(len(months) * step, step)
    label = f'role="img" aria-label="Utterances of {name} by month"'
    return f'{head}\n<svg width="{width}" height="{height}" fill="currentColor" {label}>{"".join(bars)}</svg>'
