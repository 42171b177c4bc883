"""Read the articles of the pages in WARC files (ISO 28500), such as those of Common Crawl's news crawl.

Records are read one by one, in memory that does not grow with the file, and from any record on. A broken record is
reported, and reading goes on at the next one; docs/decisions/0011 says why no library does this for us.
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

from quotetrack.core.crawling import charset_of_content_type
from quotetrack.core.domain import Article, Failure
from quotetrack.ingest.formats.compression import GZIP_MAGIC, LARGEST_FILE, decompress, too_large
from quotetrack.ingest.formats.detect import UnreadableFile
from quotetrack.ingest.html.article import read_flagged_page
from quotetrack.ingest.html.quality_flags import QualityFlag
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_moment

LARGEST_RECORD = LARGEST_FILE + 2**20  # bytes after decompression: a page and its headers
LARGEST_HEAD = 2**16  # bytes of a record's own headers
PIECE = 2**16  # bytes read at a time
LONGEST_LENGTH = 15  # digits of a Content-Length that we believe

_VERSION = b"WARC/1."  # the first bytes of a record
_BLANK_LINE = b"\r\n\r\n"  # behind the headers of a record
_BLOCK_END = b"\r\n\r\n"  # behind its block
_MEMBER_HEAD = GZIP_MAGIC + b"\x08"
_GZIP = 16 + zlib.MAX_WBITS
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHUNK_SIZE = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """The article of an archived page, with its quality flags.

    `offset` is where the page's record begins in the file, `next_offset` where reading resumes behind it.
    """

    article: Article
    flags: tuple[QualityFlag, ...]
    offset: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class _Record:
    """A WARC record: its headers by name in lower case, and its block. `problem` says why it cannot be used."""

    offset: int
    next_offset: int
    headers: dict[str, str]
    block: bytes = b""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _HtmlPage:
    """A page as a server sent it: its HTTP headers by name in lower case, and its decompressed body."""

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
    """Yield the articles of all pages in a WARC file, in order. A broken record is a Failure at `where@offset`."""
    for result in read_archive(stream, where, outlet=outlet, published=published, outlets=outlets):
        yield result.article if isinstance(result, ArchivedPage) else result


def read_archive(
    stream: BinaryIO,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    offset: int = 0,
) -> Iterator[ArchivedPage | Failure]:
    """Yield the pages of a WARC file with their positions, from a `next_offset` on; broken records as in `read_warc`.

    Pages are HTML responses with status 200. An article's `fetched_at` is the record's WARC-Date. Its URL is the page's
    canonical address, else WARC-Target-URI.
    """
    for record in _records(stream, offset):
        try:
            page = _page_of(record)
            if page is not None:
                article, flags = _article(record, page, outlet, published, outlets)
                yield ArchivedPage(article, flags, record.offset, record.next_offset)
        except UnreadableFile as problem:
            url = record.headers.get("warc-target-uri")
            yield Failure(f"{where}@{record.offset}", f"{problem} ({url})" if url else str(problem))


def _article(
    record: _Record, page: _HtmlPage, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> tuple[Article, tuple[QualityFlag, ...]]:
    article, flags = read_flagged_page(
        page.body,
        url=record.headers.get("warc-target-uri", "").strip("<>"),
        outlet=outlet,
        published=published,
        outlets=outlets,
        header_charset=charset_of_content_type(page.headers.get("content-type", "")),
    )
    fetched_at = read_moment(record.headers.get("warc-date", ""))
    return replace(article, fetched_at=fetched_at if isinstance(fetched_at, datetime) else None), flags


# --- the page in a record ---------------------------------------------------------------------------------------------


def _page_of(record: _Record) -> _HtmlPage | None:
    """Return the page in a record; None if it holds something else. Raises UnreadableFile."""
    if record.problem is not None:
        raise UnreadableFile(record.problem)
    if "warc-type" not in record.headers:
        raise UnreadableFile("the record's headers are damaged: it has no WARC-Type")
    if record.headers["warc-type"] != "response":
        return None
    head, _, body = record.block.partition(_BLANK_LINE)
    status_line, _, lines = head.partition(b"\r\n")
    status = re.match(rb"HTTP/\S+\s+(\d{3})", status_line)
    headers = _headers(lines)
    if status is None or int(status[1]) != 200 or not headers.get("content-type", "").lower().startswith(_HTML_TYPES):
        return None
    return _HtmlPage(headers, _body(headers, body))


def _body(headers: dict[str, str], sent: bytes) -> bytes:
    """Return the decompressed body. Some archives decompress a body and keep the header that says it is compressed."""
    whole = _dechunked(sent) if "chunked" in headers.get("transfer-encoding", "").lower() else sent
    encoding = headers.get("content-encoding", "").strip().lower()
    is_compressed = encoding != "gzip" or whole.startswith(GZIP_MAGIC)
    return decompress([whole], encoding if is_compressed else "", LARGEST_FILE)


def _dechunked(body: bytes) -> bytes:
    """Join the chunks of a body (RFC 9112, 7.1). A body without chunks is returned as it is."""
    chunks = []
    offset = 0
    while size := _CHUNK_SIZE.match(body, offset):
        length = int(size[1], 16)
        chunks.append(body[size.end() : size.end() + length])
        offset = size.end() + length
        if not length:
            break
    return b"".join(chunks) if chunks else body


def _headers(lines: bytes) -> dict[str, str]:
    """Return the headers by name in lower case. Of several with one name the first counts."""
    headers: dict[str, str] = {}
    for line in lines.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _content_length(headers: dict[str, str]) -> int:
    printed = headers.get("content-length", "")
    return int(printed) if printed.isdecimal() and len(printed) <= LONGEST_LENGTH else 0


# --- the records of a file --------------------------------------------------------------------------------------------


def _records(stream: BinaryIO, offset: int) -> Iterator[_Record]:
    """Return all records from an offset on. If gzip packed the file as a whole, offsets count decompressed bytes."""
    start = stream.read(PIECE)
    if not start.startswith(GZIP_MAGIC):
        return _plain_records(stream, offset)
    if _holds_several(start):
        stream.seek(0)
        return _plain_records(io.BufferedReader(gzip.GzipFile(fileobj=stream)), offset)
    return _packed_records(stream, offset)


def _holds_several(packed: bytes) -> bool:
    """Return whether the first gzip member holds more than one record."""
    try:
        data = zlib.decompressobj(_GZIP).decompress(packed, LARGEST_RECORD)
    except zlib.error:
        return False
    head, _, _ = data.partition(_BLANK_LINE)
    end = len(head) + len(_BLANK_LINE) + _content_length(_headers(head))
    return data[end:].lstrip(b"\r\n").startswith(_VERSION)


def _checked(record: _Record, length: int) -> _Record:
    """Return the record; without its block and with a problem if it is a response of more than LARGEST_RECORD bytes."""
    if length <= LARGEST_RECORD or record.headers.get("warc-type") != "response":
        return record
    return replace(record, block=b"", problem=str(too_large(LARGEST_FILE)))


def _find(stream: BinaryIO, offset: int, wanted: bytes, skip: int, is_right: Callable[[bytes], bool]) -> int:
    """Return the offset `skip` bytes behind the start of the next `wanted` bytes; without any, the end of the file.

    `is_right` has to accept the bytes from their start on. Two pieces are read at a time, and the second one again as
    the first of the next two, so that nothing across two pieces is missed.
    """
    while True:
        stream.seek(offset)
        window = stream.read(2 * PIECE)
        start = window.find(wanted, 0, PIECE + len(wanted))
        while start >= 0:
            if is_right(window[start:]):
                return offset + start + skip
            start = window.find(wanted, start + 1, PIECE + len(wanted))
        if len(window) < 2 * PIECE:
            return offset + len(window)
        offset += PIECE


# --- a file that is not compressed, or was compressed as a whole ------------------------------------------------------


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
    """Return the record at an offset, or behind blank lines there; None at the end of the file."""
    while (line := stream.readline(LARGEST_HEAD)) in (b"\r\n", b"\n"):
        offset += len(line)
    if not line:
        return None
    if not line.startswith(_VERSION):
        return _Record(offset, _next_plain(stream, offset + 1), {}, problem="no WARC record begins here")
    headers = _headers(_read_head(stream))
    length, begin = _content_length(headers), stream.tell()
    block = stream.read(min(length, LARGEST_RECORD))
    if length <= LARGEST_RECORD and len(block) < length:
        return _Record(offset, begin + len(block), headers, problem="the record is cut short")
    stream.seek(begin + length)
    if stream.read(len(_BLOCK_END)) != _BLOCK_END:
        problem = "the record does not end where its Content-Length says"
        return _Record(offset, _next_plain(stream, begin), headers, problem=problem)
    return _checked(_Record(offset, begin + length + len(_BLOCK_END), headers, block), length)


def _read_head(stream: BinaryIO) -> bytes:
    """Return the lines up to the next blank one, or some LARGEST_HEAD bytes of them."""
    head = bytearray()
    while (line := stream.readline(LARGEST_HEAD)) not in (b"\r\n", b"\n", b"") and len(head) < LARGEST_HEAD:
        head += line
    return bytes(head)


def _next_plain(stream: BinaryIO, offset: int) -> int:
    """Return where the next record begins, from an offset on; else the end of the file."""
    return _find(stream, offset, _BLOCK_END + _VERSION, len(_BLOCK_END), lambda _: True)


# --- a file in which each record is compressed by itself --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Member:
    """A gzip member: its first bytes, at most LARGEST_RECORD + LARGEST_HEAD of them, and how many there are in all.

    `problem` says why it ends before its end.
    """

    data: bytes
    size: int
    packed_size: int
    problem: str | None


def _packed_records(stream: BinaryIO, offset: int) -> Iterator[_Record]:
    """Yield the record of each gzip member."""
    while True:
        stream.seek(offset)
        member = _read_member(stream)
        if member is None:
            return
        if member.problem is not None:
            next_offset = _next_member(stream, offset + 1)
            yield _Record(offset, next_offset, {}, problem=member.problem)
        else:
            next_offset = offset + member.packed_size
            yield _packed_record(member, offset, next_offset)
        offset = next_offset


def _read_member(stream: BinaryIO) -> _Member | None:
    """Decompress the gzip member at the stream's position, piece by piece; None at the end of the file."""
    inflater = zlib.decompressobj(_GZIP)
    data = bytearray()
    size = read = 0
    problem = "the record is cut short"
    try:
        while not inflater.eof:
            packed = inflater.unconsumed_tail
            if not packed:
                packed = stream.read(PIECE)
                read += len(packed)
            if not packed:
                break
            piece = inflater.decompress(packed, PIECE)
            size += len(piece)
            data += piece[: max(0, LARGEST_RECORD + LARGEST_HEAD - len(data))]
    except zlib.error as error:
        problem = f"the record is damaged ({error})"
    if not read:
        return None
    return _Member(bytes(data), size, read - len(inflater.unused_data), None if inflater.eof else problem)


def _packed_record(member: _Member, offset: int, next_offset: int) -> _Record:
    head, _, block = member.data.partition(_BLANK_LINE)
    if not head.startswith(_VERSION):
        return _Record(offset, next_offset, {}, problem="no WARC record begins here")
    headers = _headers(head)
    length = _content_length(headers)
    if member.size - len(head) - len(_BLANK_LINE) < length:
        return _Record(offset, next_offset, headers, problem="the record is cut short")
    return _checked(_Record(offset, next_offset, headers, block[:length]), length)


def _next_member(stream: BinaryIO, offset: int) -> int:
    """Return where the next gzip member with a record in it begins, from an offset on; else the end of the file."""
    return _find(stream, offset, _MEMBER_HEAD, 0, _begins_a_record)


def _begins_a_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, len(_VERSION)) == _VERSION
    except zlib.error:
        return False
