"""Curves of ended trainings, kept in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.clients.mlflow import MlflowClient, Point
from service.clients.mlflow_cache import CurveCache

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


class Counting(MlflowClient):
    """Answers with ten points, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def history(self, run_id: str, key: str) -> list[Point]:
        self.asked.append(f"{run_id} {key}")
        return [Point(step, float(step), step) for step in range(10)]


async def test_a_curve_of_an_ended_training_is_read_once() -> None:
    mlflow, cache = Counting(), CurveCache(clock=lambda: NOW)
    first = await cache.history(mlflow, "r", "val/AP", ended_at=LONG_AGO)
    assert await cache.history(mlflow, "r", "val/AP", ended_at=LONG_AGO) == first
    assert await cache.history(mlflow, "r", "val/AP50", ended_at=LONG_AGO) == first
    assert mlflow.asked == ["r val/AP", "r val/AP50"]


async def test_a_training_that_goes_on_or_has_just_ended_is_read_each_time() -> None:
    mlflow, cache = Counting(), CurveCache(clock=lambda: NOW)
    for ended_at in (None, None, NOW - timedelta(seconds=5), NOW - timedelta(seconds=5)):
        await cache.history(mlflow, "r", "val/AP", ended_at=ended_at)
    assert len(mlflow.asked) == 4


async def test_a_training_taken_up_again_is_read_anew() -> None:
    mlflow, cache = Counting(), CurveCache(clock=lambda: NOW)
    await cache.history(mlflow, "r", "val/AP", ended_at=LONG_AGO)
    await cache.history(mlflow, "r", "val/AP", ended_at=None)
    await cache.history(mlflow, "r", "val/AP", ended_at=LONG_AGO + timedelta(hours=1))
    assert len(mlflow.asked) == 3


async def test_curves_that_nobody_asked_for_lately_make_room() -> None:
    mlflow, cache = Counting(), CurveCache(max_points=25, clock=lambda: NOW)
    for run in ("a", "b", "a", "c", "a", "b"):
        await cache.history(mlflow, run, "val/AP", ended_at=LONG_AGO)
    assert mlflow.asked == ["a val/AP", "b val/AP", "c val/AP", "b val/AP"]
