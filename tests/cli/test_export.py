"""What `export` writes, how much of it, and what it tells."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from openpyxl import load_workbook
from tests.cli_runner import quotetrack

pytest_plugins = ("tests.filled_store",)


def rows_of(*arguments: str, database: Path) -> tuple[list[dict[str, str]], str]:
    """Return the rows on standard output, and what stands on standard error."""
    result = quotetrack("export", "--csv", "-", *arguments, "--database", database)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout, newline=""), strict=True)), result.stderr


def test_everything_is_written_without_a_word(ingested: Path) -> None:
    rows, told = rows_of(database=ingested)
    assert (len(rows), told) == (45, "")


def test_a_choice_tells_how_many_rows_it_took(ingested: Path) -> None:
    rows, told = rows_of("--speaker", "Ragna Telle", "--about", "the barrier", "--min-words", "8", database=ingested)
    assert {row["speaker"] for row in rows} == {"Ragna Telle"}
    assert told == f"Wrote {len(rows)} of 45 rows.\n"
    assert 0 < len(rows) < 45


def test_a_file_has_its_rows_and_is_named(ingested: Path, tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    result = quotetrack("export", "--csv", path, "--outlet", "Ember Daily", "--database", ingested)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["outlet"] for row in rows} == {"Ember Daily"}
    assert result.stderr == f"Wrote {len(rows)} of 45 rows to {path}.\n"


def test_an_unknown_speaker_is_told(ingested: Path) -> None:
    rows, told = rows_of("--speaker", "Ragna Tellle", database=ingested)
    assert rows and told.startswith("Wrote ") and "No speaker is called Ragna Tellle. Taken for Ragna Telle." in told
    rows, told = rows_of("--speaker", "Zebulon Quark", database=ingested)
    assert rows == [] and told.splitlines()[0] == "Wrote 0 of 45 rows." and "Zebulon Quark" in told


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--csv", "-", "--outlet", "The Daily Planet"), 1, "The Daily Planet"),
        (("--csv", "-", "--since", "2026-03-12", "--until", "2026-03-01"), 2, "--since is after --until"),
        (("--csv", "-", "--min-words", "-1"), 2, "--min-words"),
        ((), 2, "give a form"),
        (("--xlsx", "-"), 2, "need a name"),
        (("--parquet", "-"), 2, "need a name"),
        (("--csv", "-", "--ris", "-"), 2, "only one form"),
        (("--ris", "-", "--excel"), 2, "--excel is for --csv"),
    ],
)
def test_what_cannot_be_is_refused(ingested: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    result = quotetrack("export", *arguments, "--database", ingested)
    assert result.exit_code == code and told in result.stderr
    assert result.stdout == ""


def test_every_form_has_the_same_sightings(ingested: Path, tmp_path: Path) -> None:
    names = {"csv": "q.csv", "parquet": "q", "xlsx": "q.xlsx", "csl": "q.json", "bibtex": "q.bib", "ris": "q.ris"}
    names |= {"jsonld": "q.jsonld"}
    options = [part for name, file in names.items() for part in (f"--{name}", str(tmp_path / file))]
    result = quotetrack("export", *options, "--speaker", "Ragna Telle", "--database", ingested)
    assert result.exit_code == 0, result.output
    with (tmp_path / "q.csv").open(encoding="utf-8", newline="") as lines:
        ids = [row["sighting"] for row in csv.DictReader(lines)]
    told = [f"Wrote {len(ids)} of 45 rows to {tmp_path / file}." for file in names.values()]
    assert result.stderr.splitlines() == told
    assert [str(row["sighting"]) for row in pyarrow.parquet.read_table(tmp_path / "q").to_pylist()] == ids
    _, *rows = load_workbook(tmp_path / "q.xlsx").active.iter_rows(min_col=2, max_col=2, values_only=True)
    assert [str(number) for (number,) in rows] == ids
    keys = [f"quotetrack-{number}" for number in ids]
    assert [item["id"] for item in json.loads((tmp_path / "q.json").read_text("utf-8"))] == keys
    assert re.findall(r"@misc\{(.*),", (tmp_path / "q.bib").read_text("utf-8")) == keys
    nodes = json.loads((tmp_path / "q.jsonld").read_text("utf-8"))["@graph"]
    assert [node["id"] for node in nodes if "speakerConfidence" in node] == [f"#sighting-{number}" for number in ids]
    assert {"Person", "Agent"} in [set(node["type"]) for node in nodes if node.get("name") == "Ragna Telle"]
    assert re.findall(r"ID  - (.*)", (tmp_path / "q.ris").read_text("utf-8")) == keys


@pytest.mark.parametrize(
    ("form", "package", "extra"), [("parquet", "pyarrow", "parquet"), ("xlsx", "openpyxl", "xlsx")]
)
def test_a_missing_package_is_named_before_anything_is_written(
    ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, package: str, extra: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    result = quotetrack("export", "--csv", tmp_path / "q.csv", f"--{form}", tmp_path / "q", "--database", ingested)
    assert result.exit_code == 1
    assert f"pip install 'quotetrack[{extra}]'" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_refused(ingested: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    result = quotetrack("export", "--parquet", tmp_path, "--database", ingested)
    assert result.exit_code == 1 and "notes.txt" in result.stderr
