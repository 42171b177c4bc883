"""Detect the kind and the charset of a file from its bytes, and decode it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from quotetrack.core.errors import QuotetrackError
from quotetrack.ingest.characters import repair

FEWEST_BYTES_A_NUL = 100  # of a page; UTF-16 without a mark and binary files have far more
SNIFFED = 4096  # bytes: enough for the first tag of a page or the first key of a JSON line

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML_HEAD = re.compile(rb"\s*+(?:(?><\?xml[^>]*>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_WARC_HEAD = b"WARC/1."
_PARQUET_HEAD = b"PAR1"
_JSON_HEAD = re.compile(rb'\s*\{[ \t]*"(?:[^"\\\r\n]|\\.)*"[ \t]*:')
_DECLARED_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# UTF-8 read as Windows-1252 gives these pairs; no text in a European language has them.
_MOJIBAKE = re.compile("â€|Ã[\x80-\xbf©¨¼¶¤±]|Â[\xa0«»]")
# “...,” of an old Macintosh, as Windows-1252 shows it.
_MAC_QUOTATION = re.compile(r"(?<!\w)Ò\w[^ÒÓ\n]{0,2000}[\w.,!?…]Ó(?!\w)")


def _byte_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Return the characters that Windows-1252 has for the bytes that are broken in UTF-8."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cp1252", _byte_as_cp1252)


class UnreadableFile(QuotetrackError):
    """A file, line or page that cannot be read. The message says what is wrong, and what a user can do about it."""


@contextmanager
def file_named(where: str) -> Iterator[None]:
    """Put the name of a file before the message of an UnreadableFile that is raised inside."""
    try:
        yield
    except UnreadableFile as problem:
        raise UnreadableFile(f"{where}: {problem}") from problem


def unforeseen(error: Exception) -> str:
    """Return the reason of a failure that no rule foresees: one article may break a reader in any way."""
    return f"cannot be read: {type(error).__name__}: {error}"


class Kind(StrEnum):
    """The kinds of files that we read."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    WARC = "warc"
    PARQUET = "parquet"


_KIND_OF_ENDING = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".warc": Kind.WARC,
    ".parquet": Kind.PARQUET,
}


def detect_kind(path: Path, head: bytes) -> Kind | None:
    """Return the kind of a file, by its first bytes or else by the ending of its name; None if we do not read it.

    A file without an ending is plain text.
    """
    bare = head.removeprefix(codecs.BOM_UTF8)
    if bare.startswith(_WARC_HEAD):
        return Kind.WARC
    if head.startswith(_PARQUET_HEAD):
        return Kind.PARQUET
    if _HTML_HEAD.match(bare):
        return Kind.HTML
    if _JSON_HEAD.match(bare):
        return Kind.JSONL
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    return _KIND_OF_ENDING.get(ending) if ending else Kind.TEXT


def is_html(head: bytes) -> bool:
    """Return whether the first bytes are those of an HTML page."""
    return _HTML_HEAD.match(head[:SNIFFED].removeprefix(codecs.BOM_UTF8)) is not None


def decode_text(data: bytes) -> str:
    """Return the characters of a text file: UTF-8, UTF-16 with a byte-order mark, or Windows-1252.

    The byte-order mark is dropped. Raises UnreadableFile.
    """
    if data.startswith(_UTF_16):
        return _decode_utf_16(data)
    if b"\x00" in data:
        raise _binary_file()
    try:
        return repair(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong_charset = UnreadableFile(
            f"not UTF-8 at byte {error.start + 1} (line {line}), nor Windows-1252: save it as UTF-8"
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise wrong_charset from error
    if _CONTROL.search(text):
        raise _binary_file()
    if _MAC_QUOTATION.search(text):
        text = data.decode("mac_roman")
    if _MOJIBAKE.search(text):
        raise wrong_charset
    return repair(text)


def decode_html(data: bytes, header_charset: str | None = None) -> str:
    """Return the characters of a page, in the charset that `detect_charset` finds, with broken ones repaired.

    A byte that is broken in UTF-8 is read as Windows-1252, since editors paste from both. A byte that is broken in
    another charset is replaced by U+FFFD. Raises UnreadableFile for binary data.
    """
    if data.startswith(_UTF_16):
        return repair(_decode_utf_16(data))
    if data.count(0) * FEWEST_BYTES_A_NUL > len(data):
        raise UnreadableFile("a binary file, not a page: save it as HTML")
    charset = detect_charset(data, header_charset)
    return repair(data.replace(b"\0", b"").decode(charset, "cp1252" if charset.startswith("utf-8") else "replace"))


def detect_charset(data: bytes, header_charset: str | None = None) -> str:
    """Return the charset of a page.

    Tried in this order: UTF-16 with a byte-order mark, valid UTF-8, the charset of the HTTP header, the charset that
    the page declares, Windows-1252.
    """
    if data.startswith(_UTF_16):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        for name in (header_charset, declared_charset(data)):
            charset = _known_charset(name) if name else None
            if charset and _may_be(charset, data):
                return charset
        return "cp1252"
    return "utf-8-sig"


def declared_charset(data: bytes) -> str | None:
    """Return the charset that the head of a page declares, in lower case; it may be one that does not exist."""
    match = _DECLARED_CHARSET.search(data[:SNIFFED])
    return match[1].decode("ascii", "ignore").lower() if match else None


def _may_be(charset: str, data: bytes) -> bool:
    """Return False if the charset is UTF-8 and more than half of the characters outside of ASCII are broken.

    A few broken bytes do not turn a UTF-8 page into a page of another charset.
    """
    if charset != "utf-8":
        return True
    non_ascii = [character for character in data.decode("utf-8", "replace") if character > "\x7f"]
    return non_ascii.count("\ufffd") * 2 <= len(non_ascii)


def _known_charset(name: str) -> str | None:
    if name.lower() in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        return "cp1252"  # all browsers read these as Windows-1252
    try:
        "".encode(name), b"\xff".decode(name, "replace")  # fails for base64 and idna, which Python also calls codecs
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None


def _decode_utf_16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableFile("marked as UTF-16, but it is not: save it as UTF-8") from error


def _binary_file() -> UnreadableFile:
    return UnreadableFile("a binary file, not text: save it as plain text in UTF-8")
