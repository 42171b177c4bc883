"""Apply every correction that waits to the statements of its article. Nothing is extracted again."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.check_matches import follow_check_decisions
from quotetrack.store.corrections import read_corrections
from quotetrack.store.decisions import AppliedKind, decisions_to_apply, were_applied
from quotetrack.store.quotations import correct_quotations
from quotetrack.store.reported import correct_reported


def run(sessions: Sessions, now: datetime, on_progress: OnProgress = ignore_progress) -> None:
    """Apply the corrections that are new or revoked. One transaction an article."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)  # ids of corrections, by the URL of their article
    with sessions() as session:
        for correction in read_corrections(session, decisions_to_apply(session, AppliedKind.CORRECTION)):
            waiting[correction.article_url].append(correction.id)
    for done, (url, ids) in enumerate(waiting.items()):
        on_progress("correcting", done, len(waiting))
        with sessions.begin() as session:
            correct_quotations(session, url, now)
            correct_reported(session, url, now)
            follow_check_decisions(session, url)
            were_applied(session, AppliedKind.CORRECTION, ids)
    if waiting:
        on_progress("correcting", len(waiting), len(waiting))
