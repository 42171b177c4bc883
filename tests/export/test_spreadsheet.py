"""A spreadsheet has the cells of the CSV, days as days, and nothing that calculates."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.export.test_csv import CUT, WHOLE, cut_off

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.core.rows import COLUMNS, rows_of
from quotetrack.export.spreadsheet import MOST_CHARACTERS, write_xlsx

FORMULAS = ("=1+1", '=HYPERLINK("https://x.example";"Read on")', "+44 is the code", "-5 degrees", "@Telle", "#N/A")


def sheets_of(file: Path) -> list[Worksheet]:
    return load_workbook(file).worksheets


def written(folder: Path, *sightings: Sighting, **options: int) -> list[list[dict[str, object]]]:
    """Return the rows of each sheet, by column."""
    write_xlsx(rows_of(Utterance(3, sightings), cut_off), folder / "q.xlsx", **options)
    sheets = []
    for sheet in sheets_of(folder / "q.xlsx"):
        header, *rows = sheet.iter_rows(values_only=True)
        assert header == COLUMNS
        sheets.append([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    return sheets


def test_days_are_days_and_empty_cells_are_empty(tmp_path: Path) -> None:
    ((whole, cut),) = written(tmp_path, WHOLE, replace(CUT, id=8))
    assert whole["published"] == datetime(2026, 3, 11) and whole["said_first"] == datetime(2026, 3, 10)
    assert whole["published_at"] == datetime(2026, 3, 10, 23, 5, 30) and whole["fetched_at"] == datetime(
        2026, 3, 15, 7, 30
    )
    assert (whole["sighting"], whole["speaker_confidence"], whole["unsure"]) == (7, 0.9123, False)
    assert whole["parts"] == "[101,120) [140,164)" and whole["decided"] == "speaker title"
    assert cut["speaker"] is None and cut["link_kind"] == "contained"
    cell = sheets_of(tmp_path / "q.xlsx")[0].cell(2, COLUMNS.index("published") + 1)
    assert cell.is_date and cell.number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    ((row,),) = written(tmp_path, Sighting(1, text, speaker=text))
    assert row["words"] == row["speaker"] == text
    with zipfile.ZipFile(tmp_path / "q.xlsx") as package:
        content = package.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert "<f>" not in content and "<f " not in content and 't="e"' not in content
    cell = sheets_of(tmp_path / "q.xlsx")[0].cell(2, COLUMNS.index("words") + 1)
    assert cell.data_type in ("s", "inlineStr")


def test_the_header_stays_in_sight(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    (sheet,) = sheets_of(tmp_path / "q.xlsx")
    assert sheet.freeze_panes == "A2" and sheet.cell(1, 1).font.bold and sheet.title == "quotations"


def test_rows_beyond_a_sheet_follow_on_the_next(tmp_path: Path) -> None:
    sightings = [replace(WHOLE, id=number) for number in range(1, 6)]
    sheets = written(tmp_path, *sightings, most_rows=3)
    assert [[row["sighting"] for row in sheet] for sheet in sheets] == [[1, 2], [3, 4], [5]]
    assert [sheet.title for sheet in sheets_of(tmp_path / "q.xlsx")] == ["quotations", "quotations 2", "quotations 3"]
    (full,) = written(tmp_path, *sightings[:2], most_rows=3)
    assert len(full) == 2


def test_what_a_cell_cannot_hold_is_told(tmp_path: Path) -> None:
    long, old = "a" * (MOST_CHARACTERS + 1), date(1889, 12, 31)
    sighting = Sighting(1, long, title="\x00bell\x07", published_at=old, context_before="b" * MOST_CHARACTERS)
    result = write_xlsx(rows_of(Utterance(1, (sighting,))), tmp_path / "q.xlsx")
    assert (result.rows, result.sheets, result.cut) == (1, 1, 1)
    _, row = sheets_of(tmp_path / "q.xlsx")[0].iter_rows(values_only=True)
    cells = dict(zip(COLUMNS, row, strict=True))
    assert cells["words"] == "a" * (MOST_CHARACTERS - 1) + "…" and len(str(cells["context_before"])) == MOST_CHARACTERS
    assert cells["title"] == "�bell�" and cells["published"] == "1889-12-31"


def test_nothing_unfinished_is_left(tmp_path: Path) -> None:
    written(tmp_path, WHOLE)
    assert [file.name for file in tmp_path.iterdir()] == ["q.xlsx"]
