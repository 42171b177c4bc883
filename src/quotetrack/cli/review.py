"""The command `judge`."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import fail, print_json, print_lines, reported, tell
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store

if TYPE_CHECKING:
    from quotetrack.store import Sessions
from quotetrack.cli.root import app


class Verdict(StrEnum):
    """What a person says of two sightings."""

    SAME = "same"
    DIFFERENT = "different"


@app.command(epilog='Example: quotetrack judge 12 31 same --by "M. K." --reason "one interview, two translations"')
def judge(
    left: Annotated[int | None, typer.Argument(help="A sighting, by the id that show and ask --json give.")] = None,
    right: Annotated[int | None, typer.Argument(help="Another sighting.")] = None,
    verdict: Annotated[Verdict | None, typer.Argument(help="Whether they are one utterance.")] = None,
    by: Annotated[str | None, typer.Option(help="Who says so; default: your user name.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for those who come after.")] = None,
    take_back: Annotated[
        bool, typer.Option("--revoke", help="Take back what was judged of the two, whatever it was.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="List what is in force, and what is found no more.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two sightings are the same utterance, or different: linking honours it whatever the score.

    A judgement holds to the characters, and outlives a new extractor and an edited article.
    """
    if listed:
        if left is not None:
            raise typer.BadParameter("--list or two sightings, not both")
        _print_judgements(database, as_json)
    elif left is None or right is None:
        raise typer.BadParameter("name two sightings, or --list")
    elif take_back:
        _revoke(left, right, database)
    elif verdict is not None:
        _judge(left, right, verdict is Verdict.SAME, by, reason, database)
    else:
        raise typer.BadParameter("say same or different, or --revoke")


# Judging


def _judge(left: int, right: int, same: bool, by: str | None, reason: str | None, database: str | None) -> None:
    from getpass import getuser

    with reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        try:
            judgement = judgements.judge(
                sessions, left, right, same=same, decided_by=by or getuser(), now=datetime.now(UTC), reason=reason
            )
        except (LookupError, ValueError) as error:
            fail(str(error))
        typer.echo(f"judgement {judgement.id}: {left} and {right} are {'the same' if same else 'different'}")
        _tell_utterances(sessions, left, right)


def _revoke(left: int, right: int, database: str | None) -> None:
    with reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        if not judgements.revoke(sessions, left, right, now=datetime.now(UTC)):
            fail(f"nothing is judged of {left} and {right}")
        typer.echo(f"taken back: what was judged of {left} and {right}")
        _tell_utterances(sessions, left, right)


def _tell_utterances(sessions: Sessions, *sightings: int) -> None:
    from quotetrack.store.utterances import utterance_ids

    with sessions() as session:
        named = utterance_ids(session, sightings)
    typer.echo("; ".join(f"sighting {each} is in utterance {named.get(each, 'none')}" for each in sightings))


def _print_judgements(database: str | None, as_json: bool) -> None:
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.variants import judgement_lines, judgements_json
        from quotetrack.store.decisions import judgements_in_force

        with sessions() as session:
            judgements = judgements_in_force(session)
        if as_json:
            print_json(judgements_json(judgements))
        else:
            print_lines(judgement_lines(judgements))
        orphans = sum(judgement.is_orphan for judgement in judgements)
        if orphans:
            tell(f"{orphans} of {len(judgements)} judgements point at characters that are found no more")
