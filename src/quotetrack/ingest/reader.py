"""Read articles from files and folders. A file that cannot be read gives a Failure, and reading goes on at the next."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.errors import ExtraMissing
from quotetrack.ingest.formats.compression import empty_file, open_file, read_whole
from quotetrack.ingest.formats.detect import SNIFFED, Kind, UnreadableFile, decode_text, detect_kind, unforeseen
from quotetrack.ingest.formats.jsonl import read_jsonl
from quotetrack.ingest.formats.parquet import read_parquet
from quotetrack.ingest.formats.plaintext import read_text
from quotetrack.ingest.outlets import Outlet, Outlets, Wire, load_outlets

__all__ = ["Outlet", "Outlets", "Wire", "files_in", "load_outlets", "read_jsonl", "read_path"]


def read_path(
    path: Path,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
) -> Iterator[Article | Failure | LeftOut]:
    """Yield the articles of a file, or of all files of a folder in the order of their names. Hidden files are skipped.

    Plain text, HTML pages, article JSONL, Parquet with the same fields, and WARC are read, with or without gzip. The
    kind of a file is detected from its content and its ending. `outlet` and `published` fill what a file does not say.

    An article without a URL gets `file:` and the absolute path of its file, in a JSONL file also `#` and its id or line
    number. The store takes an article without a URL for the one of this path; else for one without a URL that has
    exactly its title and text, so that a file that was copied or moved is the same article. Two outlets, days of
    publication or ids that are known and differ make two articles of one text.
    """
    for file in files_in(path):
        if isinstance(file, Failure):
            yield file
        else:
            where = file.resolve().as_posix()
            yield from read_file(file, where, outlet=outlet, published=published, outlets=outlets, name=str(file))


def read_file(
    file: Path,
    where: str,
    *,
    outlet: str | None = None,
    published: datetime | date | None = None,
    outlets: Outlets,
    name: str | None = None,
) -> Iterator[Article | Failure | LeftOut]:
    """Yield the articles of one file, as `read_path` does; `where` is the place from which the file came.

    It stands in the URLs of articles without one, and in failures. The failure of the file as a whole is at `name`,
    which is `where` unless given.
    """
    try:
        yield from _read_file(file, where, outlet, published, outlets)
    except UnreadableFile as problem:
        yield Failure(name or where, str(problem))
    except (ImportError, ExtraMissing):
        raise
    except Exception as error:
        yield Failure(name or where, unforeseen(error))


def files_in(path: Path) -> Iterator[Path | Failure]:
    """Yield a file itself, or all files of a folder and its subfolders in the order of their names.

    Hidden files and folders are skipped, and the folder of pictures and scripts that a browser saves with a page. A
    folder that is a link is read as well, each folder once. A folder that cannot be listed is a Failure, and so is a
    file or folder whose path cannot be stored or followed.
    """
    if problem := _path_problem(path):
        yield Failure(str(path), problem)
        return
    if not path.is_dir():
        yield path
        return
    errors: list[OSError] = []
    walked = {path.resolve()}
    for folder, subfolders, names in os.walk(path, onerror=errors.append, followlinks=True):
        subfolders[:] = sorted(
            name for name in subfolders if not name.startswith(".") and not _belongs_to_page(name, names)
        )
        for name in sorted(names):
            file = Path(folder, name)
            problem = _path_problem(file)
            if not name.startswith("."):
                yield Failure(str(file), problem) if problem else file
        for name in list(subfolders):
            place = Path(folder, name)
            if problem := _path_problem(place):
                yield Failure(str(place), f"{problem} The files in it were not read.")
            if problem or place.resolve() in walked:
                subfolders.remove(name)
            else:
                walked.add(place.resolve())
    for error in errors:
        yield Failure(str(error.filename), f"cannot be read: {error.strerror}")


def _path_problem(path: Path) -> str | None:
    """Return why the path of a file or folder cannot be stored or followed; None where it can."""
    try:
        path.resolve().as_posix().encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not UTF-8, and cannot be stored: rename it."
    except (OSError, RuntimeError):
        return "a link that leads back to itself: remove it."
    return None


def _belongs_to_page(folder: str, files: list[str]) -> bool:
    """Return whether a browser saved the folder with a page: `story_files` with `story.html`."""
    page = folder.removesuffix("_files")
    return page != folder and any(f"{page}{ending}" in files for ending in (".html", ".htm"))


def _read_file(
    file: Path, where: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure | LeftOut]:
    with open_file(file) as stream:
        match _detect_kind(file, stream):
            case Kind.JSONL:
                yield from read_jsonl(stream, where, outlet=outlet, published=published, outlets=outlets)
            case Kind.WARC:
                yield from _read_warc_file(file, where, outlet, published, outlets)
            case Kind.PARQUET:
                yield from read_parquet(stream, where, outlet=outlet, published=published, outlets=outlets)
            case Kind.TEXT:
                data = read_whole(stream)
                text, url = decode_text(data), f"file:{where}"
                article = read_text(text, url=url, outlet=outlet, published=published, outlets=outlets)
                yield article.read_from(data)
            case Kind.HTML:
                from quotetrack.ingest.html.article import read_page  # imports lxml, which only pages need

                html = read_whole(stream)
                yield read_page(html, url=f"file:{where}", outlet=outlet, published=published, outlets=outlets)


def _detect_kind(file: Path, stream: BinaryIO) -> Kind:
    """Return the kind of a file, and leave the stream at its start. Raises UnreadableFile for a kind we do not read."""
    head = stream.read(SNIFFED)
    stream.seek(0)
    if not head.strip() and len(head) < SNIFFED:
        raise empty_file()
    kind = detect_kind(file, head)
    if kind is None:
        raise UnreadableFile(
            "not a kind that we read: give plain text, an HTML page, article JSONL (one a line), Parquet or WARC"
        )
    return kind


def _read_warc_file(
    file: Path, where: str, outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure | LeftOut]:
    from quotetrack.ingest.formats.warc import read_warc

    # Opened without decompression: gzip packs each record by itself, and read_warc uses that to find the next one.
    with file.open("rb") as stream:
        yield from read_warc(stream, where, outlet=outlet, published=published, outlets=outlets)
