"""Remove old evidence, and keep what verifies the quotations that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quotetrack.ingest.crawl.page_archive import path_of
from quotetrack.store import Sessions
from quotetrack.store.evidence import Evidence, read_evidence


@dataclass(frozen=True, slots=True)
class Pruned:
    """The files that were removed, or would be: their number and bytes. `kept` files are as old, but in use."""

    removed: int
    removed_bytes: int
    kept: int
    kept_bytes: int


def prune(
    sessions: Sessions, folder: Path, before: datetime, *, also_in_use: bool = False, dry_run: bool = False
) -> Pruned:
    """Remove the evidence files that were last used before a moment. Files that this store does not know stay.

    A file is in use if it verifies a current version, or an older version with a quotation that no newer version has.
    It is kept unless `also_in_use`. The caller holds the run lock; with `dry_run`, nothing is removed.
    """
    removed: list[int] = []  # bytes of each file
    kept: list[int] = []
    with sessions() as session:
        for evidence in read_evidence(session):
            path = path_of(folder, evidence.sha256)
            if evidence.last_used_at >= before or not path.is_file():
                continue
            size = path.stat().st_size
            if not also_in_use and _is_in_use(evidence, folder):
                kept.append(size)
                continue
            removed.append(size)
            if not dry_run:
                path.unlink()
    return Pruned(len(removed), sum(removed), len(kept), sum(kept))


def _is_in_use(evidence: Evidence, folder: Path) -> bool:
    """Return whether a version is verified by this file, or should be by one that is not in the folder."""
    return any(needed == evidence.sha256 or not path_of(folder, needed).is_file() for needed in evidence.needed_for)
