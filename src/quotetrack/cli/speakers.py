"""Commands about speakers: `speakers list | show | merge | split | rename | import`."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import SOME_FAILED, fail, print_json, print_lines, reported, tell
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store

if TYPE_CHECKING:
    from quotetrack.store import Session
    from quotetrack.store.speakers import StoredSpeaker
from quotetrack.cli.options import ByOption, SpeakerArgument
from quotetrack.cli.root import speakers_app


@speakers_app.command("list", epilog="Example: quotetrack speakers list Venn")
def list_speakers(
    name: Annotated[str | None, typer.Argument(help="Only those who may be called so.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most speakers to show.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the speakers on file, most quoted first: id, number of quotations, names."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import speaker_line, speakers_json
        from quotetrack.search.understanding import speakers_called
        from quotetrack.store.speakers import read_speakers

        with sessions() as session:
            found = (speakers_called(session, name) if name else read_speakers(session))[:limit]
        if as_json:
            print_json(speakers_json(found))
        else:
            print_lines(speaker_line(speaker) for speaker in found)
        if not found:
            tell(f"Nobody on file is called {name}." if name else "Nobody is on file.")


@speakers_app.command("show", epilog="Example: quotetrack speakers show 'Orla Venn'")
def show_speaker(speaker: SpeakerArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show one speaker: every name, how many quotations, and what people decided."""
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import speaker_json, speaker_lines
        from quotetrack.store.speakers import decisions_on

        with sessions() as session:
            found = _speaker(session, speaker)
            decisions = decisions_on(session, found.ids)
        if as_json:
            print_json(speaker_json(found, decisions))
        else:
            print_lines(speaker_lines(found, decisions))


@speakers_app.command("merge", epilog="Example: quotetrack speakers merge 'O. Venn' 'Orla Venn'")
def merge_speakers(
    speaker: SpeakerArgument,
    into: Annotated[str | None, typer.Argument(help="The id or name of the speaker who it is.")] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take back that SPEAKER (an id) was merged.")] = False,
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say that two speakers are one, who goes on under the second's id and name; --revoke takes it back."""
    if revoke == (into is not None):
        raise typer.BadParameter("name two speakers, or one with --revoke")
    with reported(), opened_store(database) as sessions:
        from quotetrack.review.speakers import merge, revoke_merge

        if into is None:
            speaker_id = _number_of(speaker)
            if not revoke_merge(sessions, speaker_id, decided_by=_by(by), now=datetime.now(UTC)):
                fail(f"speaker {speaker_id} is not merged into another")
            tell(f"speaker {speaker_id} is one of its own again")
            return
        with sessions() as session:
            absorbed, kept = _speaker(session, speaker), _speaker(session, into)
        if not merge(sessions, absorbed.id, kept.id, decided_by=_by(by), now=datetime.now(UTC)):
            fail(f"{absorbed.name} and {kept.name} are one speaker already ({kept.id})")
        tell(f"{absorbed.name} ({absorbed.id}) is now {kept.name} ({kept.id})")
        tell(f"to undo it: quotetrack speakers merge {absorbed.id} --revoke")


@speakers_app.command("split", epilog="Example: quotetrack speakers split 'O. Venn'")
def split_speaker(
    name: Annotated[str, typer.Argument(help="A name that was taken for somebody else's.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Give one name of a speaker to a new speaker of its own."""
    with reported(), opened_store(database) as sessions:
        from quotetrack.review.speakers import split

        speaker_id = split(sessions, name, decided_by=_by(by), now=datetime.now(UTC))
        tell(f"{name} is speaker {speaker_id}")


@speakers_app.command("rename", epilog="Example: quotetrack speakers rename 12 'Orla Venn'")
def rename_speaker(
    speaker: SpeakerArgument,
    name: Annotated[str, typer.Argument(help="The name to show.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show a speaker under another name; all the names by which it is found stay."""
    with reported(), opened_store(database) as sessions:
        from quotetrack.review.speakers import rename

        with sessions() as session:
            found = _speaker(session, speaker)
        rename(sessions, found.id, name, decided_by=_by(by), now=datetime.now(UTC))
        tell(f"speaker {found.id} is shown as {name}")


@speakers_app.command("import", epilog="Example: quotetrack speakers import people.csv")
def import_speakers(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns name, alias, wikidata; alias and wikidata may be empty.")
    ],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take names and aliases in: a line says that alias is a name of name. The same file again changes nothing."""
    with reported(), opened_store(database) as sessions, file.open(encoding="utf-8-sig", newline="") as lines:
        from quotetrack.review.speakers import import_speaker

        reader = csv.DictReader(lines)
        if not {"name", "alias"} <= set(reader.fieldnames or ()):
            fail(f"{file} has no columns name and alias")
        taken, refused = 0, 0
        for row in reader:
            wrong = import_speaker(
                sessions,
                (row["name"] or "").strip(),
                (row["alias"] or "").strip() or None,
                (row.get("wikidata") or "").strip() or None,
                decided_by=_by(by),
                now=datetime.now(UTC),
            )
            taken, refused = taken + (wrong is None), refused + (wrong is not None)
            if wrong is not None:
                tell(f"failed: {file}:{reader.line_num}: {wrong}")
        tell(f"{taken} lines taken in, {refused} refused")
        if refused:
            raise typer.Exit(SOME_FAILED)


def _speaker(session: Session, asked: str) -> StoredSpeaker:
    """The one speaker of this id or name; tells near names, or all who are called so, where it is not one."""
    from quotetrack.search.understanding import near_names, speakers_called
    from quotetrack.store.speakers import is_speaker, read_speakers

    if asked.isdigit():
        if not is_speaker(session, int(asked)):
            fail(f"there is no speaker {asked} on file")
        return read_speakers(session, [int(asked)])[0]
    found = speakers_called(session, asked)
    if not found:
        near = ", ".join(near_names(session, asked))
        fail(f"nobody on file is called {asked}" + (f"; near names: {near}" if near else ""))
    if len(found) > 1:
        told = ", ".join(f"{speaker.name} ({speaker.id})" for speaker in found)
        fail(f"several are called {asked}: {told}; give the id")
    return found[0]


def _by(name: str | None) -> str:
    import getpass

    return name or getpass.getuser()


def _number_of(asked: str) -> int:
    if not asked.isdigit():
        raise typer.BadParameter(f"{asked!r} is no id of a speaker: `quotetrack speakers show` tells it")
    return int(asked)
