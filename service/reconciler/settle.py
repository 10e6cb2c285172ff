"""Carrying a verdict into the rows: the state of the job and of its attempt, with events, in one transaction."""

from __future__ import annotations

from service.db.base import utc_now
from service.jobs.lifecycle import JobState
from service.jobs.models import AttemptRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.transitions import transition
from workers.spec import Terminal


async def mark_running(jobs: JobRepository, job: JobRow, attempt: AttemptRow) -> None:
    attempt.state = "running"
    attempt.started_at = attempt.started_at or utc_now()
    cause = f"attempt {attempt.number} gave its first sign of life"
    await transition(jobs, job, JobState.RUNNING, cause=cause, actor="reconciler", reason="")


async def settle_end(jobs: JobRepository, job: JobRow, attempt: AttemptRow, terminal: Terminal, tail: str) -> None:
    """The attempt came to its own end."""
    state = JobState(job.state)
    if state == JobState.CANCELLING and terminal.outcome != "succeeded":
        await settle_stop(jobs, job, attempt, terminal.reason or "cancelled while it ran")
        return
    if terminal.outcome == "succeeded":
        _end(attempt, "succeeded", reason=terminal.reason)
        await transition(
            jobs,
            job,
            JobState.SUCCEEDED,
            cause=f"attempt {attempt.number} came to its end",
            actor="reconciler",
            reason=terminal.reason,
        )
    elif terminal.outcome == "stopped":
        await _settle_interruption(jobs, job, attempt)
    elif terminal.cause == "infrastructure":
        await settle_loss(jobs, job, attempt, terminal.reason, tail)
    else:
        _end(attempt, "failed", cause=terminal.cause or "internal", reason=terminal.reason)
        job.cause = terminal.cause or "internal"
        await transition(
            jobs,
            job,
            JobState.FAILED,
            cause=f"attempt {attempt.number} failed: {terminal.reason}",
            actor="reconciler",
            reason=terminal.reason,
        )


async def settle_stop(jobs: JobRepository, job: JobRow, attempt: AttemptRow, reason: str) -> None:
    """The attempt of a job that is being cancelled is gone."""
    _end(attempt, "cancelled", cause="user", reason=reason)
    job.cause = "user"
    cause = f"attempt {attempt.number} has stopped"
    await transition(jobs, job, JobState.CANCELLED, cause=cause, actor="reconciler", reason=reason)


async def settle_loss(jobs: JobRepository, job: JobRow, attempt: AttemptRow, why: str, tail: str) -> None:
    """The attempt was lost: the job is queued again, or fails where it may not be tried any more."""
    why = why.rstrip(".: ")
    _end(attempt, "lost", cause="infrastructure", reason=why)
    job.eta_s = None
    losses = sum(one.state == "lost" for one in await jobs.attempts(job.id))
    if losses < job.max_attempts:
        cause = f"attempt {attempt.number} was lost: {why}"
        reason = f"queued: attempt {attempt.number} was lost, the next goes on from its last checkpoint"
        await transition(jobs, job, JobState.QUEUED, cause=cause, actor="reconciler", reason=reason)
        return
    job.cause = "infrastructure"
    which = "its only attempt" if losses == 1 else f"attempt {attempt.number}, the last of {losses},"
    reason = f"{which} was lost: {why}."
    reason += f" Its log ends with:\n{tail}" if tail else " It left no log."
    cause = f"attempt {attempt.number} was lost: {why}; no more are allowed"
    await transition(jobs, job, JobState.FAILED, cause=cause, actor="reconciler", reason=reason)


async def _settle_interruption(jobs: JobRepository, job: JobRow, attempt: AttemptRow) -> None:
    """The attempt was told to end, though nobody had asked for a cancel: as when the cluster is shut down.

    It left a checkpoint and goes on later; this is no loss and uses up none of the retries.
    """
    _end(attempt, "stopped", cause="infrastructure", reason="it was stopped together with the cluster")
    job.eta_s = None
    cause = f"attempt {attempt.number} was stopped from outside"
    reason = "queued: was stopped with the cluster, goes on from its checkpoint"
    await transition(jobs, job, JobState.QUEUED, cause=cause, actor="reconciler", reason=reason)


async def settle_refusal(jobs: JobRepository, job: JobRow, attempt: AttemptRow, why: str) -> None:
    """Ray will not take the submission."""
    _end(attempt, "failed", cause="internal", reason=why)
    job.cause = "internal"
    await transition(jobs, job, JobState.FAILED, cause=why, actor="reconciler")


def _end(attempt: AttemptRow, state: str, *, reason: str, cause: str | None = None) -> None:
    attempt.state = state
    attempt.cause = cause
    attempt.reason = reason
    attempt.ended_at = utc_now()
