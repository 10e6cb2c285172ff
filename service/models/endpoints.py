"""HTTP routes of models."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep, get_session
from service.datasets.endpoints import NamePath, Project, SomeText, Version
from service.http.files import BINARY, file_pieces
from service.http.problems import problems
from service.http.strict import strict
from service.jobs.endpoints import JobIdPath
from service.jobs.queries import Cursor, Limit
from service.models import logic, promotion
from service.models.repository import ModelRepository
from service.models.schemas import (
    Model,
    ModelEventPage,
    ModelPage,
    NewModel,
    Promotion,
    Rollback,
    StudentPromotion,
    UploadedModel,
)
from service.models.uploads import received
from service.problem import Problem
from service.sweeps.endpoints import SweepIdPath, TrialNumber

router = APIRouter(tags=["models"])


def get_models(session: SessionDep) -> ModelRepository:
    return ModelRepository(session)


_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
        "description": "A safetensors file that Stillhouse wrote.",
    }
}
ModelsDep = Annotated[ModelRepository, Depends(get_models)]
AliasPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,62}$", examples=["production"])]


@router.post("/models", operation_id="registerModel", status_code=201, responses=problems(400, 403, 409, 413, 415, 422))
async def register_model(
    new: Annotated[NewModel, strict(NewModel)],
    models: ModelsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
) -> Model:
    """Register a teacher or student, or the next version of one. It is checked on the cluster at once."""
    model = await logic.register(models, new, principal, settings=context.settings)
    response.headers["Location"] = f"/api/v1/models/{model.name}?version={model.version.version}"
    return model


@router.post(
    "/models/{name}/upload",
    operation_id="uploadModel",
    status_code=201,
    responses={
        **problems(400, 403, 409, 413, 415, 422),
        413: {"model": Problem, "description": "The file is larger than STILLHOUSE_MAX_UPLOAD_BYTES"},
    },
    openapi_extra=_UPLOAD,
)
async def upload_model(
    name: NamePath,
    asked: Annotated[UploadedModel, Query()],
    request: Request,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
) -> Model:
    """Register a teacher or student, or the next version of one, from the safetensors file that is sent."""
    async with context.database.reading() as session:
        await logic.check_upload(ModelRepository(session), name, asked, principal)
    # the transaction begins when all has arrived: while one writes to SQLite, all others wait
    async with (
        received(file_pieces(request, context.settings), context.settings) as upload,
        asynccontextmanager(get_session)(request, context, response) as session,
    ):
        model = await logic.register_upload(ModelRepository(session), name, asked, upload, principal)
        response.headers["Location"] = f"/api/v1/models/{model.name}?version={model.version.version}"
        return model


@router.get("/models", operation_id="listModels", responses=problems(422))
async def list_models(
    models: ModelsDep,
    principal: PrincipalDep,
    project: Project = None,
    text: SomeText = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ModelPage:
    """Models with their newest versions, newest first. Students are added when their jobs succeed."""
    return await logic.list_page(models, principal, limit=limit, cursor=cursor, project=project, text=text)


@router.get("/models/{name}", operation_id="getModel", responses=problems(403, 404, 422))
async def get_model(name: NamePath, models: ModelsDep, principal: PrincipalDep, version: Version = None) -> Model:
    """A model with one version in full, and all its versions."""
    return await logic.show(models, name, principal, version=version)


@router.post("/models/{name}/check", operation_id="checkModel", responses=problems(403, 404, 422))
async def check_model(name: NamePath, models: ModelsDep, principal: PrincipalDep, version: Version = None) -> Model:
    """Check a version again on the cluster: that it loads, and that its file is still the same."""
    return await logic.check_again(models, name, principal, version=version)


@router.post(
    "/models/{name}/promote",
    operation_id="promoteModel",
    responses=problems(400, 403, 404, 409, 413, 415, 422),
)
async def promote_model(
    name: NamePath, asked: Annotated[Promotion, strict(Promotion)], models: ModelsDep, principal: PrincipalDep
) -> Model:
    """Give a version an alias, here and in MLflow's registry. Asking twice changes nothing."""
    return await promotion.promote(models, name, asked, principal)


@router.post(
    "/models/{name}/rollback",
    operation_id="rollBackModel",
    responses=problems(400, 403, 404, 409, 413, 415, 422),
)
async def roll_back_model(
    name: NamePath, asked: Annotated[Rollback, strict(Rollback)], models: ModelsDep, principal: PrincipalDep
) -> Model:
    """Give an alias back to the version that had it before."""
    return await promotion.roll_back(models, name, asked, principal)


@router.delete("/models/{name}/aliases/{alias}", operation_id="demoteModel", responses=problems(403, 404, 422))
async def demote_model(name: NamePath, alias: AliasPath, models: ModelsDep, principal: PrincipalDep) -> Model:
    """Take an alias away, here and in MLflow's registry."""
    return await promotion.demote(models, name, alias, principal)


@router.get("/models/{name}/events", operation_id="listModelEvents", responses=problems(403, 404, 422))
async def list_model_events(
    name: NamePath, models: ModelsDep, principal: PrincipalDep, limit: Limit = 100, cursor: Cursor = None
) -> ModelEventPage:
    """What was done with a model and by whom, oldest first."""
    return await logic.event_page(models, name, principal, limit=limit, cursor=cursor)


@router.delete("/models/{name}", operation_id="deleteModel", status_code=204, responses=problems(403, 404, 409, 422))
async def delete_model(name: NamePath, models: ModelsDep, principal: PrincipalDep) -> None:
    """Delete a model with all its versions; files, and what MLflow has, stay where they are."""
    await logic.delete(models, name, principal)


@router.post(
    "/jobs/{job_id}/promote",
    operation_id="promoteStudent",
    responses=problems(400, 403, 404, 409, 413, 415, 422),
    tags=["jobs"],
)
async def promote_student(
    job_id: JobIdPath,
    asked: Annotated[StudentPromotion, strict(StudentPromotion)],
    models: ModelsDep,
    principal: PrincipalDep,
    context: ContextDep,
) -> Model:
    """Give the student of a job an alias, under the name of a model that may be new."""
    return await promotion.promote_student(models, job_id, asked, principal, settings=context.settings)


@router.post(
    "/sweeps/{sweep_id}/trials/{number}/promote",
    operation_id="promoteTrial",
    responses=problems(400, 403, 404, 409, 413, 415, 422),
    tags=["sweeps"],
)
async def promote_trial(
    sweep_id: SweepIdPath,
    number: TrialNumber,
    asked: StudentPromotion,
    models: ModelsDep,
    principal: PrincipalDep,
    context: ContextDep,
) -> Model:
    """Give the student of a trial an alias, under the name of a model that may be new."""
    return await promotion.promote_trial(models, sweep_id, number, asked, principal, settings=context.settings)
