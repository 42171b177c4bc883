"""Read a file from a stored position on. Each result carries the position behind it, from which a later run resumes.

JSONL and WARC files may hold gigabytes, and may grow between two runs. A text or a page is always read whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.ingest.formats.compression import open_file
from quotetrack.ingest.formats.detect import SNIFFED, Kind, UnreadableFile, detect_kind, unforeseen
from quotetrack.ingest.formats.jsonl import read_article_line, read_lines
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.reader import read_path

if TYPE_CHECKING:
    from quotetrack.ingest.html.quality_flags import QualityFlag


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file: an offset in bytes, and the number of the line there.

    The offset counts decompressed bytes if gzip packed the file as a whole.
    """

    offset: int = 0
    line: int = 1


START = Position()


@dataclass(frozen=True, slots=True)
class PositionedResult:
    """One article, failure or count of what was left out, with the position from which to resume behind it.

    `flags` are the quality flags of the article's page.
    """

    result: Article | Failure | LeftOut
    flags: tuple[QualityFlag, ...]
    next: Position


def resume_reading(
    file: Path, start: Position = START, *, outlet: str | None = None, outlets: Outlets
) -> Iterator[PositionedResult]:
    """Yield the results of `read_path` for a file, from a position on.

    A last line of JSONL without a line end may still be growing: the position stays in front of it. A file that cannot
    be read further ends with a Failure at the last position.
    """
    position = start
    try:
        for positioned in _read_on(file, start, outlet, outlets):
            position = positioned.next
            yield positioned
    except UnreadableFile as problem:
        yield PositionedResult(Failure(str(file), str(problem)), (), position)
    except ImportError:
        raise
    except Exception as error:
        yield PositionedResult(Failure(str(file), unforeseen(error)), (), position)


def _read_on(file: Path, start: Position, outlet: str | None, outlets: Outlets) -> Iterator[PositionedResult]:
    with open_file(file) as stream:
        head = stream.read(SNIFFED)
        kind = detect_kind(file, head) if head.strip() else None
        if kind is Kind.JSONL:
            yield from _read_jsonl(stream, file, start, outlet, outlets)
            return
    if kind is Kind.WARC:
        yield from _read_warc(file, start, outlet, outlets)
        return
    for result in read_path(file, outlet=outlet, outlets=outlets):
        yield PositionedResult(result, (), START)


def _read_jsonl(
    stream: BinaryIO, file: Path, start: Position, outlet: str | None, outlets: Outlets
) -> Iterator[PositionedResult]:
    stream.seek(start.offset)
    where = file.resolve().as_posix()
    position = start
    for line in read_lines(stream, start.line):
        if line.is_whole:
            position = Position(position.offset + line.size, line.number + 1)
        if not line.is_blank:
            yield PositionedResult(read_article_line(line, where, outlet=outlet, outlets=outlets), (), position)


def _read_warc(file: Path, start: Position, outlet: str | None, outlets: Outlets) -> Iterator[PositionedResult]:
    from quotetrack.ingest.formats.warc import ArchivedPage, read_archive  # imports lxml, which only pages need

    where = file.resolve().as_posix()
    position = start
    with file.open("rb") as stream:
        for result in read_archive(stream, where, outlet=outlet, outlets=outlets, offset=start.offset):
            if isinstance(result, ArchivedPage):
                position = Position(result.next_offset)
                yield PositionedResult(result.article, result.flags, position)
            else:
                yield PositionedResult(result, (), position)
