"""Open and decompress gzip files and HTTP bodies. Every read has a limit in bytes, since a gzip bomb has no end."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from quotetrack.ingest.formats.detect import UnreadableFile

LARGEST_FILE = 16 * 2**20  # bytes after decompression; the longest page we saw has 1.5 MB
ACCEPTED_ENCODINGS = "gzip, deflate"  # for the header Accept-Encoding
GZIP_MAGIC = b"\x1f\x8b"

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # zlib finds out which of the two it is
_BARE_DEFLATE = -zlib.MAX_WBITS  # some servers send it as "deflate"


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes; decompress it if its content is gzip, whatever its name. Raises UnreadableFile.

    Errors of the disk and of gzip that occur inside the `with` block are raised as UnreadableFile as well.
    """
    if not path.exists():
        raise UnreadableFile("no such file: check the path")
    if path.is_dir():
        raise UnreadableFile("a folder, not a file: give the path of a file")
    if not path.is_file():
        raise UnreadableFile("neither a file nor a folder: give the path of a file or a folder")
    try:
        with path.open("rb") as plain:
            is_gzip = plain.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            plain.seek(0)
            if is_gzip:
                with gzip.open(plain) as decompressed:
                    yield io.BufferedReader(decompressed)
            else:
                yield plain
    except EOFError as error:
        raise UnreadableFile("the gzip file is cut short: fetch or copy it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(f"the gzip file is damaged ({error}): fetch or copy it again") from error
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error


def read_whole(stream: BinaryIO) -> bytes:
    """Return all bytes of a file that holds one article. Raises UnreadableFile if it is blank or has too many bytes."""
    data = stream.read(LARGEST_FILE + 1)
    if not data.strip():
        raise empty_file()
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(
            f"{too_large(LARGEST_FILE)}: not one article; split it, or give several articles as JSONL, one a line"
        )
    return data


def decompress(chunks: Iterable[bytes], encoding: str, largest: int) -> bytes:
    """Return the whole of an HTTP body.

    `encoding` is the header Content-Encoding. `largest` is the limit in bytes, before decompression and after.
    Raises UnreadableFile if the body is cut short, damaged, larger than the limit, or of an unknown encoding.
    """
    body = bytearray()
    for piece in _decoded(_limited(chunks, largest), encoding.strip().lower(), largest):
        body += piece
        if len(body) > largest:
            raise too_large(largest)
    return bytes(body)


def too_large(largest: int) -> UnreadableFile:
    """Return the error for more than `largest` bytes."""
    return UnreadableFile(f"larger than {largest / 2**20:g} MiB")


def empty_file() -> UnreadableFile:
    """Return the error for a file without content."""
    return UnreadableFile("the file is empty: fetch or copy it again, or remove it")


def _limited(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise too_large(largest)
        yield chunk


def _decoded(chunks: Iterable[bytes], encoding: str, largest: int) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return iter(chunks)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(chunks, largest)
    raise UnreadableFile(f"compressed as {encoding[:40]!r}: only gzip and deflate are supported")


def _inflated(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """Yield the decompressed pieces of all gzip members, or of one zlib or deflate stream.

    No piece has more than `largest + 1` bytes. Zeros behind a member are skipped: some servers pad their last block.
    """
    member = None
    is_first = True
    for chunk in chunks:
        rest = chunk if member or is_first else chunk.lstrip(b"\x00")
        while rest:
            if member is None:
                member = zlib.decompressobj(_GZIP_OR_ZLIB if _has_header(rest) else _BARE_DEFLATE)
                is_first = False
            try:
                yield member.decompress(rest, largest + 1)
            except zlib.error as error:
                raise UnreadableFile(f"the compressed body is damaged ({error})") from error
            rest = member.unused_data
            if member.eof:
                member = None
                rest = rest.lstrip(b"\x00")
    if member is not None:
        raise UnreadableFile("the compressed body is cut short")


def _has_header(data: bytes) -> bool:
    """Return whether data begins like gzip (RFC 1952) or zlib (RFC 1950). A single first byte of either is enough."""
    if data[:1] == GZIP_MAGIC[:1]:
        return True
    return data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
