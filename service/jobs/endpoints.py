"""HTTP routes of jobs. Those under /jobs answer for sweeps as well."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import StringConstraints

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep
from service.http.conditions import UNCHANGED, FreshnessDep, IfMatchDep
from service.http.problems import problems
from service.http.strict import strict
from service.jobs import beside, changes, curves, logic, logs
from service.jobs.actions import act
from service.jobs.bulk import act_on_many
from service.jobs.folders import folder_of
from service.jobs.lifecycle import Action
from service.jobs.queries import PLAIN, Cursor, JobsShown, Limit, SortBy
from service.jobs.repository import JobRepository
from service.jobs.schemas import (
    Baselines,
    BulkRequest,
    BulkResult,
    CloneRequest,
    CurvesOfJobs,
    EventPage,
    Job,
    JobCounts,
    JobPage,
    JobPatch,
    LogChunk,
    Metrics,
)
from workers.spec import JobSpec

router = APIRouter(prefix="/jobs", tags=["jobs"])


async def get_jobs(session: SessionDep) -> JobRepository:
    return JobRepository(session)


JobsDep = Annotated[JobRepository, Depends(get_jobs)]
JobIdPath = Annotated[str, Path(max_length=64, description="Id of a job or a sweep.", examples=["job-k3v9x2m7qa"])]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key gives the same job, however often the request is sent.",
    ),
]
MetricKey = Annotated[str, StringConstraints(min_length=1, max_length=250)]
Keys = Annotated[
    list[MetricKey] | None,
    Query(max_length=100, description="Names of metrics; may be given several times. All where none is given."),
]
JobIds = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)]],
    Query(alias="id", min_length=1, max_length=200, description="Ids of jobs; may be given several times."),
]
FewKeys = Annotated[
    list[MetricKey],
    Query(min_length=1, max_length=5, description="Names of metrics; may be given several times.", examples=["val/AP"]),
]
FewPoints = Annotated[int, Query(ge=2, le=100, description="At most so many points of each curve.")]
FromScratch = Annotated[
    bool, Query(description="Begin again in a new folder and a new MLflow run instead of going on from a checkpoint.")
]
SinceStep = Annotated[int | None, Query(ge=-1, le=2**53, description="Only points after this step.")]
MaxPoints = Annotated[int, Query(ge=2, le=10_000, description="At most so many points of each curve.")]


@router.post("", operation_id="submitJob", status_code=201, responses=problems(400, 413, 415, 422))
async def submit_job(
    spec: Annotated[JobSpec, strict(JobSpec)],
    jobs: JobsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Queue a job. A job that was answered is never lost."""
    job = await logic.submit(jobs, spec, principal, idempotency_key=idempotency_key, settings=context.settings)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job


@router.post("/check", operation_id="checkJob", responses=problems(400, 413, 415, 422))
async def check_job(
    spec: Annotated[JobSpec, strict(JobSpec)], jobs: JobsDep, principal: PrincipalDep, context: ContextDep
) -> JobSpec:
    """Say what `submitJob` would say, and queue nothing. Answers the spec with all defaults filled in."""
    checked = await logic.check(jobs, spec, principal, settings=context.settings)
    assert isinstance(checked, JobSpec)
    return checked


@router.get("", operation_id="listJobs", responses=problems(422))
async def list_jobs(
    jobs: JobsDep, shown: JobsShown, sort: SortBy = "-created", limit: Limit = 50, cursor: Cursor = None
) -> JobPage:
    """Jobs and sweeps, newest first unless asked otherwise."""
    return await logic.list_page(jobs, shown, sort=sort, limit=limit, cursor=cursor)


@router.get("/counts", operation_id="countJobs", responses=problems(422))
async def count_jobs(jobs: JobsDep, counted: JobsShown) -> JobCounts:
    """How many jobs and sweeps are in each state; takes the same filters as the list."""
    return await logic.count(jobs, counted)


@router.get("/metrics", operation_id="getMetricsOfJobs", responses=problems(422, 503))
async def get_metrics_of_jobs(
    jobs: JobsDep,
    principal: PrincipalDep,
    context: ContextDep,
    job_ids: JobIds,
    key: FewKeys,
    max_points: FewPoints = 40,
) -> CurvesOfJobs:
    """A few curves of several jobs, thinned out so that their shape stays: what a list draws beside its rows."""
    return await beside.curves_of_jobs(jobs, job_ids, principal, context, keys=key, max_points=max_points)


@router.get("/baselines", operation_id="getBaselines", responses=problems(422))
async def get_baselines(jobs: JobsDep, principal: PrincipalDep, job_ids: JobIds) -> Baselines:
    """What several distillations gain over: of each the best training that is the same, but has no teacher.

    The same are project, data, student, optimiser, steps, batch size, precision and moving average; seeds may differ.
    """
    return await beside.baselines_of_jobs(jobs, job_ids, principal)


