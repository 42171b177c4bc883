"""Apply every correction that waits to the quotations of its article. Nothing is extracted again."""

from __future__ import annotations

from datetime import datetime

from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store import Sessions
from quotetrack.store.corrections import read_corrections
from quotetrack.store.decisions import AppliedKind, decisions_to_apply, were_applied
from quotetrack.store.quotations import correct_quotations


def run(sessions: Sessions, now: datetime, on_progress: OnProgress = ignore_progress) -> None:
    """Apply the corrections that are new or revoked. One transaction a correction."""
    with sessions() as session:
        waiting = read_corrections(session, decisions_to_apply(session, AppliedKind.CORRECTION))
    for done, correction in enumerate(waiting):
        on_progress("correcting", done, len(waiting))
        with sessions.begin() as session:
            correct_quotations(session, correction.article_url, now)
            were_applied(session, AppliedKind.CORRECTION, [correction.id])
    if waiting:
        on_progress("correcting", len(waiting), len(waiting))
