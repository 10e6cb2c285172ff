"""An MLflow server that knows runs, their curves and a model registry, as an httpx transport."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from tests.unit.service.fake_mlflow_registry import REGISTRY_PATHS, FakeRegistry

Curve = list[tuple[int, float]]


@dataclass
class FakeMlflow(httpx.AsyncBaseTransport):
    runs: dict[str, dict[str, Curve]] = field(default_factory=dict)
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    away: bool = False
    token: str = ""
    largest_page: int = 25_000
    seen: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("connection refused", request=request)
        self.seen.append(request)
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(401, text="this MLflow wants its token")
        path, query = request.url.path, request.url.params
        if path == "/version":
            return httpx.Response(200, text="3.17.2")
        if path == "/get-artifact":
            return httpx.Response(200, content=self.files[query["run_id"]][query["path"]])
        if path == "/api/2.0/mlflow/artifacts/list":
            return httpx.Response(200, json={"files": self._entries(query["run_id"], query.get("path", ""))})
        if not path.startswith(("/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/")):
            headers = {"x-mlflow": "yes", "connection": "close"}
            return httpx.Response(200, content=_in_pieces(f"page {path}"), headers=headers)
        if path.startswith(REGISTRY_PATHS):
            return self.registry.answer(request)
        run = self.runs.get(query.get("run_id") or query.get("run_ids") or "")
        if run is None:
            return httpx.Response(404, json={"error_code": "RESOURCE_DOES_NOT_EXIST"})
        if path.endswith("/runs/get"):
            metrics = [{"key": key, "value": curve[-1][1]} for key, curve in run.items()]
            run_id = query["run_id"]
            info = {"run_id": run_id, "experiment_id": "7", "artifact_uri": f"mlflow-artifacts:/7/{run_id}/artifacts"}
            tags = [{"key": key, "value": value} for key, value in self.tags.get(run_id, {}).items()]
            named = [*self.registry.deleted.get(run_id, ()), f"m-{run_id}"]
            outputs = {"model_outputs": [{"model_id": model_id, "step": "0"} for model_id in named]}
            return httpx.Response(
                200, json={"run": {"info": info, "data": {"metrics": metrics, "tags": tags}, "outputs": outputs}}
            )
        key = query["metric_key"]
        points = [
            {"key": key, "value": _plain(v), "step": s, "timestamp": 1000 * s}
            for s, v in run.get(key, [])
            if int(query.get("start_step", 0)) <= s <= int(query.get("end_step", 2**60))
        ]
        if path.endswith("/get-history-bulk-interval"):
            return httpx.Response(200, json={"metrics": _thinned(points, int(query["max_results"]))})
        begin = int(query.get("page_token", 0))
        end = begin + min(int(query["max_results"]), self.largest_page)
        following = {"next_page_token": str(end)} if end < len(points) else {}
        return httpx.Response(200, json={"metrics": points[begin:end], **following})

    def _entries(self, run_id: str, folder: str) -> list[dict[str, object]]:
        """One level of a run's files, as MLflow lists them."""
        prefix = f"{folder}/" if folder else ""
        found: dict[str, dict[str, object]] = {}
        for path, content in self.files.get(run_id, {}).items():
            if path.startswith(prefix):
                name, _, rest = path.removeprefix(prefix).partition("/")
                whole = prefix + name
                found[whole] = {"path": whole, "is_dir": bool(rest), **({} if rest else {"file_size": len(content)})}
        return list(found.values())


def _thinned(points: list[dict[str, object]], most: int) -> list[dict[str, object]]:
    return points if len(points) <= most else [points[index * len(points) // most] for index in range(most)]


async def _in_pieces(text: str) -> AsyncIterator[bytes]:
    for letter in text:
        yield letter.encode()


def _plain(value: float) -> float | str:
    """MLflow writes numbers that JSON does not have as text."""
    return value if math.isfinite(value) else "NaN"
