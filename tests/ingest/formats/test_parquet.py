"""Articles in Parquet are those of the same lines of JSONL."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path

ROWS = [
    {
        "id": "7",
        "url": "https://harbourpost.example/7",
        "title": "Ferry",
        "text": "It sails.",
        "published": "2031-03-04",
    },
    {"id": None, "url": None, "title": None, "text": "“Yes,” she said.", "published": None},
    {"id": "8", "url": None, "title": "Empty", "text": " ", "published": "2031-03-04T10:00:00+01:00"},
]


def read(path: Path) -> list[object]:
    """Return what a file gives, without the bytes and the name of the file, which differ."""
    found: list[object] = []
    for result in read_path(path, outlets=load_outlets(None)):
        if isinstance(result, Article):
            found.append(replace(result, evidence=None, evidence_sha256=None, url=result.url.rpartition("/")[2][-2:]))
        elif isinstance(result, Failure):
            found.append((result.where.rpartition(":")[2], result.reason))
    return found


def test_rows_are_read_as_lines_are(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist([row | {"other": b"\xff"} for row in ROWS]), tmp_path / "a.parquet"
    )
    lines = read(tmp_path / "a.jsonl")
    assert read(tmp_path / "a.parquet") == lines and len(lines) == 3


@pytest.mark.parametrize(
    ("value", "published"),
    [
        (date(2031, 3, 4), date(2031, 3, 4)),
        (datetime(2031, 3, 4, 9, 30, tzinfo=UTC), datetime(2031, 3, 4, 9, 30, tzinfo=UTC)),
    ],
)
def test_days_and_moments_may_have_a_type(tmp_path: Path, value: date, published: date) -> None:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"text": "It sails.", "published": value}]), tmp_path / "a")
    (article,) = read_path(tmp_path / "a", outlets=load_outlets(None))
    assert isinstance(article, Article) and article.published_at == published


def test_a_file_without_a_text_or_a_damaged_one_is_a_failure(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"body": ["It sails."]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    without, damaged = read_path(tmp_path, outlets=load_outlets(None))
    assert isinstance(without, Failure) and "no column `text`" in without.reason
    assert isinstance(damaged, Failure) and "not a Parquet file" in damaged.reason
