"""Back up the database and the evidence into one tar file, and restore them.

    quotetrack.db           the database as it was at one moment
    evidence/ab/abcd….gz    the archive of page bodies
    SHA256SUMS              the hash of quotetrack.db, in the form of `sha256sum`

`SHA256SUMS` is written last: an archive without it was cut off. The evidence is named by its hashes.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from quotetrack.core.errors import QuotetrackError
from quotetrack.ingest.crawl.page_archive import archived, hash_at, path_of, write_packed
from quotetrack.store.engine import check_store, copy_store, file_of, replace_store

PRIVATE = 0o600  # the rights of a backup: it holds what the database holds
ENDINGS = (".tar", ".tar.gz", ".tgz")
DATABASE, CHECKSUMS, EVIDENCE = "quotetrack.db", "SHA256SUMS", Path("evidence")


class InvalidBackup(QuotetrackError):
    """The file is no backup, or is incomplete or damaged."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, or what was restored from one: sizes in bytes, and the number of evidence files."""

    database_bytes: int
    evidence_files: int
    evidence_bytes: int


def back_up(url: str, file: Path, evidence: Path | None) -> Contents:
    """Write the database and the evidence, if any, to `file`, and replace what is there when all is written.

    Other processes may write to both meanwhile. The database is copied first: the evidence of its articles is complete
    by then. Packs with gzip if the name of `file` says so. Raises StoreError and OSError.
    """
    with TemporaryDirectory(dir=file.parent, prefix=".part-") as folder:
        database, checksums, written = (Path(folder, name) for name in (DATABASE, CHECKSUMS, "backup"))
        copy_store(url, database)
        checksums.write_bytes(_checksum(database))
        # With `dereference` two links to one file are stored as two files.
        with tarfile.open(written, "w" if file.suffix == ".tar" else "w:gz", dereference=True) as archive:
            archive.add(database, DATABASE)
            files, size = _add_evidence(archive, evidence) if evidence else (0, 0)
            archive.add(checksums, CHECKSUMS)
        contents = Contents(database.stat().st_size, files, size)
        written.chmod(PRIVATE)
        with written.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(written, file)
    return contents


def restore(url: str, file: Path, evidence: Path | None) -> Contents:
    """Replace the database at `url` by that of a backup, and put back the evidence that is missing in the folder.

    Without a folder no evidence is put back. The caller holds the run lock. Raises InvalidBackup, or StoreError where
    the database in the backup cannot be used; nothing is changed then.
    """
    with TemporaryDirectory(dir=file_of(url).parent, prefix=".part-") as folder:
        database = Path(folder, DATABASE)
        with _opened(file) as archive:
            _unpack_database(archive, file, database)
        check_store(database, f"the database in {file}")
        files, size = 0, 0
        if evidence:
            with _opened(file) as archive:
                files, size = _put_back(archive, evidence)
        contents = Contents(database.stat().st_size, files, size)
        replace_store(url, database)
    return contents


def _checksum(database: Path) -> bytes:
    with database.open("rb") as stream:
        return f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {DATABASE}\n".encode()


def _add_evidence(archive: tarfile.TarFile, folder: Path) -> tuple[int, int]:
    """Add the evidence, and return the number of files and of bytes."""
    number, size = 0, 0
    for body_sha256 in archived(folder):
        try:
            with path_of(folder, body_sha256).open("rb") as stream:
                member = archive.gettarinfo(arcname=path_of(EVIDENCE, body_sha256).as_posix(), fileobj=stream)
                archive.addfile(member, stream)
        except FileNotFoundError:  # pruned since it was listed
            continue
        number, size = number + 1, size + member.size
    return number, size


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive. Raises InvalidBackup for what is no archive, and where it is cut off or damaged."""
    try:
        with tarfile.open(file) as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _invalid(file) from error


def _invalid(file: Path) -> InvalidBackup:
    return InvalidBackup(f"{file} is no backup of quotetrack, or is incomplete or damaged: nothing was restored")


def _files_in(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes] | None]]:
    """Yield the name and the content of each member; None for what is no regular file."""
    for member in archive:
        yield member.name, archive.extractfile(member) if member.isreg() else None


def _unpack_database(archive: tarfile.TarFile, file: Path, database: Path) -> None:
    """Write the database of a backup to a file, and read the whole backup to see that it is complete and ours."""
    checksum = b""
    for name, content in _files_in(archive):
        if content is None or not (name in (DATABASE, CHECKSUMS) or _evidence_at(name)):
            raise _invalid(file)
        if name == DATABASE:
            with database.open("wb") as out:
                shutil.copyfileobj(content, out)
        elif name == CHECKSUMS:
            checksum = content.read()
    while archive.fileobj and archive.fileobj.read(
        2**20
    ):  # to the end, where gzip has the checksum of the evidence too
        pass
    if not database.exists() or checksum != _checksum(database):
        raise _invalid(file)


def _evidence_at(name: str) -> str | None:
    """Return the hash of the body in a member; None if the member is something else."""
    folder, _, path = name.partition("/")
    return hash_at(path) if folder == EVIDENCE.name else None


def _put_back(archive: tarfile.TarFile, folder: Path) -> tuple[int, int]:
    """Write the evidence that the folder lacks, and return the number of files and of bytes."""
    number, size = 0, 0
    for name, content in _files_in(archive):
        body_sha256 = _evidence_at(name)
        if content is None or body_sha256 is None or path_of(folder, body_sha256).exists():
            continue
        packed = content.read()
        write_packed(path_of(folder, body_sha256), packed)
        number, size = number + 1, size + len(packed)
    return number, size
