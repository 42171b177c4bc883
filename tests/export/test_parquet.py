"""DuckDB and pandas read from the Parquet files what the CSV says; nothing half-written is ever in their place."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow.parquet
import pytest
from tests.export.test_csv import CUT, WHOLE, cut_off

from quotetrack.core.domain import Alternative, ReportedWords, StatementKind, Utterance
from quotetrack.core.rows import COLUMNS, LinkOf, Row, rows_of, rows_of_reported
from quotetrack.export import parquet, write_csv
from quotetrack.export.csv import cell_text
from quotetrack.export.parquet import NotAnExport, write_parquet

UNSURE = replace(
    CUT,
    id=9,
    words="=1+1, “he” said, and: \U0001f30a 東京",
    published_at=None,
    alternatives=(Alternative("Orla Venn", 0.48), Alternative("Ada Roth", 0.31)),
)
MONTHS = [date(1889, 12, 31), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31)]
UTTERANCES = [
    Utterance(3, (WHOLE, replace(CUT, id=8))),
    Utterance(4, (UNSURE,)),
    *(Utterance(10 + n, (replace(WHOLE, id=10 + n, published_at=day),)) for n, day in enumerate(MONTHS)),
]


def all_rows(utterances: list[Utterance], link_of: LinkOf | None = None) -> list[Row]:
    return [row for utterance in utterances for row in rows_of(utterance, link_of)]


def rows() -> list[Row]:
    return all_rows(UTTERANCES, cut_off)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert write_parquet(rows(), tmp_path / "quotations") == len(rows())
    return tmp_path / "quotations"


def as_csv() -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    write_csv(UTTERANCES, out, link_of=cut_off)
    read = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    return [{name: cell_text(cell) for name, cell in row.items()} for row in read]


def as_cell(value: Any) -> str:
    """Return what the CSV has for a value that a reader of Parquet gives."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.timestamp():.0f}"
    if isinstance(value, list):
        return (
            " ".join(map(as_member, value)) if not value or "name" not in value[0] else "; ".join(map(as_member, value))
        )
    return "" if value is None else str(value)


def as_member(member: Any) -> str:
    if isinstance(member, str):
        return member
    if "name" in member:
        return f"{member['name']} ({member['confidence']:.2f})"
    return f"[{member['start']},{member['end']})"


def in_seconds(row: dict[str, str]) -> dict[str, str]:
    """Return a row of the CSV with moments as seconds, in which readers of any time zone agree."""
    moments = {name: cell for name, cell in row.items() if name.endswith("_at") and cell}
    return row | {name: f"{datetime.fromisoformat(cell).timestamp():.0f}" for name, cell in moments.items()}


def test_duckdb_reads_the_rows_of_the_csv(folder: Path) -> None:
    relation = duckdb.sql(f"SELECT * FROM '{folder}/*/*.parquet' ORDER BY sighting")
    names = relation.columns
    found = [dict(zip(names, map(as_cell, row), strict=True)) for row in relation.fetchall()]
    assert names == [*COLUMNS, "month"]
    expected = sorted(map(in_seconds, as_csv()), key=lambda row: int(row["sighting"]))
    assert found == [row | {"month": row["published"][:7] or "unknown"} for row in expected]


def test_duckdb_has_types_to_reckon_with(folder: Path) -> None:
    relation = duckdb.sql(f"SELECT * FROM '{folder}/*/*.parquet'")
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert {types[name] for name in ("said_first", "said_last", "published", "modified")} == {"DATE"}
    assert {types[name] for name in ("published_at", "fetched_at")} == {"TIMESTAMP WITH TIME ZONE"}
    assert (types["unsure"], types["utterance"], types["speaker_confidence"]) == ("BOOLEAN", "BIGINT", "DOUBLE")
    assert types["parts"] == 'STRUCT("start" BIGINT, "end" BIGINT)[]' and types["decided"] == "VARCHAR[]"


