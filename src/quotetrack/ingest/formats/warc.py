"""WARC files, as Common Crawl's news crawl and web archives write them -> the articles of their pages. ISO 28500.

Read record by record, in memory that does not grow with the file, and from any record on. A broken record is told, and
reading goes on at the next one. warcio reads such files too; it passes over a record that is cut short or told too
long, and ends at a broken one (tests/sources/test_warc.py holds all three).
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats.compression import GZIP_MAGIC, unpacked
from quotetrack.ingest.formats.detect import LARGEST_FILE, UnreadableFile
from quotetrack.ingest.html.article import read_noted_page
from quotetrack.ingest.html.quality_flags import Note
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_moment

LARGEST_RECORD = LARGEST_FILE + 2**20  # bytes unpacked: a page and its headers
LARGEST_HEAD = 2**16  # bytes of a record's own headers
PIECE = 2**16  # bytes read at a time

_MARK = b"WARC/1."
_BETWEEN = b"\r\n\r\n"
_MEMBER = GZIP_MAGIC + b"\x08"
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_CHUNK = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class Archived:
    """A page of an archive with the article that was found on it.

    `offset` is where its record begins in the file, `next_offset` where to go on once it is on file.
    """

    article: Article
    notes: tuple[Note, ...]
    offset: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's headers in small letters and its block; or, in a sentence, what is wrong with it."""

    offset: int
    next_offset: int
    headers: dict[str, str]
    block: bytes = b""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Response:
    """An HTTP response, unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes


def read_warc(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Iterator[Article | Failure]:
    """The articles of all pages in a WARC file, in order; what cannot be read is a Failure at `where@offset`."""
    for found in read_archive(stream, where, outlet=outlet, published=published, outlets=outlets):
        yield found.article if isinstance(found, Archived) else found


def read_archive(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    offset: int = 0,
) -> Iterator[Archived | Failure]:
    """As `read_warc`, with the place of each page, from a `next_offset` on.

    Pages are answers with status 200 and HTML in them. An article's `fetched_at` is the record's WARC-Date, its
    address what the page calls its own, else WARC-Target-URI.
    """
    for record in _records(stream, offset):
        try:
            response = _page_of(record)
            if response is not None:
                article, notes = _article(record, response, outlet, published, outlets)
                yield Archived(article, notes, record.offset, record.next_offset)
        except UnreadableFile as problem:
            url = record.headers.get("warc-target-uri")
            yield Failure(f"{where}@{record.offset}", f"{problem} ({url})" if url else str(problem))


def _article(
    record: _Record, page: _Response, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> tuple[Article, tuple[Note, ...]]:
    charset = _CHARSET.search(page.headers.get("content-type", ""))
    article, notes = read_noted_page(
        page.body,
        url=record.headers.get("warc-target-uri", "").strip("<>"),
        outlet=outlet,
        published=published,
        outlets=outlets,
        charset=charset[1] if charset else None,
    )
    fetched_at = read_moment(record.headers.get("warc-date", ""))
    return replace(article, fetched_at=fetched_at if isinstance(fetched_at, datetime) else None), notes


# --- pages of records -------------------------------------------------------------------------------------------------


def _page_of(record: _Record) -> _Response | None:
    """The page in a record; None where it holds something else. Raises UnreadableFile."""
    if record.problem is not None:
        raise UnreadableFile(record.problem)
    if "warc-type" not in record.headers:
        raise UnreadableFile("the record's headers are damaged: it has no WARC-Type")
    if record.headers["warc-type"] != "response":
        return None
    head, _, body = record.block.partition(_BETWEEN)
    status_line, _, lines = head.partition(b"\r\n")
    status = re.match(rb"HTTP/\S+\s+(\d{3})", status_line)
    headers = _headers(lines)
    if status is None or int(status[1]) != 200 or not headers.get("content-type", "").lower().startswith(_HTML_TYPES):
        return None
    return _Response(int(status[1]), headers, _unpacked(headers, body))


def _unpacked(headers: dict[str, str], body: bytes) -> bytes:
    """The page's own bytes. Some archives keep the headers of a packing that they have undone."""
    whole = _dechunked(body) if "chunked" in headers.get("transfer-encoding", "").lower() else body
    encoding = headers.get("content-encoding", "").strip().lower()
    is_still_packed = encoding != "gzip" or whole.startswith(GZIP_MAGIC)
    return unpacked([whole], encoding if is_still_packed else "", LARGEST_FILE)


def _dechunked(body: bytes) -> bytes:
    """The chunks put together (RFC 9112, 7.1); the body as it is where it has none."""
    pieces, place = [], 0
    while size := _CHUNK.match(body, place):
        length = int(size[1], 16)
        pieces.append(body[size.end() : size.end() + length])
        place = size.end() + length
        if not length:
            return b"".join(pieces)
    return b"".join(pieces) if pieces else body


def _headers(lines: bytes) -> dict[str, str]:
    """Headers by their names in small letters; of several with one name the first."""
    found: dict[str, str] = {}
    for line in lines.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


# --- records of a file ------------------------------------------------------------------------------------------------


def _records(stream: BinaryIO, offset: int) -> Iterator[_Record]:
    """All records from an offset on; of a file that gzip packed as a whole, offsets are those of the unpacked one."""
    start = stream.read(PIECE)
    if not start.startswith(GZIP_MAGIC):
        return _plain_records(stream, offset)
    if _holds_several(start):
        stream.seek(0)
        return _plain_records(io.BufferedReader(gzip.GzipFile(fileobj=stream)), offset)
    return _packed_records(stream, offset)


