"""Commands about talking points: `claims update | list | show`."""

from __future__ import annotations

from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, print_json, print_lines, progress, warn, warn_of_more
from quotetrack.cli.options import (
    MOST_SHOWN,
    AboutOption,
    DatabaseOption,
    JsonOption,
    SinceOption,
    SpeakerOption,
    UntilOption,
    check_order,
    locked_store,
    open_settings,
    opened_store,
    utc_now,
)
from quotetrack.cli.root import claims_app
from quotetrack.core.domain import day_of


@claims_app.command(epilog="Example: quotetrack claims update")
def update(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Group all stored statements into talking points.

    A talking point keeps its number when statements come. `ingest` and `nightly` do not do this: run it after them.
    """
    with errors_reported(), locked_store(database) as sessions:
        from quotetrack.pipeline.steps import group_points
        from quotetrack.render.schemas import GroupedSchema
        from quotetrack.render.text import count

        with progress() as on_progress:
            done = group_points.run(sessions, open_settings(), utc_now, on_progress)
        if as_json:
            print_json(GroupedSchema.of(done).to_json())
        else:
            points = count(done.points, "talking point")
            print_lines([f"{points}, {done.new} new; {count(done.statements, 'statement')} compared"])


@claims_app.command("list", epilog="Example: quotetrack claims list --about 'the ferry' --since 2026-03-01")
def list_claims(
    about: AboutOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    speaker: SpeakerOption = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many talking points.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List talking points, those of the most speakers first: number, words of one statement, counts, days, speakers."""
    check_order("--since", since, "--until", until)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import TalkingPointSchema
        from quotetrack.render.talking_points import point_line, state_lines
        from quotetrack.review.speakers import find_speaker
        from quotetrack.search.talking_points import list_points
        from quotetrack.store.talking_points import points_state

        with sessions() as session:
            ids = None if speaker is None else find_speaker(session, speaker).ids
            found = list_points(session, about=about, speaker_ids=ids, since=day_of(since), until=day_of(until))
            state = points_state(session)
        if as_json:
            print_json([TalkingPointSchema.of_point(point).to_json() for point in found[:limit]])
        else:
            print_lines(map(point_line, found[:limit]))
        warn_of_more(found, limit)
        for line in state_lines(state, is_empty=not found):
            warn(line)


@claims_app.command("show", epilog="Example: quotetrack claims show 3")
def show_claim(
    number: Annotated[int, typer.Argument(help="The number of the talking point, as `claims list` prints it.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a talking point: each statement from the first said on, in its own words, and what contradicts it."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import TalkingPointSchema
        from quotetrack.render.talking_points import point_lines
        from quotetrack.search.talking_points import find_point

        with sessions() as session:
            point = find_point(session, number)
        if as_json:
            print_json(TalkingPointSchema.of_point(point).to_json())
        else:
            print_lines(point_lines(point))
