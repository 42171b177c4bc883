"""Read the articles of the pages in WARC files (ISO 28500), such as those of Common Crawl's news crawl.

Records are read one by one, in memory that does not grow with the file, and from any record on. A broken record is
reported, and reading goes on at the next one; docs/decisions/0011 says why no library does this for us.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO

from quotetrack.core.crawling import charset_of_content_type
from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.urls import canonical_url
from quotetrack.ingest.formats.compression import GZIP_MAGIC, LARGEST_FILE, decompress, too_large
from quotetrack.ingest.formats.detect import UnreadableFile, is_html, unforeseen
from quotetrack.ingest.html.article import read_flagged_page
from quotetrack.ingest.html.quality_flags import QualityFlag
from quotetrack.ingest.outlets import Outlets
from quotetrack.ingest.timestamps import read_moment

LARGEST_RECORD = LARGEST_FILE + 2**20  # bytes after decompression: a page and its headers
LARGEST_HEAD = 2**16  # bytes of a record's own headers
PIECE = 2**16  # bytes read at a time
LONGEST_LENGTH = 15  # digits of a Content-Length that we believe
LONGEST_HEAD_SEEN = 4096  # bytes: enough to see that a record begins, packed or not
KEPT_BYTES = 2 * LARGEST_RECORD  # decompressed, of a file that gzip packed as a whole
MOST_REWINDS = 5  # of such a file: each decompresses it from its start

_VERSION = b"WARC/1."  # the first bytes of a record
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")  # behind headers; some programs write line ends without a carriage return
_RECORD_HEAD = re.compile(rb"WARC/1\.\d\r?\n(?:WARC|Content)-[A-Za-z-]{1,40}:")
_LONGEST_SEPARATOR = 4  # bytes behind the block of a record: two line ends
_MEMBER_HEAD = GZIP_MAGIC + b"\x08"
_GZIP = 16 + zlib.MAX_WBITS
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_NOT_COMPRESSED = ("", "identity")
_KNOWN_COMPRESSION = ("gzip", "x-gzip", "deflate")
_WITHOUT_PAGE = ("warcinfo", "request", "metadata", "revisit", "continuation")  # types of records
_CHUNK_SIZE = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})(?:[ \t;][^\r\n]{0,1000})?\r?\n")


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

    @property
    def kind(self) -> str:
        """Return the WARC-Type in lower case; empty where there is none."""
        return self.headers.get("warc-type", "").lower()


class _NoPage(Exception):
    """A record that holds no page. The message names its kind, in the plural."""


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
) -> Iterator[Article | Failure | LeftOut]:
    """Yield the articles of all pages in a WARC file, in order. A broken record is a Failure at `where@offset`.

    What was left out, such as pictures and error pages, comes at the end with its number.
    """
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
) -> Iterator[ArchivedPage | Failure | LeftOut]:
    """Yield the pages of a WARC file with their positions, from a `next_offset` on; the rest as in `read_warc`.

    Pages are HTML responses with status 200, and resources that are HTML. An article's `fetched_at` is the record's
    WARC-Date. Its URL is the page's canonical address, else WARC-Target-URI; where that is no address of the web, the
    article has none: `file:`, the path and the place of the record.
    """
    left_out: Counter[str] = Counter()
    for record in _records(stream, offset):
        place = f"{where}@{record.offset}"
        try:
            page = _page_of(record)
            article, flags = _article(record, page, f"file:{place}", outlet, published, outlets)
            yield ArchivedPage(article, flags, record.offset, record.next_offset)
        except _NoPage as kind:
            left_out[str(kind)] += 1
        except UnreadableFile as problem:
            yield Failure(place, _with_address(record, str(problem)))
        except ImportError:
            raise
        except Exception as error:  # one page may break its reader in any way; the others are still read
            yield Failure(place, _with_address(record, unforeseen(error)))
    for reason, number in left_out.items():
        if reason not in _WITHOUT_PAGE:
            yield LeftOut(where, reason, number)


def _with_address(record: _Record, problem: str) -> str:
    url = record.headers.get("warc-target-uri")
    return f"{problem} ({url})" if url else problem


def _article(
    record: _Record,
    page: _HtmlPage,
    own_url: str,
    outlet: str | None,
    published: datetime | date | None,
    outlets: Outlets,
) -> tuple[Article, tuple[QualityFlag, ...]]:
    article, flags = read_flagged_page(
        page.body,
        url=canonical_url(record.headers.get("warc-target-uri", "").strip("<>")) or own_url,
        outlet=outlet,
        published=published,
        outlets=outlets,
        header_charset=charset_of_content_type(page.headers.get("content-type", "")),
    )
    fetched_at = read_moment(record.headers.get("warc-date", ""))
    return replace(article, fetched_at=fetched_at if isinstance(fetched_at, datetime) else None), flags


# --- the page in a record ---------------------------------------------------------------------------------------------


def _page_of(record: _Record) -> _HtmlPage:
    """Return the page in a record. Raises _NoPage if it holds something else, and UnreadableFile."""
    if record.problem is not None:
        raise UnreadableFile(record.problem)
    match record.kind:
        case "":
            raise UnreadableFile("the record's headers are damaged: it has no WARC-Type")
        case "response":
            return _page_of_response(record)
        case "resource":  # what was saved without the words of a server
            if not _is_page(record.headers, record.block):
                raise _NoPage("resources that are no HTML pages")
            return _HtmlPage(record.headers, record.block)
        case kind:
            known = kind if kind in _WITHOUT_PAGE else None
            raise _NoPage(known or ("conversions" if kind == "conversion" else "records of an unknown type"))


def _page_of_response(record: _Record) -> _HtmlPage:
    head, sent = _divided(record.block)
    status = re.match(rb"HTTP/\S{1,10}[ \t]+(\d{3})", head)
    if status is None:
        raise _NoPage("responses that are not HTTP")
    if int(status[1]) != 200:
        raise _NoPage(f"responses with the status {int(status[1])}")
    headers = _headers(head.partition(b"\n")[2])
    declared = headers.get("content-type", "").lower()
    if declared and not declared.startswith(_HTML_TYPES):
        raise _NoPage("responses that are no HTML pages")
    body = _body(headers, sent)
    if not _is_page(headers, body):
        raise _NoPage("responses that are no HTML pages")
    return _HtmlPage(headers, body)


def _is_page(headers: dict[str, str], body: bytes) -> bool:
    """Return whether a body is HTML, by its type; without a type, by its first bytes."""
    declared = headers.get("content-type", "").lower()
    return declared.startswith(_HTML_TYPES) if declared else is_html(body)


def _divided(data: bytes) -> tuple[bytes, bytes]:
    """Return what stands before the first blank line, and what stands behind it."""
    blank = _BLANK_LINE.search(data)
    return (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")


def _body(headers: dict[str, str], sent: bytes) -> bytes:
    """Return the decompressed body. Some archives decompress a body and keep the header that says it is compressed."""
    whole = _dechunked(sent) if "chunked" in headers.get("transfer-encoding", "").lower() else sent
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding == "gzip" and not whole.startswith(GZIP_MAGIC):
        encoding = ""
    if encoding not in (*_NOT_COMPRESSED, *_KNOWN_COMPRESSION) and is_html(whole):
        encoding = ""
    return decompress([whole], encoding, LARGEST_FILE)


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
    for line in lines.decode("utf-8", "replace").split("\n"):
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
        return _plain_records(io.BufferedReader(_Unpacked(stream)), offset)
    return _packed_records(stream, offset)


def _holds_several(packed: bytes) -> bool:
    """Return whether the first gzip member holds more than one record."""
    try:
        data = zlib.decompressobj(_GZIP).decompress(packed, LARGEST_RECORD)
    except zlib.error:
        return False
    head, rest = _divided(data)
    return rest[_content_length(_headers(head)) :].lstrip(b"\r\n").startswith(_VERSION)


def _checked(record: _Record, length: int) -> _Record:
    """Return the record; without its block and with a problem if it is a page of more than LARGEST_RECORD bytes."""
    if length <= LARGEST_RECORD or record.kind not in ("response", "resource"):
        return record
    return replace(record, block=b"", problem=str(too_large(LARGEST_FILE)))


class _Unpacked(io.RawIOBase):
    """The bytes of a file that gzip packed as a whole.

    gzip can only be read forwards. The last KEPT_BYTES stay in memory, so that the search behind a broken record does
    not decompress the file from its start again. Raises EOFError after MOST_REWINDS searches from further back.
    """

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._rewinds = self._at = 0
        self._restart()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset if whence == io.SEEK_SET else self._at + offset
        if self._at < self._start:
            self._rewinds += 1
            if self._rewinds > MOST_REWINDS:
                raise EOFError("too many of its records are damaged; unpack it with gunzip, and read it again")
            at = self._at
            self._restart()
            self._at = at
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while self._start + len(self._kept) <= self._at:
            piece = self._stream.read(PIECE)
            if not piece:
                return 0
            self._kept += piece
            if len(self._kept) > KEPT_BYTES + PIECE:
                self._start += len(self._kept) - KEPT_BYTES
                del self._kept[: len(self._kept) - KEPT_BYTES]
        begin = self._at - self._start
        found = self._kept[begin : begin + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _restart(self) -> None:
        self._packed.seek(0)
        self._stream = gzip.GzipFile(fileobj=self._packed)
        self._kept, self._start, self._at = bytearray(), 0, 0


def _find(stream: BinaryIO, offset: int, wanted: bytes, is_right: Callable[[bytes], bool]) -> int:
    """Return the offset of the next `wanted` bytes that are right; without any, the end of the file.

    `is_right` is given the LONGEST_HEAD_SEEN bytes from their start on. Two pieces are read at a time, and the second
    one again as the first of the next two, so that nothing across two pieces is missed.
    """
    while True:
        stream.seek(offset)
        window = stream.read(2 * PIECE)
        is_last = len(window) < 2 * PIECE
        end = len(window) if is_last else PIECE + len(wanted)
        start = window.find(wanted, 0, end)
        while start >= 0:
            if is_right(window[start : start + LONGEST_HEAD_SEEN]):
                return offset + start
            start = window.find(wanted, start + 1, end)
        if is_last:
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
    stream.seek(begin + max(length - 1, 0))
    if len(block) < min(length, LARGEST_RECORD) or (length and not stream.read(1)):
        return _Record(offset, _next_plain(stream, begin), headers, problem="the record is cut short")
    separator = _separator(stream)
    if separator is None:
        problem = "the record does not end where its Content-Length says"
        return _Record(offset, _next_plain(stream, begin), headers, problem=problem)
    return _checked(_Record(offset, begin + length + separator, headers, block), length)


def _separator(stream: BinaryIO) -> int | None:
    """Return the number of bytes between a block and the next record; None where the block does not end here.

    Two line ends by the standard. Some programs write one, or none: then the next record has to begin.
    """
    behind = stream.read(_LONGEST_SEPARATOR + 100)
    line_ends = len(behind) - len(behind.lstrip(b"\r\n"))
    is_whole = behind[:line_ends].replace(b"\r", b"") == b"\n\n" or behind.startswith(b"\r\n\r\n")
    if is_whole or len(behind) == line_ends or _RECORD_HEAD.match(behind, line_ends):
        return min(line_ends, _LONGEST_SEPARATOR)
    return None


def _read_head(stream: BinaryIO) -> bytes:
    """Return the lines up to the next blank one, or some LARGEST_HEAD bytes of them."""
    head = bytearray()
    while (line := stream.readline(LARGEST_HEAD)) not in (b"\r\n", b"\n", b"") and len(head) < LARGEST_HEAD:
        head += line
    return bytes(head)


def _next_plain(stream: BinaryIO, offset: int) -> int:
    """Return where the next record begins, from an offset on; else the end of the file."""
    return _find(stream, offset, _VERSION, lambda found: _RECORD_HEAD.match(found) is not None)


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
    head, block = _divided(member.data)
    if not head.startswith(_VERSION):
        return _Record(offset, next_offset, {}, problem="no WARC record begins here")
    headers = _headers(head)
    length = _content_length(headers)
    if member.size - (len(member.data) - len(block)) < length:
        return _Record(offset, next_offset, headers, problem="the record is cut short")
    return _checked(_Record(offset, next_offset, headers, block[:length]), length)


def _next_member(stream: BinaryIO, offset: int) -> int:
    """Return where the next gzip member with a record in it begins, from an offset on; else the end of the file."""
    return _find(stream, offset, _MEMBER_HEAD, _begins_a_record)


def _begins_a_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP).decompress(packed, len(_VERSION)) == _VERSION
    except zlib.error:
        return False
