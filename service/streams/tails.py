"""The ends of curves, read from MLflow piece by piece and shared by all who watch the same run."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from service.clients.mlflow import MlflowClient, Point

_FRESH_S = 1.0
_FORGET_S = 120.0


@dataclass
class _Tail:
    points: list[Point] = field(default_factory=list)
    read_at: float = float("-inf")
    used_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Tails:
    def __init__(self, mlflow: MlflowClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._mlflow = mlflow
        self._clock = clock
        self._tails: dict[tuple[str, str], _Tail] = {}

    async def since(self, run_id: str, key: str, step: int, *, fresh: bool = False) -> list[Point]:
        """Points after `step`; at most a second old, or read now where they have to be `fresh`.

        Raises:
            MlflowUnreachable: there is no newer reading.
        """
        tail = self._tails.setdefault((run_id, key), _Tail())
        async with tail.lock:
            now = self._clock()
            tail.used_at = now
            if fresh or now - tail.read_at >= _FRESH_S:
                await self._read_on(tail, run_id, key)
                tail.read_at = now
                self._forget_unused(now)
        return after_step(tail.points, step)

    async def _read_on(self, tail: _Tail, run_id: str, key: str) -> None:
        if tail.points:
            tail.points += await self._mlflow.history_since(run_id, key, tail.points[-1].step)
        else:
            tail.points = await self._mlflow.history(run_id, key)

    def _forget_unused(self, now: float) -> None:
        unused = [name for name, tail in self._tails.items() if now - tail.used_at > _FORGET_S]
        for name in unused:
            del self._tails[name]


def after_step(points: list[Point], step: int) -> list[Point]:
    """Those of a curve, which is in order, that come after a step."""
    return points[bisect_right(points, step, key=lambda point: point.step) :]
