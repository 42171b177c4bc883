"""The bytes of pages as they came, kept under their hash: what a quotation can be held against in ten years.

A folder of gzip files, `ab/abcd….gz` for the SHA-256 `abcd…`. The same bytes are one file, however often they came.
"""

from __future__ import annotations

import gzip
import os
import re
import tempfile
import zlib
from hashlib import sha256
from pathlib import Path

from quotetrack.ingest.formats.detect import UnreadableFile

_SHA256 = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, body: bytes) -> str:
    """File the bytes, on disk before it returns, and give their SHA-256; raises OSError where that fails.

    A file is there whole or not at all, also where the machine stops in between.
    """
    name = sha256(body).hexdigest()
    path = _path(folder, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
            part.write(gzip.compress(body, mtime=0))
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, path)
    return name


def kept(folder: Path, name: str) -> bytes:
    """The bytes with this SHA-256; raises UnreadableFile where they are not there, or not those any more."""
    if not _SHA256.fullmatch(name):
        raise UnreadableFile(f"{name!r} is no SHA-256")
    try:
        body = gzip.decompress(_path(folder, name).read_bytes())
    except FileNotFoundError as error:
        raise UnreadableFile(f"no page with the SHA-256 {name} is kept in {folder}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{_path(folder, name)} cannot be read: {error}") from error
    if sha256(body).hexdigest() != name:
        raise UnreadableFile(f"{_path(folder, name)} does not hold what its name says")
    return body


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / f"{name}.gz"
