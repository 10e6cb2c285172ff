"""What can be asked of the trials of a sweep."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import cache

from service.access.principal import Principal
from service.jobs.changes import clone
from service.jobs.logic import find, submit
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.jobs.schemas import CloneRequest, Job
from service.jobs.views import mlflow_url
from service.settings import Settings
from service.sweeps.answer_schemas import Answers, Verdict
from service.sweeps.errors import NoWinner, TrialNotFound
from service.sweeps.kept_replies import KeptReplies
from service.sweeps.models import TrialRow
from service.sweeps.repository import TrialRepository
from service.sweeps.schemas import RetrainRequest, Trial, Trials
from service.sweeps.thinning import thin
from trainer.spec import TrainingSpec
from workers.spec import SEARCHED, JobSpec, Stretch, SweepSpec


async def list_trials(
    jobs: JobRepository,
    trials: TrialRepository,
    kept: KeptReplies,
    sweep_id: str,
    *,
    max_reports: int | None = None,
) -> bytes:
    """`Trials` as JSON. Raises JobNotFound."""
    sweep = await find(jobs, sweep_id, kind="sweep")

    async def read() -> bytes:
        rows = await trials.of_sweep(sweep_id, reports=max_reports != 0)
        found = Trials(items=[_view(row, sweep.mlflow_experiment_id, max_reports) for row in rows])
        return found.model_dump_json().encode()

    return await kept.reply(sweep, f"trials with {max_reports} reports", read)


async def get_answers(jobs: JobRepository, trials: TrialRepository, kept: KeptReplies, sweep_id: str) -> bytes:
    """`Answers` as JSON. Raises JobNotFound."""
    sweep = await find(jobs, sweep_id, kind="sweep")

    async def judge() -> bytes:
        rows = await trials.of_sweep(sweep_id, reports=False)
        found = await asyncio.to_thread(_answer, SweepSpec.model_validate(sweep.spec), rows)
        return found.model_dump_json().encode()

    return await kept.reply(sweep, "answers", judge)


def _answer(spec: SweepSpec, rows: Sequence[TrialRow]) -> Answers:
    return _answering()(spec, rows)


@cache
def _answering() -> Callable[[SweepSpec, Sequence[TrialRow]], Answers]:
    # Optuna and SciPy take seconds to import: only who asks for answers waits for them, in a thread of their own
    from service.sweeps.answers import answer

    gc.freeze()  # they are here to stay, and no collection needs to look at them again
    return answer


def _judge(spec: SweepSpec, rows: Sequence[TrialRow]) -> Verdict:
    from service.sweeps.verdict import judge

    return judge(spec, rows)


async def retrain(
    jobs: JobRepository,
    trials: TrialRepository,
    sweep_id: str,
    request: RetrainRequest,
    principal: Principal,
    *,
    idempotency_key: str | None,
    settings: Settings,
) -> Job:
    """Submit the winner, or another trial, as a job of its own; one that changed its parameters on the way is trained
    by the same schedule, stretched to the job's steps.

    Raises:
        JobNotFound, TrialNotFound: there is no such sweep or trial.
        NoWinner: no trial has finished yet.
    """
    sweep = await find(jobs, sweep_id, kind="sweep")
    spec = SweepSpec.model_validate(sweep.spec)
    number = request.trial
    if number is None:
        winner = (await asyncio.to_thread(_judge, spec, await trials.of_sweep(sweep_id))).winner
        if winner is None or winner.trial is None:
            raise NoWinner(f"{sweep_id} has no finished trial yet; name a trial or wait for one")
        number = winner.trial
    _, trial = await find_trial(jobs, trials, sweep_id, number)
    changes = {"num_steps": request.num_steps, "seed": request.seed}
    training = _training_of(spec, trial, num_steps=request.num_steps)
    document = training.model_dump(mode="json") | {key: value for key, value in changes.items() if value is not None}
    job = JobSpec(
        name=request.name or f"{spec.name} #{number}"[:100],
        project=spec.project,
        tags=spec.tags,
        resources=spec.resources,
        priority=spec.priority,
        retry=spec.retry,
        training=TrainingSpec.model_validate(document),
    )
    return await submit(jobs, job, principal, idempotency_key=idempotency_key, settings=settings)


def _training_of(spec: SweepSpec, trial: TrialRow, *, num_steps: int | None) -> TrainingSpec:
    if trial.role == "baseline":
        return spec.baseline_spec(seed=trial.seed)
    schedule = [Stretch.model_validate(stretch) for stretch in trial.schedule]
    return spec.trial_spec(trial.parameters, schedule=schedule, num_steps=num_steps)


async def fork(
    jobs: JobRepository,
    trials: TrialRepository,
    sweep_id: str,
    request: CloneRequest,
    principal: Principal,
    *,
    idempotency_key: str | None,
    settings: Settings,
) -> Job:
    """Queue a sweep with an edited spec that starts from what this one has found.

    Raises:
        JobNotFound: there is no such sweep.
        Invalid: the edited spec makes no sense.
    """
    sweep = await find(jobs, sweep_id, kind="sweep")
    found = [
        {
            "parameters": row.parameters,
            "objective": row.objective,
            "further_objectives": [value for value in row.further_objectives if value is not None],
        }
        for row in await trials.of_sweep(sweep_id)
        if row.role in SEARCHED and row.state == "succeeded" and row.objective is not None and not row.exploits
    ]
    past = [*sweep.spec.get("past_trials", []), *found]
    edited = request.model_copy(update={"edits": {"fixed_trials": [], **request.edits, "past_trials": past}})
    return await clone(jobs, sweep_id, edited, principal, idempotency_key=idempotency_key, settings=settings)


async def find_trial(
    jobs: JobRepository, trials: TrialRepository, sweep_id: str, number: int
) -> tuple[JobRow, TrialRow]:
    """The sweep and its trial. Raises JobNotFound or TrialNotFound."""
    sweep = await find(jobs, sweep_id, kind="sweep")
    row = await trials.get(sweep_id, number)
    if row is None:
        raise TrialNotFound(f"{sweep_id} has no trial {number} yet")
    return sweep, row


_SAME_IN_ROW = frozenset(Trial.model_fields) - {"mlflow_url", "reports"}


def _view(row: TrialRow, experiment_id: str | None, max_reports: int | None) -> Trial:
    fields = {name: getattr(row, name) for name in _SAME_IN_ROW}
    reports = [] if max_reports == 0 else row.reports
    return Trial.model_validate(
        {
            **fields,
            "reports": reports if max_reports is None else thin(reports, max_reports),
            "mlflow_url": mlflow_url(experiment_id, row.mlflow_run_id),
        }
    )
