"""Commands about speakers: `speakers list | show | merge | split | rename | import`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn, warn_of_more
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    MOST_SHOWN,
    ByOption,
    DatabaseOption,
    JsonOption,
    SpeakerArgument,
    applied_later,
    open_settings,
    opened_store,
    user_or,
    utc_now,
)
from quotetrack.cli.root import speakers_app

if TYPE_CHECKING:
    from quotetrack.store import Sessions


@speakers_app.command("list", epilog="Example: quotetrack speakers list Venn")
def list_speakers(
    name: Annotated[str | None, typer.Argument(help="Only speakers who may have this name.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many speakers.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the speakers, most quoted first and descriptions last: id, number of quotations, names."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import SpeakerSchema
        from quotetrack.render.speakers import speaker_line
        from quotetrack.search.understanding import speakers_called
        from quotetrack.store.speakers import most_quoted_speakers

        with sessions() as session:
            speakers = speakers_called(session, name) if name else most_quoted_speakers(session, limit + 1)
        if as_json:
            print_json([SpeakerSchema.decided(speaker).to_json() for speaker in speakers[:limit]])
        else:
            print_lines(speaker_line(speaker) for speaker in speakers[:limit])
        warn_of_more(speakers, limit)
        if not speakers:
            warn(f"No speaker is called {name}." if name else "There are no speakers yet.")


@speakers_app.command("show", epilog="Example: quotetrack speakers show 'Orla Venn'")
def show_speaker(speaker: SpeakerArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show one speaker: all names, the number of quotations, and what people decided."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import SpeakerSchema
        from quotetrack.render.speakers import speaker_lines
        from quotetrack.review.speakers import find_speaker
        from quotetrack.store.speakers import decisions_on

        with sessions() as session:
            shown = find_speaker(session, speaker)
            decisions = decisions_on(session, shown.ids)
        if as_json:
            print_json(SpeakerSchema.decided(shown, decisions).to_json())
        else:
            print_lines(speaker_lines(shown, decisions))


@speakers_app.command("merge", epilog="Example: quotetrack speakers merge 'O. Venn' 'Orla Venn'")
def merge_speakers(
    speaker: SpeakerArgument,
    into: Annotated[str | None, typer.Argument(help="The id or a name of the speaker to keep.")] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Undo the merge of SPEAKER, given by id.")] = False,
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Merge SPEAKER into INTO, which keeps its id and name. --revoke undoes a merge."""
    if revoke == (into is not None):
        raise typer.BadParameter("give two speakers, or one with --revoke")
    with errors_reported(), opened_store(database) as sessions:
        if into is None:
            _revoke_merge(sessions, speaker, by)
        else:
            _merge(sessions, speaker, into, by)


@speakers_app.command("split", epilog="Example: quotetrack speakers split 'O. Venn'")
def split_speaker(
    name: Annotated[str, typer.Argument(help="A name that belongs to another person.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Move one name of a speaker to a new speaker."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.speakers import split

        done = split(sessions, name, decided_by=user_or(by), now=utc_now(), settings=open_settings())
        warn(f"{name} is now speaker {done.id}.{applied_later(done)}")


@speakers_app.command("rename", epilog="Example: quotetrack speakers rename 12 'Orla Venn'")
def rename_speaker(
    speaker: SpeakerArgument,
    name: Annotated[str, typer.Argument(help="The name to show.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show a speaker under another name. All old names still find the speaker."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.speakers import find_speaker, rename

        with sessions() as session:
            renamed = find_speaker(session, speaker)
        done = rename(sessions, renamed.id, name, decided_by=user_or(by), now=utc_now(), settings=open_settings())
        warn(f"Speaker {renamed.id} is now shown as {name}.{applied_later(done)}")


@speakers_app.command("import", epilog="Example: quotetrack speakers import people.csv")
def import_names(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns name, alias and wikidata, and maybe role, since and until. All but name may be"
            " empty."
        ),
    ],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Import names, aliases and offices: each line gives one alias of a name, or one office with its days.

    Importing a file twice changes nothing.
    """
    with errors_reported(), opened_store(database) as sessions, file.open(encoding="utf-8-sig", newline="") as lines:
        from quotetrack.render.text import count
        from quotetrack.review.speakers import Alias, import_speakers

        reader = csv.DictReader(lines)
        if not {"name", "alias"} <= set(reader.fieldnames or ()):
            fail(f"{file} must have the columns name and alias.")
        places: list[int] = []
        aliases: list[Alias] = []
        for row in reader:
            places.append(reader.line_num)
            columns = ("name", "alias", "wikidata", "role", "since", "until")
            cells = [(row.get(column) or "").strip() for column in columns]
            aliases.append(Alias(cells[0], *(cell or None for cell in cells[1:])))
        problems = import_speakers(sessions, aliases, decided_by=user_or(by), now=utc_now(), settings=open_settings())
        for place, problem in zip(places, problems, strict=True):
            if problem is not None:
                warn(f"failed: {file}:{place}: {problem}")
        refused = sum(problem is not None for problem in problems)
        imported = len(problems) - refused
        warn(f"{count(imported, 'line')} imported, {refused} refused.")
        if refused:
            raise typer.Exit(SOME_FAILED)


def _merge(sessions: Sessions, speaker: str, into: str, by: str | None) -> None:
    from quotetrack.review.speakers import find_speaker, merge

    with sessions() as session:
        absorbed, kept = find_speaker(session, speaker), find_speaker(session, into)
    done = merge(sessions, absorbed.id, kept.id, decided_by=user_or(by), now=utc_now(), settings=open_settings())
    if done is None:
        fail(f"{absorbed.name} and {kept.name} are the same speaker already ({kept.id}).")
    warn(f"Merged {absorbed.name} ({absorbed.id}) into {kept.name} ({kept.id}).{applied_later(done)}")
    warn(f"To undo: quotetrack speakers merge {absorbed.id} --revoke")


def _revoke_merge(sessions: Sessions, speaker: str, by: str | None) -> None:
    from quotetrack.review.speakers import revoke_merge

    if not speaker.isdigit():
        raise typer.BadParameter(f"{speaker!r} is not the id of a speaker. See `quotetrack speakers show`.")
    done = revoke_merge(sessions, int(speaker), decided_by=user_or(by), now=utc_now(), settings=open_settings())
    if done is None:
        fail(f"Speaker {speaker} is not merged into another speaker.")
    warn(f"Speaker {speaker} is separate again.{applied_later(done)}")
