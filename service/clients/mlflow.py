"""MLflow by its REST API: where a run is, and its curves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_PAGE = 25_000
_INCREMENT = 2_500
_LAST_STEP = 2**53


class MlflowUnreachable(Exception):
    """MLflow does not answer, or not in time."""


@dataclass(frozen=True)
class Point:
    step: int
    value: float
    timestamp_ms: int


@dataclass(frozen=True)
class Run:
    run_id: str
    experiment_id: str
    metric_keys: tuple[str, ...]
    tags: dict[str, str] = field(default_factory=dict)


class MlflowClient:
    """Takes an httpx client whose base_url is the MLflow server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def is_healthy(self) -> bool:
        return await self.problem() is None

    async def problem(self) -> str | None:
        """Why MLflow is of no use to us; None where it is. Its version is told to those who may ask for the rest."""
        try:
            response = await self._http.get("/version", timeout=2.0)
        except httpx.HTTPError:
            return f"MLflow does not answer at {self._http.base_url}"
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return f"MLflow at {self._http.base_url} refuses the token of the service; see STILLHOUSE_MLFLOW_TOKEN"
        return None if response.is_success else f"MLflow at {self._http.base_url} answers {response.status_code}"

    async def run(self, run_id: str) -> Run | None:
        found = await self._get("runs/get", run_id=run_id)
        if found is None:
            return None
        info = found["run"]["info"]
        keys = tuple(metric["key"] for metric in found["run"].get("data", {}).get("metrics", []))
        tags = {tag["key"]: tag["value"] for tag in found["run"].get("data", {}).get("tags", [])}
        return Run(run_id=info["run_id"], experiment_id=info["experiment_id"], metric_keys=keys, tags=tags)

    async def history(self, run_id: str, key: str) -> list[Point]:
        """All values of one metric, by step; of a step that was logged twice the newest value."""
        metrics: list[dict[str, Any]] = []
        token: str | None = None
        while True:
            extra = {"page_token": token} if token else {}
            found = await self._get(
                "metrics/get-history", run_id=run_id, metric_key=key, max_results=str(_PAGE), **extra
            )
            metrics += (found or {}).get("metrics", [])
            token = (found or {}).get("next_page_token")
            if not token:
                return newest_of_each_step(metrics)

    async def history_since(self, run_id: str, key: str, step: int) -> list[Point]:
        """The values of one metric after a step, by step, without reading those before."""
        found = await self._get(
            "metrics/get-history-bulk-interval",
            api="/ajax-api",
            run_ids=run_id,
            metric_key=key,
            start_step=str(step + 1),
            end_step=str(_LAST_STEP),
            max_results=str(_INCREMENT),
        )
        metrics = (found or {}).get("metrics", [])
        if len(metrics) >= _INCREMENT:  # MLflow thins out what is longer
            return [point for point in await self.history(run_id, key) if point.step > step]
        return newest_of_each_step(metrics)

    async def _get(self, method: str, *, api: str = "/api", **query: str) -> Any:
        try:
            response = await self._http.get(f"{api}/2.0/mlflow/{method}", params=query, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            raise MlflowUnreachable(f"MLflow does not answer at {self._http.base_url}: {words}") from error
        if response.status_code == 404:
            return None
        if not response.is_success:
            raise MlflowUnreachable(f"MLflow answered {response.status_code} to {method}: {response.text[:300]}")
        try:
            return response.json()
        except ValueError as error:
            raise MlflowUnreachable(f"what answers at {self._http.base_url} is not MLflow") from error


def newest_of_each_step(metrics: Iterable[dict[str, Any]]) -> list[Point]:
    newest: dict[int, Point] = {}
    for metric in metrics:
        point = Point(int(metric.get("step", 0)), float(metric["value"]), int(metric["timestamp"]))
        before = newest.get(point.step)
        if before is None or before.timestamp_ms <= point.timestamp_ms:
            newest[point.step] = point
    return [newest[step] for step in sorted(newest)]


def finite_or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
