"""HTTP routes of sweeps and their trials."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep
from service.http.conditions import UNCHANGED, FreshnessDep
from service.http.problems import problems
from service.http.strict import strict
from service.jobs import curves
from service.jobs import logic as jobs_logic
from service.jobs.actions import act
from service.jobs.endpoints import IdempotencyKey, JobsDep, Keys, MaxPoints, SinceStep
from service.jobs.folders import folder_of
from service.jobs.lifecycle import Action
from service.jobs.queries import Cursor, Limit, SortBy, SweepsShown
from service.jobs.schemas import CloneRequest, Job, Metrics
from service.sweeps import logic, steering
from service.sweeps.answer_schemas import Answers
from service.sweeps.repository import TrialRepository
from service.sweeps.schemas import RetrainRequest, SteerRequest, Sweep, SweepPage, Trials
from workers.spec import SweepSpec

router = APIRouter(prefix="/sweeps", tags=["sweeps"])


async def get_trials(session: SessionDep) -> TrialRepository:
    return TrialRepository(session)


TrialsDep = Annotated[TrialRepository, Depends(get_trials)]
SweepIdPath = Annotated[str, Path(max_length=64, description="Id of a sweep.", examples=["sweep-k3v9x2m7qa"])]
MaxReports = Annotated[
    int | None,
    Query(
        ge=0,
        le=10_000,
        description="Thin the reports of each trial out to about so many, peaks and ends kept; 0 leaves them out.",
    ),
]
TrialNumber = Annotated[int, Path(ge=1, le=1_000_000)]


@router.post("", operation_id="submitSweep", status_code=201, responses=problems(400, 413, 415, 422))
async def submit_sweep(
    spec: Annotated[SweepSpec, strict(SweepSpec)],
    jobs: JobsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Sweep:
    """Queue a sweep."""
    sweep = await jobs_logic.submit(jobs, spec, principal, idempotency_key=idempotency_key, settings=context.settings)
    response.headers["Location"] = f"/api/v1/sweeps/{sweep.id}"
    return sweep


@router.post("/check", operation_id="checkSweep", responses=problems(400, 413, 415, 422))
async def check_sweep(
    spec: Annotated[SweepSpec, strict(SweepSpec)], jobs: JobsDep, principal: PrincipalDep, context: ContextDep
) -> SweepSpec:
    """Say what `submitSweep` would say, and queue nothing. Answers the spec with all defaults filled in."""
    checked = await jobs_logic.check(jobs, spec, principal, settings=context.settings)
    assert isinstance(checked, SweepSpec)
    return checked


@router.get("", operation_id="listSweeps", responses=problems(422))
async def list_sweeps(
    jobs: JobsDep, shown: SweepsShown, sort: SortBy = "-created", limit: Limit = 50, cursor: Cursor = None
) -> SweepPage:
    """Sweeps, newest first unless asked otherwise."""
    return await jobs_logic.list_page(jobs, shown, sort=sort, limit=limit, cursor=cursor)


@router.get("/{sweep_id}", operation_id="getSweep", responses=UNCHANGED | problems(404, 422))
async def get_sweep(sweep_id: SweepIdPath, jobs: JobsDep, freshness: FreshnessDep) -> Sweep:
    """One sweep with its spec and its attempts."""
    return await jobs_logic.show(jobs, sweep_id, kind="sweep", freshness=freshness)


@router.post("/{sweep_id}/cancel", operation_id="cancelSweep", responses=problems(404, 409, 422))
async def cancel_sweep(sweep_id: SweepIdPath, jobs: JobsDep, principal: PrincipalDep) -> Sweep:
    """End a sweep and its running trials. Asking twice changes nothing."""
    return await act(jobs, sweep_id, Action.CANCEL, principal, kind="sweep")


@router.get("/{sweep_id}/trials", operation_id="listTrials", response_model=Trials, responses=problems(404, 422))
async def list_trials(
    sweep_id: SweepIdPath, jobs: JobsDep, trials: TrialsDep, context: ContextDep, max_reports: MaxReports = None
) -> Response:
    """All trials of a sweep, by number."""
    said = await logic.list_trials(jobs, trials, context.kept_replies, sweep_id, max_reports=max_reports)
    return Response(said, media_type="application/json")


@router.post("/{sweep_id}/steer", operation_id="steerSweep", responses=problems(400, 404, 409, 413, 415, 422))
async def steer_sweep(
    sweep_id: SweepIdPath,
    request: Annotated[SteerRequest, strict(SteerRequest)],
    jobs: JobsDep,
    trials: TrialsDep,
    principal: PrincipalDep,
) -> Sweep:
    """Add trials or budget to a running sweep, or end its search. Requests add up; it follows within seconds."""
    return await steering.steer(jobs, trials, sweep_id, request, principal)


@router.post("/{sweep_id}/trials/{number}/stop", operation_id="stopTrial", responses=problems(404, 409, 422))
async def stop_trial(
    sweep_id: SweepIdPath, number: TrialNumber, jobs: JobsDep, trials: TrialsDep, principal: PrincipalDep
) -> Sweep:
    """End one trial at its next evaluation. Asking twice changes nothing."""
    return await steering.stop_trial(jobs, trials, sweep_id, number, principal)


@router.post(
    "/{sweep_id}/retrain",
    operation_id="retrainSweep",
    status_code=201,
    responses=problems(400, 404, 409, 413, 415, 422),
)
async def retrain_sweep(
    sweep_id: SweepIdPath,
    request: Annotated[RetrainRequest, strict(RetrainRequest)],
    jobs: JobsDep,
    trials: TrialsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Submit the winner as a job of its own, at the full budget or a larger one."""
    job = await logic.retrain(
        jobs, trials, sweep_id, request, principal, idempotency_key=idempotency_key, settings=context.settings
    )
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job


