"""A file that is read onward: each article with the place behind it, from which a later reading goes on.

Article JSONL and WARC files may have gigabytes, and may grow; a text or a page is read whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats.detect import SNIFFED, Kind, UnreadableFile, kind_of, opened
from quotetrack.ingest.formats.jsonl import read_jsonl
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path

if TYPE_CHECKING:
    from quotetrack.ingest.html.quality_flags import Note


@dataclass(frozen=True, slots=True)
class Position:
    """Where to go on in a file: bytes, unpacked where it is packed as a whole, and the number of the line there."""

    offset: int = 0
    line: int = 1


START = Position()


@dataclass(frozen=True, slots=True)
class ReadItem:
    """The next article of a file, or why it has none there, and the place behind it."""

    found: Article | Failure
    notes: tuple[Note, ...]
    next: Position


def resume_reading(
    file: Path, start: Position = START, *, outlet: str | None = None, outlets: Outlets
) -> Iterator[ReadItem]:
    """The articles of a file from a place on, as `read_path` gives them.

    A last line of JSONL without its end may still be written: the place stays before it.
    """
    place = start
    try:
        for step in _steps(file, start, outlet, outlets):
            place = step.next
            yield step
    except UnreadableFile as problem:
        yield ReadItem(Failure(str(file), str(problem)), (), place)


def _steps(file: Path, start: Position, outlet: str | None, outlets: Outlets) -> Iterator[ReadItem]:
    with opened(file) as stream:
        head = stream.read(SNIFFED)
        kind = kind_of(file, head) if head.strip() else None
        if kind is Kind.JSONL:
            yield from _read_lines(stream, file, start, outlet, outlets)
            return
    if kind is Kind.WARC:
        yield from _read_records(file, start, outlet, outlets)
        return
    for found in read_path(file, outlet=outlet, outlets=outlets):
        yield ReadItem(found, (), START)


class _Lines(io.BufferedReader):
    """A stream that knows the place behind the last whole line that was read from it."""

    place = START

    def go_to(self, place: Position) -> None:
        self.seek(place.offset)
        self.place = place
        self._read = place.offset

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self._read += len(line)
        if line.endswith(b"\n"):
            self.place = Position(self._read, self.place.line + 1)
        return line


def _read_lines(
    stream: BinaryIO, file: Path, start: Position, outlet: str | None, outlets: Outlets
) -> Iterator[ReadItem]:
    assert isinstance(stream, io.BufferedReader)  # as `opened` gives it, packed or not
    lines = _Lines(stream)
    lines.go_to(start)
    where = file.resolve().as_posix()
    for found in read_jsonl(lines, where, outlet=outlet, outlets=outlets, first_line=start.line):
        yield ReadItem(found, (), lines.place)


def _read_records(file: Path, start: Position, outlet: str | None, outlets: Outlets) -> Iterator[ReadItem]:
    from quotetrack.ingest.formats.warc import Archived, read_archive  # lxml and what it brings are for pages alone

    place = start
    with file.open("rb") as stream:
        where = file.resolve().as_posix()
        for found in read_archive(stream, where, outlet=outlet, outlets=outlets, offset=start.offset):
            if isinstance(found, Archived):
                place = Position(found.next_offset)
                yield ReadItem(found.article, found.notes, place)
            else:
                yield ReadItem(found, (), place)
