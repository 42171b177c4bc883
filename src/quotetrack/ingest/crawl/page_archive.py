"""An archive of page bodies as the servers sent them: the evidence against which a quotation can be checked later.

A folder of gzip files, `ab/abcd….gz` for the SHA-256 `abcd…` of the body. The same bytes are stored once.
"""

from __future__ import annotations

import gzip
import os
import re
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

_PLACE = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.gz")


def archive(folder: Path, body: bytes) -> Path:
    """Store a body, on disk before it returns, and return its file. Raises OSError."""
    path = folder / place_of(sha256(body).hexdigest())
    if not path.exists():
        write_packed(path, gzip.compress(body, mtime=0))
    return path


def write_packed(path: Path, packed: bytes) -> None:
    """Write a file of the archive, on disk before it returns. Raises OSError.

    The file is complete or absent, also where the machine stops in between.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(packed)
        part.flush()
        os.fsync(part.fileno())
    os.replace(part.name, path)


def place_of(body_sha256: str) -> str:
    """Return the path, inside the archive, of the body with this hash."""
    return f"{body_sha256[:2]}/{body_sha256}.gz"


def is_place(path: str) -> bool:
    """Return whether a path inside the archive is that of a body."""
    return _PLACE.fullmatch(path) is not None


def places(folder: Path) -> Iterator[str]:
    """Yield the path of each body in the archive, in order; none where the folder does not exist."""
    for part in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        found = (f"{part.name}/{file.name}" for file in sorted(part.iterdir()))
        yield from filter(is_place, found)
