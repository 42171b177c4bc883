"""Output that several commands share: utterances as CSV, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.cli.console import STDIO, opened_output, print_json, print_lines, warn
from quotetrack.core.domain import CountBy, MatchedCheck, ReportedWords, Utterance

if TYPE_CHECKING:
    from quotetrack.search.analysis import Count


def write_utterances(
    utterances: Iterable[Utterance],
    csv_file: str,
    *,
    excel: bool = False,
    reported: Iterable[ReportedWords] | None = None,
    checks: Mapping[int, Sequence[MatchedCheck]],
) -> None:
    """Write the sightings of utterances as CSV to standard output for `-`, else to a file with its description.

    `reported` statements follow; None where they were not asked for. `checks` are those of each utterance, by its id.
    """
    from quotetrack.export import write_csv
    from quotetrack.export.data_package import NotADataPackage, describe
    from quotetrack.linking.compare import compare

    with opened_output(csv_file) as out:
        rows = write_csv(utterances, out, link_of=compare, excel=excel, reported=reported or (), checks=checks)
    if csv_file != STDIO:
        warn(f"Wrote {rows} rows to {csv_file}.")
        file = Path(csv_file)
        if file.is_file() and not file.is_symlink():  # no device or pipe, nor a link to one, such as /dev/stdout
            try:
                describe(file, with_reported=reported is not None)
            except NotADataPackage as problem:
                warn(str(problem))


def write_counts(counts: Sequence[Count], by: CountBy, csv_file: str) -> None:
    """Write the numbers of utterances by label as CSV to standard output for `-`, else to a file."""
    from quotetrack.export.csv import write_counts as write

    with opened_output(csv_file) as out:
        write(((each.label, each.utterances) for each in counts), by, out)
    if csv_file != STDIO:
        warn(f"Wrote {len(counts)} rows to {csv_file}.")


def print_counts(counts: Sequence[Count], by: CountBy, total: int, *, as_json: bool) -> None:
    """Print the numbers of utterances by label, as lines with bars or as JSON."""
    from quotetrack.render.analysis import count_lines
    from quotetrack.render.schemas import CountSchema, CountsSchema

    if as_json:
        print_json(CountsSchema(by=by, total=total, counts=[CountSchema.of(each) for each in counts]).to_json())
    else:
        print_lines(count_lines(counts))
