"""Listing and reading the files of a job, and the weights of a model.

A file is handed out only where the listing of its run has exactly that path: no spelling of a path leads elsewhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from service.artifacts.errors import ArtifactNotFound, WeightsNotFound
from service.artifacts.schemas import Artifact, Artifacts, Detections
from service.checks.states import CheckState
from service.clients.mlflow import MlflowUnreachable
from service.clients.mlflow_artifacts import MlflowArtifacts, StoredFile
from service.errors import Unavailable
from service.jobs.logic import find
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.models.errors import ModelNotFound
from service.models.models import ModelVersionRow
from service.models.repository import ModelRepository
from service.models.versions import TORCHVISION
from service.paths import is_allowed
from service.settings import Settings
from service.store import open_store
from trainer.spec import DetectionComparison
from workers.storage.near import Store

_STUDENT = "student/student.safetensors"
_DETECTIONS = re.compile(r"diagnostics/detections-([0-9]{8,})\.json")


@dataclass(frozen=True)
class Download:
    """A file on its way: its first byte has been asked for, so that what fails is told before the reply begins."""

    name: str
    size_bytes: int
    pieces: AsyncIterator[bytes]


async def list_artifacts(
    jobs: JobRepository, models: ModelRepository, files: MlflowArtifacts, job_id: str
) -> Artifacts:
    """Raises JobNotFound, or Unavailable where MLflow does not answer."""
    job = await find(jobs, job_id)
    students = await models.of_job(job.id)
    sha256 = students[0].sha256 if students else None
    return Artifacts(
        items=[
            Artifact(
                path=file.path,
                size_bytes=file.size_bytes,
                sha256=sha256 if file.path == _STUDENT else None,
                url=f"/api/v1/jobs/{job.id}/artifacts/{quote(file.path)}",
            )
            for file in await _files_of(job, files)
        ]
    )


async def open_artifact(jobs: JobRepository, files: MlflowArtifacts, job_id: str, path: str) -> Download:
    """Raises JobNotFound, ArtifactNotFound, or Unavailable where MLflow does not answer."""
    job = await find(jobs, job_id)
    for file in await _files_of(job, files):
        if file.path == path:
            assert job.mlflow_run_id is not None
            return await _open(files, job.mlflow_run_id, file)
    raise ArtifactNotFound(f"{job_id} has no artifact {path[:300]!r}")


async def get_detections(jobs: JobRepository, files: MlflowArtifacts, job_id: str, *, step: int | None) -> Detections:
    """What teacher and student found at the evaluation of `step`, or at the newest one.

    Raises:
        JobNotFound: there is no such job.
        ArtifactNotFound: `step` has left no detections.
        Unavailable: MLflow does not answer.
    """
    job = await find(jobs, job_id)
    of_steps = {
        int(found[1]): file for file in await _files_of(job, files) if (found := _DETECTIONS.fullmatch(file.path))
    }
    if step is not None and step not in of_steps:
        raise ArtifactNotFound(f"{job_id} has left no detections at step {step}; it has those of {sorted(of_steps)}")
    if not of_steps:
        return Detections(steps=[], comparison=None)
    assert job.mlflow_run_id is not None
    chosen = of_steps[max(of_steps) if step is None else step]
    download = await _open(files, job.mlflow_run_id, chosen)
    document = b"".join([piece async for piece in download.pieces])
    try:
        comparison = DetectionComparison.model_validate_json(document)
    except ValidationError as error:
        raise ArtifactNotFound(f"{chosen.path} of {job_id} is not what the trainer wrote: {error}") from error
    return Detections(steps=sorted(of_steps), comparison=comparison)


async def find_weights(
    models: ModelRepository, name: str, version: int, settings: Settings
) -> tuple[ModelVersionRow, Path]:
    """The weights of a version that is ready, as a file.

    Raises:
        ModelNotFound: there is no such version.
        WeightsNotFound: it is not ready, or its file is not to be seen from here or not as it was when checked.
    """
    model = await models.get(name)
    row = None if model is None else await models.version(name, version)
    if row is None:
        raise ModelNotFound(name, version)
    which = f"{name}@{version}"
    if row.state != CheckState.READY:
        raise WeightsNotFound(f"{which} is {row.state}; wanted a version that is ready")
    if row.weights.startswith(TORCHVISION):
        raise WeightsNotFound(
            f"the weights of {which} are kept by torchvision: {row.weights.removeprefix(TORCHVISION)}"
        )
    if not is_allowed(settings, row.weights):
        raise WeightsNotFound(f"the weights of {which} lie outside of the folders that are allowed by now")
    store = open_store(settings)
    path = settings.data / store.at(row.weights)
    size = await asyncio.to_thread(_size_of, store, path)
    if size is None:
        raise WeightsNotFound(f"the weights of {which} cannot be read by the API process at {path}")
    if size != row.size_bytes:
        raise WeightsNotFound(f"the weights of {which} have changed since they were checked; check it again")
    return row, path


async def _files_of(job: JobRow, files: MlflowArtifacts) -> list[StoredFile]:
    if job.mlflow_run_id is None:
        return []
    try:
        return await files.files(job.mlflow_run_id)
    except MlflowUnreachable as error:
        raise Unavailable(f"artifacts are kept by MLflow, and it cannot be read now: {error}") from error


async def _open(files: MlflowArtifacts, run_id: str, file: StoredFile) -> Download:
    stack = AsyncExitStack()
    try:
        response = await stack.enter_async_context(files.open(run_id, file.path))
    except MlflowUnreachable as error:
        raise Unavailable(f"artifacts are kept by MLflow, and it cannot be read now: {error}") from error
    return Download(file.path.rpartition("/")[2], file.size_bytes, _pieces(stack, response))


async def _pieces(stack: AsyncExitStack, response: httpx.Response) -> AsyncIterator[bytes]:
    async with stack:
        async for piece in response.aiter_bytes():
            yield piece


def _size_of(store: Store, path: Path) -> int | None:
    try:
        store.fetch(path)
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
