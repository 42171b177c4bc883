"""Other programs read the export of the sample newsroom with one type a column, and every day and moment.

The programs need not be installed: the rules of readr, by which it guesses the type of a column, stand here as well.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack

from quotetrack.core.rows import COLUMNS
from quotetrack.export.data_package import table_schema

pytest_plugins = ("tests.filled_store",)

TYPES = {field["name"]: field["type"] for field in table_schema()["fields"]}
DAYS = [column for column, kind in TYPES.items() if kind in ("date", "datetime")]

# What readr takes for a type, in its order; a column is text if a cell fits no other type that all its cells fit.
READR = (
    ("logical", re.compile("T|F|TRUE|FALSE|true|false")),
    ("integer", re.compile(r"-?\d+")),
    ("double", re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")),
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}")),
    ("datetime", re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")),
    ("time", re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?")),
)
READR_TYPE = {"integer": "integer", "number": "double", "date": "date", "datetime": "datetime"}


@pytest.fixture(scope="module")
def table(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "quotes.csv"
    assert quotetrack("export", "--csv", path, "--database", ingested).exit_code == 0
    return path


@pytest.fixture(scope="module")
def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def guessed(cells: list[str]) -> str:
    return next((kind for kind, form in READR if all(map(form.fullmatch, cells))), "character")


@pytest.mark.parametrize("column", COLUMNS)
def test_readr_guesses_the_type_of_the_codebook(rows: list[dict[str, str]], column: str) -> None:
    cells = [row[column] for row in rows if row[column]]
    if cells:
        kind = guessed(cells)
        assert kind == READR_TYPE.get(TYPES[column], "character") or (TYPES[column], kind) == ("number", "integer")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "20"], "integer"),
        (["1", "0.5"], "double"),
        (["2026-03-11", ""], "character"),
        (["2026-03-11", "2026-03-11T20:05:00Z"], "character"),
        (["2026-03-11T20:05:00Z"], "datetime"),
        (["1:20"], "time"),
        (["[1,20)"], "character"),
    ],
)
def test_the_rules_of_readr(cells: list[str], kind: str) -> None:
    assert guessed(cells) == kind


def test_the_newsroom_has_days_and_moments(rows: list[dict[str, str]]) -> None:
    given = {column: sum(bool(row[column]) for row in rows) for column in DAYS}
    assert given["published"] == given["fetched_at"] == len(rows)
    assert 0 < given["published_at"] < len(rows)
    assert given["said_first"] > 30


def test_pandas_reads_every_day_and_moment(table: Path, rows: list[dict[str, str]]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(table, keep_default_na=False, na_values=[""])
    for column in DAYS:
        given = frame[column].dropna()
        assert len(given) == sum(bool(row[column]) for row in rows)
        assert not pandas.to_datetime(given).isna().any()
    assert (frame["words"].str.len() > 0).all() and frame["confidence"].dtype == "float64"


def test_duckdb_finds_the_types_by_itself(table: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql(f"SELECT * FROM read_csv('{table}')")
    found = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert (found["published"], found["utterance"], found["confidence"]) == ("DATE", "BIGINT", "DOUBLE")
    assert found["published_at"].startswith("TIMESTAMP") and found["parts"] == "VARCHAR"
