"""HTTP routes of artifacts and weights."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import FileResponse, StreamingResponse

from service.artifacts import logic
from service.artifacts.schemas import Artifacts, Detections
from service.clients.mlflow_artifacts import MlflowArtifacts
from service.context import ContextDep
from service.datasets.endpoints import NamePath
from service.http.problems import problems
from service.jobs.endpoints import JobIdPath, JobsDep
from service.models.endpoints import ModelsDep

router = APIRouter()
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file",
    }
}


def get_files(context: ContextDep) -> MlflowArtifacts:
    return MlflowArtifacts(context.mlflow_http)


FilesDep = Annotated[MlflowArtifacts, Depends(get_files)]


@router.get("/jobs/{job_id}/artifacts", operation_id="listArtifacts", responses=problems(404, 422, 503), tags=["jobs"])
async def list_artifacts(job_id: JobIdPath, jobs: JobsDep, models: ModelsDep, files: FilesDep) -> Artifacts:
    """The files that a job left in MLflow: its student, spec and environment."""
    return await logic.list_artifacts(jobs, models, files, job_id)


@router.get(
    "/jobs/{job_id}/artifacts/{path:path}",
    operation_id="downloadArtifact",
    response_class=StreamingResponse,
    responses={**problems(404, 422, 503), **_BYTES},
    tags=["jobs"],
)
async def download_artifact(
    job_id: JobIdPath, path: Annotated[str, Path(max_length=1000)], jobs: JobsDep, files: FilesDep
) -> StreamingResponse:
    """One file that a job left in MLflow."""
    found = await logic.open_artifact(jobs, files, job_id, path)
    headers = {**_attachment(found.name), "Content-Length": str(found.size_bytes)}
    return StreamingResponse(found.pieces, media_type="application/octet-stream", headers=headers)


@router.get("/jobs/{job_id}/detections", operation_id="getDetections", responses=problems(404, 422, 503), tags=["jobs"])
async def get_detections(
    job_id: JobIdPath,
    jobs: JobsDep,
    files: FilesDep,
    step: Annotated[
        int | None, Query(ge=0, le=2**53, description="Which evaluation; the newest where none is given.")
    ] = None,
) -> Detections:
    """Teacher and student on the same validation images, those first on which the teacher alone is right."""
    return await logic.get_detections(jobs, files, job_id, step=step)


@router.get(
    "/models/{name}/versions/{version}/weights",
    operation_id="downloadWeights",
    response_class=FileResponse,
    responses={**problems(403, 404, 422), **_BYTES},
    tags=["models"],
)
async def download_weights(
    name: NamePath, version: Annotated[int, Path(ge=1, le=1_000_000)], models: ModelsDep, context: ContextDep
) -> FileResponse:
    """The weights of a version as a safetensors file; parts of it by `Range`. The ETag is its SHA-256."""
    row, path = await logic.find_weights(models, name, version, context.settings)
    headers = {**_attachment(f"{name}-{version}.safetensors"), "ETag": f'"{row.sha256}"'}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _attachment(name: str) -> dict[str, str]:
    """Headers by which a browser saves the file and never shows it as a page of ours."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
