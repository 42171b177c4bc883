"""Sources that are files: what has come or grown since they were read last, each article with the place behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from quotetrack.core.domain import Article, Failure
from quotetrack.core.settings import Source
from quotetrack.ingest.formats.resume import START, Position, PositionedResult, resume_reading
from quotetrack.ingest.reader import files_in
from quotetrack.pipeline.intake import IntakeContext, Outcome, outcome_of
from quotetrack.store.crawl import FileState, put_file, put_source, read_file_state

HEAD = 4096  # bytes by which a file that has grown is known from another one under its name


def file_source(context: IntakeContext, source: Source, limit: int | None = None) -> Iterator[Outcome]:
    """Take in what is new in the files of a source, at most `limit` articles; a file as it was is not read again."""
    with context.sessions.begin() as session:
        put_source(session, source.name, context.now())
    yield from islice(_arrivals(context, source), limit)


def is_new(file: Path, before: FileState | None) -> bool:
    """Whether a file has to be read, or read further; `before` is how it was when it was read last."""
    now = file.stat()
    return before is None or not before.is_done or (before.size, before.changed_ns) != (now.st_size, now.st_mtime_ns)


def _arrivals(context: IntakeContext, source: Source) -> Iterator[Outcome]:
    for file in files_in(source.path or Path()):
        if isinstance(file, Failure):
            yield context.failed(source.name, file)
        else:
            yield from _read_file(context, source, file)


def _read_file(context: IntakeContext, source: Source, file: Path) -> Iterator[Outcome]:
    path = file.resolve().as_posix()
    with context.sessions() as session:
        before = read_file_state(session, path)
    try:
        reading = _reading(file, before)
    except OSError as error:
        yield context.failed(source.name, Failure(str(file), f"cannot be read: {error.strerror or error}"))
        return
    if reading is None:
        return
    place = Position(reading.offset, reading.line)
    for step in resume_reading(file, place, outlet=source.outlet, outlets=context.outlets):
        reading = replace(reading, offset=step.next.offset, line=step.next.line)
        yield _take(context, source, step, path, reading)
    with context.sessions.begin() as session:
        put_file(session, path, source.name, replace(reading, is_done=True))


def _reading(file: Path, before: FileState | None) -> FileState | None:
    """What the file is now and where to begin; None where it is as it was.

    A file with the bytes that it began with, and no fewer of them, has grown: reading goes on where it ended.
    """
    if not is_new(file, before):
        return None
    now = file.stat()
    is_grown = before is not None and before.size <= now.st_size and _head(file, before.size) == before.head_sha256
    start = Position(before.offset, before.line) if before is not None and is_grown else START
    return FileState(now.st_size, now.st_mtime_ns, _head(file, now.st_size), start.offset, start.line, is_done=False)


def _head(file: Path, size: int) -> str:
    with file.open("rb") as stream:
        return hashlib.sha256(stream.read(min(size, HEAD))).hexdigest()


def _take(context: IntakeContext, source: Source, step: PositionedResult, path: str, reading: FileState) -> Outcome:
    """File the article, or why there is none, and the place behind it in one transaction."""
    failure = step.result
    if isinstance(step.result, Article):
        try:
            with context.sessions.begin() as session:
                taken = context.put_from(session, source.name, step.result, step.flags)
                put_file(session, path, source.name, reading)
            return outcome_of(source.name, step.result, taken, step.result.url)
        except ValueError as error:  # what it tells cannot be: fetched at an hour without a zone, say
            failure = Failure(step.result.url, str(error))
    assert isinstance(failure, Failure)
    with context.sessions.begin() as session:
        put_file(session, path, source.name, reading)
        return context.put_failed(session, source.name, failure)
