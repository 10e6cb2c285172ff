"""One action on many jobs: each is done or refused for itself."""

from __future__ import annotations

from service.access.principal import Principal, Role
from service.errors import ServiceError
from service.jobs.actions import apply
from service.jobs.errors import JobNotFound
from service.jobs.lifecycle import JobState
from service.jobs.logic import find
from service.jobs.repository import JobRepository
from service.jobs.schemas import BulkItem, BulkProblem, BulkRequest, BulkResult


async def act_on_many(jobs: JobRepository, request: BulkRequest, principal: Principal) -> BulkResult:
    """Every id gets its own answer, in the order asked; what is refused for one changes nothing for the others."""
    answers: dict[str, BulkItem] = {}
    for job_id in sorted(set(request.ids)):  # one order for everybody: two requests never wait for each other
        try:
            async with jobs.session.begin_nested():
                answers[job_id] = BulkItem(id=job_id, state=await _act(jobs, job_id, request, principal), problem=None)
        except ServiceError as error:
            problem = BulkProblem(status=error.status, title=error.title, detail=error.detail)
            answers[job_id] = BulkItem(id=job_id, state=None, problem=problem)
    return BulkResult(items=[answers[job_id] for job_id in dict.fromkeys(request.ids)])


async def _act(jobs: JobRepository, job_id: str, request: BulkRequest, principal: Principal) -> JobState:
    row = await find(jobs, job_id, lock=True)
    if not principal.may(Role.VIEWER, row.project):
        raise JobNotFound(job_id)
    principal.check(Role.EDITOR, row.project)
    await apply(jobs, row, request.action, principal, from_scratch=request.from_scratch)
    await jobs.session.flush()
    return JobState(row.state)
