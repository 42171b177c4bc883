"""Files and folders -> articles. What cannot be read is told, never raised: one bad file does not stop the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats.detect import SNIFFED, Kind, UnreadableFile, decode_text, kind_of, opened, read_whole
from quotetrack.ingest.formats.jsonl import read_jsonl
from quotetrack.ingest.formats.plaintext import read_text
from quotetrack.ingest.outlets import Outlet, Outlets, Wire, load_outlets

__all__ = ["Outlet", "Outlets", "Wire", "files_in", "load_outlets", "read_jsonl", "read_path"]


def read_path(
    path: Path,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Iterator[Article | Failure]:
    """The articles of a file, or of all files of a folder in the order of their names; hidden files are passed over.

    Text, HTML pages, article JSONL and WARC, also packed by gzip, known by content and by ending. `outlet` and
    `published` fill what a file does not say. An article without a URL is `file:` and its absolute path, with `#` and
    its id or line number in a JSONL file, so that the same file is the same article from whichever folder it is read.
    """
    for file in files_in(path):
        if isinstance(file, Failure):
            yield file
            continue
        try:
            yield from _read_file(file, outlet, published, outlets)
        except UnreadableFile as problem:
            yield Failure(str(file), str(problem))


def files_in(path: Path) -> Iterator[Path | Failure]:
    """A file itself, or the files of a folder and those in it, in the order of their names; hidden ones not."""
    if not path.is_dir():
        yield path
        return
    unlisted: list[OSError] = []
    for folder, names, files in os.walk(path, onerror=unlisted.append):
        names[:] = sorted(name for name in names if not name.startswith(".") and not _goes_with_a_page(name, files))
        yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))
    yield from (Failure(str(error.filename), f"cannot be read: {error.strerror}") for error in unlisted)


def _goes_with_a_page(folder: str, files: list[str]) -> bool:
    """Whether a browser made the folder beside a saved page, for its pictures and scripts."""
    page = folder.removesuffix("_files")
    return page != folder and any(f"{page}{ending}" in files for ending in (".html", ".htm"))


def _read_file(
    file: Path, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure]:
    place = file.resolve().as_posix()
    with opened(file) as stream:
        head = _head(stream)
        if not head.strip() and len(head) < SNIFFED:
            raise UnreadableFile("the file is empty")
        kind = kind_of(file, head)
        if kind is None:
            raise UnreadableFile(
                "not a kind that we read: give plain text, an HTML page, article JSONL (one a line) or WARC"
            )
        if kind is Kind.JSONL:
            yield from read_jsonl(stream, place, outlet=outlet, published=published, outlets=outlets)
            return
        if kind is Kind.WARC:
            yield from _read_warc_file(file, outlet, published, outlets)
            return
        data = read_whole(stream)
    if kind is Kind.TEXT:
        text = decode_text(data)
        yield read_text(text, url=f"file:{place}", outlet=outlet, published=published, outlets=outlets)
    else:
        from quotetrack.ingest.html.article import read_page  # lxml and what it brings are for pages alone

        yield read_page(data, url=f"file:{place}", outlet=outlet, published=published, outlets=outlets)


def _read_warc_file(
    file: Path, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure]:
    from quotetrack.ingest.formats.warc import read_warc

    with file.open("rb") as stream:  # as it is: where each record is packed for itself, reading relies on it
        yield from read_warc(stream, file.resolve().as_posix(), outlet=outlet, published=published, outlets=outlets)


def _head(stream: BinaryIO) -> bytes:
    """The first bytes, leaving the stream at its start."""
    head = stream.read(SNIFFED)
    stream.seek(0)
    return head
