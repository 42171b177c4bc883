"""Erase the articles that a person removed: their text in the database, and the pages that were kept as evidence."""

from __future__ import annotations

from pathlib import Path

from quotetrack.ingest.crawl.page_archive import path_of
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions, rewrite_file
from quotetrack.store.erasure import articles_to_erase, erase_article, were_erased


def run(sessions: Sessions, evidence: Path | None, on_progress: OnProgress = ignore_progress) -> None:
    """Erase every removed article that waits; `evidence` is the folder of pages, if there is one.

    The linker runs first: it takes the quotations out of their utterances. The file of the database is rewritten at the
    end, so that no word is left in it.
    """
    with sessions() as session:
        waiting = articles_to_erase(session)
    if not waiting:
        return
    for done, article_id in enumerate(waiting):
        on_progress("erasing", done, len(waiting))
        with sessions.begin() as session:
            hashes = erase_article(session, article_id)
        if evidence is not None:
            for sha256 in sorted(hashes):
                path_of(evidence, sha256).unlink(missing_ok=True)
    rewrite_file(sessions)
    with sessions.begin() as session:
        were_erased(session, waiting)
    on_progress("erasing", len(waiting), len(waiting))
