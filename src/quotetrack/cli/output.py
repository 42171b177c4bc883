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
    reported: Iterable[ReportedWords] | None = None,
    checks: Mapping[int, Sequence[MatchedCheck]],
) -> None:
    """Write the sightings of utterances as CSV to standard output for `-`, else to a file with its description.

    `reported` statements follow; None where they were not asked for. `checks` are those of each utterance, by its id.
    """
    from quotetrack.export import write_csv
    from quotetrack.linking.compare import compare

    with opened_output(csv_file) as out:
        rows = write_csv(utterances, out, link_of=compare, reported=reported or (), checks=checks)
    warn_of_written(rows, None, csv_file)
    describe_csv(csv_file, with_reported=reported is not None)


def describe_csv(csv_file: str, *, with_reported: bool) -> None:
    """Write the codebook and the data package beside a CSV file; nothing beside a device or a pipe."""
    from quotetrack.export.data_package import NotADataPackage, describe

    file = Path(csv_file)
    if csv_file == STDIO or not file.is_file() or file.is_symlink():  # a link may lead to one, such as /dev/stdout
        return
    try:
        describe(file, with_reported=with_reported)
    except NotADataPackage as problem:
        warn(str(problem))


def warn_of_written(rows: int, of: int | None, file: str) -> None:
    """Print on standard error how many rows a file has got; for standard output only where some were left out."""
    number = f"{rows} rows" if of is None else f"{rows} of {of} rows"
    if file != STDIO:
        warn(f"Wrote {number} to {file}.")
    elif of is not None:
        warn(f"Wrote {number}.")


def write_counts(counts: Sequence[Count], by: CountBy, csv_file: str) -> None:
    """Write the numbers of utterances by label as CSV to standard output for `-`, else to a file."""
    from quotetrack.export.csv import write_counts as write

    with opened_output(csv_file) as out:
        write(((each.label, each.utterances) for each in counts), by, out)
    warn_of_written(len(counts), None, csv_file)


def print_counts(counts: Sequence[Count], by: CountBy, total: int, *, as_json: bool) -> None:
    """Print the numbers of utterances by label, as lines with bars or as JSON."""
    from quotetrack.render.analysis import count_lines
    from quotetrack.render.schemas import CountSchema, CountsSchema

    if as_json:
        print_json(CountsSchema(by=by, total=total, counts=[CountSchema.of(each) for each in counts]).to_json())
    else:
        print_lines(count_lines(counts))
