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
_CSV = """CSV (RFC 4180), UTF-8, written by quotetrack
{version}. An empty cell means that the article does not say. A cell that a spreadsheet would take for a formula begins
with an apostrophe. Days are YYYY-MM-DD; moments are in UTC, such as 2026-03-11T17:40:00Z. Characters are counted from 0
in the text of the article, as quotetrack reads it from the bytes with the hash `evidence_sha256`.
`quotetrack verify {name}` checks every row against these bytes."""
_PARQUET = """Parquet, written by quotetrack {version}: a folder for
each month of publication. Readers make a further column `month` of their names: 2026-03, or `unknown` where the article
gives no day. Null means that the article does not say. Days are dates, and moments are in UTC. `parts` is a list of
`start` and `end`, `alternatives` one of `name` and `confidence`; `decided`, `link_flags` and `fact_checks` are lists.
Characters are counted from 0 in the text of the article, as quotetrack reads it from the bytes with the hash
`evidence_sha256`."""


def codebook(name: str) -> str:
    """Return the codebook of a CSV with this file name, in Markdown."""
    return _codebook(name, _CSV)


def codebook_of_parquet(name: str) -> str:
    """Return the codebook of a folder of Parquet files with this name, in Markdown."""
    return _codebook(name, _PARQUET)


def _codebook(name: str, form: str) -> str:
    introduction = form.format(name=name, version=package_version())
    return (
        f"# Codebook of {name}\n\nOne row for each sighting: a quotation in one version of one article. {introduction}"
        f"\n\n{column_table()}"
    )


def column_table() -> str:
    """Return all columns as a Markdown table: name, type, and what a cell holds."""
    rows = (f"| `{name}` | {column_type(field)} | {field.description} |" for name, field in Row.model_fields.items())
    return "\n".join(("| column | type | holds |", "|---|---|---|", *rows, ""))


def column_type(field: FieldInfo) -> str:
    """Return the type of a column, in the words of Frictionless Table Schema."""
    return _TYPES.get(main_type(field), "string")


def column_constraints(field: FieldInfo) -> dict[str, Any]:
    """Return the constraints of a column, in the words of Frictionless Table Schema."""
    kinds = _kinds(field)
    constraints: dict[str, Any] = {"required": type(None) not in kinds and kinds[0] is not tuple}
    if issubclass(kinds[0], StrEnum):
        constraints["enum"] = [member.value for member in kinds[0]]
    return constraints | (field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {})


def main_type(field: FieldInfo) -> Any:
    """Return the type of the values of a column, where there is one: `tuple` for a list."""
    return _kinds(field)[0]


def _kinds(field: FieldInfo) -> tuple[Any, ...]:
    """Return the types that a field may have, the main one first."""
    is_union = get_origin(field.annotation) is UnionType
    return get_args(field.annotation) if is_union else (get_origin(field.annotation) or field.annotation,)
