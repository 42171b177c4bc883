"""Write utterances in the form that another program reads: one way for the command line and for Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import TextIO, TypeVar

from quotetrack.api.connection import WrongArgument, utc_now
from quotetrack.core.domain import ReportedWords, Sighting, Utterance
from quotetrack.core.rows import Row, rows_of, rows_of_reported
from quotetrack.export.csv import write_rows
from quotetrack.export.jsonld import Documented, DocumentedStatement, write_jsonld
from quotetrack.export.parquet import write_parquet
from quotetrack.export.spreadsheet import MOST_CHARACTERS, MOST_ROWS, write_xlsx
from quotetrack.linking.compare import compare
from quotetrack.render.citations import write_bibtex, write_csl, write_ris
from quotetrack.store import Session
from quotetrack.store.check_matches import checks_of_utterances
from quotetrack.store.corrections import corrections_of_reported, corrections_of_sightings
from quotetrack.store.speakers import SpeakerKind, read_speakers

Batched = TypeVar("Batched", Utterance, ReportedWords)
BATCH = 200  # utterances whose fact-checks and corrections are read at once


class Form(StrEnum):
    """A form of an export: a table, or an entry of a list of references for each sighting."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    CSL = "csl"
    BIBTEX = "bibtex"
    RIS = "ris"
    JSONLD = "jsonld"


CITATIONS: Mapping[Form, Callable[[Iterable[Sighting], TextIO], int]] = {
    Form.CSL: write_csl,
    Form.BIBTEX: write_bibtex,
    Form.RIS: write_ris,
}
ENDINGS = {
    ".parquet": Form.PARQUET,
    ".xlsx": Form.XLSX,
    ".csl.json": Form.CSL,
    ".bib": Form.BIBTEX,
    ".ris": Form.RIS,
    ".jsonld": Form.JSONLD,
}


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows or entries were written, and sentences about what the form could not hold."""

    rows: int
    notes: tuple[str, ...] = ()


def form_of(path: Path) -> Form:
    """Return the form that the ending of a name stands for; CSV for any other."""
    return next((form for ending, form in ENDINGS.items() if path.name.lower().endswith(ending)), Form.CSV)


def form_called(name: str) -> Form:
    """Return the form of this name. Raises WrongArgument."""
    try:
        return Form(name)
    except ValueError:
        raise WrongArgument(f"there is no form {name!r}: give {', '.join(Form)}") from None


def write_text(
    session: Session,
    utterances: Iterable[Utterance],
    form: Form,
    out: TextIO,
    *,
    excel: bool = False,
    reported: Iterable[ReportedWords] | None = None,
) -> Written:
    """Write to a text file that is open as UTF-8 with `newline=""`; reported statements follow.

    None for `reported` says that they were not asked for. Raises WrongArgument for a form that is not text.
    """
    if form is Form.CSV:
        return Written(write_rows(_rows(session, utterances, reported or ()), out, excel=excel))
    if form is Form.JSONLD:
        documented = _documented(session, utterances)
        statements = _documented_statements(session, reported or ())
        return Written(write_jsonld(documented, out, now=utc_now(), reported=statements))
    if form not in CITATIONS:
        raise WrongArgument(f"{form} is no text: give a path")
    both: Iterable[Utterance | ReportedWords] = chain(utterances, reported or ())
    return Written(CITATIONS[form]((sighting for each in both for sighting in each.sightings), out))


def write_path(
    session: Session,
    utterances: Iterable[Utterance],
    form: Form,
    path: Path,
    *,
    excel: bool = False,
    reported: Iterable[ReportedWords] | None = None,
) -> Written:
    """Write to a file, or for Parquet a folder, as `write_text` does. Raises ExtraMissing, NotAnExport and OSError."""
    if form is Form.PARQUET:
        rows = _rows(session, utterances, reported or ())
        return Written(write_parquet(rows, path, with_reported=reported is not None))
    if form is Form.XLSX:
        return _write_spreadsheet(_rows(session, utterances, reported or ()), path)
    with path.open("w", encoding="utf-8", newline="") as out:
        return write_text(session, utterances, form, out, excel=excel, reported=reported)


def _rows(session: Session, utterances: Iterable[Utterance], reported: Iterable[ReportedWords]) -> Iterator[Row]:
    """Yield the rows of utterances with their fact-checks, then those of reported statements."""
    for batch in _batches(utterances):
        checks = checks_of_utterances(session, [utterance.id for utterance in batch])
        for utterance in batch:
            yield from rows_of(utterance, compare, checks[utterance.id])
    for words in reported:
        yield from rows_of_reported(words)


def _documented(session: Session, utterances: Iterable[Utterance]) -> Iterator[Documented]:
    """Yield utterances with their fact-checks and corrections, which are read for a batch at once."""
    for batch in _batches(utterances):
        sightings = [sighting for utterance in batch for sighting in utterance.sightings]
        checks = checks_of_utterances(session, [utterance.id for utterance in batch])
        corrections = corrections_of_sightings(session, [int(sighting.id) for sighting in sightings])
        speakers = read_speakers(session, sorted({s.speaker_id for s in sightings if s.speaker_id is not None}))
        people = {each.id for each in speakers if each.kind is SpeakerKind.PERSON}
        for utterance in batch:
            own = {int(sighting.id) for sighting in utterance.sightings}
            about = [(correction, ids) for correction, ids in corrections if own & set(ids)]
            yield Documented(utterance, checks[utterance.id], about, people)


def _documented_statements(session: Session, reported: Iterable[ReportedWords]) -> Iterator[DocumentedStatement]:
    """Yield reported statements with their corrections, which are read for a batch at once."""
    for batch in _batches(reported):
        corrections = corrections_of_reported(session, [str(s.id) for words in batch for s in words.sightings])
        for words in batch:
            own = {c.id: (c, about) for s in words.sightings for c, about in corrections[str(s.id)]}
            yield DocumentedStatement(words, tuple(own.values()))


def _batches(statements: Iterable[Batched]) -> Iterator[list[Batched]]:
    remaining = iter(statements)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _write_spreadsheet(rows: Iterable[Row], path: Path) -> Written:
    written = write_xlsx(rows, path)
    notes = []
    if written.sheets > 1:
        notes.append(f"A sheet holds {MOST_ROWS:,} rows with its header: the rows are on {written.sheets} sheets.")
    if written.cut:
        notes.append(f"{written.cut} cells end with “…”: a cell holds {MOST_CHARACTERS:,} characters. The CSV has all.")
    return Written(written.rows, tuple(notes))
