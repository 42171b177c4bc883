"""Take published fact-checks in: read a file of them, keep its bytes as evidence, store what is new or revised."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from quotetrack.core.domain import Failure
from quotetrack.core.settings import Settings
from quotetrack.ingest.crawl.client import Client, Skipped
from quotetrack.ingest.crawl.page_archive import archive
from quotetrack.ingest.formats.claim_reviews import LARGEST_FEED, read_claim_reviews
from quotetrack.ingest.formats.compression import open_file
from quotetrack.ingest.formats.detect import UnreadableFile, file_named
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.pipeline.steps import embed, match_checks
from quotetrack.store import Sessions
from quotetrack.store.check_matches import has_quotations
from quotetrack.store.fact_checks import NEW, REVISED, UNCHANGED, put_fact_checks


@dataclass(frozen=True, slots=True)
class ImportedChecks:
    """How many fact-checks of a file were new, revised and unchanged, and the records that could not be used."""

    new: int
    revised: int
    unchanged: int
    failures: tuple[Failure, ...]


def read_feed_bytes(path: Path) -> bytes:
    """Return the bytes of a file of fact-checks, decompressed. Raises UnreadableFile."""
    with file_named(str(path)), open_file(path) as stream:
        return stream.read(LARGEST_FEED + 1)


def fetch_feed(client: Client, url: str) -> bytes:
    """Return the body at an address. Raises UnreadableFile where none can be had."""
    fetched = client.fetch(url, largest=LARGEST_FEED)
    if isinstance(fetched, Failure | Skipped):
        raise UnreadableFile(f"{url}: {fetched.reason}")
    if not fetched.body:
        raise UnreadableFile(f"{url}: the server answered {fetched.status} and no content: check the address")
    return fetched.body


def match_stored(sessions: Sessions, settings: Settings, on_progress: OnProgress = ignore_progress) -> None:
    """Match the stored sightings with the stored fact-checks. Raises EmbeddingModelMissing if there are any of both."""
    with sessions() as session:
        if not has_quotations(session):
            return
    match_checks.run(sessions, settings, embed.run(sessions, settings, on_progress), on_progress)


def import_checks(
    sessions: Sessions,
    data: bytes,
    where: str,
    *,
    settings: Settings,
    now: datetime,
    columns: Mapping[str, str] | None = None,
) -> ImportedChecks:
    """Store the fact-checks of a file in one transaction. A second import of the same file changes nothing.

    `where` names the file in failures. Raises UnreadableFile for a file without fact-checks.
    """
    with file_named(where):
        read = list(read_claim_reviews(BytesIO(data), where, columns))
    checks = [each for each in read if not isinstance(each, Failure)]
    evidence = hashlib.sha256(data).hexdigest()
    if checks and settings.evidence is not None and settings.keep_files:
        archive(settings.evidence, data)
    with sessions.begin() as session:
        counts = put_fact_checks(session, checks, evidence, now)
    failures = tuple(each for each in read if isinstance(each, Failure))
    return ImportedChecks(counts[NEW], counts[REVISED], counts[UNCHANGED], failures)