@router.post("/{sweep_id}/fork", operation_id="forkSweep", status_code=201, responses=problems(400, 404, 413, 415, 422))
async def fork_sweep(
    sweep_id: SweepIdPath,
    request: Annotated[CloneRequest, strict(CloneRequest)],
    jobs: JobsDep,
    trials: TrialsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Sweep:
    """Queue a sweep with an edited spec (RFC 7396), such as another space, that starts from what this one found."""
    sweep = await logic.fork(
        jobs, trials, sweep_id, request, principal, idempotency_key=idempotency_key, settings=context.settings
    )
    response.headers["Location"] = f"/api/v1/sweeps/{sweep.id}"
    return sweep


@router.get("/{sweep_id}/answers", operation_id="getSweepAnswers", response_model=Answers, responses=problems(404, 422))
async def get_sweep_answers(sweep_id: SweepIdPath, jobs: JobsDep, trials: TrialsDep, context: ContextDep) -> Response:
    """What the sweep has found so far: the verdict with its interval, importances, history, front and cost."""
    said = await logic.get_answers(jobs, trials, context.kept_replies, sweep_id)
    return Response(said, media_type="application/json")


@router.get("/{sweep_id}/trials/{number}/metrics", operation_id="getTrialMetrics", responses=problems(404, 422, 503))
async def get_trial_metrics(
    sweep_id: SweepIdPath,
    number: TrialNumber,
    jobs: JobsDep,
    trials: TrialsDep,
    context: ContextDep,
    key: Keys = None,
    max_points: MaxPoints = 500,
    since_step: SinceStep = None,
) -> Metrics:
    """Curves of a trial, thinned out so that their shape stays; under PBT since its last exploit."""
    sweep, trial = await logic.find_trial(jobs, trials, sweep_id, number)
    return await curves.read_curves(
        context,
        trial.mlflow_run_id,
        journal=folder_of(context.settings.storage, sweep).trial_journal(number, exploits=len(trial.exploits)),
        ended_at=trial.ended_at,
        keys=key or [],
        max_points=max_points,
        since_step=since_step,
    )
