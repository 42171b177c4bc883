"""Footnotes of a sighting in the forms that writers and reference managers use: Chicago, APA, BibTeX, RIS, CSL-JSON.

Each names the article, and the speaker with the words and the day in a note. Authors stand as printed: a byline does
not tell which part of a name is the surname, or whether it is a name at all ("Staff and agencies").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TextIO, TypeAlias

from quotetrack.core.domain import Sighting, StatementKind, day_of
from quotetrack.core.rows import encodable_text
from quotetrack.core.text_fragment import is_web_page
from quotetrack.render.days import day_of_sighting, long_month
from quotetrack.render.quotations import outlet_name
from quotetrack.render.text import one_line, quoted, speaker_of_sighting

CslValue: TypeAlias = str | list[dict[str, str]] | dict[str, list[list[int]]]

# BibTeX counts every brace, also one behind a backslash: a lone one would swallow all entries behind it.
_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_LATEX |= {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"} | {sign: f"\\{sign}" for sign in "$&#_%"}


def chicago(sighting: Sighting) -> str:
    """Return a note in Chicago style: the words, the speaker, “quoted in” the article, its day and address."""
    published = sighting.published_on
    article = (
        _author(sighting),
        f"“{one_line(sighting.title)}”" if sighting.title else None,
        _outlet(sighting),
        f"{published:%B} {published.day}, {published.year}" if published else "undated",
        _address(sighting),
    )
    return f"{quoted(sighting.words)}, {_said(sighting)}, quoted in {', '.join(filter(None, article))}."


def apa(sighting: Sighting) -> str:
    """Return an entry of a reference list in APA style, with the quotation behind it as an annotation."""
    published = sighting.published_on
    day = f"({published.year}, {published:%B} {published.day})" if published else "(n.d.)"
    title = one_line(sighting.title) if sighting.title else "[Untitled article]"
    author = _author(sighting)
    lead = f"{author}. {day}. {title}" if author else f"{title}. {day}"
    address = _address(sighting)
    outlet = f"{_outlet(sighting)}. {address}" if address else f"{_outlet(sighting)}."
    return f"{lead}. {outlet} [{_note(sighting)}]"


def bibtex(sighting: Sighting) -> str:
    """Return an entry of BibTeX. The key is the number of the sighting."""
    published, fetched = sighting.published_on, day_of(sighting.fetched_at)
    fields = {
        "author": f"{{{_latex(author)}}}" if (author := _author(sighting)) else None,
        "title": f"{{{_latex(one_line(sighting.title))}}}" if sighting.title else None,
        "howpublished": _latex(_outlet(sighting)),
        "year": str(published.year) if published else None,
        "month": str(published.month) if published else None,
        "day": str(published.day) if published else None,
        "url": address.replace("{", "%7B").replace("}", "%7D") if (address := _address(sighting)) else None,
        "urldate": fetched.isoformat() if fetched and address else None,
        "note": _latex(_note(sighting)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{quotetrack-{sighting.id},\n" + ",\n".join(lines) + "\n}"


def ris(sighting: Sighting) -> str:
    """Return a record of RIS, with the line ends that its specification asks for."""
    published, fetched = sighting.published_on, day_of(sighting.fetched_at)
    fields: list[tuple[str, str | None]] = [
        ("TY", "NEWS"),
        ("ID", f"quotetrack-{sighting.id}"),
        ("AU", _author(sighting)),
        ("TI", one_line(sighting.title) if sighting.title else None),
        ("T2", _outlet(sighting)),
        ("PY", str(published.year) if published else None),
        ("DA", f"{published:%Y/%m/%d}" if published else None),
        ("UR", _address(sighting)),
        ("Y2", f"{fetched:%Y/%m/%d}" if fetched and _address(sighting) else None),
        ("N1", _note(sighting)),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def csl_json(sighting: Sighting) -> dict[str, CslValue]:
    """Return an item of CSL-JSON, which Zotero and pandoc read."""
    published, fetched, author = sighting.published_on, day_of(sighting.fetched_at), _author(sighting)
    item: dict[str, CslValue | None] = {
        "id": f"quotetrack-{sighting.id}",
        "type": "article-newspaper",
        "title": one_line(sighting.title) if sighting.title else None,
        "author": [{"literal": author}] if author else None,
        "container-title": _outlet(sighting),
        "issued": _date_parts(published),
        "URL": _address(sighting),
        "accessed": _date_parts(fetched) if _address(sighting) else None,
        "note": _note(sighting),
    }
    return {name: value for name, value in item.items() if value}


def csl_items(sightings: Sequence[Sighting]) -> list[dict[str, CslValue]]:
    """Return the items of several sightings as one file of CSL-JSON has them."""
    return [csl_json(sighting) for sighting in sightings]


# Files


def write_bibtex(sightings: Iterable[Sighting], out: TextIO) -> int:
    """Write an entry of BibTeX for each sighting, without buffering. Return their number."""
    return _write(map(bibtex, sightings), out, between="\n\n", after="\n")


def write_ris(sightings: Iterable[Sighting], out: TextIO) -> int:
    """Write a record of RIS for each sighting, without buffering. Return their number."""
    return _write(map(ris, sightings), out, between="\r\n", after="\r\n")


def write_csl(sightings: Iterable[Sighting], out: TextIO) -> int:
    """Write a list of CSL-JSON with an item on each line, without buffering. Return their number."""
    items = (json.dumps(csl_json(sighting), ensure_ascii=False) for sighting in sightings)
    return _write(items, out, before="[\n", between=",\n", after="\n]\n")


def _write(entries: Iterable[str], out: TextIO, *, between: str, after: str, before: str = "") -> int:
    out.write(before)
    number = 0
    for number, entry in enumerate(entries, start=1):
        out.write(encodable_text(f"{between}{entry}" if number > 1 else entry))
    out.write(after)
    return number


def _said(sighting: Sighting) -> str:
    """Return the speaker, and the day if it is a single one."""
    day = day_of_sighting(sighting, long_month) if sighting.said.is_a_day() else None
    return ", ".join(filter(None, (one_line(speaker_of_sighting(sighting)), day)))


def _note(sighting: Sighting) -> str:
    if isinstance(sighting.kind, StatementKind):  # the reporter's words, which never stand in quotation marks
        return f"{_said(sighting)}, in the reporter's words: {one_line(sighting.words)}"
    return f"{_said(sighting)}: {quoted(sighting.words)}"


def _author(sighting: Sighting) -> str | None:
    return one_line(sighting.author) if sighting.author else None


def _outlet(sighting: Sighting) -> str:
    return one_line(outlet_name(sighting))


def _address(sighting: Sighting) -> str | None:
    return one_line(sighting.url) if sighting.url and is_web_page(sighting.url) else None


def _date_parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
