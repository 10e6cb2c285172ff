"""What can be asked of the trials of a sweep."""

from __future__ import annotations

import asyncio

from service.jobs.logic import find
from service.jobs.repository import JobRepository
from service.jobs.views import mlflow_url
from service.sweeps.answer_schemas import Answers
from service.sweeps.errors import TrialNotFound
from service.sweeps.models import TrialRow
from service.sweeps.repository import TrialRepository
from service.sweeps.schemas import Trial, Trials
from workers.spec import SweepSpec


async def list_trials(jobs: JobRepository, trials: TrialRepository, sweep_id: str) -> Trials:
    """Raises JobNotFound."""
    sweep = await find(jobs, sweep_id, kind="sweep")
    rows = await trials.of_sweep(sweep_id)
    return Trials(items=[_view(row, sweep.mlflow_experiment_id) for row in rows])


async def get_answers(jobs: JobRepository, trials: TrialRepository, sweep_id: str) -> Answers:
    """Raises JobNotFound."""
    # Optuna and SciPy are slow to import: only who asks for answers waits for them
    from service.sweeps.answers import answer

    sweep = await find(jobs, sweep_id, kind="sweep")
    rows = await trials.of_sweep(sweep_id)
    return await asyncio.to_thread(lambda: answer(SweepSpec.model_validate(sweep.spec), rows))


async def find_trial(jobs: JobRepository, trials: TrialRepository, sweep_id: str, number: int) -> TrialRow:
    """Raises JobNotFound or TrialNotFound."""
    await find(jobs, sweep_id, kind="sweep")
    row = await trials.get(sweep_id, number)
    if row is None:
        raise TrialNotFound(f"{sweep_id} has no trial {number} yet")
    return row


def _view(row: TrialRow, experiment_id: str | None) -> Trial:
    names = set(Trial.model_fields) - {"mlflow_url"}
    fields = {name: getattr(row, name) for name in names}
    return Trial.model_validate({**fields, "mlflow_url": mlflow_url(experiment_id, row.mlflow_run_id)})
