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
from quotetrack.export.corpus_tables import Table
from quotetrack.ingest.reader import files_in

UNFINISHED = "_unfinished"  # readers of Parquet leave out names that begin so
RECORDS = "partitions"  # the folder of the records
LINKING, LINKED = "link", "linked.json"  # what the stages of linking send to one another, and the result
OURS = frozenset({*map(str, Table), UNFINISHED, RECORDS, LINKING, LINKED, "utterances", "links"})  # what a prefix holds
MODIFIED = ("mtime", "LastModified", "last_modified", "updated")  # what file systems call the moment of the last change
HASH_LENGTH = 10  # hexadecimal digits of the hash of a source in the name of its partition
LONGEST_STEM = 80  # characters of a file name in that name


class NoCorpus(QuotetrackError):
    """The sources or the prefix hold nothing to work on. The message says where."""


class BrokenFile(QuotetrackError):
    """A file of ours is not as we write it. The message names it, and says what to do."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A file of articles: its name among the partitions, its place, and its size in bytes.

    `modified` tells when it was last changed, as its file system says it; None where that says nothing.
    """

    name: str
    source: str
    size: int
    modified: str | None = None


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
        """Return the value of a JSON file. Raises BrokenFile."""
        with self.opened(*path) as stream:
            try:
                return json.load(stream)
            except ValueError as error:
                raise self.broken(error, *path) from error

    def broken(self, error: Exception, *path: str) -> BrokenFile:
        """Return the error for a JSON file that is not as we write it."""
        place = posixpath.join(self.url, *path)
        what = str(error).splitlines()[0]
        return BrokenFile(f"{place} is damaged ({what}). Remove it, then run `quotetrack corpus extract` or `link`.")

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
        system, root = _file_system(self.url)
        return system, posixpath.join(root, *path)


def _file_system(url: str) -> tuple[Any, str]:
    """Return the file system of a path or URL, and the place in it. Raises NoCorpus for a kind of URL nobody knows."""
    try:
        system, place = fsspec.core.url_to_fs(url)
    except ValueError as error:
        raise NoCorpus(f"{url}: {error}. Give a path, or a URL such as s3://news/2026.") from error
    return system, place


def partitions_of(sources: list[str], prefix: Prefix) -> list[Partition]:
    """Return the files of paths, folders, patterns and URLs, each as a partition, in order of their places.

    Hidden files are left out, and the files of the corpus itself, whose prefix may lie in a folder of sources. Raises
    NoCorpus for a source without any file, and for one that cannot be listed.
    """
    found: dict[str, Partition] = {}
    root = _root_of(prefix)
    for source in sources:
        there = list(_files_at(source))
        files = [file for file in there if not _is_ours(file.source, root)]
        if there and not files:
            raise NoCorpus(f"{source}: only files of the corpus at {prefix.url}. Give another source or prefix.")
        if not files:
            raise NoCorpus(
                f"{source}: no such file. Give files, folders or patterns such as 's3://news/2026-*.warc.gz'."
            )
        found |= {file.source: file for file in files}
    return [found[place] for place in sorted(found)]


def _root_of(prefix: Prefix) -> str:
    """Return the place of a prefix as the places of sources are written, with a slash at its end."""
    system, path = _file_system(prefix.url)
    place = Path(path).resolve().as_posix() if _is_local(system) else str(system.unstrip_protocol(path))
    return f"{place.rstrip('/')}/"


def _is_ours(place: str, root: str) -> bool:
    return place.startswith(root) and place.removeprefix(root).split("/")[0] in OURS


def _files_at(source: str) -> Iterator[Partition]:
    system, path = _file_system(source)
    matching = system.glob(path) if has_magic(path) else [path]
    for place in matching:
        if _is_local(system):
            yield from _local_files(Path(place))
        else:
            for file in system.find(place):
                if not posixpath.basename(file).startswith("."):
                    place, info = system.unstrip_protocol(file), system.info(file)
                    modified = next((str(info[key]) for key in MODIFIED if info.get(key)), None)
                    yield Partition(_name_of(place), place, info["size"], modified)


def _local_files(path: Path) -> Iterator[Partition]:
    for file in files_in(path):
        if isinstance(file, Failure):
            raise NoCorpus(f"{file.where}: {file.reason}")
        if file.exists():
            place, status = file.resolve().as_posix(), file.stat()
            yield Partition(_name_of(place), place, status.st_size, str(status.st_mtime_ns))


def _name_of(place: str) -> str:
    """Return the name of a partition: that of its file, and a hash of the whole place, since two may have one name."""
    stem = posixpath.basename(place).partition(".")[0][:LONGEST_STEM]
    return f"{stem}-{sha256(place.encode()).hexdigest()[:HASH_LENGTH]}"


def _is_local(system: Any) -> bool:
    return isinstance(system, LocalFileSystem)


@contextmanager
def local_file(partition: Partition) -> Iterator[Path]:
    """Yield a file of this machine with the bytes of a partition: itself, or a copy until the block ends."""
    system, path = _file_system(partition.source)
    if _is_local(system):
        yield Path(path)
        return
    with TemporaryDirectory(prefix="quotetrack-") as folder:
        file = Path(folder, posixpath.basename(path))
        system.get(path, str(file))
        yield file
