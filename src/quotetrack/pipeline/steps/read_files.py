"""Read the sources that are files: what is new in them, or was added since they were read last.

Each article is stored in one transaction with the position behind it. A reading that is stopped continues from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from quotetrack.core.domain import Article, Failure, LeftOut
from quotetrack.core.settings import Source
from quotetrack.ingest.formats.resume import START, Position, PositionedResult, resume_reading
from quotetrack.ingest.reader import files_in
from quotetrack.pipeline.intake import Outcome, RunContext, failure_of, outcome_of, outcome_of_left_out
from quotetrack.store.crawl import FileState, put_file, put_source, read_file_state

PIECE = 2**20  # bytes hashed at a time


def read_files(context: RunContext, sources: Sequence[Source], limit: int | None = None) -> Iterator[Outcome]:
    """Take in what is new in the files of these sources, at most `limit` articles of each source.

    A file that has not changed is not read again.
    """
    for source in sources:
        with context.sessions.begin() as session:
            put_source(session, source.name, context.now())
        yield from islice(_read_source(context, source), limit)


def is_new(file: Path, before: FileState | None) -> bool:
    """Return whether a file has to be read, or read further; `before` is its state when it was read last."""
    now = file.stat()
    return before is None or not before.is_done or (before.size, before.changed_ns) != (now.st_size, now.st_mtime_ns)


def _read_source(context: RunContext, source: Source) -> Iterator[Outcome]:
    for file in files_in(source.path or Path()):
        if isinstance(file, Failure):
            yield context.record_failure(source.name, file)
        else:
            yield from _read_file(context, source, file)


def _read_file(context: RunContext, source: Source, file: Path) -> Iterator[Outcome]:
    path = file.resolve().as_posix()
    with context.sessions() as session:
        before = read_file_state(session, path)
    try:
        state = _state_to_read_from(file, before)
    except OSError as error:
        yield context.record_failure(source.name, Failure(str(file), f"cannot be read: {error.strerror or error}"))
        return
    if state is None:
        return
    start = Position(state.offset, state.line)
    for step in resume_reading(file, start, outlet=source.outlet, outlets=context.outlets):
        state = replace(state, offset=step.next.offset, line=step.next.line)
        yield _take(context, source, step, path, state)
    with context.sessions.begin() as session:
        put_file(session, path, source.name, replace(state, is_done=True))


def _state_to_read_from(file: Path, before: FileState | None) -> FileState | None:
    """Return the state of the file now, with the position to read from; None if it has not changed.

    A file that still begins with all the bytes that it had has grown: it is read from where the last reading ended. One
    that was written anew is read from its start, since a line that was read may be corrected.
    """
    if not is_new(file, before):
        return None
    now = file.stat()
    first_bytes, all_bytes = _hashes(file, before.size if before else 0, now.st_size)
    has_grown = before is not None and before.size <= now.st_size and first_bytes == before.sha256
    start = Position(before.offset, before.line) if before is not None and has_grown else START
    return FileState(now.st_size, now.st_mtime_ns, all_bytes, start.offset, start.line, is_done=False)


def _hashes(file: Path, *sizes: int) -> list[str]:
    """Return the SHA-256 of the first bytes of a file, for each of these numbers of bytes."""
    hashed, done = hashlib.sha256(), 0
    by_size = {}
    with file.open("rb") as stream:
        for size in sorted(sizes):
            while piece := stream.read(min(PIECE, size - done)):
                hashed.update(piece)
                done += len(piece)
            by_size[size] = hashed.copy().hexdigest()
    return [by_size[size] for size in sizes]


def _take(context: RunContext, source: Source, read: PositionedResult, path: str, state: FileState) -> Outcome:
    """Store the article or the failure, and the position behind it, in one transaction."""
    if isinstance(read.result, LeftOut):
        return outcome_of_left_out(source.name, read.result)
    failure = read.result
    if isinstance(read.result, Article):
        try:
            with context.sessions.begin() as session:
                taken = context.put_source_article(session, source.name, read.result, read.flags)
                put_file(session, path, source.name, state)
            return outcome_of(source.name, taken, read.result.url)
        except Exception as error:
            failure = failure_of(read.result.url, error)
    assert isinstance(failure, Failure)
    with context.sessions.begin() as session:
        put_file(session, path, source.name, state)
        return context.put_failure(session, source.name, failure)
