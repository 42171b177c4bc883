"""Describe exports for programs: a `datapackage.json` with the type and constraints of every column.

The standard is Frictionless Data Package (datapackage.org). One file describes all exports of a folder.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from quotetrack.core.errors import QuotetrackError
from quotetrack.core.rows import Row
from quotetrack.core.versions import package_version
from quotetrack.export.codebook import codebook, column_constraints, column_type
from quotetrack.export.csv import FALSE, TRUE

FILE_NAME = "datapackage.json"  # required by the standard

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")


class NotADataPackage(QuotetrackError):
    """The folder has a `datapackage.json` that is not a data package: nothing is written over it."""


def describe(csv_file: Path, *, with_reported: bool = False) -> None:
    """Write the codebook beside a CSV file, and describe the file in the data package of its folder.

    `with_reported` says that the file has reported statements too.

    Raises NotADataPackage, and OSError.
    """
    beside = csv_file.with_name(f"{csv_file.name.removesuffix('.csv')}.codebook.md")
    beside.write_text(codebook(csv_file.name), encoding="utf-8")
    put_data_package(csv_file, with_reported=with_reported)


def put_data_package(csv_file: Path, *, with_reported: bool = False) -> None:
    """Describe a CSV file in the `datapackage.json` of its folder. What others wrote there is kept.

    Raises NotADataPackage, and OSError.
    """
    file = csv_file.with_name(FILE_NAME)
    package = _read(file) if file.exists() else _new_package()
    others = [resource for resource in package["resources"] if resource.get("path") != csv_file.name]
    package["resources"] = [*others, _resource(csv_file, with_reported)]
    file.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _new_package() -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "quotations",
        "title": "Quotations from news, with their provenance",
        "resources": [],
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        package: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if all(isinstance(resource, dict) for resource in package["resources"]):
            return package
    except (ValueError, TypeError, KeyError):
        pass
    raise NotADataPackage(f"{file} is not a data package, and stays as it is: the CSV is written, but not described.")


def _resource(csv_file: Path, with_reported: bool) -> dict[str, Any]:
    with csv_file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "name": _NOT_IN_A_NAME.sub("-", csv_file.stem.lower()).strip("-") or "quotations",
        "path": csv_file.name,
        "type": "table",
        "profile": "tabular-data-resource",  # what `type` was called in the first version of the standard
        "title": f"Quotations, written by quotetrack {package_version()}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": csv_file.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": table_schema(with_reported=with_reported),
    }


def table_schema(*, with_reported: bool = False) -> dict[str, Any]:
    """Return the Table Schema of the columns. With reported statements, whose ids are no numbers, all ids are text."""
    fields = []
    for name, field in Row.model_fields.items():
        described: dict[str, Any] = {"name": name, "type": column_type(field), "description": field.description}
        if name == "sighting" and with_reported:
            described["type"] = "string"
        if described["type"] == "boolean":
            described |= {"trueValues": [TRUE], "falseValues": [FALSE]}
        constraints = column_constraints(field)
        if name == "utterance":
            constraints["required"] = not with_reported
        fields.append(described | {"constraints": constraints})
    return {"fields": fields, "primaryKey": ["sighting"], "missingValues": [""]}
