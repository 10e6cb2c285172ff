"""Making a job from another one, and changing what may change of one."""

from __future__ import annotations

from pydantic import ValidationError

from service.access.principal import Principal
from service.errors import Invalid
from service.jobs.errors import PriorityIsPast
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.logic import Freshness, find, show, submit
from service.jobs.merge_patch import merge_patch
from service.jobs.repository import JobRepository
from service.jobs.schemas import CloneRequest, Job, JobPatch
from service.jobs.transitions import note
from service.lineage.pins import loosen
from service.settings import Settings
from service.validation import validation_errors
from workers.spec import JobSpec, SweepSpec


async def clone(
    jobs: JobRepository,
    job_id: str,
    request: CloneRequest,
    principal: Principal,
    *,
    idempotency_key: str | None,
    settings: Settings,
) -> Job:
    """Queue a new job with the spec of another one, edited.

    Raises:
        JobNotFound: there is no job to clone.
        Invalid: the edited spec makes no sense.
        Forbidden: the principal may not submit to the project of the edited spec.
    """
    row = await find(jobs, job_id)
    document = loosen(merge_patch(row.spec, request.edits), before=row.spec)
    is_sweep = isinstance(document, dict) and document.get("kind") == "sweep"
    model: type[JobSpec | SweepSpec] = SweepSpec if is_sweep else JobSpec
    try:
        spec = model.model_validate(document)
    except ValidationError as error:
        wrong = validation_errors(error, model=model, document=document)
        detail = "; ".join(f"{one.field}: {one.message}" for one in wrong[:3])
        raise Invalid(f"the spec of {job_id} with these edits: {detail}", errors=wrong) from error
    return await submit(jobs, spec, principal, idempotency_key=idempotency_key, settings=settings, cloned_from=job_id)


async def change(
    jobs: JobRepository, job_id: str, patch: JobPatch, principal: Principal, *, freshness: Freshness | None = None
) -> Job:
    """Change name, tags or priority. A priority holds from the next round of the reconciler on.

    Raises:
        JobNotFound: there is no such job.
        PreconditionFailed: the job is not as the one who changes it saw it.
        PriorityIsPast: the job has ended and waits for nothing any more.
    """
    row = await find(jobs, job_id, lock=True)
    if freshness is not None:
        freshness.check(row.revision)
    wanted = patch.model_dump(mode="json", include=patch.model_fields_set)
    changes = {name: value for name, value in wanted.items() if value != getattr(row, name)}
    if "priority" in changes and JobState(row.state) in FINAL:
        raise PriorityIsPast(job_id, row.state)
    if changes:
        words = ", ".join(f"{name} from {getattr(row, name)!r} to {value!r}" for name, value in changes.items())
        for name, value in changes.items():
            setattr(row, name, value)
        row.spec = {**row.spec, **changes}
        note(jobs, row, cause=f"changed {words}", actor=principal.name)
        await jobs.session.flush()
    return await show(jobs, job_id)