def _holds_several(packed: bytes) -> bool:
    """Whether the first gzip member goes on after its first record."""
    try:
        data = zlib.decompressobj(31).decompress(packed, LARGEST_RECORD)
    except zlib.error:
        return False
    head, _, _ = data.partition(_BETWEEN)
    end = len(head) + len(_BETWEEN) + _length(_headers(head))
    return data[end:].lstrip(b"\r\n").startswith(_MARK)


def _plain_records(stream: BinaryIO, offset: int) -> Iterator[_Record]:
    try:
        stream.seek(offset)
        while (record := _plain_record(stream, offset)) is not None:
            yield record
            offset = record.next_offset
            stream.seek(offset)
    except (EOFError, zlib.error, OSError) as error:
        yield _Record(offset, offset, {}, problem=f"the file cannot be read further: {error}")


def _plain_record(stream: BinaryIO, offset: int) -> _Record | None:
    """The record at an offset, or behind blank lines there; None at the end of the file."""
    while (line := stream.readline(LARGEST_HEAD)) in (b"\r\n", b"\n"):
        offset += len(line)
    if not line:
        return None
    if not line.startswith(_MARK):
        return _Record(offset, _next_plain(stream, offset + 1), {}, problem="no WARC record begins here")
    head = bytearray()
    while (line := stream.readline(LARGEST_HEAD)) not in (b"\r\n", b"\n", b"") and len(head) < LARGEST_HEAD:
        head += line
    headers = _headers(bytes(head))
    length, begin = _length(headers), stream.tell()
    block = stream.read(min(length, LARGEST_RECORD))
    stream.seek(begin + length)
    end = begin + length + len(_BETWEEN)
    if length <= LARGEST_RECORD and len(block) < length:
        return _Record(offset, begin + len(block), headers, problem="the record is cut short")
    if stream.read(len(_BETWEEN)) != _BETWEEN:
        problem = "the record does not end where its Content-Length says"
        return _Record(offset, _next_plain(stream, begin), headers, problem=problem)
    return _checked(_Record(offset, end, headers, block), length)


def _next_plain(stream: BinaryIO, offset: int) -> int:
    """Where the next record begins, at an offset or behind it; else the end of the file."""
    return _find(stream, offset, _BETWEEN + _MARK, len(_BETWEEN), lambda _: True)


def _packed_records(stream: BinaryIO, offset: int) -> Iterator[_Record]:
    """One gzip member holds one record."""
    while True:
        stream.seek(offset)
        member = zlib.decompressobj(31)
        kept, seen, read, problem = bytearray(), 0, 0, "the record is cut short"
        try:
            while not member.eof and (piece := member.unconsumed_tail or stream.read(PIECE)):
                read += 0 if member.unconsumed_tail else len(piece)
                data = member.decompress(piece, PIECE)
                seen += len(data)
                kept += data[: max(0, LARGEST_RECORD + LARGEST_HEAD - len(kept))]
        except zlib.error as error:
            problem = f"the record is damaged ({error})"
        if not read:
            return
        if not member.eof:
            next_offset = _next_member(stream, offset + 1)
            yield _Record(offset, next_offset, {}, problem=problem)
        else:
            next_offset = offset + read - len(member.unused_data)
            yield _packed_record(bytes(kept), seen, offset, next_offset)
        offset = next_offset


def _packed_record(data: bytes, size: int, offset: int, next_offset: int) -> _Record:
    head, _, block = data.partition(_BETWEEN)
    if not head.startswith(_MARK):
        return _Record(offset, next_offset, {}, problem="no WARC record begins here")
    headers = _headers(head)
    length = _length(headers)
    if size - len(head) - len(_BETWEEN) < length:
        return _Record(offset, next_offset, headers, problem="the record is cut short")
    return _checked(_Record(offset, next_offset, headers, block[:length]), length)


def _next_member(stream: BinaryIO, offset: int) -> int:
    """Where the next gzip member with a record in it begins, at an offset or behind it; else the end of the file."""
    return _find(stream, offset, _MEMBER, 0, _begins_a_record)


def _begins_a_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, len(_MARK)) == _MARK
    except zlib.error:
        return False


def _find(stream: BinaryIO, offset: int, wanted: bytes, skipped: int, is_right: Callable[[bytes], bool]) -> int:
    """The offset behind the `skipped` first bytes of what is wanted, where what follows is right; else the file's end.

    Pieces overlap, so that nothing is missed between two of them.
    """
    while True:
        stream.seek(offset)
        piece = stream.read(2 * PIECE)
        place = piece.find(wanted, 0, PIECE + len(wanted))
        while place >= 0:
            if is_right(piece[place:]):
                return offset + place + skipped
            place = piece.find(wanted, place + 1, PIECE + len(wanted))
        if len(piece) < 2 * PIECE:
            return offset + len(piece)
        offset += PIECE


def _checked(record: _Record, length: int) -> _Record:
    is_kept = length <= LARGEST_RECORD or record.headers.get("warc-type") != "response"
    return record if is_kept else replace(record, block=b"", problem=f"larger than {LARGEST_FILE // 2**20} MiB")


def _length(headers: dict[str, str]) -> int:
    told = headers.get("content-length", "")
    return int(told) if told.isdecimal() and len(told) < 16 else 0
