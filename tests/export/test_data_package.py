"""The codebook and the data package describe every column, and the CSV is as they say."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from quotetrack.core.domain import DateBasis, QuotationKind, SaidOn, Sighting, Span, Utterance
from quotetrack.core.rows import COLUMNS
from quotetrack.export import write_csv
from quotetrack.export.codebook import codebook
from quotetrack.export.data_package import NotADataPackage, put_data_package, table_schema

FULL = Sighting(
    7,
    "The gates are shut, and they will stay shut.",
    speaker="Olu Brandt",
    outlet="ember-daily",
    published_at=datetime(2026, 3, 11, 20, 5, tzinfo=UTC),
    said=SaidOn(date(2026, 3, 10), None, DateBasis.STATED_HERE),
    url="https://emberdaily.example/a/1",
    version_sha256="9f" * 32,
    evidence_sha256="3c" * 32,
    parts=(Span(101, 120), Span(140, 164)),
    speaker_confidence=0.912345,
    mention_confidence=0.95,
    speaker_id=4,
    wikidata_id="Q42",
    kind=QuotationKind.MIXED,
    mention=Span(0, 6),
    country="VL",
    fetched_at=datetime(2026, 3, 15, 7, 30, tzinfo=UTC),
    decided=("speaker", "title"),
)
EMPTY = Sighting(8, "The gates are shut")


def exported(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        write_csv([Utterance(3, (FULL, EMPTY))], out)
    put_data_package(path)
    return path


def read(value: str, field: dict) -> object:
    """Return a cell as its field describes it, by the rules of Table Schema. Raises ValueError if it does not fit."""
    constraints = field["constraints"]
    if value == "":
        if constraints["required"]:
            raise ValueError(f"{field['name']} is required")
        return None
    if "enum" in constraints and value not in constraints["enum"]:
        raise ValueError(f"{field['name']} is {value}")
    if "pattern" in constraints and not re.fullmatch(constraints["pattern"], value):
        raise ValueError(f"{field['name']} is {value}")
    typed = {
        "string": str,
        "integer": int,
        "number": float,
        "boolean": lambda text: {
            **dict.fromkeys(field["trueValues"], True),
            **dict.fromkeys(field["falseValues"], False),
        }[text],
        "date": lambda text: datetime.strptime(text, "%Y-%m-%d").date(),
        "datetime": lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"),
    }[field["type"]](value)
    if not constraints.get("minimum", typed) <= typed <= constraints.get("maximum", typed):
        raise ValueError(f"{field['name']} is {value}")
    return typed


def test_every_cell_is_as_the_data_package_says(tmp_path: Path) -> None:
    path = exported(tmp_path / "quotes.csv")
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"]
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert tuple(fields) == COLUMNS
    with path.open(encoding=resource["encoding"], newline="") as lines:
        full, empty = ({name: read(cell, fields[name]) for name, cell in row.items()} for row in csv.DictReader(lines))
    assert full["said_first"] == date(2026, 3, 10) and full["published_at"] == datetime(2026, 3, 11, 20, 5)
    assert (full["confidence"], full["mention_start"], full["current"]) == (0.9123, 0, True)
    assert {name for name, value in empty.items() if value is not None} == {
        "utterance",
        "sighting",
        "words",
        "said_basis",
        "confidence",
        "speaker_confidence",
        "unsure",
        "current",
    }


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("utterance", ""),
        ("kind", "whole"),
        ("parts", "1-106"),
        ("published_at", "2026-03-11"),
        ("said_first", "2026-03-11T00:00:00Z"),
        ("version_sha256", "9F" * 32),
        ("confidence", "1.2"),
        ("mention_end", "0"),
        ("current", "true"),
    ],
)
def test_a_cell_of_another_form_does_not_fit(column: str, cell: str) -> None:
    (field,) = (field for field in table_schema()["fields"] if field["name"] == column)
    with pytest.raises((ValueError, KeyError)):
        read(cell, field)


def test_the_data_package_names_the_file_its_size_and_its_hash(tmp_path: Path) -> None:
    path = exported(tmp_path / "Mrs Telle, 2026.csv")
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["resources"]
    assert (resource["name"], resource["path"]) == ("mrs-telle-2026", "Mrs Telle, 2026.csv")
    assert resource["bytes"] == path.stat().st_size
    assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert (resource["profile"], resource["schema"]["missingValues"]) == ("tabular-data-resource", [""])


def test_all_exports_of_a_folder_are_in_one_data_package_and_what_others_wrote_is_kept(tmp_path: Path) -> None:
    descriptor = tmp_path / "datapackage.json"
    exported(tmp_path / "a.csv")
    package = json.loads(descriptor.read_text("utf-8"))
    licences = [{"name": "CC-BY-4.0"}]
    descriptor.write_text(json.dumps(package | {"licenses": licences}), encoding="utf-8")
    for name in ("b.csv", "a.csv"):
        exported(tmp_path / name)
    package = json.loads(descriptor.read_text("utf-8"))
    assert sorted(resource["path"] for resource in package["resources"]) == ["a.csv", "b.csv"]
    assert package["licenses"] == licences


@pytest.mark.parametrize("content", ["not JSON", "[]", "{}", '{"resources": 3}', '{"resources": ["a.csv"]}'])
def test_a_file_that_is_no_data_package_stays_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(NotADataPackage, match="stays as it is"):
        exported(tmp_path / "a.csv")
    assert (tmp_path / "datapackage.json").read_text("utf-8") == content


def test_the_codebook_explains_every_column_with_its_type() -> None:
    text = codebook("quotes.csv")
    assert "# Codebook of quotes.csv" in text and "| `published_at` | datetime | Moment" in text
    assert re.findall(r"^\| `(\w+)` \| \w+ \| \S", text, re.M) == list(COLUMNS)
