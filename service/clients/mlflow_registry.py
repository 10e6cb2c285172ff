"""MLflow's model registry by its REST API. Every call may be repeated: what is there already is no error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from service.clients.mlflow import TIMEOUT, MlflowUnreachable

_EXISTS = "RESOURCE_ALREADY_EXISTS"
_MISSING = "RESOURCE_DOES_NOT_EXIST"
_MAX_VERSIONS = 1000


class MlflowRefused(Exception):
    """MLflow understood and said no; asking again will not help."""

    def __init__(self, method: str, code: str, words: str) -> None:
        super().__init__(f"MLflow refused {method}: {words[:300]}")
        self.code = code


@dataclass(frozen=True)
class RunModel:
    """Where MLflow keeps what a run made: the loadable model where there is one, else the folder of its weights."""

    source: str
    model_id: str | None


class MlflowRegistry:
    """Takes an httpx client whose base_url is the MLflow server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def run_model(self, run_id: str) -> RunModel | None:
        """What the run made; None where there is no such run."""
        try:
            run = (await self._call("GET", "runs/get", {"run_id": run_id}))["run"]
        except MlflowRefused as error:
            if error.code == _MISSING:
                return None
            raise
        outputs = (run.get("outputs") or {}).get("model_outputs") or []
        for output in outputs:
            model_id = str(output["model_id"])
            try:
                found = await self._call("GET", f"logged-models/{model_id}", {})
            except MlflowRefused as error:
                if error.code != _MISSING:
                    raise
                continue  # a run goes on naming a model that was deleted
            return RunModel(source=str(found["model"]["info"]["artifact_uri"]), model_id=model_id)
        return RunModel(source=f"{run['info']['artifact_uri']}/student", model_id=None)

    async def ensure_model(self, name: str) -> None:
        try:
            await self._call("POST", "registered-models/create", {"name": name})
        except MlflowRefused as error:
            if error.code != _EXISTS:
                raise

    async def find_version(self, name: str, run_id: str, *, tag: tuple[str, str]) -> str | None:
        """The version of a model that has this run and this tag."""
        query = {"filter": f"name = '{name}' and run_id = '{run_id}'", "max_results": str(_MAX_VERSIONS)}
        found = await self._call("GET", "model-versions/search", query)
        for version in found.get("model_versions", []):
            if {"key": tag[0], "value": tag[1]} in version.get("tags", []):
                return str(version["version"])
        return None

    async def create_version(
        self, name: str, made: RunModel, run_id: str, *, tags: Mapping[str, str], description: str
    ) -> str:
        """Add a version; call `find_version` first."""
        body: dict[str, Any] = {
            "name": name,
            "source": made.source,
            "run_id": run_id,
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
            "description": description,
        }
        if made.model_id is not None:
            body["model_id"] = made.model_id
        return str((await self._call("POST", "model-versions/create", body))["model_version"]["version"])

    async def set_alias(self, name: str, alias: str, version: str) -> None:
        await self._call("POST", "registered-models/alias", {"name": name, "alias": alias, "version": version})

    async def delete_alias(self, name: str, alias: str) -> None:
        """No error where there is no such alias or model."""
        try:
            await self._call("DELETE", "registered-models/alias", {"name": name, "alias": alias})
        except MlflowRefused as error:
            if error.code != _MISSING:
                raise

    async def _call(self, http_method: str, method: str, fields: Mapping[str, Any]) -> Any:
        """Raises MlflowUnreachable or MlflowRefused."""
        given: dict[str, Any] = {"params": fields} if http_method == "GET" else {"json": fields}
        try:
            response = await self._http.request(http_method, f"/api/2.0/mlflow/{method}", timeout=TIMEOUT, **given)
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            raise MlflowUnreachable(f"MLflow does not answer at {self._http.base_url}: {words}") from error
        try:
            found = response.json()
        except ValueError as error:
            raise MlflowUnreachable(f"what answers at {self._http.base_url} is not MLflow") from error
        if response.is_success:
            return found
        code = str(found.get("error_code", "")) if isinstance(found, dict) else ""
        words = str(found.get("message", "")) if isinstance(found, dict) else response.text
        if response.status_code >= 500 or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise MlflowUnreachable(f"MLflow answered {response.status_code} to {method}: {words[:300]}")
        raise MlflowRefused(method, code, words or str(response.status_code))
