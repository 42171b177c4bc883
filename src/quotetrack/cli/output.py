"""Output that several commands share: utterances as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from quotetrack.cli.console import STDIO, opened_output, warn
from quotetrack.core.domain import Utterance


def write_utterances(utterances: Iterable[Utterance], csv_file: str, *, excel: bool = False) -> None:
    """Write the sightings of utterances as CSV to standard output for `-`, else to a file with its description."""
    from quotetrack.export import write_csv
    from quotetrack.export.data_package import NotADataPackage, describe
    from quotetrack.linking.compare import compare

    with opened_output(csv_file) as out:
        rows = write_csv(utterances, out, link_of=compare, excel=excel)
    if csv_file != STDIO:
        warn(f"Wrote {rows} rows to {csv_file}.")
        file = Path(csv_file)
        if file.is_file() and not file.is_symlink():  # no device or pipe, nor a link to one, such as /dev/stdout
            try:
                describe(file)
            except NotADataPackage as problem:
                warn(str(problem))
