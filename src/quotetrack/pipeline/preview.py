"""What a source has to tell now, without taking anything in: for a check, and for a night that is only tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.core.domain import Failure
from quotetrack.core.settings import Source
from quotetrack.ingest.reader import files_in
from quotetrack.pipeline.steps.read_files import is_new
from quotetrack.store import Sessions
from quotetrack.store.crawl import file_on_file, keys_on_file, waiting_pages

if TYPE_CHECKING:
    from quotetrack.ingest.crawl.client import Client


@dataclass(frozen=True, slots=True)
class SourcePreview:
    """What a source lists now: pages or files, how many of them are new to the store, and how many wait from before.

    `problems` say why there is less than there should be.
    """

    source: Source
    listed: int
    new: int
    waiting: int = 0
    problems: tuple[str, ...] = ()


def preview_source(
    source: Source, client: Client | None, sessions: Sessions | None = None, since: date | None = None
) -> SourcePreview:
    """Ask a source what it lists, and write nothing; without a store all of it is new."""
    if client is not None and source.kind.is_web:
        return _look_at_site(source, client, sessions, since)
    return _look_at_files(source, sessions)


def _look_at_site(source: Source, client: Client, sessions: Sessions | None, since: date | None) -> SourcePreview:
    from quotetrack.ingest.crawl.client import Fetched, Skipped
    from quotetrack.ingest.crawl.crawler import list_pages
    from quotetrack.ingest.crawl.listings import Listed, once_each

    told = list(list_pages(source, client, known={}, since=since))
    pages = once_each(one for one in told if isinstance(one, Listed))
    problems = [one.reason for one in told if isinstance(one, Skipped | Failure)]
    if not source.kind.is_listing:
        found = client.fetch(pages[0].url) if pages else None
        if isinstance(found, Skipped | Failure):
            problems.append(found.reason)
        elif isinstance(found, Fetched) and found.is_gone:
            problems.append(f"the server answered {found.status}")
    if sessions is None:
        return SourcePreview(source, len(pages), len(pages), problems=tuple(problems))
    with sessions() as session:
        known = keys_on_file(session, [page.key for page in pages])
        waiting = len(waiting_pages(session, [source.name]))
    return SourcePreview(source, len(pages), len(pages) - len(known), waiting, tuple(problems))


def _look_at_files(source: Source, sessions: Sessions | None) -> SourcePreview:
    found = list(files_in(source.path or Path()))
    files = [one for one in found if isinstance(one, Path) and one.is_file()]
    problems = [f"{one.where}: {one.reason}" for one in found if isinstance(one, Failure)]
    problems += [f"{one}: no such file" for one in found if isinstance(one, Path) and not one.is_file()]
    return SourcePreview(source, len(files), sum(1 for _ in _new(files, sessions)), problems=tuple(problems))


def _new(files: Sequence[Path], sessions: Sessions | None) -> Iterator[Path]:
    for file in files:
        if sessions is None:
            yield file
            continue
        with sessions() as session:
            before = file_on_file(session, file.resolve().as_posix())
        if is_new(file, before):
            yield file
