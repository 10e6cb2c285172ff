"""Curves for people: a few hundred points that look like all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from service.clients.mlflow import MlflowClient, MlflowUnreachable, Point, finite_or_none
from service.errors import Unavailable
from service.jobs.schemas import MetricPoint, Metrics, MetricSeries

_PARALLEL = 8


async def read_curves(mlflow: MlflowClient, run_id: str | None, *, keys: Sequence[str], max_points: int) -> Metrics:
    """Curves of a run; all of them where no key is given, none while there is no run.

    Raises:
        Unavailable: MLflow does not answer.
    """
    if run_id is None:
        return Metrics(series=[])
    slots = asyncio.Semaphore(_PARALLEL)

    async def curve(key: str) -> MetricSeries:
        async with slots:
            points = await mlflow.history(run_id, key)
        return MetricSeries(key=key, points=[metric_point(point) for point in downsample(points, max_points)])

    try:
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            run = await mlflow.run(run_id)
            wanted = sorted(run.metric_keys) if run is not None else []
        series = await asyncio.gather(*(curve(key) for key in wanted))
    except MlflowUnreachable as error:
        raise Unavailable(f"curves are kept by MLflow, and it cannot be read now: {error}") from error
    return Metrics(series=[one for one in series if one.points or keys])


def metric_point(point: Point) -> MetricPoint:
    at = datetime.fromtimestamp(point.timestamp_ms / 1000, tz=UTC)
    return MetricPoint(step=point.step, value=finite_or_none(point.value), at=at)


def downsample(points: Sequence[Point], max_points: int) -> list[Point]:
    """Keep `max_points` of them, the first and the last among these.

    Largest triangle three buckets (Steinarsson, 2013): of each bucket the point that spans the largest triangle with
    the point kept before and the mean of the next bucket, so that peaks survive. Values that are not finite count as 0.
    """
    assert max_points >= 2
    if len(points) <= max_points:
        return list(points)
    inner = len(points) - 2
    edges = [1 + index * inner // (max_points - 2) for index in range(max_points - 1)] if max_points > 2 else []
    kept = [points[0]]
    for bucket in range(len(edges) - 1):
        begin, end = edges[bucket], edges[bucket + 1]
        following = points[end : edges[bucket + 2]] if bucket + 2 < len(edges) else points[-1:]
        mean_step = sum(point.step for point in following) / len(following)
        mean_value = sum(_finite(point) for point in following) / len(following)
        last = kept[-1]

        def area(point: Point, last: Point = last, step: float = mean_step, value: float = mean_value) -> float:
            return abs(
                (last.step - step) * (_finite(point) - _finite(last))
                - (last.step - point.step) * (value - _finite(last))
            )

        kept.append(max(points[begin:end], key=area))
    kept.append(points[-1])
    return kept


def _finite(point: Point) -> float:
    return finite_or_none(point.value) or 0.0
