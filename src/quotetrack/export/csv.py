"""Write utterances as CSV: one row for each sighting, with its provenance. The columns are those of `core/rows.py`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from types import MappingProxyType
from typing import TextIO

from quotetrack.core.domain import MatchedCheck, ReportedWords, Utterance
from quotetrack.core.rows import COLUMNS, Cell, LinkOf, Row, rows_of, rows_of_reported

BYTE_ORDER_MARK = "\ufeff"  # by which Excel recognises UTF-8
TRUE, FALSE = "yes", "no"
NO_CHECKS: Mapping[int, Sequence[MatchedCheck]] = MappingProxyType({})

# The characters that make a spreadsheet calculate a cell, after white space or invisible characters that it may skip.
# The full-width signs do it too if the spreadsheet's language is Chinese or Japanese.
# An apostrophe in front of such text is text as well, and gets another one: so the first can be taken away again.
_FORMULA = re.compile(r"'*(?:[\t\r]|[\s\x00-\x1f\u200b\u2060\ufeff]*[=+\-@＝＋－＠])")


def write_csv(
    utterances: Iterable[Utterance],
    out: TextIO,
    *,
    link_of: LinkOf | None = None,
    excel: bool = False,
    reported: Iterable[ReportedWords] = (),
    checks: Mapping[int, Sequence[MatchedCheck]] = NO_CHECKS,
) -> int:
    """Write a header and one row for each sighting, without buffering. Return the number of rows below the header.

    The format is RFC 4180: CRLF, cells quoted if needed, line breaks inside a cell kept. So `out` must be open as UTF-8
    with `newline=""`. `link_of(longest, sighting)` returns the link of a sighting to its utterance's longest one, as
    `linking.compare.compare` does; without it the columns of the link are empty. `excel` writes the byte-order mark
    first. `reported` statements follow the quotations, as rows of the kind `reported`. `checks` are the fact-checks of
    each utterance, by its id. Text that would make a spreadsheet calculate gets an apostrophe in front; `cell_text`
    takes it away again.
    """
    quoted = (row for utterance in utterances for row in rows_of(utterance, link_of, checks.get(utterance.id, ())))
    return write_rows(chain(quoted, (row for words in reported for row in rows_of_reported(words))), out, excel=excel)


def write_rows(rows: Iterable[Row], out: TextIO, *, excel: bool = False) -> int:
    """Write rows in the format of `write_csv`. Return the number of rows below the header."""
    if excel:
        out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    number = 0
    for row in rows:
        writer.writerow([_printed(cell) for cell in row.flat().values()])
        number += 1
    return number


def write_counts(counts: Iterable[tuple[str, int]], label: str, out: TextIO) -> None:
    """Write numbers of utterances as CSV, in the format of `write_csv`: a column of this name, and `utterances`."""
    writer = csv.writer(out)
    writer.writerow([label, "utterances"])
    writer.writerows([_printed(counted), number] for counted, number in counts)


def cell_text(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that `write_csv` put in front of it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def _printed(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return TRUE if cell else FALSE
        case datetime():
            return f"{cell.replace(tzinfo=None).isoformat()}Z"
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if _FORMULA.match(cell) else cell
    return cell
