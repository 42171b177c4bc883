"""Commands that count and compare what speakers said: `timeline`, `compare`, `changes`, `speakers top`."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, print_json, print_lines, warn
from quotetrack.cli.options import (
    MOST_SHOWN,
    AboutOption,
    DatabaseOption,
    JsonOption,
    OnlyOutletOption,
    SinceOption,
    SpeakerArgument,
    UntilOption,
    check_order,
    opened_store,
)
from quotetrack.cli.output import print_counts
from quotetrack.cli.root import app, speakers_app
from quotetrack.core.domain import CountBy, Utterance, day_of

if TYPE_CHECKING:
    from quotetrack.search.understanding import Given
    from quotetrack.store import Session

TopicOption = Annotated[str, typer.Option("--about", help="The topic.")]


@app.command(epilog="Example: quotetrack timeline 'Ragna Telle' --about 'the storm barrier'")
def timeline(
    speakers: Annotated[
        list[str] | None, typer.Argument(metavar="[SPEAKER]...", help="Names. Without them, the most quoted.")
    ] = None,
    about: AboutOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OnlyOutletOption = None,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many of the most quoted speakers.")
    ] = 5,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show for each speaker how many utterances there are in each month."""
    given = _given(about, since, until, outlet)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.analysis import speaker_timeline_lines
        from quotetrack.render.schemas import SpeakerTimelineSchema
        from quotetrack.search.analysis import timeline_of, timelines

        with sessions() as session:
            if speakers:
                shown = [timeline_of(*_found(session, speaker, given)) for speaker in speakers]
            else:
                shown = timelines(_found(session, None, given)[1], limit=limit)
        if as_json:
            print_json([SpeakerTimelineSchema.of(each).to_json() for each in shown])
        else:
            print_lines(speaker_timeline_lines(shown))


@app.command(epilog="Example: quotetrack compare 'Ragna Telle' 'Amara Lindqvist' --about 'the storm barrier'")
def compare(
    speaker: SpeakerArgument,
    other: Annotated[str, typer.Argument(metavar="SPEAKER", help="The other speaker.")],
    about: TopicOption,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OnlyOutletOption = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many utterances of each.")] = 5,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what two speakers said about one topic, the newest first."""
    given = _given(about, since, until, outlet)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.analysis import comparison_lines
        from quotetrack.render.schemas import SideSchema
        from quotetrack.search.analysis import side_of

        with sessions() as session:
            sides = [side_of(*_found(session, name, given), limit=limit) for name in (speaker, other)]
        if as_json:
            print_json([SideSchema.of(side).to_json() for side in sides])
        else:
            print_lines(comparison_lines(about, sides))


@app.command(epilog="Example: quotetrack changes 'Ragna Telle' --about 'the storm barrier'")
def changes(
    speaker: SpeakerArgument,
    about: TopicOption,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OnlyOutletOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a speaker said about a topic in order of time, with the words that are new in each utterance."""
    given = _given(about, since, until, outlet)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.analysis import change_lines
        from quotetrack.render.schemas import ChangeSchema
        from quotetrack.search.analysis import changes as changes_of

        with sessions() as session:
            changed = changes_of(_found(session, speaker, given)[1])
        if as_json:
            print_json([ChangeSchema.of(each).to_json() for each in changed])
        else:
            print_lines(change_lines(changed))


@speakers_app.command("top", epilog="Example: quotetrack speakers top --about 'the storm barrier'")
def top_speakers(
    about: AboutOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    outlet: OnlyOutletOption = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many speakers.")] = 10,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who is quoted most: on a topic, in some days, by an outlet."""
    given = _given(about, since, until, outlet)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.search.analysis import top_speakers as count_speakers

        with sessions() as session:
            _, utterances = _found(session, None, given)
        print_counts(count_speakers(utterances)[:limit], CountBy.SPEAKER, len(utterances), as_json=as_json)


def _given(about: str | None, since: datetime | None, until: datetime | None, outlet: str | None) -> Given:
    """Return what the options ask for. Raises BadParameter if the days are in the wrong order."""
    from quotetrack.search.understanding import Given

    check_order("--since", since, "--until", until)
    return Given(about=about, since=day_of(since), until=day_of(until), outlet=outlet)


def _found(session: Session, speaker: str | None, given: Given) -> tuple[str, list[Utterance]]:
    """Return the name of a speaker as stored, and the utterances. Hints are printed on standard error."""
    from quotetrack.render.analysis import found_hint_lines
    from quotetrack.search.analysis import utterances_of

    understood, found = utterances_of(session, speaker, given, today=date.today())
    for line in found_hint_lines(understood, found):
        warn(line)
    return understood.speaker or "", found.utterances
