"""Write rows as Parquet: a folder with one file for each month of publication, for DuckDB, pandas, Spark and R.

The columns are those of `core/rows.py`, with their types: days, moments and numbers as such, lists as lists. The month
is that of publication, which nearly every article gives and no later reading changes.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, get_args

from pydantic.fields import FieldInfo

from quotetrack.core.domain import Alternative
from quotetrack.core.errors import QuotetrackError, require_pyarrow
from quotetrack.core.rows import Row
from quotetrack.export.codebook import codebook_of_parquet, main_type

if TYPE_CHECKING:
    import pyarrow

MONTH = "month"  # the column that readers make of the names of the folders
UNDATED = "unknown"  # the month of articles without a day; pandas cannot read Hive's own name for none
CODEBOOK = "_codebook.md"  # readers of a folder leave out names that begin so
BUFFERED = 5_000  # rows in memory while they are sorted by month, some 30 MB
ROW_GROUP = 20_000  # rows of a file that are compressed together, and in memory then


class NotAnExport(QuotetrackError):
    """The folder holds other files than an export: nothing is written there."""


def write_parquet(rows: Iterable[Row], folder: Path, *, with_reported: bool = False) -> int:
    """Write rows to `month=2026-03/part-0.parquet` and its like in a folder. Return the number of rows.

    The folder appears when all of it is written, in the place of an earlier export if there is one; if that fails, the
    earlier one stays. Memory does not grow with the number of rows; while the months are sorted, a copy of them is on
    the disk, not compressed. The ids of sightings are numbers; with reported statements, whose ids are none, all are
    text. Raises ExtraMissing without pyarrow, NotAnExport, and OSError.
    """
    require_pyarrow()
    folder = folder.resolve()
    _refuse_other_files(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    earlier = unfinished / "earlier"
    try:
        spool, result = unfinished / "spool", unfinished / "result"
        spool.mkdir()
        result.mkdir()
        columns = schema(with_reported=with_reported)
        number = _sort_by_month((_values(row, with_reported) for row in rows), spool, columns)
        for month in sorted(spool.iterdir()):
            _write_month(month, result / f"{MONTH}={month.name}", columns)
        (result / CODEBOOK).write_text(codebook_of_parquet(folder.name), encoding="utf-8")
        if folder.exists():
            folder.rename(earlier)
        result.rename(folder)
    finally:
        if earlier.exists() and not folder.exists():  # the result did not get its name
            earlier.rename(folder)
        shutil.rmtree(unfinished, ignore_errors=True)
    return number


def schema(*, with_reported: bool = False) -> pyarrow.Schema:
    """Return the Arrow schema of the columns, with the description of each. See `write_parquet`."""
    import pyarrow

    types = {name: _arrow_type(field) for name, field in Row.model_fields.items()}
    if with_reported:
        types["sighting"] = pyarrow.string()
    described = {name: field.description or "" for name, field in Row.model_fields.items()}
    return pyarrow.schema([pyarrow.field(n, kind, metadata={"description": described[n]}) for n, kind in types.items()])


def _arrow_type(field: FieldInfo) -> pyarrow.DataType:
    import pyarrow

    simple = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), date: pyarrow.date32()}
    simple |= {datetime: pyarrow.timestamp("us", tz="UTC")}
    kind = main_type(field)
    if kind is not tuple:
        return simple.get(kind, pyarrow.string())
    member = get_args(field.annotation)[0]
    if member is str:
        return pyarrow.list_(pyarrow.string())
    if member is Alternative:
        return pyarrow.list_(pyarrow.struct({"name": pyarrow.string(), "confidence": pyarrow.float64()}))
    return pyarrow.list_(pyarrow.struct({"start": pyarrow.int64(), "end": pyarrow.int64()}))


def _values(row: Row, with_reported: bool) -> dict[str, Any]:
    """Return the fields as Arrow takes them."""
    values = row.model_dump()
    values["sighting"] = str(row.sighting) if with_reported else row.sighting
    values["parts"] = [{"start": start, "end": end} for start, end in row.parts]
    return values


def _sort_by_month(rows: Iterable[dict[str, Any]], spool: Path, columns: pyarrow.Schema) -> int:
    """Append the rows to one file a month, each a sequence of Arrow streams. Return the number of rows."""
    number = 0
    by_month: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_month[_month_of(row["published"])].append(row)
        number += 1
        if number % BUFFERED == 0:
            _append(by_month, spool, columns)
    _append(by_month, spool, columns)
    return number


def _month_of(published: date | None) -> str:
    return f"{published:%Y-%m}" if published else UNDATED


def _append(by_month: dict[str, list[dict[str, Any]]], spool: Path, columns: pyarrow.Schema) -> None:
    import pyarrow

    for month, values in by_month.items():
        table = pyarrow.Table.from_pylist(values, schema=columns)
        with (spool / month).open("ab") as file, pyarrow.ipc.new_stream(file, columns) as stream:
            stream.write_table(table)
    by_month.clear()


def _write_month(month: Path, folder: Path, columns: pyarrow.Schema) -> None:
    import pyarrow.parquet

    folder.mkdir()
    file = folder / "part-0.parquet"
    with pyarrow.parquet.ParquetWriter(file, columns, compression="zstd") as writer:
        for table in _tables(month):
            writer.write_table(table, row_group_size=ROW_GROUP)


def _tables(month: Path) -> Iterator[pyarrow.Table]:
    """Yield the rows of a month in their order, at most `ROW_GROUP` and a batch of a stream at once."""
    import pyarrow

    waiting: list[pyarrow.Table] = []
    end = month.stat().st_size
    with month.open("rb") as file:
        while file.tell() < end:
            with pyarrow.ipc.open_stream(file) as stream:
                waiting.append(stream.read_all())
            if sum(table.num_rows for table in waiting) >= ROW_GROUP:
                yield pyarrow.concat_tables(waiting)
                waiting.clear()
    if waiting:
        yield pyarrow.concat_tables(waiting)


def _refuse_other_files(folder: Path) -> None:
    if not folder.exists():
        return
    others = [each.name for each in folder.iterdir() if not each.name.startswith(f"{MONTH}=") and each.name != CODEBOOK]
    if others:
        raise NotAnExport(f"{folder} holds other files, such as {min(others)}. Give a folder of its own to the export.")