def test_pandas_reads_the_rows_of_the_csv(folder: Path) -> None:
    frame = pandas.read_parquet(folder)
    assert list(frame.columns) == [*COLUMNS, "month"]
    expected = {row["sighting"]: row for row in as_csv()}
    assert len(frame) == len(expected)
    for row in frame.to_dict("records"):
        cells = expected[str(row["sighting"])]
        for name in ("words", "speaker", "title", "url", "kind", "said_basis", "link_kind"):
            assert (row[name] if isinstance(row[name], str) else "") == cells[name]
        for name in ("published", "said_first"):
            assert ("" if row[name] is None else row[name].isoformat()) == cells[name]
        assert as_cell(list(row["parts"])) == cells["parts"]
        assert as_cell(list(row["alternatives"])) == cells["alternatives"]
        assert row["speaker_confidence"] == float(cells["speaker_confidence"])


def test_reported_statements_make_every_id_text(tmp_path: Path) -> None:
    told = replace(CUT, id="r5", kind=StatementKind.SPEECH)
    write_parquet([*rows(), *rows_of_reported(ReportedWords((told,)))], tmp_path / "q", with_reported=True)
    found = duckdb.sql(f"SELECT sighting, utterance FROM '{tmp_path}/q/*/*.parquet' WHERE kind = 'reported'").fetchall()
    assert found == [("r5", None)]
    assert pandas.read_parquet(tmp_path / "q")["sighting"].tolist().count("7") == 1


def test_there_is_one_file_for_each_month(folder: Path) -> None:
    files = {str(file.relative_to(folder)) for file in folder.rglob("*.parquet")}
    months = {"unknown", "1889-12", "2026-02", "2026-03"}
    assert files == {f"month={month}/part-0.parquet" for month in months}
    assert (folder / "_codebook.md").read_text("utf-8").count("\n| `") == len(COLUMNS)
    described = pyarrow.parquet.read_schema(folder / "month=unknown" / "part-0.parquet").field("words").metadata
    assert described[b"description"].startswith(b"The words as printed")


def test_rows_of_many_months_stay_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BUFFERED", 7)
    monkeypatch.setattr(parquet, "ROW_GROUP", 10)
    days = [date(2026, 1 + number % 12, 1) for number in range(100)]
    utterances = [Utterance(n, (replace(WHOLE, id=n, published_at=day),)) for n, day in enumerate(days)]
    write_parquet(all_rows(utterances), tmp_path / "many")
    for file in (tmp_path / "many").rglob("*.parquet"):
        month = int(file.parent.name[-2:])
        read = pyarrow.parquet.ParquetFile(file).read(["sighting", "published"]).to_pylist()
        assert [row["sighting"] for row in read] == [n for n, day in enumerate(days) if day.month == month]


def test_no_rows_make_an_empty_export(tmp_path: Path) -> None:
    assert write_parquet([], tmp_path / "none") == 0
    assert [file.name for file in (tmp_path / "none").iterdir()] == ["_codebook.md"]


def test_an_earlier_export_is_replaced_as_a_whole(folder: Path) -> None:
    write_parquet(rows()[:1], folder)
    assert Counter(file.suffix for file in folder.rglob("*") if file.is_file()) == {".parquet": 1, ".md": 1}


def test_a_failure_leaves_the_earlier_export(folder: Path) -> None:
    def failing() -> Iterator[Row]:
        yield rows()[0]
        raise KeyboardInterrupt

    before = sorted(folder.rglob("*"))
    with pytest.raises(KeyboardInterrupt):
        write_parquet(failing(), folder)
    assert sorted(folder.rglob("*")) == before and list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt])
def test_an_earlier_export_is_put_back_if_the_new_one_cannot_take_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "result":
            raise fault
        return rename(path, target)

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(fault):
        write_parquet(rows()[:1], folder)
    assert sorted(folder.rglob("*")) == before and list(folder.parent.iterdir()) == [folder]


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(NotAnExport, match=r"notes\.txt"):
        write_parquet(rows(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
