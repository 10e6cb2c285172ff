"""The one way in which a job changes its state: checked, written with its event, in the caller's transaction."""

from __future__ import annotations

from service.db.base import utc_now
from service.jobs.lifecycle import ACTIVE, FINAL, JobState, check_transition
from service.jobs.models import EventRow, JobRow
from service.jobs.repository import JobRepository


class StateChanged(Exception):
    """Another process changed the job between our reading and our writing it."""

    def __init__(self, job: JobRow) -> None:
        super().__init__(f"job {job.id} is no longer {job.state}")


async def transition(
    jobs: JobRepository, job: JobRow, wanted: JobState, *, cause: str, actor: str, reason: str | None = None
) -> None:
    """Move `job` to `wanted` and write the event. `cause` says what happened; `reason` is shown with the new state.

    Raises:
        TransitionError: the lifecycle has no such change.
        StateChanged: the row is not as it was read.
    """
    current = JobState(job.state)
    check_transition(current, wanted)
    now = utc_now()
    if not await jobs.change_state(job, wanted, now):
        raise StateChanged(job)
    job.state = wanted.value
    job.updated_at = now
    job.reason = cause if reason is None else reason
    job.ended_at = now if wanted in FINAL else None
    if wanted not in ACTIVE:
        job.eta_s = None
    if wanted == JobState.RUNNING and job.started_at is None:
        job.started_at = now
    jobs.session.add(
        EventRow(
            job_id=job.id,
            at=now,
            from_state=current.value,
            to_state=wanted.value,
            cause=cause,
            actor=actor,
            attempt=job.attempt or None,
        )
    )


def note(jobs: JobRepository, job: JobRow, *, cause: str, actor: str) -> None:
    """An event that leaves the state as it is: `from_state` and `to_state` are the same."""
    now = utc_now()
    job.updated_at = now
    state = job.state
    jobs.session.add(
        EventRow(
            job_id=job.id,
            at=now,
            from_state=state,
            to_state=state,
            cause=cause,
            actor=actor,
            attempt=job.attempt or None,
        )
    )


def born(job: JobRow, *, cause: str, actor: str) -> EventRow:
    """The first event of a job."""
    return EventRow(
        job_id=job.id, at=job.created_at, from_state=None, to_state=job.state, cause=cause, actor=actor, attempt=None
    )
