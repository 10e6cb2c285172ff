"""Following a detector back to its data, and a teacher or a data set on to its students."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from service.access.principal import Principal, Role
from service.clients.mlflow import MlflowClient, MlflowUnreachable
from service.jobs.logic import find
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.jobs.views import mlflow_url
from service.lineage.repository import LineageRepository
from service.lineage.schemas import (
    DataOrigin,
    DatasetLineage,
    Descendant,
    JobOrigin,
    Lineage,
    ModelLineage,
    ModelOrigin,
)
from service.models.errors import ModelNotFound
from service.models.models import ModelVersionRow
from service.models.repository import ModelRepository
from service.models.versions import TORCHVISION
from workers.spec.checks import CheckKind

CODE_TAG = "stillhouse.code"
_MAX_DEPTH = 20


@dataclass
class Tracer:
    """Follows one chain of teachers for one principal. Asks MLflow no more once it has not answered."""

    jobs: JobRepository
    models: ModelRepository
    mlflow: MlflowClient
    principal: Principal
    mlflow_answers: bool = True

    async def of_job(self, job_id: str) -> Lineage:
        """Raises JobNotFound."""
        job = await find(self.jobs, job_id)
        students = await self.models.of_job(job.id)
        return await self._made_by(job, students[0] if students else None, depth=0)

    async def of_version(self, row: ModelVersionRow, *, depth: int = 0) -> Lineage:
        job = None if row.job_id is None else await self.jobs.get(row.job_id)
        if job is None or not self.principal.may(Role.VIEWER, job.project):
            return Lineage(model=await self._model(row), weights=row.weights, job=None, data=None, teacher=None)
        return await self._made_by(job, row, depth=depth)

    async def _made_by(self, job: JobRow, row: ModelVersionRow | None, *, depth: int) -> Lineage:
        data = job.spec["training"]["data"]
        return Lineage(
            model=None if row is None else await self._model(row),
            weights=None if row is None else row.weights,
            job=await self._job(job),
            data=DataOrigin(dataset=data.get("dataset"), hash=data.get("hash"), train=data["train"], val=data["val"]),
            teacher=await self._teacher(job, depth=depth),
        )

    async def _teacher(self, job: JobRow, *, depth: int) -> Lineage | None:
        teacher = ((job.spec["training"].get("distillation") or {}).get("teacher")) or None
        if teacher is None:
            return None
        name, _, version = (teacher.get("model") or "").partition("@")
        row = await self.models.version(name, int(version)) if version.isdecimal() else None
        model = None if row is None else await self.models.get_any(name)
        if row is None or model is None or not self.principal.may(Role.VIEWER, model.project) or depth >= _MAX_DEPTH:
            published = teacher.get("torchvision")
            weights = teacher.get("weights") or (published and f"{TORCHVISION}{published}")
            return Lineage(model=None, weights=weights, job=None, data=None, teacher=None)
        return await self.of_version(row, depth=depth + 1)

    async def _model(self, row: ModelVersionRow) -> ModelOrigin:
        aliases = [alias.alias for alias in await self.models.aliases([row.name]) if alias.version == row.version]
        return ModelOrigin(name=row.name, version=row.version, sha256=row.sha256, aliases=aliases)

    async def _job(self, job: JobRow) -> JobOrigin:
        spec = json.dumps(job.spec, sort_keys=True, separators=(",", ":"))
        return JobOrigin(
            id=job.id,
            name=job.name,
            project=job.project,
            state=job.state,
            spec_sha256=hashlib.sha256(spec.encode()).hexdigest(),
            mlflow_run_id=job.mlflow_run_id,
            mlflow_url=mlflow_url(job.mlflow_experiment_id, job.mlflow_run_id),
            code=await self._code(job.mlflow_run_id),
            ended_at=job.ended_at,
        )

    async def _code(self, run_id: str | None) -> str | None:
        if run_id is None or not self.mlflow_answers:
            return None
        try:
            run = await self.mlflow.run(run_id)
        except MlflowUnreachable:
            self.mlflow_answers = False
            return None
        return None if run is None else run.tags.get(CODE_TAG)


async def of_model(tracer: Tracer, lineage: LineageRepository, name: str, *, version: int | None) -> ModelLineage:
    """Raises ModelNotFound."""
    model = await tracer.models.get(name)
    if model is None:
        raise ModelNotFound(name)
    row = await tracer.models.version(name, model.latest if version is None else version)
    if row is None:
        raise ModelNotFound(name, version)
    origin = await tracer.of_version(row)
    found = await descendants(lineage, "model", name, row.version, tracer.principal)
    return ModelLineage(origin=origin, descendants=found)


async def of_dataset(
    lineage: LineageRepository, name: str, principal: Principal, *, version: int | None
) -> DatasetLineage:
    return DatasetLineage(descendants=await descendants(lineage, "dataset", name, version, principal))


async def descendants(
    lineage: LineageRepository, kind: CheckKind, name: str, version: int | None, principal: Principal
) -> list[Descendant]:
    rows = await lineage.descendants(kind, name, version, visible=principal.visible_projects())
    students = await lineage.students([job.id for _, job in rows])
    return [
        Descendant(
            job_id=job.id,
            job_name=job.name,
            kind=job.kind,
            state=job.state,
            input=f"{named.name}@{named.version}",
            students=students[job.id],
            metrics=job.metrics,
        )
        for named, job in rows
    ]
