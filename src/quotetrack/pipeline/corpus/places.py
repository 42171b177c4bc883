"""Where a corpus lies: files on this machine, or on any file system that fsspec knows, such as s3 and gs.

A file of ours is written under a temporary name and renamed, so that it is whole or not there.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from glob import has_magic
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from quotetrack.core.domain import Failure
from quotetrack.core.errors import QuotetrackError
from quotetrack.ingest.reader import files_in

UNFINISHED = "_unfinished"  # readers of Parquet leave out names that begin so
HASH_LENGTH = 10  # hexadecimal digits of the hash of a source in the name of its partition
LONGEST_STEM = 80  # characters of a file name in that name


class NoCorpus(QuotetrackError):
    """The sources or the prefix hold nothing to work on. The message says where."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A file of articles: its name among the partitions, its place, and its size in bytes."""

    name: str
    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """The folder of a corpus, as a path or URL."""

    url: str

    def names(self, folder: str, ending: str) -> list[str]:
        """Return the names of the files in a folder that have this ending, without it, in order."""
        system, place = self._at(folder)
        if not system.isdir(place):
            return []
        system.invalidate_cache(place)
        files = (posixpath.basename(each) for each in system.ls(place, detail=False))
        return sorted(name.removesuffix(ending) for name in files if name.endswith(ending))

    def exists(self, *path: str) -> bool:
        """Return whether there is such a file or folder."""
        system, place = self._at(*path)
        return bool(system.exists(place))

    @contextmanager
    def opened(self, *path: str) -> Iterator[BinaryIO]:
        """Open a file for reading bytes."""
        system, place = self._at(*path)
        with system.open(place, "rb") as stream:
            yield stream

    @contextmanager
    def written(self, *paths: str) -> Iterator[list[BinaryIO]]:
        """Open files for writing. They get their names, in order, when the block ends; if it fails, none is kept."""
        system, folder = self._at(UNFINISHED, uuid4().hex)
        system.makedirs(folder, exist_ok=True)
        unfinished = [posixpath.join(folder, str(number)) for number in range(len(paths))]
        try:
            with ExitStack() as streams:
                yield [streams.enter_context(system.open(each, "wb")) for each in unfinished]
            for each, path in zip(unfinished, paths, strict=True):
                _, place = self._at(path)
                system.makedirs(posixpath.dirname(place), exist_ok=True)
                system.mv(each, place)
        finally:
            if system.exists(folder):
                system.rm(folder, recursive=True)

    def read_json(self, *path: str) -> Any:
        """Return the value of a JSON file."""
        with self.opened(*path) as stream:
            return json.load(stream)

    def write_json(self, path: str, value: Mapping[str, object]) -> None:
        """Write a value as JSON."""
        with self.written(path) as (stream,):
            stream.write(f"{json.dumps(value, indent=1)}\n".encode())

    def remove(self, *path: str) -> None:
        """Remove a file, or a folder with all that is in it, if there is one."""
        system, place = self._at(*path)
        if system.exists(place):
            system.rm(place, recursive=True)

    def _at(self, *path: str) -> tuple[Any, str]:
        system, root = fsspec.core.url_to_fs(self.url)
        return system, posixpath.join(root, *path)


def partitions_of(sources: list[str]) -> list[Partition]:
    """Return the files of paths, folders, patterns and URLs, each as a partition, in order of their places.

    Hidden files are left out. Raises NoCorpus for a source without any file, and for one that cannot be listed.
    """
    found: dict[str, Partition] = {}
    for source in sources:
        files = list(_files_at(source))
        if not files:
            raise NoCorpus(
                f"{source}: no such file. Give files, folders or patterns such as 's3://news/2026-*.warc.gz'."
            )
        found |= {place: Partition(_name_of(place), place, size) for place, size in files}
    return [found[place] for place in sorted(found)]


def _files_at(source: str) -> Iterator[tuple[str, int]]:
    """Yield the place and size of each file."""
    system, path = fsspec.core.url_to_fs(source)
    matching = system.glob(path) if has_magic(path) else [path]
    for place in matching:
        if _is_local(system):
            yield from _local_files(Path(place))
        else:
            for file in system.find(place):
                if not posixpath.basename(file).startswith("."):
                    yield system.unstrip_protocol(file), system.info(file)["size"]


def _local_files(path: Path) -> Iterator[tuple[str, int]]:
    for file in files_in(path):
        if isinstance(file, Failure):
            raise NoCorpus(f"{file.where}: {file.reason}")
        if file.exists():
            yield file.resolve().as_posix(), file.stat().st_size


def _name_of(place: str) -> str:
    """Return the name of a partition: that of its file, and a hash of the whole place, since two may have one name."""
    stem = posixpath.basename(place).partition(".")[0][:LONGEST_STEM]
    return f"{stem}-{sha256(place.encode()).hexdigest()[:HASH_LENGTH]}"


def _is_local(system: Any) -> bool:
    return isinstance(system, LocalFileSystem)


@contextmanager
def local_file(partition: Partition) -> Iterator[Path]:
    """Yield a file of this machine with the bytes of a partition: itself, or a copy until the block ends."""
    system, path = fsspec.core.url_to_fs(partition.source)
    if _is_local(system):
        yield Path(path)
        return
    with TemporaryDirectory(prefix="quotetrack-") as folder:
        file = Path(folder, posixpath.basename(path))
        system.get(path, str(file))
        yield file
