"""The command that writes quotations for other programs: `export`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import STDIO, errors_reported, opened_output, warn
from quotetrack.cli.options import (
    AboutOption,
    CertainOption,
    DatabaseOption,
    MinConfidenceOption,
    OnlyOutletOption,
    PublishedSinceOption,
    PublishedUntilOption,
    SinceOption,
    SpeakerOption,
    UntilOption,
    check_order,
    opened_store,
)
from quotetrack.cli.output import describe_csv, warn_of_written
from quotetrack.cli.root import app
from quotetrack.core.domain import day_of

if TYPE_CHECKING:
    from quotetrack.api.exports import Form
    from quotetrack.search.selection import Selected
    from quotetrack.store import Session


def _file_option(name: str, text: str, metavar: str = "FILE|-") -> object:
    return typer.Option(name, metavar=metavar, help=text)


@app.command(epilog="Example: quotetrack export --csv barrier.csv --about 'the storm barrier' --since 2026-03-01")
def export(
    csv_file: Annotated[str | None, _file_option("--csv", "A CSV file; - is standard output.")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="Begin the CSV with the byte-order mark of Excel.")] = False,
    parquet: Annotated[
        str | None, _file_option("--parquet", "A folder of Parquet files, one for each month of publication.", "DIR")
    ] = None,
    xlsx: Annotated[str | None, _file_option("--xlsx", "A spreadsheet.", "FILE")] = None,
    csl: Annotated[str | None, _file_option("--csl", "CSL-JSON for Zotero and pandoc, an item for each row.")] = None,
    bibtex: Annotated[str | None, _file_option("--bibtex", "BibTeX, an entry for each row.")] = None,
    ris: Annotated[str | None, _file_option("--ris", "RIS for Zotero and EndNote, a record for each row.")] = None,
    jsonld: Annotated[
        str | None, _file_option("--jsonld", "Linked data: schema.org, W3C Web Annotations and PROV.")
    ] = None,
    speaker: SpeakerOption = None,
    about: AboutOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    certain: CertainOption = False,
    published_since: PublishedSinceOption = None,
    published_until: PublishedUntilOption = None,
    outlet: OnlyOutletOption = None,
    min_confidence: MinConfidenceOption = 0.0,
    min_words: Annotated[
        int, typer.Option("--min-words", min=0, metavar="N", help="Leave out quotations of fewer words.")
    ] = 0,
    reported: Annotated[
        bool,
        typer.Option("--reported", help="Write reported statements too; in a table as rows of the kind `reported`."),
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Write quotations with their provenance, one row for each article that prints them: all, or those you choose.

    --speaker, --about, --since, --until and --certain choose what was said, and all articles that print it. The other
    options choose articles and wordings. Several forms may be given at once.
    """
    given = {"csv": csv_file, "parquet": parquet, "xlsx": xlsx, "csl": csl, "bibtex": bibtex, "ris": ris}
    given |= {"jsonld": jsonld}
    files = {name: file for name, file in given.items() if file}
    _check_forms(files, excel=excel)
    check_order("--since", since, "--until", until)
    check_order("--published-since", published_since, "--published-until", published_until)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.api.exports import Form
        from quotetrack.render.answers import speaker_hint_lines
        from quotetrack.search.selection import Selection, select_utterances
        from quotetrack.search.understanding import Given

        _require_packages(files)
        selection = Selection(
            given=Given(
                speaker=speaker,
                about=about,
                since=day_of(since),
                until=day_of(until),
                outlet=outlet,
                published_since=day_of(published_since),
                published_until=day_of(published_until),
            ),
            certain=certain,
            min_confidence=min_confidence,
            min_words=min_words,
            reported=reported,
        )
        with sessions() as session:
            total = None if selection.is_everything else _count(session, reported=reported)
            for name, target in files.items():
                selected = select_utterances(session, selection, today=date.today())
                _write(session, selected, Form(name), target, of=total, excel=excel)
        for line in speaker_hint_lines(selected.understood):
            warn(line)


def _check_forms(files: Mapping[str, str], *, excel: bool) -> None:
    """Raise BadParameter where no form is given, two are to be on standard output, or one cannot be."""
    if not files:
        raise typer.BadParameter("give a form: --csv, --parquet, --xlsx, --csl, --bibtex, --ris or --jsonld")
    if STDIO in (files.get("parquet"), files.get("xlsx")):
        raise typer.BadParameter("--parquet and --xlsx need a name: they are binary, and cannot go to standard output")
    if list(files.values()).count(STDIO) > 1:
        raise typer.BadParameter("only one form can be written to standard output")
    if excel and "csv" not in files:
        raise typer.BadParameter("--excel is for --csv")


def _require_packages(files: Mapping[str, str]) -> None:
    """Raise ExtraMissing before anything is written."""
    from quotetrack.core.errors import require_pyarrow
    from quotetrack.export.spreadsheet import require_openpyxl

    if "parquet" in files:
        require_pyarrow()
    if "xlsx" in files:
        require_openpyxl()


def _count(session: Session, *, reported: bool) -> int:
    from quotetrack.store.reported_search import count_reported
    from quotetrack.store.utterances import count_sightings

    return count_sightings(session) + (count_reported(session) if reported else 0)


def _write(session: Session, selected: Selected, form: Form, target: str, *, of: int | None, excel: bool) -> None:
    from quotetrack.api.exports import Form, write_path, write_text

    utterances, reported = selected.utterances, selected.reported
    if form in (Form.PARQUET, Form.XLSX):
        written = write_path(session, utterances, form, Path(target), reported=reported)
    else:
        with opened_output(target) as out:
            written = write_text(session, utterances, form, out, excel=excel, reported=reported)
    warn_of_written(written.rows, of, target)
    for note in written.notes:
        warn(note)
    if form is Form.CSV:
        describe_csv(target, with_reported=reported is not None)
