"""The model registry of the fake MLflow server; tests/contract holds it to what the real one does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

_API = "/api/2.0/mlflow/"
REGISTRY_PATHS = tuple(_API + part for part in ("registered-models/", "model-versions/", "logged-models/"))


def refusal(status: int, code: str, message: str) -> httpx.Response:
    return httpx.Response(status, json={"error_code": code, "message": message})


@dataclass
class FakeRegistry:
    """Models by name: their versions, in order, and their aliases; models of runs that were deleted, by run."""

    models: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    deleted: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        method = f"{request.method} {request.url.path.removeprefix(_API)}"
        given = dict(request.url.params) if request.method == "GET" else json.loads(request.content)
        if method.startswith("GET logged-models/"):
            model_id = method.rpartition("/")[2]
            if any(model_id in of_run for of_run in self.deleted.values()):
                return refusal(404, "RESOURCE_DOES_NOT_EXIST", f"Logged model with ID '{model_id}' not found.")
            info = {"model_id": model_id, "artifact_uri": f"mlflow-artifacts:/7/models/{model_id}/artifacts"}
            return httpx.Response(200, json={"model": {"info": info}})
        if method == "GET model-versions/search":
            return self._search(given["filter"])
        name = given["name"]
        if method == "POST registered-models/create":
            if name in self.models:
                return refusal(400, "RESOURCE_ALREADY_EXISTS", f"Registered Model (name={name}) already exists.")
            self.models[name] = []
            return httpx.Response(200, json={"registered_model": {"name": name}})
        if name not in self.models:
            return refusal(404, "RESOURCE_DOES_NOT_EXIST", f"Registered Model with name={name} not found")
        if method == "POST model-versions/create":
            version = {**given, "version": str(len(self.models[name]) + 1)}
            self.models[name].append(version)
            return httpx.Response(200, json={"model_version": version})
        if method == "POST registered-models/alias":
            if int(given["version"]) > len(self.models[name]):
                return refusal(404, "RESOURCE_DOES_NOT_EXIST", f"Model Version (name={name}) not found")
            self.aliases.setdefault(name, {})[given["alias"]] = given["version"]
            return httpx.Response(200, json={})
        if method == "DELETE registered-models/alias":
            self.aliases.get(name, {}).pop(given["alias"], None)
            return httpx.Response(200, json={})
        return refusal(404, "ENDPOINT_NOT_FOUND", f"no {method}")

    def _search(self, words: str) -> httpx.Response:
        found = re.fullmatch(r"name = '([^']*)' and run_id = '([^']*)'", words)
        assert found is not None, words
        name, run_id = found.groups()
        versions = [one for one in self.models.get(name, []) if one["run_id"] == run_id]
        return httpx.Response(200, json={"model_versions": versions} if versions else {})
