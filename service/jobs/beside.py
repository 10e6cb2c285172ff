"""What a list shows beside its rows: curves and baselines of several jobs, in one answer each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from service.access.principal import Principal
from service.context import Context
from service.jobs.curves import read_curves
from service.jobs.folders import folder_of
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.jobs.schemas import Baseline, Baselines, CurvesOfJob, CurvesOfJobs

_READ_AT_ONCE = 8
_MOST_BASELINES = 1000
# What trainings must have in common, so that only the distillation tells them apart; the seed may differ.
_ALIKE = ("data", "student", "optimizer", "num_steps", "batch_size", "ema_decay", "precision")


async def curves_of_jobs(
    jobs: JobRepository,
    job_ids: Sequence[str],
    principal: Principal,
    context: Context,
    *,
    keys: Sequence[str],
    max_points: int,
) -> CurvesOfJobs:
    """Jobs that there are not, or that the principal may not see, are left out.

    Raises:
        Unavailable: a curve is kept by MLflow alone, which does not answer.
    """
    slots = asyncio.Semaphore(_READ_AT_ONCE)

    async def curves(job: JobRow) -> CurvesOfJob:
        async with slots:
            found = await read_curves(
                context,
                job.mlflow_run_id,
                journal=folder_of(context.settings.storage, job).journal,
                ended_at=job.ended_at,
                keys=keys,
                max_points=max_points,
            )
        return CurvesOfJob(id=job.id, series=found.series)

    rows = await jobs.some(job_ids, visible=principal.visible_projects())
    return CurvesOfJobs(items=await asyncio.gather(*(curves(row) for row in rows)))


async def baselines_of_jobs(jobs: JobRepository, job_ids: Sequence[str], principal: Principal) -> Baselines:
    """The best baseline of each distillation among the jobs: gains over it are never too kind."""
    rows = await jobs.some(job_ids, visible=principal.visible_projects(), with_specs=True)
    distilled = [row for row in rows if row.kind == "job" and row.teacher is not None]
    groups = {(row.project, row.student, row.num_steps) for row in distilled}
    best: dict[str, Baseline] = {}
    for plain in await jobs.plain_trainings(groups, limit=_MOST_BASELINES):
        assert plain.best_ap is not None
        found = Baseline(id=plain.id, name=plain.name, best_ap=plain.best_ap)
        best.setdefault(_pairing(plain.project, plain.spec), found)
    paired = {row.id: best.get(_pairing(row.project, row.spec)) for row in distilled}
    return Baselines(by_job={job_id: baseline for job_id, baseline in paired.items() if baseline is not None})


def _pairing(project: str, spec: Mapping[str, Any]) -> str:
    """The same for trainings that differ in nothing but the distillation."""
    training = spec.get("training") or {}
    return json.dumps([project, [training.get(part) for part in _ALIKE]], sort_keys=True)
