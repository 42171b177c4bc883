"""Bytes as a server packs them, unpacked within a stated limit: a gzip bomb has no end."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from quotetrack.ingest.formats.detect import UnreadableFile

GZIP_MAGIC = b"\x1f\x8b"
UNDERSTOOD = "gzip, deflate"  # what we tell servers that we can unpack

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # told by the first bytes
_BARE_DEFLATE = -zlib.MAX_WBITS  # what some servers call deflate


def unpacked(chunks: Iterable[bytes], encoding: str, largest: int) -> bytes:
    """The whole of a body; raises UnreadableFile where it is cut short, damaged, larger than `largest` bytes, or of an
    encoding that we do not understand.

    `encoding` is the header Content-Encoding. The limit holds before unpacking and after.
    """
    kept = bytearray()
    for piece in _pieces(_within(chunks, largest), encoding.strip().lower(), largest):
        kept += piece
        if len(kept) > largest:
            raise too_large(largest)
    return bytes(kept)


def too_large(largest: int) -> UnreadableFile:
    """What to raise where a body has more than `largest` bytes."""
    return UnreadableFile(f"larger than {largest / 2**20:g} MiB")


def _pieces(chunks: Iterable[bytes], encoding: str, largest: int) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return iter(chunks)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflated(chunks, largest)
    raise UnreadableFile(f"packed as {encoding[:40]!r}, which we did not ask for")


def _within(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    seen = 0
    for chunk in chunks:
        seen += len(chunk)
        if seen > largest:
            raise too_large(largest)
        yield chunk


def _inflated(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """The unpacked pieces, none larger than the limit and a byte; several gzip members follow one another."""
    member = None
    is_first = True
    for chunk in chunks:
        rest = chunk
        while rest := rest if member or is_first else rest.lstrip(b"\x00"):  # some fill their last block with zeros
            member = member or zlib.decompressobj(_GZIP_OR_ZLIB if _has_head(rest) else _BARE_DEFLATE)
            is_first = False
            try:
                yield member.decompress(rest, largest + 1)
            except zlib.error as error:
                raise UnreadableFile(f"the packed body is damaged ({error})") from error
            rest = member.unused_data
            member = None if member.eof else member
    if member is not None:
        raise UnreadableFile("the packed body is cut short")


def _has_head(data: bytes) -> bool:
    """Whether it begins as gzip or zlib do (RFC 1952, RFC 1950); one first byte alone counts as either."""
    if data[:1] == GZIP_MAGIC[:1]:
        return True
    return data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
