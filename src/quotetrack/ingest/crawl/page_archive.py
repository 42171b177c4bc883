"""An archive of page bodies as the servers sent them: the evidence against which a quotation can be checked later.

A folder of gzip files, `ab/abcd….gz` for the SHA-256 `abcd…` of the body. The same bytes are stored once.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from hashlib import sha256
from pathlib import Path


def archive(folder: Path, body: bytes) -> Path:
    """Store a body, on disk before it returns, and return its file. Raises OSError.

    The file is complete or absent, also where the machine stops in between.
    """
    name = sha256(body).hexdigest()
    path = folder / name[:2] / f"{name}.gz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
            part.write(gzip.compress(body, mtime=0))
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, path)
    return path
