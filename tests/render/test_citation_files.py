"""Files of citations are read by two programs each, and every entry has what a reader needs to find the words.

`csl/csl-data.json` is the schema of CSL-JSON by the CSL project, MIT licence, from the package csl-data 0.1.1.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import bibtexparser
import gris
import jsonschema
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from quotetrack.core.domain import DateBasis, SaidOn, Sighting, StatementKind
from quotetrack.render.citations import write_bibtex, write_csl, write_ris
from quotetrack.render.text import one_line, quoted

TELLE = Sighting(
    23,
    "We need 50% more & “soon”: $5_000 #now {or} never \\ ~ ^",
    speaker="Jürgen Müller-Øst",
    outlet="küste",
    outlet_name="Küste & Meer {Süd}",
    title="Deich: 50 % „zu alt“, sagt Müller-Øst",
    author="Redaktion und dpa",
    published_at=date(2026, 3, 11),
    fetched_at=datetime(2026, 3, 15, tzinfo=UTC),
    url="https://kueste.example/a_b?c=1&d={e}%20#f",
    said=SaidOn(date(2026, 3, 10), date(2026, 3, 10), DateBasis.STATED_HERE),
)
BARE = Sighting(7, "It is } gone", outlet="post", url="file:///tmp/a.txt")
BOTH = [TELLE, BARE]
END = "A\nER  - \r\nTY  - NEWS"  # a line end in a field would end the record of RIS
LINES = Sighting(
    8, END, speaker=END, outlet="post", outlet_name=END, title=END, author=END, url=f"https://a.example/{END}"
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60)


def file_of(write: Callable[..., int], sightings: list[Sighting]) -> str:
    out = io.StringIO(newline="")
    assert write(sightings, out) == len(sightings)
    return out.getvalue()


# CSL-JSON


def of_today(schema: Any) -> Any:
    """Return a schema of draft 3 in the words of draft 7, which validators know."""
    if not isinstance(schema, dict):
        return schema
    found = {name: of_today(value) for name, value in schema.items() if name not in ("id", "required", "properties")}
    if isinstance(found.get("type"), list) and any(isinstance(kind, dict) for kind in found["type"]):
        found["anyOf"] = [of_today(kind) for kind in found.pop("type")]
    if "$ref" in found:
        found["$ref"] = f"#/definitions/{found['$ref']}"
    if "properties" in schema:
        found["properties"] = {name: of_today(value) for name, value in schema["properties"].items()}
        found["required"] = [name for name, value in schema["properties"].items() if value.get("required") is True]
    return found


def validator() -> jsonschema.Draft7Validator:
    schema = json.loads(Path(__file__).with_name("csl").joinpath("csl-data.json").read_text("utf-8"))
    properties = schema["items"]["properties"]
    named = {properties["author"]["items"]["id"]: properties["author"]["items"]}
    named |= {properties["accessed"]["id"]: properties["accessed"]}
    return jsonschema.Draft7Validator(
        of_today(schema) | {"definitions": {name: of_today(value) for name, value in named.items()}}
    )


def test_csl_is_valid_by_the_schema_of_csl() -> None:
    items = json.loads(file_of(write_csl, BOTH))
    assert list(validator().iter_errors(items)) == []
    assert [item["id"] for item in items] == ["quotetrack-23", "quotetrack-7"]
    assert items[0]["note"].startswith("Jürgen Müller-Øst, 10 March 2026") and quoted(TELLE.words) in items[0]["note"]
    assert items[0]["issued"] == {"date-parts": [[2026, 3, 11]]} and "issued" not in items[1]
    assert list(validator().iter_errors([{"id": "1"}]))
    for wrong in ({"tpye": "book"}, {"issued": {"date": "2026"}}, {"author": [{"name": "x"}]}, {"type": "newspaper"}):
        assert list(validator().iter_errors([items[0] | wrong]))


def test_no_sightings_make_an_empty_list() -> None:
    assert json.loads(file_of(write_csl, [])) == []


# BibTeX

NAMED = {"textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^"}
NAMED |= {"textbackslash": "\\"}


def as_printed(latex: str) -> str:
    """Return what LaTeX prints for the commands that our entries have."""
    return re.sub(r"\\(?:([a-z]+)\{\}|([$&#_%]))", lambda found: found[2] or NAMED[found[1]], latex)


def test_bibtexparser_and_pybtex_read_every_entry() -> None:
    text = file_of(write_bibtex, BOTH)
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == [] and [entry.key for entry in library.entries] == ["quotetrack-23", "quotetrack-7"]
    by_pybtex = parse_string(text, "bibtex").entries
    assert list(by_pybtex) == ["quotetrack-23", "quotetrack-7"]
    fields = {name: field.value for name, field in library.entries[0].fields_dict.items()}
    assert fields["url"] == "https://kueste.example/a_b?c=1&d=%7Be%7D%20#f" and fields["urldate"] == "2026-03-15"
    assert (fields["year"], fields["month"], fields["day"]) == ("2026", "3", "11")
    assert as_printed(fields["note"]).endswith(quoted(TELLE.words))
    assert as_printed(fields["howpublished"]) == TELLE.outlet_name
    entry = by_pybtex["quotetrack-23"]
    assert as_printed(entry.fields["title"]) == f"{{{TELLE.title}}}"
    assert [str(person) for person in entry.persons["author"]] == ["{Redaktion und dpa}"]
    assert "year" not in by_pybtex["quotetrack-7"].fields and "url" not in by_pybtex["quotetrack-7"].fields


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_text_comes_through_bibtex(words: str) -> None:
    sighting = Sighting(1, words, title=words, outlet="post", author=words)
    text = file_of(write_bibtex, [sighting, replace(sighting, id=2)])
    library, by_pybtex = bibtexparser.parse_string(text), parse_string(text, "bibtex").entries
    assert library.failed_blocks == [] and [entry.key for entry in library.entries] == list(by_pybtex)
    assert list(by_pybtex) == ["quotetrack-1", "quotetrack-2"]
    read = by_pybtex["quotetrack-2"].fields["note"]
    assert library.entries[1].fields_dict["note"].value == read
    assert as_printed(read).endswith(quoted(words))


def test_words_of_a_reporter_stand_in_no_quotation_marks() -> None:
    (item,) = json.loads(file_of(write_csl, [replace(BARE, id="r7", kind=StatementKind.SPEECH)]))
    assert item["note"].endswith("in the reporter's words: It is } gone") and item["id"] == "quotetrack-r7"


# RIS


def test_rispy_and_gris_read_every_record(tmp_path: Path) -> None:
    text = file_of(write_ris, BOTH)
    (tmp_path / "both.ris").write_text(text, encoding="utf-8", newline="")
    first, second = rispy.loads(text)
    assert (first["type_of_reference"], first["id"]) == ("NEWS", "quotetrack-23")
    assert first["authors"] == [TELLE.author] and first["title"] == TELLE.title
    assert first["secondary_title"] == TELLE.outlet_name and first["urls"] == [TELLE.url]
    assert (first["year"], first["date"], first["access_date"]) == ("2026", "2026/03/11", "2026/03/15")
    assert first["notes"][0].endswith(quoted(TELLE.words))
    assert "year" not in second and "urls" not in second
    one, two = gris.read_ris(str(tmp_path / "both.ris"))
    assert gris.get_title(one) == TELLE.title and one["UR"] == TELLE.url and [one["N1"]] == first["notes"]
    assert [two["N1"]] == second["notes"]


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_text_is_one_field_of_ris(words: str) -> None:
    text = file_of(write_ris, [Sighting(1, words, title=words, outlet="post"), Sighting(2, "No.", outlet="post")])
    first, second = rispy.loads(text)
    assert first["notes"][0].strip().endswith(quoted(words).strip()) and first.get("title", "") == one_line(words)
    assert second["id"] == "quotetrack-2"


def test_no_field_ends_a_record_or_breaks_a_line() -> None:
    text = file_of(write_ris, [LINES, BARE])
    assert [record["id"] for record in rispy.loads(text)] == ["quotetrack-8", "quotetrack-7"]
    assert text.count("\r\nER  - ") == 2
    (entry,) = file_of(write_bibtex, [LINES]).split("\n\n")
    assert all(line.startswith(("@misc", "  ", "}")) and line.count("=") <= 1 for line in entry.splitlines())
    assert len(entry.splitlines()) == 2 + len(bibtexparser.parse_string(entry).entries[0].fields)
