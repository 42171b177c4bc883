"""Preview a source: what it lists now, without storing anything; for `sources check` and a dry run of a night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.core.crawling import Fetch, ListedPage
from quotetrack.core.domain import Failure, LeftOut
from quotetrack.core.settings import Source
from quotetrack.ingest.reader import files_in
from quotetrack.pipeline.steps.read_files import is_new
from quotetrack.store import Sessions
from quotetrack.store.crawl import read_file_state, read_known_keys, read_waiting_pages

if TYPE_CHECKING:
    from quotetrack.ingest.crawl.client import Client


@dataclass(frozen=True, slots=True)
class SourcePreview:
    """The numbers of pages or files that a source lists, of those not stored yet, and of pages already in the queue.

    `problems` are the reasons why there may be fewer than there should be.
    """

    source: Source
    listed: int
    new: int
    waiting: int = 0
    problems: tuple[str, ...] = ()


def preview_source(
    source: Source, client: Client | None, sessions: Sessions | None = None, since: date | None = None
) -> SourcePreview:
    """Return what a source lists, and write nothing. Without a store, everything counts as new."""
    if client is not None and source.kind.is_web:
        return _preview_site(source, client, sessions, since)
    return _preview_files(source, sessions)


def _preview_site(source: Source, client: Client, sessions: Sessions | None, since: date | None) -> SourcePreview:
    from quotetrack.ingest.crawl.crawler import Listing, list_pages
    from quotetrack.ingest.crawl.listings import deduplicate

    listed: list[ListedPage] = []
    problems: list[str] = []
    for listing in list_pages(source, client, known={}, since=since):
        if isinstance(listing, Listing):
            listed += listing.pages or ()
        elif isinstance(listing, LeftOut):
            problems.append(f"{listing.number} {listing.reason}")
        else:
            problems.append(listing.reason)
    pages = deduplicate(listed)
    if pages and not source.kind.is_listing:
        fetch = client.fetch(pages[0].url)
        if not isinstance(fetch, Fetch):
            problems.append(fetch.reason)
        elif fetch.is_gone:
            problems.append(f"the server answered {fetch.status}")
    if sessions is None:
        return SourcePreview(source, len(pages), len(pages), problems=tuple(problems))
    with sessions() as session:
        known = read_known_keys(session, [page.key for page in pages])
        waiting = len(read_waiting_pages(session, [source.name]))
    return SourcePreview(source, len(pages), len(pages) - len(known), waiting, tuple(problems))


def _preview_files(source: Source, sessions: Sessions | None) -> SourcePreview:
    files, problems = [], []
    for file in files_in(source.path or Path()):
        if isinstance(file, Failure):
            problems.append(f"{file.where}: {file.reason}")
        elif not file.is_file():
            problems.append(f"{file}: no such file")
        else:
            files.append(file)
    return SourcePreview(source, len(files), _count_new(files, sessions), problems=tuple(problems))


def _count_new(files: Sequence[Path], sessions: Sessions | None) -> int:
    if sessions is None:
        return len(files)
    with sessions() as session:
        return sum(is_new(file, read_file_state(session, file.resolve().as_posix())) for file in files)
