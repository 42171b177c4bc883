"""Runs and their failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from quotetrack.core.domain import Failure
from quotetrack.store.tables import FailureRow, RunRow

Counts = Mapping[str, Mapping[str, float]]
"""Counts by the name of a source or stage, then by kind. Only `seconds` may have decimals."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job. `finished_at` is None while it runs, or if it was killed.

    `error` is why it ended early, `failed` the number of its failures; `sources` and `stages` are counts of a night.
    """

    id: int
    command: str
    code_version: str
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    counts: Mapping[str, int]
    failed: int
    sources: Counts
    stages: Counts

    @property
    def seconds(self) -> float | None:
        """The duration; None if the run did not finish."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def read_runs(session: Session, limit: int) -> list[Run]:
    """Return the last runs, the latest first."""
    wanted = select(RunRow, _failed()).order_by(RunRow.id.desc()).limit(limit)
    return [_run(row, failed) for row, failed in session.execute(wanted)]


def read_run(session: Session, run_id: int) -> Run | None:
    """Return the run with this id; None if there is none."""
    row = session.execute(select(RunRow, _failed()).where(RunRow.id == run_id)).one_or_none()
    return _run(*row) if row else None


def failures_of(session: Session, run_id: int) -> list[Failure]:
    """Return the failures of a run, in order."""
    wanted = select(FailureRow).where(FailureRow.run_id == run_id).order_by(FailureRow.id)
    return [Failure(row.place, row.reason) for row in session.scalars(wanted)]


def put_counts(session: Session, run_id: int, sources: Counts, stages: Counts) -> None:
    """Store the counts of a night by source and by stage."""
    breakdown = {"sources": sources, "stages": stages}
    session.get_one(RunRow, run_id).breakdown = {
        kind: {name: dict(counted) for name, counted in by_name.items()} for kind, by_name in breakdown.items()
    }
    session.flush()


def _failed() -> ScalarSelect[int]:
    """Return the number of failures of a run, as a subquery."""
    return select(func.count()).where(FailureRow.run_id == RunRow.id).correlate(RunRow).scalar_subquery()


def _run(row: RunRow, failed: int) -> Run:
    breakdown, counted = row.breakdown or {}, row.counts or {}
    return Run(
        id=row.id,
        command=row.command,
        code_version=row.code_version,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        counts=counted,
        failed=max(failed, counted.get("failed", 0)),  # `corpus load` stores one failure for those that no record names
        sources=breakdown.get("sources", {}),
        stages=breakdown.get("stages", {}),
    )


def start_run(session: Session, command: str, code_version: str, now: datetime) -> int:
    """Store a new run, and return its id."""
    run = RunRow(command=command, code_version=code_version, started_at=now)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: int, now: datetime, counts: Mapping[str, int], error: str | None) -> None:
    """Store how a run ended; `error` is None if it did not fail."""
    run = session.get_one(RunRow, run_id)
    run.finished_at, run.counts, run.error = now, dict(counts), error
    session.flush()


def put_failure(session: Session, run_id: int, failure: Failure, now: datetime) -> None:
    """Store a failure of a run."""
    session.add(FailureRow(run_id=run_id, place=failure.where, reason=failure.reason, failed_at=now))
    session.flush()
