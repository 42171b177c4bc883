"""Counts, timelines, comparisons and changes of an open database, as results that show themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Generic, TypeVar, overload

from quotetrack.api.connection import Connection, WrongArgument, moment_of
from quotetrack.core.domain import CountBy, Utterance, day_of
from quotetrack.search import analysis
from quotetrack.search.analysis import Change, Count, Side, SpeakerTimeline
from quotetrack.search.understanding import Given, understand

LIMIT = 5  # speakers of a timeline, and utterances of each speaker in a comparison
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, repr=False)
class ShownList(Sequence[Item], Generic[Item]):
    """A result as a sequence that shows itself: as text with `print`, as `html` in a notebook."""

    items: tuple[Item, ...]
    lines: tuple[str, ...]
    html: str

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        return self.items[place]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return f"<{len(self)} of {type(self.items[0]).__name__}>" if self.items else "<nothing>"

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        return self.html


class Analysis:
    """What speakers said, counted and compared. Only utterances that name the topic count, word by word.

    Days are dates or text such as "2026-03-11"; `since` and `until` are days of speaking. Methods raise OutletUnknown
    and WrongArgument. An unknown speaker has no utterances.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, question: str, by: CountBy | str) -> ShownList[Count]:
        """Count the utterances that a question asks for, by "speaker", "outlet", "month" or "topic"."""
        from quotetrack.render.analysis import count_lines

        if by not in list(CountBy):
            raise WrongArgument(f"{by!r} is nothing to count by: use one of {', '.join(CountBy)}")
        with self._connection.session() as session:
            understood = understand(session, question, today=date.today())
            found = analysis.utterances_on(session, understood)
        counts = analysis.count_by(found.utterances, CountBy(by), topic=understood.about)
        return _shown(counts, count_lines(counts))

    def timeline(
        self,
        *speakers: str,
        about: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        outlet: str | None = None,
        limit: int = LIMIT,
    ) -> ShownList[SpeakerTimeline]:
        """Return for each speaker the number of utterances by month; without names, for the most quoted ones."""
        from quotetrack.render.analysis import speaker_timeline_lines, timelines_html

        given = _given(about, since, until, outlet)
        if speakers:
            found = [analysis.timeline_of(*self._utterances(speaker, given)) for speaker in speakers]
        else:
            found = analysis.timelines(self._utterances(None, given)[1], limit=limit)
        return _shown(found, speaker_timeline_lines(found), timelines_html(found))

    def compare(
        self,
        speaker: str,
        other: str,
        *,
        about: str,
        since: date | str | None = None,
        until: date | str | None = None,
        outlet: str | None = None,
        limit: int = LIMIT,
    ) -> ShownList[Side]:
        """Return what two speakers said about one topic, the newest first."""
        from quotetrack.render.analysis import comparison_lines

        given = _given(about, since, until, outlet)
        sides = [analysis.side_of(*self._utterances(name, given), limit=limit) for name in (speaker, other)]
        return _shown(sides, comparison_lines(about, sides))

    def changes(
        self,
        speaker: str,
        *,
        about: str,
        since: date | str | None = None,
        until: date | str | None = None,
        outlet: str | None = None,
    ) -> ShownList[Change]:
        """Return what a speaker said about a topic in order of time, with the words that are new in each utterance."""
        from quotetrack.render.analysis import change_lines

        changed = analysis.changes(self._utterances(speaker, _given(about, since, until, outlet))[1])
        return _shown(changed, change_lines(changed))

    def top(
        self,
        *,
        about: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        outlet: str | None = None,
        limit: int = 10,
    ) -> ShownList[Count]:
        """Return who is quoted most: on a topic, in some days, by an outlet."""
        from quotetrack.render.analysis import count_lines

        _, utterances = self._utterances(None, _given(about, since, until, outlet))
        counts = analysis.top_speakers(utterances)[:limit]
        return _shown(counts, count_lines(counts))

    def _utterances(self, speaker: str | None, given: Given) -> tuple[str, list[Utterance]]:
        with self._connection.session() as session:
            understood, found = analysis.utterances_of(session, speaker, given, today=date.today())
        return understood.speaker or "", found.utterances


def _given(about: str | None, since: date | str | None, until: date | str | None, outlet: str | None) -> Given:
    return Given(about=about, since=day_of(moment_of(since)), until=day_of(moment_of(until)), outlet=outlet)


def _shown(items: Sequence[Item], lines: Iterable[str], html: str | None = None) -> ShownList[Item]:
    from quotetrack.render.text import visible

    text = tuple(map(visible, lines))
    return ShownList(tuple(items), text, html or f"<pre>{escape(chr(10).join(text))}</pre>")
