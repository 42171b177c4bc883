"""Describe the columns of an export for a person: one Markdown table, made of the fields of `core/rows.py`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from quotetrack.core.rows import Row
from quotetrack.core.versions import package_version

_TYPES = {bool: "boolean", int: "integer", float: "number", datetime: "datetime", date: "date"}
_INTRODUCTION = """# Codebook of {name}

One row for each sighting: a quotation in one version of one article. CSV (RFC 4180), UTF-8, written by quotetrack
{version}. An empty cell means that the article does not say. A cell that a spreadsheet would take for a formula begins
with an apostrophe. Days are YYYY-MM-DD; moments are in UTC, such as 2026-03-11T17:40:00Z. Characters are counted from 0
in the text of the article, as quotetrack reads it from the bytes with the hash `evidence_sha256`.
`quotetrack verify {name}` checks every row against these bytes.

"""


def codebook(name: str) -> str:
    """Return the codebook of an export with this file name, in Markdown."""
    return f"{_INTRODUCTION.format(name=name, version=package_version())}{column_table()}"


def column_table() -> str:
    """Return all columns as a Markdown table: name, type, and what a cell holds."""
    rows = (f"| `{name}` | {column_type(field)} | {field.description} |" for name, field in Row.model_fields.items())
    return "\n".join(("| column | type | holds |", "|---|---|---|", *rows, ""))


def column_type(field: FieldInfo) -> str:
    """Return the type of a column, in the words of Frictionless Table Schema."""
    return _TYPES.get(_kinds(field)[0], "string")


def column_constraints(field: FieldInfo) -> dict[str, Any]:
    """Return the constraints of a column, in the words of Frictionless Table Schema."""
    kinds = _kinds(field)
    constraints: dict[str, Any] = {"required": type(None) not in kinds and kinds[0] is not tuple}
    if issubclass(kinds[0], StrEnum):
        constraints["enum"] = [member.value for member in kinds[0]]
    return constraints | (field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {})


def _kinds(field: FieldInfo) -> tuple[Any, ...]:
    """Return the types that a field may have, the main one first."""
    is_union = get_origin(field.annotation) is UnionType
    return get_args(field.annotation) if is_union else (get_origin(field.annotation) or field.annotation,)
