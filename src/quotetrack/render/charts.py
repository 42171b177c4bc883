"""Charts of days as bars and lanes, drawn by the templates as SVG without a script. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from quotetrack.core.domain import Utterance
from quotetrack.core.texts import gettext, ngettext
from quotetrack.render.days import short_day, short_month
from quotetrack.render.quotations import outlet_name
from quotetrack.render.talking_points import id_text, speaker_text

if TYPE_CHECKING:
    from quotetrack.search.talking_points import TalkingPoint

DAYS_BY_DAY = 45  # from the first day to the last, up to which each day has a bar
MONTHS_BY_MONTH = 60  # up to which each month has a bar; more have a bar a year
TALLEST = 100  # units of height
SHORTEST = 4  # units, so that one utterance among thousands is seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a timeline: its place from the left, its height, its label, and the days that it stands for."""

    place: int
    height: int
    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of some utterances over time. `places` counts the bars with those of height 0, which are left out."""

    bars: tuple[Bar, ...]
    places: int
    most: int
    unit: str

    @property
    def first(self) -> date:
        """Return the first day."""
        return self.bars[0].first

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.bars[-1].last


def timeline(days: Sequence[tuple[date, int]], *, is_by_month: bool = False) -> Timeline | None:
    """Return a bar for each day, month or year, by the time from the first to the last; None for less than two bars.

    `is_by_month`: the days are the first of their months, and so never have bars of their own.
    """
    if not days:
        return None
    first, last = days[0][0], days[-1][0]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if (last - first).days < DAYS_BY_DAY and not is_by_month:
        unit, periods = "day", _days(first, last)
    elif months <= MONTHS_BY_MONTH:
        unit, periods = "month", _months(first, last)
    else:
        unit, periods = "year", ((date(year, 1, 1), date(year, 12, 31)) for year in range(first.year, last.year + 1))
    return _timeline(days, list(periods), unit)


def _timeline(days: Sequence[tuple[date, int]], periods: Sequence[tuple[date, date]], unit: str) -> Timeline | None:
    place_of = {start: place for place, (start, _) in enumerate(periods)}
    counted: Counter[int] = Counter()
    for day, number in days:
        counted[place_of[_start(day, unit)]] += number
    if len(counted) < 2:
        return None
    most = max(counted.values())
    bars = tuple(
        Bar(
            place,
            max(SHORTEST, round(TALLEST * counted[place] / most)),
            f"{_period_text(periods[place][0], unit)}: {_utterances_text(counted[place])}",
            *periods[place],
        )
        for place in sorted(counted)
    )
    return Timeline(bars, len(periods), most, unit)


def _start(day: date, unit: str) -> date:
    return day if unit == "day" else date(day.year, day.month if unit == "month" else 1, 1)


def _period_text(start: date, unit: str) -> str:
    if unit == "month":
        return gettext("%(month)s %(year)s", month=short_month(start), year=start.year)
    return short_day(start) if unit == "day" else f"{start.year}"


def _utterances_text(number: int) -> str:
    return ngettext("%(num)s utterance", "%(num)s utterances", number)


def _days(first: date, last: date) -> Iterator[tuple[date, date]]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day, day


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield date(year, month, 1), date(year, month, monthrange(year, month)[1])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


# Lanes


@dataclass(frozen=True, slots=True)
class Dot:
    """One publication in a lane: its place from the left in percent, its day, and the id of its sighting."""

    place: float
    day: date
    sighting: int | str


@dataclass(frozen=True, slots=True)
class Lane:
    """One outlet that carries an utterance: its name, the wire agency that it credits, and its publications.

    Or one speaker who makes a talking point, with the statements by their days.
    """

    name: str
    origin: str | None
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The outlets of an utterance, those of one origin together, the first to publish first; or speakers in time."""

    lanes: tuple[Lane, ...]
    first: date
    last: date


def lanes(utterance: Utterance) -> Lanes | None:
    """Return how an utterance spread from outlet to outlet; None if less than two outlets have a day of publication."""
    dated = [(sighting.published_on, sighting) for sighting in utterance.sightings if sighting.published_on]
    if len({sighting.outlet for _, sighting in dated}) < 2:
        return None
    first, last = min(day for day, _ in dated), max(day for day, _ in dated)
    length = max(1, (last - first).days)
    by_outlet: dict[tuple[str, str | None], list[Dot]] = {}
    for day, sighting in sorted(dated, key=lambda each: (each[0], str(each[1].published_at), str(each[1].id))):
        wire = sighting.wire_credit if sighting.wire_credit != sighting.outlet else None
        dot = Dot(round(100 * (day - first).days / length, 1), day, sighting.id)
        by_outlet.setdefault((outlet_name(sighting), wire), []).append(dot)
    found = [Lane(outlet, wire, tuple(dots)) for (outlet, wire), dots in by_outlet.items()]
    origin_first = {lane.origin or lane.name: lane.dots[0].day for lane in reversed(found)}
    found.sort(key=lambda lane: (origin_first[lane.origin or lane.name], lane.origin or lane.name, lane.dots[0].day))
    return Lanes(tuple(found), first, last)


def speaker_lanes(point: TalkingPoint) -> Lanes | None:
    """Return how a talking point went from speaker to speaker; None if its statements have less than two days."""
    if point.days is None or point.days[0] == point.days[1]:
        return None
    first, last = point.days
    length = (last - first).days
    dots: dict[str, list[Dot]] = {}
    for each in point.statements:
        if each.day is not None:
            dot = Dot(round(100 * (each.day - first).days / length, 1), each.day, id_text(each))
            dots.setdefault(speaker_text(each), []).append(dot)
    return Lanes(tuple(Lane(speaker, None, tuple(its)) for speaker, its in dots.items()), first, last)
