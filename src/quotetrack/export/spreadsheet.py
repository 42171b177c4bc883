"""Write rows as a spreadsheet for Excel, LibreOffice and Numbers (.xlsx): days are days, and no text is a formula.

The columns are those of `core/rows.py`, with lists as the CSV has them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.core.errors import ExtraMissing
from quotetrack.core.rows import COLUMNS, Cell, Row

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SHEET = "quotations"
MOST_ROWS = 1_048_576  # of a sheet, with its header
MOST_CHARACTERS = 32_767  # of a cell
FIRST_DAY = date(1900, 3, 1)  # the first that every program counts alike: some know a 29 February 1900
WIDE, NARROW = 60, 16  # columns of text that people read, and others; in characters
READ = frozenset({"words", "title", "context_before", "context_after", "url", "link"})
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML cannot hold them


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a spreadsheet has, on how many sheets, and how many cells were too long and end with "…"."""

    rows: int
    sheets: int
    cut: int


def write_xlsx(rows: Iterable[Row], file: Path, *, most_rows: int = MOST_ROWS) -> Written:
    """Write rows to a spreadsheet with a header that stays in sight.

    A sheet holds `most_rows` rows with its header; further rows follow on the next sheet. Moments are in UTC. Days
    before `FIRST_DAY` are text. The file appears when all of it is written. Raises ExtraMissing without openpyxl, and
    OSError.
    """
    require_openpyxl()
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = _new_sheet(workbook)
    number = cut = 0
    for row in rows:
        if number and number % (most_rows - 1) == 0:
            sheet = _new_sheet(workbook)
        cells = list(row.flat().values())
        cut += sum(isinstance(cell, str) and len(cell) > MOST_CHARACTERS for cell in cells)
        sheet.append(list(_cells(sheet, cells)))
        number += 1
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        workbook.save(unfinished)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Written(number, len(workbook.worksheets), cut)


def require_openpyxl() -> None:
    """Raise ExtraMissing where openpyxl is not installed."""
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise ExtraMissing("A spreadsheet", "openpyxl", "xlsx") from None


def _new_sheet(workbook: Workbook) -> WriteOnlyWorksheet:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    place = len(workbook.worksheets) + 1
    sheet = workbook.create_sheet(SHEET if place == 1 else f"{SHEET} {place}")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDE if column in READ else NARROW
    header = list(_cells(sheet, COLUMNS))
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _cells(sheet: WriteOnlyWorksheet, values: Iterable[Cell]) -> Iterator[SheetCell]:
    from openpyxl.cell import WriteOnlyCell

    for value in map(_value, values):
        cell = WriteOnlyCell(sheet, value)
        match value:
            case str():
                cell.data_type = "s"  # openpyxl takes "=1+1" for a formula, and "#N/A" for an error
            case datetime():
                cell.number_format = MOMENT
            case date():
                cell.number_format = DAY
        yield cell


def _value(cell: Cell) -> Cell:
    """Return what a spreadsheet can hold: moments without a time zone, old days as text, text that is not too long."""
    match cell:
        case str():
            text = _UNPRINTABLE.sub("\ufffd", cell)
            return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
        case datetime():
            return cell.replace(tzinfo=None) if cell.date() >= FIRST_DAY else cell.isoformat()
        case date():
            return cell if cell >= FIRST_DAY else cell.isoformat()
    return cell
