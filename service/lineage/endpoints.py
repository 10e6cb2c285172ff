"""HTTP routes of lineage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep
from service.datasets.endpoints import NamePath, Version
from service.http.problems import problems
from service.jobs.endpoints import JobIdPath
from service.jobs.repository import JobRepository
from service.lineage import logic
from service.lineage.logic import Tracer
from service.lineage.repository import LineageRepository
from service.lineage.schemas import DatasetLineage, Lineage, ModelLineage
from service.models.repository import ModelRepository

router = APIRouter()


def get_tracer(session: SessionDep, context: ContextDep, principal: PrincipalDep) -> Tracer:
    return Tracer(JobRepository(session), ModelRepository(session), context.mlflow, principal)


TracerDep = Annotated[Tracer, Depends(get_tracer)]


@router.get("/jobs/{job_id}/lineage", operation_id="getJobLineage", responses=problems(404, 422), tags=["jobs"])
async def get_job_lineage(job_id: JobIdPath, tracer: TracerDep) -> Lineage:
    """What a job was made from: data, code, and its teacher with what that was made from in turn."""
    return await tracer.of_job(job_id)


@router.get(
    "/models/{name}/lineage", operation_id="getModelLineage", responses=problems(403, 404, 422), tags=["models"]
)
async def get_model_lineage(
    name: NamePath, tracer: TracerDep, session: SessionDep, version: Version = None
) -> ModelLineage:
    """Where a version of a model comes from, and the jobs that learned from it."""
    return await logic.of_model(tracer, LineageRepository(session), name, version=version)


@router.get(
    "/datasets/{name}/lineage", operation_id="getDatasetLineage", responses=problems(403, 404, 422), tags=["datasets"]
)
async def get_dataset_lineage(
    name: NamePath, session: SessionDep, principal: PrincipalDep, version: Version = None
) -> DatasetLineage:
    """The jobs that trained on a data set and their students; on all versions where none is given."""
    return await logic.of_dataset(LineageRepository(session), name, principal, version=version)
