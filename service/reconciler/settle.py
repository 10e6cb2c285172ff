"""Carrying a verdict into the rows: the state of the job and of its attempt, with events, in one transaction."""

from __future__ import annotations

from datetime import timedelta

from service.db.base import utc_now
from service.db.clock import database_now
from service.jobs.lifecycle import JobState
from service.jobs.models import AttemptRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.transitions import transition
from service.jobs.words import paused_words, queued_words
from workers.spec import RetrySpec, Terminal


async def mark_running(jobs: JobRepository, job: JobRow, attempt: AttemptRow) -> None:
    attempt.state = "running"
    attempt.started_at = attempt.started_at or await database_now(jobs.session)
    cause = f"attempt {attempt.number} gave its first sign of life"
    await transition(jobs, job, JobState.RUNNING, cause=cause, actor="reconciler", reason="")


async def settle_end(jobs: JobRepository, job: JobRow, attempt: AttemptRow, terminal: Terminal, tail: str) -> None:
    """The attempt came to its own end."""
    state = JobState(job.state)
    if terminal.outcome == "succeeded":
        _end(attempt, "succeeded", reason=terminal.reason)
        cause = f"attempt {attempt.number} came to its end"
        await transition(jobs, job, JobState.SUCCEEDED, cause=cause, actor="reconciler", reason=terminal.reason)
    elif state == JobState.CANCELLING or (state == JobState.PAUSING and _goes_on(terminal)):
        await settle_stop(jobs, job, attempt, terminal.reason)
    elif terminal.outcome == "stopped":
        await _settle_interruption(jobs, job, attempt)
    elif terminal.cause == "infrastructure":
        await settle_loss(jobs, job, attempt, terminal.reason, tail)
    else:
        await _settle_failure(jobs, job, attempt, terminal)


def _goes_on(terminal: Terminal) -> bool:
    """Whether another attempt makes sense after such an end."""
    return terminal.outcome == "stopped" or terminal.cause == "infrastructure"


async def _settle_failure(jobs: JobRepository, job: JobRow, attempt: AttemptRow, terminal: Terminal) -> None:
    job.cause = terminal.cause or "internal"
    _end(attempt, "failed", cause=job.cause, reason=terminal.reason)
    cause = f"attempt {attempt.number} failed: {terminal.reason}"
    await transition(jobs, job, JobState.FAILED, cause=cause, actor="reconciler", reason=terminal.reason)


async def settle_stop(jobs: JobRepository, job: JobRow, attempt: AttemptRow, how: str) -> None:
    """The attempt of a job that is being cancelled or paused is gone."""
    cause = f"attempt {attempt.number} has stopped" + (f": {how}" if how else "")
    if job.state == JobState.CANCELLING:
        _end(attempt, "cancelled", cause="user", reason=how)
        job.cause = "user"
        reason = "cancelled while it ran" if attempt.started_at else "cancelled while it started"
        await transition(jobs, job, JobState.CANCELLED, cause=cause, actor="reconciler", reason=reason)
    elif job.state == JobState.PAUSING:
        _end(attempt, "stopped", cause="user", reason=how)
        await transition(jobs, job, JobState.PAUSED, cause=cause, actor="reconciler", reason=paused_words(job))
        if job.comes_back:
            await _come_back(jobs, job)


async def push_aside(jobs: JobRepository, job_id: str, other_id: str) -> None:
    """Pause a running job for a while, so that another one gets its place."""
    job = await jobs.get(job_id, lock=True)
    if job is None or job.state != JobState.RUNNING:
        return
    job.pause_requested_at = utc_now()
    job.comes_back = True
    cause = f"makes place for {other_id}, which has a higher priority"
    await transition(jobs, job, JobState.PAUSING, cause=cause, actor="reconciler", reason=f"pausing: {cause}")


async def _come_back(jobs: JobRepository, job: JobRow) -> None:
    """Queue a job again that was not paused to stay so."""
    job.comes_back = False
    job.pause_requested_at = None
    cause = "goes back to the queue by itself"
    reason = queued_words(job, "has made place")
    await transition(jobs, job, JobState.QUEUED, cause=cause, actor="reconciler", reason=reason)


async def settle_loss(jobs: JobRepository, job: JobRow, attempt: AttemptRow, why: str, tail: str) -> None:
    """The attempt was lost: the job is queued again, or fails where it may not be tried any more."""
    why = why.rstrip(".: ")
    _end(attempt, "lost", cause="infrastructure", reason=why)
    job.eta_s = None
    losses = sum(one.state == "lost" and one.number > job.forgiven_attempts for one in await jobs.attempts(job.id))
    if losses < job.max_attempts:
        pause_s = RetrySpec.model_validate(job.spec["retry"]).pause_s(losses)
        job.not_before = await database_now(jobs.session) + timedelta(seconds=pause_s)
        cause = f"attempt {attempt.number} was lost: {why}"
        when = f"in {pause_s:g} s" if pause_s else "as soon as there is place"
        reason = f"queued: attempt {attempt.number + 1} starts {when}; {cause}"
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
    if job.state == JobState.CANCELLING:
        await settle_stop(jobs, job, attempt, why)
        return
    _end(attempt, "failed", cause="internal", reason=why)
    job.cause = "internal"
    await transition(jobs, job, JobState.FAILED, cause=why, actor="reconciler")


def _end(attempt: AttemptRow, state: str, *, reason: str, cause: str | None = None) -> None:
    attempt.state = state
    attempt.cause = cause
    attempt.reason = reason
    attempt.ended_at = utc_now()
