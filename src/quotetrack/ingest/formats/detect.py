"""A file's bytes and characters: opened whatever its packing, decoded, and told which kind it is.

Everything here that cannot go on raises `UnreadableFile` with a sentence that a person can act on.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from quotetrack.core.errors import QuotetrackError

LARGEST_FILE = 16 * 2**20  # bytes after unpacking: the longest page we saw has 1.5 MB, a gzip bomb has no end
SNIFFED = 4096  # bytes that tell a kind: a page's first tag, the first key of a JSON line

_GZIP_MAGIC = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML_HEAD = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_WARC_HEAD = b"WARC/1."
_JSON_HEAD = re.compile(rb'\s*\{[ \t]*"(?:[^"\\\r\n]|\\.)*"[ \t]*:')
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# UTF-8 read as Windows-1252 gives these pairs; no text in a European language does.
_MOJIBAKE = re.compile("â€|Ã[\x80-\xbf©¨¼¶¤±]|Â[\xa0«»]")


class UnreadableFile(QuotetrackError):
    """A file or line that cannot be read; its message is a sentence a person can act on."""


class Kind(StrEnum):
    """What we read."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    WARC = "warc"


_ENDINGS = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".warc": Kind.WARC,
}


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked if it is a gzip file, whatever its name; raises UnreadableFile."""
    if not path.exists():
        raise UnreadableFile("no such file")
    if not path.is_file():
        raise UnreadableFile("neither a file nor a folder")
    try:
        with path.open("rb") as plain:
            is_packed = plain.read(2) == _GZIP_MAGIC
            plain.seek(0)
            if is_packed:
                with gzip.open(plain) as unpacked:
                    yield io.BufferedReader(unpacked)
            else:
                yield plain
    except EOFError as error:
        raise UnreadableFile("the gzip file is cut short: fetch or copy it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(f"the gzip file is damaged ({error})") from error
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error


def kind_of(path: Path, head: bytes) -> Kind | None:
    """What a file is, by its first bytes and then by its ending; None for what we do not read.

    A file without an ending counts as plain text.
    """
    bare = head.removeprefix(codecs.BOM_UTF8)
    if bare.startswith(_WARC_HEAD):
        return Kind.WARC
    if _HTML_HEAD.match(bare):
        return Kind.HTML
    if _JSON_HEAD.match(bare):
        return Kind.JSONL
    name = path.name.lower().removesuffix(".gz")
    return _ENDINGS.get(Path(name).suffix, None if Path(name).suffix else Kind.TEXT)


def read_whole(stream: BinaryIO) -> bytes:
    """All bytes of one article's file; raises UnreadableFile where there are none, or more than one article has."""
    data = stream.read(LARGEST_FILE + 1)
    if not data.strip():
        raise UnreadableFile("the file is empty")
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(f"larger than {LARGEST_FILE // 2**20} MiB: not one article")
    return data


def decode_text(data: bytes) -> str:
    """The characters of a text file: UTF-8, UTF-16 by its mark, or Windows-1252. A byte-order mark is no character."""
    if data.startswith(_UTF_16):
        return _decoded_utf_16(data)
    if b"\x00" in data:
        raise UnreadableFile("a binary file, not text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        neither = UnreadableFile(
            f"not UTF-8 at byte {error.start + 1} (line {line}), nor Windows-1252: save it as UTF-8"
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise neither from error
    if _CONTROL.search(text):
        raise UnreadableFile("a binary file, not text")
    if _MOJIBAKE.search(text):
        raise neither
    return text


def decode_html(data: bytes, told: str | None = None) -> str:
    """The characters of a page in the charset that `charset_of` finds; a broken byte is replaced."""
    if data.startswith(_UTF_16):
        return _decoded_utf_16(data)
    if b"\x00" in data[:SNIFFED]:
        raise UnreadableFile("a binary file, not a page")
    return data.decode(charset_of(data, told), "replace")


def charset_of(data: bytes, told: str | None = None) -> str:
    """The charset of a page: UTF-16 by its mark, UTF-8 where it is that, the one of the header (`told`), the one that
    the page declares, or Windows-1252.
    """
    if data.startswith(_UTF_16):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        candidates = (_known_charset(name) for name in (told, declared_charset(data)) if name)
        return next((name for name in candidates if name and _may_be(name, data)), "cp1252")
    return "utf-8-sig"


def declared_charset(data: bytes) -> str | None:
    """The charset that a page's head names, as it names it."""
    found = _CHARSET.search(data[:SNIFFED])
    return found.group(1).decode("ascii", "ignore").lower() if found else None


def _may_be(charset: str, data: bytes) -> bool:
    """One broken byte does not turn a UTF-8 page into another encoding; more broken characters than whole ones do."""
    if charset != "utf-8":
        return True
    others = [character for character in data.decode("utf-8", "replace") if character > "\x7f"]
    return others.count("\ufffd") * 2 <= len(others)


def _known_charset(name: str) -> str | None:
    if name.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        return "cp1252"  # as every browser reads it
    try:
        "".encode(name), b"\xff".decode(name, "replace")  # Python also calls base64 and idna charsets
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None


def _decoded_utf_16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableFile("marked as UTF-16, but it is not: save it as UTF-8") from error
