"""HTTP routes of data sets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse

from service.access.principal import PrincipalDep
from service.context import ContextDep, SessionDep
from service.datasets import logic
from service.datasets.repository import DatasetRepository
from service.datasets.schemas import Dataset, DatasetPage, DatasetSamples, NewDataset
from service.http.problems import problems
from service.http.strict import strict
from service.jobs.queries import PLAIN, Cursor, Limit, Word

router = APIRouter(prefix="/datasets", tags=["datasets"])


def get_datasets(session: SessionDep) -> DatasetRepository:
    return DatasetRepository(session)


DatasetsDep = Annotated[DatasetRepository, Depends(get_datasets)]
NamePath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", examples=["digits"])]
Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="The newest where none is given.")]
Project = Annotated[Word | None, Query(description="Those of this project.")]
SomeText = Annotated[str | None, Query(max_length=200, pattern=PLAIN, description="Part of a name or description.")]
_IMAGES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {}, "image/jpeg": {}}, "description": "The thumbnail"}
}


@router.post("", operation_id="registerDataset", status_code=201, responses=problems(400, 403, 409, 413, 415, 422))
async def register_dataset(
    new: Annotated[NewDataset, strict(NewDataset)],
    datasets: DatasetsDep,
    principal: PrincipalDep,
    context: ContextDep,
    response: Response,
) -> Dataset:
    """Register a data set, or its next version where the name is known. It is checked on the cluster at once."""
    dataset = await logic.register(datasets, new, principal, settings=context.settings)
    response.headers["Location"] = f"/api/v1/datasets/{dataset.name}?version={dataset.version}"
    return dataset


@router.get("", operation_id="listDatasets", responses=problems(422))
async def list_datasets(
    datasets: DatasetsDep,
    principal: PrincipalDep,
    project: Project = None,
    text: SomeText = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DatasetPage:
    """Data sets with their newest versions, newest first."""
    return await logic.list_page(datasets, principal, limit=limit, cursor=cursor, project=project, text=text)


@router.get("/{name}", operation_id="getDataset", responses=problems(403, 404, 422))
async def get_dataset(
    name: NamePath, datasets: DatasetsDep, principal: PrincipalDep, version: Version = None
) -> Dataset:
    """One version of a data set with what its check found, and the list of its versions."""
    return await logic.show(datasets, name, principal, version=version)


@router.post("/{name}/check", operation_id="checkDataset", responses=problems(403, 404, 422))
async def check_dataset(
    name: NamePath, datasets: DatasetsDep, principal: PrincipalDep, version: Version = None
) -> Dataset:
    """Check a version again. Where its files have changed since it was ready, it is refused from then on."""
    return await logic.check_again(datasets, name, principal, version=version)


@router.get("/{name}/samples", operation_id="listDatasetSamples", responses=problems(403, 404, 422))
async def list_dataset_samples(
    name: NamePath, datasets: DatasetsDep, principal: PrincipalDep, version: Version = None
) -> DatasetSamples:
    """Some images of both splits with their boxes."""
    return await logic.samples(datasets, name, principal, version=version)


@router.get(
    "/{name}/samples/{index}/image",
    operation_id="getDatasetSampleImage",
    response_class=FileResponse,
    responses={**problems(403, 404, 422), **_IMAGES},
)
async def get_dataset_sample_image(
    name: NamePath,
    index: Annotated[int, Path(ge=0, le=1000)],
    datasets: DatasetsDep,
    principal: PrincipalDep,
    context: ContextDep,
    version: Version = None,
) -> FileResponse:
    """The thumbnail of a sample."""
    path = await logic.sample_image(datasets, name, principal, version=version, index=index, store=context.store)
    return FileResponse(path, headers={"Cache-Control": "private, max-age=3600"})


@router.delete("/{name}", operation_id="deleteDataset", status_code=204, responses=problems(403, 404, 409, 422))
async def delete_dataset(name: NamePath, datasets: DatasetsDep, principal: PrincipalDep) -> None:
    """Delete a data set with all its versions; its files stay where they are."""
    await logic.delete(datasets, name, principal)
