"""The files of MLflow's runs by its REST API: listed whole, read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from service.clients.mlflow import TIMEOUT, MlflowUnreachable

_MAX_FOLDERS = 200
_MAX_FILES = 5000
_READ_TIMEOUT = httpx.Timeout(60.0, connect=2.0)


@dataclass(frozen=True)
class StoredFile:
    path: str
    size_bytes: int


class MlflowArtifacts:
    """Takes an httpx client whose base_url is the MLflow server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def files(self, run_id: str) -> list[StoredFile]:
        """All files of a run, by path. Raises MlflowUnreachable."""
        found: list[StoredFile] = []
        folders = [""]
        for _ in range(_MAX_FOLDERS):
            if not folders or len(found) >= _MAX_FILES:
                break
            folder = folders.pop()
            for entry in await self._entries(run_id, folder):
                if entry.get("is_dir"):
                    folders.append(entry["path"])
                else:
                    found.append(StoredFile(entry["path"], int(entry.get("file_size") or 0)))
        return sorted(found, key=lambda file: file.path)

    @asynccontextmanager
    async def open(self, run_id: str, path: str) -> AsyncIterator[httpx.Response]:
        """The content of one file as a response to be streamed. Raises MlflowUnreachable."""
        query = {"run_id": run_id, "path": path}
        request = self._http.build_request("GET", "/get-artifact", params=query, timeout=_READ_TIMEOUT)
        try:
            response = await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            raise MlflowUnreachable(f"MLflow does not answer at {self._http.base_url}: {words}") from error
        try:
            if not response.is_success:
                raise MlflowUnreachable(f"MLflow answered {response.status_code} to the request for {path}")
            yield response
        finally:
            await response.aclose()

    async def _entries(self, run_id: str, folder: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        token: str | None = None
        while True:
            query = {
                "run_id": run_id,
                **({"path": folder} if folder else {}),
                **({"page_token": token} if token else {}),
            }
            try:
                response = await self._http.get("/api/2.0/mlflow/artifacts/list", params=query, timeout=TIMEOUT)
            except httpx.HTTPError as error:
                words = str(error) or type(error).__name__
                raise MlflowUnreachable(f"MLflow does not answer at {self._http.base_url}: {words}") from error
            if response.status_code == httpx.codes.NOT_FOUND:
                return entries
            if not response.is_success:
                raise MlflowUnreachable(f"MLflow answered {response.status_code} to artifacts/list")
            document = response.json()
            entries += document.get("files", [])
            token = document.get("next_page_token")
            if not token:
                return entries