@router.post("/bulk", operation_id="actOnJobs", responses=problems(400, 413, 415, 422))
async def act_on_jobs(
    request: Annotated[BulkRequest, strict(BulkRequest)], jobs: JobsDep, principal: PrincipalDep
) -> BulkResult:
    """Cancel, pause, resume or retry many jobs. Each is done or refused for itself, as its own request would be."""
    return await act_on_many(jobs, request, principal)


@router.get("/{job_id}", operation_id="getJob", responses=UNCHANGED | problems(404, 422))
async def get_job(job_id: JobIdPath, jobs: JobsDep, freshness: FreshnessDep) -> Job:
    """One job or sweep with its spec and its attempts."""
    return await logic.show(jobs, job_id, freshness=freshness)


@router.patch("/{job_id}", operation_id="changeJob", responses=problems(400, 404, 409, 412, 413, 415, 422))
async def change_job(
    job_id: JobIdPath,
    patch: Annotated[JobPatch, strict(JobPatch)],
    jobs: JobsDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
) -> Job:
    """Change a job's name, tags or priority; the queue follows at once."""
    return await changes.change(jobs, job_id, patch, principal, freshness=if_match)


@router.post("/{job_id}/cancel", operation_id="cancelJob", responses=problems(404, 409, 422))
async def cancel_job(job_id: JobIdPath, jobs: JobsDep, principal: PrincipalDep) -> Job:
    """End a job: at once while it waits, else after it has written a checkpoint. Asking twice changes nothing."""
    return await act(jobs, job_id, Action.CANCEL, principal)


@router.post("/{job_id}/pause", operation_id="pauseJob", responses=problems(404, 409, 422))
async def pause_job(job_id: JobIdPath, jobs: JobsDep, principal: PrincipalDep) -> Job:
    """Free what a job holds and keep its checkpoint, until it is resumed. Asking twice changes nothing."""
    return await act(jobs, job_id, Action.PAUSE, principal)


@router.post("/{job_id}/resume", operation_id="resumeJob", responses=problems(404, 409, 422))
async def resume_job(job_id: JobIdPath, jobs: JobsDep, principal: PrincipalDep) -> Job:
    """Queue a paused job again; it goes on from its newest checkpoint. Asking twice changes nothing."""
    return await act(jobs, job_id, Action.RESUME, principal)


@router.post("/{job_id}/retry", operation_id="retryJob", responses=problems(404, 409, 422))
async def retry_job(
    job_id: JobIdPath, jobs: JobsDep, principal: PrincipalDep, from_scratch: FromScratch = False
) -> Job:
    """Queue a failed or cancelled job again; it goes on from its newest checkpoint unless told otherwise."""
    return await act(jobs, job_id, Action.RETRY, principal, from_scratch=from_scratch)


@router.post("/{job_id}/clone", operation_id="cloneJob", status_code=201, responses=problems(400, 404, 413, 415, 422))
async def clone_job(
    job_id: JobIdPath,
    request: Annotated[CloneRequest, strict(CloneRequest)],
    jobs: JobsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Queue a new job or sweep with the spec of another one, edited."""
    job = await changes.clone(
        jobs, job_id, request, principal, idempotency_key=idempotency_key, settings=context.settings
    )
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job


@router.get("/{job_id}/events", operation_id="listJobEvents", responses=problems(404, 422))
async def list_job_events(job_id: JobIdPath, jobs: JobsDep, limit: Limit = 100, cursor: Cursor = None) -> EventPage:
    """All changes of a job's state, oldest first."""
    return await logic.event_page(jobs, job_id, limit=limit, cursor=cursor)


@router.get("/{job_id}/metrics", operation_id="getJobMetrics", responses=problems(404, 422, 503))
async def get_job_metrics(
    job_id: JobIdPath,
    jobs: JobsDep,
    context: ContextDep,
    key: Keys = None,
    max_points: MaxPoints = 500,
    since_step: SinceStep = None,
) -> Metrics:
    """Curves of a job, thinned out so that their shape stays."""
    job = await logic.find(jobs, job_id)
    return await curves.read_curves(
        context,
        job.mlflow_run_id,
        journal=folder_of(context.settings.storage, job).journal,
        ended_at=job.ended_at,
        keys=key or [],
        max_points=max_points,
        since_step=since_step,
    )


@router.get("/{job_id}/logs", operation_id="getJobLogs", responses=problems(404, 422, 503))
async def get_job_logs(
    job_id: JobIdPath,
    jobs: JobsDep,
    context: ContextDep,
    attempt: Annotated[int | None, Query(ge=1, le=1000, description="The newest where none is given.")] = None,
    offset: Annotated[int, Query(ge=0, le=2**53, description="Byte at which to start.")] = 0,
    limit_bytes: Annotated[int, Query(ge=16, le=1024 * 1024)] = 64 * 1024,
) -> LogChunk:
    """A piece of the log of an attempt. Read on at `next_offset` until `complete`."""
    return await logs.read_log(jobs, context.store, job_id, attempt=attempt, offset=offset, limit_bytes=limit_bytes)
