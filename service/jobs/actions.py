"""What people may ask of a job after it was submitted: cancel, pause, resume, retry.

Which action makes what of which state is the table `ACTIONS` of the lifecycle; here is what else changes with it.
A request only writes the intent: the reconciler makes the cluster follow.
"""

from __future__ import annotations

from service.access.principal import Principal
from service.db.base import utc_now
from service.jobs.errors import ActionRefused
from service.jobs.lifecycle import ACTIONS, Action, JobState, Refusal
from service.jobs.logic import find, show
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.jobs.schemas import Job, JobKind
from service.jobs.transitions import transition
from service.jobs.words import PAUSING, paused_words, queued_words
from service.sweeps.repository import TrialRepository


async def act(
    jobs: JobRepository,
    job_id: str,
    action: Action,
    principal: Principal,
    *,
    kind: JobKind | None = None,
    from_scratch: bool = False,
) -> Job:
    """Carry out an action. Asking twice changes nothing.

    Raises:
        JobNotFound: there is no such job.
        ActionRefused: the job's state does not allow it.
    """
    row = await find(jobs, job_id, kind=kind, lock=True)
    await apply(jobs, row, action, principal, from_scratch=from_scratch)
    await jobs.session.flush()
    return await show(jobs, job_id)


async def apply(
    jobs: JobRepository, row: JobRow, action: Action, principal: Principal, *, from_scratch: bool = False
) -> None:
    """Change the row as the table says. Raises ActionRefused."""
    state = JobState(row.state)
    wanted = ACTIONS[action][state]
    if isinstance(wanted, Refusal):
        raise ActionRefused(row.id, state, action, wanted.instead)
    match action:
        case Action.CANCEL:
            await _cancel(jobs, row, wanted, principal)
        case Action.PAUSE:
            await _pause(jobs, row, wanted, principal)
        case Action.RESUME:
            await _resume(jobs, row, wanted, principal)
        case Action.RETRY:
            await _retry(jobs, row, wanted, principal, from_scratch=from_scratch)


async def _cancel(jobs: JobRepository, row: JobRow, wanted: JobState, principal: Principal) -> None:
    if wanted == row.state:
        return
    row.cancel_requested_at = utc_now()
    waits = wanted == JobState.CANCELLED
    before = "cancelled before it ran" if row.attempt == 0 else "cancelled while it waited"
    reason = before if waits else "asked to stop; writes a checkpoint first"
    await transition(jobs, row, wanted, cause="cancel was asked for", actor=principal.name, reason=reason)
    if waits:
        row.cause = "user"


async def _pause(jobs: JobRepository, row: JobRow, wanted: JobState, principal: Principal) -> None:
    if wanted == row.state:
        if row.comes_back:  # it gave its place to another job; now it shall stay paused
            row.comes_back = False
            row.reason = PAUSING
        return
    row.pause_requested_at = utc_now()
    row.comes_back = False
    reason = paused_words(row) if wanted == JobState.PAUSED else PAUSING
    await transition(jobs, row, wanted, cause="pause was asked for", actor=principal.name, reason=reason)


async def _resume(jobs: JobRepository, row: JobRow, wanted: JobState, principal: Principal) -> None:
    if wanted == JobState.PAUSING:
        row.comes_back = True
        row.reason = "pausing: goes back to the queue as soon as it has stopped"
    if wanted == row.state:
        return
    row.pause_requested_at = None
    row.not_before = None
    await transition(
        jobs, row, wanted, cause="resume was asked for", actor=principal.name, reason=queued_words(row, "resumed")
    )


async def _retry(
    jobs: JobRepository, row: JobRow, wanted: JobState, principal: Principal, *, from_scratch: bool
) -> None:
    if wanted == row.state:
        if from_scratch and not _starts_from_scratch(row):
            raise ActionRefused(row.id, row.state, Action.RETRY, "cancel it first to begin from scratch")
        row.not_before = None  # a retry that waits out its backoff starts now
        return
    row.cancel_requested_at = None
    row.pause_requested_at = None
    row.not_before = None
    row.cause = None
    row.forgiven_attempts = row.attempt
    if from_scratch:
        row.scratch_after = row.attempt
        row.step = 0
        row.metrics = {}
        row.mlflow_run_id = None
        row.mlflow_experiment_id = None
        await TrialRepository(jobs.session).remove_all(row.id)
    cause = "retry from scratch was asked for" if from_scratch else "retry was asked for"
    reason = queued_words(row, "is tried again")
    await transition(jobs, row, wanted, cause=cause, actor=principal.name, reason=reason)


def _starts_from_scratch(row: JobRow) -> bool:
    """Whether the attempt that runs or comes next is the first one since a retry from scratch."""
    following = row.attempt + 1 if row.state == JobState.QUEUED else row.attempt
    return following == row.scratch_after + 1
