"""Curves for people: a few hundred points that look like all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from service.clients.mlflow import MlflowUnreachable, Point, finite_or_none
from service.context import Context
from service.errors import Unavailable
from service.jobs.journals import Journals
from service.jobs.schemas import MetricPoint, Metrics, MetricSeries

logger = logging.getLogger(__name__)
_PARALLEL = 8


async def read_curves(
    context: Context,
    run_id: str | None,
    *,
    journal: Path,
    ended_at: datetime | None,
    keys: Sequence[str],
    max_points: int,
    since_step: int | None = None,
) -> Metrics:
    """Curves of a training, after `since_step`; all of them where no key is given.

    They come from its `journal`, or from its run at MLflow where there is no such file any more. `ended_at` is when the
    training of the run ended, None while it goes on.

    Raises:
        Unavailable: MLflow does not answer.
    """
    wanted = list(dict.fromkeys(keys))
    if (found := await read_journal(context.journals, journal, wanted, since_step)) is not None:
        return Metrics(series=[_series(key, found.get(key, []), max_points) for key in wanted or found])
    if run_id is None:
        return Metrics(series=[])
    slots = asyncio.Semaphore(_PARALLEL)

    async def curve(key: str) -> MetricSeries:
        async with slots:
            if since_step is None:
                points = await context.curves.history(context.mlflow, run_id, key, ended_at=ended_at)
            else:
                points = await context.mlflow.history_since(run_id, key, since_step)
        return _series(key, points, max_points)

    try:
        if not wanted:
            run = await context.mlflow.run(run_id)
            wanted = sorted(run.metric_keys) if run is not None else []
        series = await asyncio.gather(*(curve(key) for key in wanted))
    except MlflowUnreachable as error:
        raise Unavailable(f"curves are kept by MLflow, and it cannot be read now: {error}") from error
    return Metrics(series=[one for one in series if one.points or keys])


async def read_journal(
    journals: Journals, path: Path, keys: Sequence[str], since_step: int | None
) -> dict[str, list[Point]] | None:
    """The curves of a journal after a step; None where there is none, or it cannot be read."""
    try:
        return await journals.read(path, keys, after=-1 if since_step is None else since_step)
    except (OSError, ValueError, LookupError):
        logger.warning("the journal %s cannot be read; its curves are asked of MLflow", path, exc_info=True)
        return None


def _series(key: str, points: Sequence[Point], max_points: int) -> MetricSeries:
    return MetricSeries(key=key, points=[metric_point(point) for point in downsample(points, max_points)])


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
    steps = [point.step for point in points]
    values = [_finite(point) for point in points]
    inner = len(points) - 2
    edges = [1 + index * inner // (max_points - 2) for index in range(max_points - 1)] if max_points > 2 else []
    edges.append(len(points))
    kept = [0]
    for begin, end, following in zip(edges, edges[1:], edges[2:], strict=False):
        mean_step = sum(steps[end:following]) / (following - end)
        mean_value = sum(values[end:following]) / (following - end)
        kept.append(_farthest(steps, values, range(begin, end), kept[-1], mean_step, mean_value))
    return [points[index] for index in (*kept, len(points) - 1)]


def _farthest(
    steps: Sequence[int], values: Sequence[float], bucket: range, last: int, mean_step: float, mean_value: float
) -> int:
    """The point of a bucket that spans the largest triangle with the point kept before and the next bucket's mean."""
    last_step, last_value = steps[last], values[last]
    across, up = last_step - mean_step, mean_value - last_value
    best, largest = bucket[0], -1.0
    for index in bucket:
        area = abs(across * (values[index] - last_value) - (last_step - steps[index]) * up)
        if area > largest:
            best, largest = index, area
    return best


def _finite(point: Point) -> float:
    return finite_or_none(point.value) or 0.0
