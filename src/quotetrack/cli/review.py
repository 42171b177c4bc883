"""The command `judge`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn
from quotetrack.cli.options import ByOption, DatabaseOption, JsonOption, opened_store, user_or, utc_now
from quotetrack.cli.root import app

if TYPE_CHECKING:
    from quotetrack.store import Sessions


class Verdict(StrEnum):
    """A person's verdict about two sightings."""

    SAME = "same"
    DIFFERENT = "different"


@app.command(epilog='Example: quotetrack judge 12 31 same --by "M. K." --reason "one interview, two translations"')
def judge(
    left: Annotated[int | None, typer.Argument(help="The id of a sighting, as printed by `show`.")] = None,
    right: Annotated[int | None, typer.Argument(help="The id of another sighting.")] = None,
    verdict: Annotated[Verdict | None, typer.Argument(help="Are they the same utterance?")] = None,
    by: ByOption = None,
    reason: Annotated[str | None, typer.Option(help="The reason for the judgement.")] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Revoke the judgement about the two sightings.")] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List all judgements, with those whose words are no longer found.")
    ] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge that two sightings are the same utterance, or different. Overrides the linker.

    A judgement is tied to the quoted characters: it survives a new extractor and an edited article.
    """
    if listed:
        if left is not None:
            raise typer.BadParameter("use only one of --list and two sightings")
        _print_judgements(database, as_json)
    elif left is None or right is None:
        raise typer.BadParameter("give two sightings, or --list")
    elif revoke:
        _revoke(left, right, database)
    elif verdict is not None:
        _judge(left, right, verdict, by, reason, database)
    else:
        raise typer.BadParameter("say same or different, or --revoke")


def _judge(left: int, right: int, verdict: Verdict, by: str | None, reason: str | None, database: str | None) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        is_same = verdict is Verdict.SAME
        try:
            judgement = judgements.judge(
                sessions, left, right, same=is_same, decided_by=user_or(by), now=utc_now(), reason=reason
            )
        except (LookupError, ValueError) as error:
            fail(str(error))
        typer.echo(f"Judgement {judgement.id}: {left} and {right} are {'the same' if is_same else 'different'}.")
        _print_utterances(sessions, left, right)


def _revoke(left: int, right: int, database: str | None) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        if not judgements.revoke(sessions, left, right, now=utc_now()):
            fail(f"There is no judgement about {left} and {right}. See `quotetrack judge --list`.")
        typer.echo(f"Revoked the judgement about {left} and {right}.")
        _print_utterances(sessions, left, right)


def _print_utterances(sessions: Sessions, *sightings: int) -> None:
    """Print in which utterance each sighting is now."""
    from quotetrack.store.utterances import utterance_ids

    with sessions() as session:
        utterance_of = utterance_ids(session, sightings)
    print_lines(f"Sighting {each} is in utterance {utterance_of.get(each, 'none')}." for each in sightings)


def _print_judgements(database: str | None, as_json: bool) -> None:
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import JudgementSchema
        from quotetrack.render.variants import judgement_lines
        from quotetrack.store.decisions import read_judgements

        with sessions() as session:
            judgements = read_judgements(session)
        if as_json:
            print_json([JudgementSchema.of(judgement).to_json() for judgement in judgements])
        else:
            print_lines(judgement_lines(judgements))
        orphans = sum(judgement.is_orphan for judgement in judgements)
        if orphans:
            warn(f"{orphans} of {len(judgements)} judgements point at words that are no longer found.")
