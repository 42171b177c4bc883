"""Read articles from Parquet: one row an article, with columns that are called as the fields of article JSONL.

A row is read as the line of JSON that it would be, so that both give the same article. Memory does not grow with the
file, but with its largest row group.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.core.errors import require_pyarrow
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.formats.jsonl import Line, read_article_line
from quotetrack.ingest.outlets import Outlets

COLUMNS = ("id", "url", "outlet", "title", "text", "author", "language", "published", "modified", "fetched")
ROWS_AT_ONCE = 500


def read_parquet(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Iterator[Article | Failure]:
    """Yield the article of each row, in order. The arguments are those of `read_jsonl`, with rows counted from 1.

    Other columns are not read. Raises UnreadableFile for a damaged file or one without a column `text`, and
    ExtraMissing without pyarrow.
    """
    require_pyarrow()
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(stream)
        columns = [name for name in COLUMNS if name in file.schema_arrow.names]
        if "text" not in columns:
            raise UnreadableFile("there is no column `text`: name the columns as the fields of article JSONL")
        number = 0
        for batch in file.iter_batches(ROWS_AT_ONCE, columns=columns):
            for row in batch.to_pylist():
                number += 1
                content = json.dumps(row, ensure_ascii=False, default=_in_iso_8601).encode("utf-8", "surrogatepass")
                line = Line(number, content, len(content), is_whole=True)
                yield read_article_line(line, where, outlet=outlet, published=published, outlets=outlets)
    except pyarrow.ArrowException as error:
        raise UnreadableFile(f"not a Parquet file that can be read ({error}): write or copy it again") from error


def _in_iso_8601(value: object) -> str:
    """Return a day or moment as text; any other value that JSON does not have as Python prints it."""
    return value.isoformat() if isinstance(value, date) else str(value)
