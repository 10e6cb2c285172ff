"""Copying what an attempt left in storage into the rows of its job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from service.clients.mlflow import finite_or_none
from service.db.base import utc_now
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.models import AttemptRow, JobRow
from service.reconciler.storage import Findings, finite
from service.sweeps.models import TrialRow
from workers.spec import Heartbeat, Terminal, TrialRecord


async def copy_findings(session: AsyncSession, job: JobRow, attempt: AttemptRow, found: Findings) -> None:
    if found.heartbeat is not None:
        _copy_heartbeat(job, attempt, found.heartbeat)
    if found.terminal is not None:
        _copy_terminal(job, found.terminal)
    for trial in found.trials:
        await session.merge(_trial_row(job.id, trial))
    if session.is_modified(job):
        job.updated_at = utc_now()


async def end_trials(session: AsyncSession, job: JobRow) -> None:
    """Settle the trials of a sweep of which no attempt runs: a driver that was killed has left some as running."""
    final = JobState(job.state) in FINAL
    reason = "ended with the sweep" if final else "interrupted; goes on with the sweep"
    await session.execute(
        update(TrialRow)
        .where(TrialRow.job_id == job.id, TrialRow.state == "running")
        .values(state="stopped", ended_at=utc_now(), reason=reason)
    )


def _copy_heartbeat(job: JobRow, attempt: AttemptRow, beat: Heartbeat) -> None:
    now = utc_now()
    attempt.heartbeat_at = beat.at
    job.phase = beat.phase
    job.step = beat.step
    job.num_steps = beat.num_steps or job.num_steps
    job.mlflow_run_id = beat.mlflow_run_id or job.mlflow_run_id
    if beat.metrics:
        job.metrics = {**job.metrics, **finite(beat.metrics)}
    if beat.step > 0 and attempt.first_step is None:
        attempt.first_step = beat.step
        attempt.first_step_at = now
    job.eta_s = eta_s(attempt, beat.step, job.num_steps, now)


def _copy_terminal(job: JobRow, terminal: Terminal) -> None:
    job.mlflow_run_id = terminal.mlflow_run_id or job.mlflow_run_id
    job.metrics = {**job.metrics, **finite(terminal.metrics)}
    if terminal.outcome == "succeeded" and job.kind == "job":
        job.step = job.num_steps


def eta_s(attempt: AttemptRow, step: int, num_steps: int, now: datetime) -> float | None:
    """Seconds to the end at the mean speed since the first step that was seen."""
    if attempt.first_step is None or attempt.first_step_at is None or step <= attempt.first_step:
        return None
    per_step_s = (now - attempt.first_step_at).total_seconds() / (step - attempt.first_step)
    return round(max(0, num_steps - step) * per_step_s, 1)


def _trial_row(job_id: str, trial: TrialRecord) -> TrialRow:
    return TrialRow(
        job_id=job_id,
        number=trial.number,
        state=trial.state,
        role=trial.role,
        seed=trial.seed,
        repeats=trial.repeats,
        further_objectives=[finite_or_none(value) for value in trial.further_objectives],
        reports=[report.model_dump(mode="json") for report in trial.reports],
        seconds=trial.seconds,
        parameters=trial.parameters,
        schedule=[stretch.model_dump(mode="json") for stretch in trial.schedule],
        exploits=[exploit.model_dump(mode="json") for exploit in trial.exploits],
        metrics=finite(trial.metrics),
        objective=finite_or_none(trial.objective),
        step=trial.step,
        mlflow_run_id=trial.mlflow_run_id,
        started_at=trial.started_at,
        ended_at=trial.ended_at,
        reason=trial.reason,
    )
