"""An MLflow server that knows runs and their curves, as an httpx transport."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

Curve = list[tuple[int, float]]


@dataclass
class FakeMlflow(httpx.AsyncBaseTransport):
    runs: dict[str, dict[str, Curve]] = field(default_factory=dict)
    away: bool = False
    seen: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("connection refused", request=request)
        self.seen.append(request)
        path, query = request.url.path, request.url.params
        if path == "/health":
            return httpx.Response(200, text="OK")
        if not path.startswith("/api/2.0/mlflow/"):
            headers = {"x-mlflow": "yes", "connection": "close"}
            return httpx.Response(200, content=_in_pieces(f"page {path}"), headers=headers)
        run = self.runs.get(query["run_id"])
        if run is None:
            return httpx.Response(404, json={"error_code": "RESOURCE_DOES_NOT_EXIST"})
        if path.endswith("/runs/get"):
            metrics = [{"key": key, "value": curve[-1][1]} for key, curve in run.items()]
            info = {"run_id": query["run_id"], "experiment_id": "7"}
            return httpx.Response(200, json={"run": {"info": info, "data": {"metrics": metrics}}})
        curve = run.get(query["metric_key"], [])
        points = [{"key": query["metric_key"], "value": _plain(v), "step": s, "timestamp": 1000 * s} for s, v in curve]
        return httpx.Response(200, json={"metrics": points})


async def _in_pieces(text: str) -> AsyncIterator[bytes]:
    for letter in text:
        yield letter.encode()


def _plain(value: float) -> float | str:
    """MLflow writes numbers that JSON does not have as text."""
    return value if math.isfinite(value) else "NaN"
