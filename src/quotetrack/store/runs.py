"""Runs: what was done when, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from quotetrack.core.domain import Failure
from quotetrack.store.tables import FailureRow, RunRow

Counts = Mapping[str, Mapping[str, float]]
"""By a name (of a source, of a stage) what was counted there; `seconds` among it may have decimals."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job. `finished_at` is None of one that is under way, or was killed.

    `error` is why it ended early; `failed` how many things it could not read; `sources` and `stages` what a night
    counted by each.
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
        """How long it took; None where it did not end."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def read_runs(session: Session, limit: int) -> list[Run]:
    """The last runs, the latest first."""
    wanted = select(RunRow, _failed()).order_by(RunRow.id.desc()).limit(limit)
    return [_run(row, failed) for row, failed in session.execute(wanted)]


def read_run(session: Session, run_id: int) -> Run | None:
    """The run with this id."""
    found = session.execute(select(RunRow, _failed()).where(RunRow.id == run_id)).one_or_none()
    return _run(*found) if found else None


def failures_of(session: Session, run_id: int) -> list[Failure]:
    """What a run could not read, in order."""
    wanted = select(FailureRow).where(FailureRow.run_id == run_id).order_by(FailureRow.id)
    return [Failure(row.place, row.reason) for row in session.scalars(wanted)]


def put_counts(session: Session, run_id: int, sources: Counts, stages: Counts) -> None:
    """File what a night counted by source and by stage."""
    told = {"sources": sources, "stages": stages}
    session.get_one(RunRow, run_id).told = {
        kind: {name: dict(counted) for name, counted in by_name.items()} for kind, by_name in told.items()
    }
    session.flush()


def _failed() -> ScalarSelect[int]:
    """How many failures a run has, beside it."""
    return select(func.count()).where(FailureRow.run_id == RunRow.id).correlate(RunRow).scalar_subquery()


def _run(row: RunRow, failed: int) -> Run:
    told = row.told or {}
    return Run(
        id=row.id,
        command=row.command,
        code_version=row.code_version,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        counts=row.counts or {},
        failed=failed,
        sources=told.get("sources", {}),
        stages=told.get("stages", {}),
    )


def start_run(session: Session, command: str, code_version: str, now: datetime) -> int:
    """The id of a new run."""
    run = RunRow(command=command, code_version=code_version, started_at=now)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: int, now: datetime, counts: Mapping[str, int], error: str | None) -> None:
    """Say how a run ended; `error` is None where it went through."""
    run = session.get_one(RunRow, run_id)
    run.finished_at, run.counts, run.error = now, dict(counts), error
    session.flush()


def put_failure(session: Session, run_id: int, failure: Failure, now: datetime) -> None:
    """Record what a run could not read."""
    session.add(FailureRow(run_id=run_id, place=failure.where, reason=failure.reason, failed_at=now))
    session.flush()
