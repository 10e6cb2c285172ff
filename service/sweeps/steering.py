"""Steering a sweep while it runs: requests are rows, their sum is a file that the driver reads."""

from __future__ import annotations

from service.access.principal import Principal
from service.db.base import utc_now
from service.errors import Invalid
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.logic import find, show
from service.jobs.repository import JobRepository
from service.jobs.schemas import Job
from service.sweeps.errors import SweepEnded, TrialEnded, TrialNotFound
from service.sweeps.models import SteeringRow
from service.sweeps.repository import TrialRepository
from service.sweeps.requests import total
from service.sweeps.schemas import SteerRequest
from workers.spec import PopulationTraining, Steering, SweepSpec
from workers.spec.space import require_inside


async def steer(
    jobs: JobRepository, trials: TrialRepository, sweep_id: str, request: SteerRequest, principal: Principal
) -> Job:
    """Note a request; the driver follows at its next decision.

    Raises:
        JobNotFound: there is no such sweep.
        SweepEnded: it takes no requests any more.
        Invalid: an added trial lies outside the space, the sweep has no budget of what it is to have more of, or its
            trials train side by side and take no others in.
    """
    row = await find(jobs, sweep_id, kind="sweep", lock=True)
    if JobState(row.state) in FINAL:
        raise SweepEnded(f"{sweep_id} has {row.state} and cannot be steered any more; fork it to search on")
    spec = SweepSpec.model_validate(row.spec)
    _check_population(spec, request)
    _check_added(spec, request)
    _check_budget(spec, request)
    await _note(jobs, sweep_id, Steering(**request.model_dump()), principal)
    return await show(jobs, sweep_id, kind="sweep")


async def stop_trial(
    jobs: JobRepository, trials: TrialRepository, sweep_id: str, number: int, principal: Principal
) -> Job:
    """Ask for the end of one trial at its next evaluation. Asking twice changes nothing.

    Raises:
        JobNotFound, TrialNotFound: there is no such sweep or trial.
        TrialEnded: it has come to its own end.
    """
    await find(jobs, sweep_id, kind="sweep", lock=True)
    trial = await trials.get(sweep_id, number)
    if trial is None:
        raise TrialNotFound(f"{sweep_id} has no trial {number} yet")
    asked = total(await trials.steering_of(sweep_id)).stop_trials
    if trial.state != "running" and number not in asked:
        raise TrialEnded(f"trial {number} of {sweep_id} has {trial.state} already")
    if number not in asked:
        await _note(jobs, sweep_id, Steering(stop_trials=(number,)), principal)
    return await show(jobs, sweep_id, kind="sweep")


async def _note(jobs: JobRepository, sweep_id: str, request: Steering, principal: Principal) -> None:
    jobs.session.add(
        SteeringRow(job_id=sweep_id, at=utc_now(), actor=principal.name, request=request.model_dump(mode="json"))
    )
    await jobs.session.flush()


def _check_population(spec: SweepSpec, request: SteerRequest) -> None:
    if isinstance(spec.scheduler, PopulationTraining) and (request.added_trials or request.more_trials):
        raise Invalid(
            "the trials of a population (pbt) train side by side from the first step on: none can be added on the way; "
            "fork the sweep with more num_trials"
        )


def _check_added(spec: SweepSpec, request: SteerRequest) -> None:
    try:
        for trial in request.added_trials:
            require_inside(spec.space, trial, what="an added trial")
    except ValueError as error:
        raise Invalid(str(error)) from error


def _check_budget(spec: SweepSpec, request: SteerRequest) -> None:
    for name, more, given in (
        ("wall_s", request.more_wall_s, spec.budget.wall_s),
        ("gpu_hours", request.more_gpu_hours, spec.budget.gpu_hours),
    ):
        if more and given is None:
            raise Invalid(f"more_{name} adds to budget.{name}, and the sweep has none: nothing is to be added")
