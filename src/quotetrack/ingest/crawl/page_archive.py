"""An archive of the bytes that were read, such as page bodies: the evidence against which quotations can be checked.

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

from quotetrack.ingest.formats.compression import open_file

LARGEST_BODY = 2**30  # bytes, decompressed: the most that may be fetched

_PATH = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.gz")


def path_of(folder: Path, body_sha256: str) -> Path:
    """Return the file of a body, whether it is there or not."""
    return folder / body_sha256[:2] / f"{body_sha256}.gz"


def hash_at(path: str) -> str | None:
    """Return the hash of the body at this path inside an archive; None where it is the path of something else."""
    found = _PATH.fullmatch(path)
    return found and found[2]


def archived(folder: Path) -> Iterator[str]:
    """Yield the hash of each body in the archive, in order; none where the folder does not exist."""
    for part in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        for file in sorted(part.iterdir()):
            if body_sha256 := hash_at(f"{part.name}/{file.name}"):
                yield body_sha256


def archive(folder: Path, body: bytes) -> Path:
    """Store a body, on disk before it returns, and return its file. Raises OSError."""
    path = path_of(folder, sha256(body).hexdigest())
    if not path.exists():
        write_packed(path, gzip.compress(body, mtime=0))
    return path


def write_packed(path: Path, packed: bytes) -> None:
    """Write a file of the archive, on disk before it returns, for its owner alone. Raises OSError.

    The file is complete or absent, also where the machine stops in between.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            part.write(packed)
            part.flush()
            os.fsync(part.fileno())
        except OSError:
            os.unlink(part.name)
            raise
    os.replace(part.name, path)


def read_archived(folder: Path, body_sha256: str) -> bytes | None:
    """Return the body that is stored under a hash, whose bytes may be others by now; None if there is no file.

    Raises UnreadableFile if it cannot be read or decompressed.
    """
    path = path_of(folder, body_sha256)
    if not path.exists():
        return None
    with open_file(path) as stream:
        return stream.read(LARGEST_BODY)
