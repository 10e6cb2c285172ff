"""Curves that have come to their end, kept in memory: MLflow takes longest of all to answer for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from service.clients.mlflow import MlflowClient, Point
from service.db.base import utc_now

_MAX_POINTS = 300_000
# The last points of a training may come a little after its end.
_SETTLED_AFTER = timedelta(seconds=60)


class CurveCache:
    """Whole curves of one API process; those least recently asked for go first."""

    def __init__(self, *, max_points: int = _MAX_POINTS, clock: Callable[[], datetime] = utc_now) -> None:
        self._max_points = max_points
        self._clock = clock
        self._num_points = 0
        self._curves: OrderedDict[tuple[str, str, datetime], list[Point]] = OrderedDict()

    async def history(self, mlflow: MlflowClient, run_id: str, key: str, *, ended_at: datetime | None) -> list[Point]:
        """As `MlflowClient.history`; from memory where the training has ended at `ended_at` and it was asked before.

        A training that is taken up again and ends again has another end, and so is read anew.
        """
        if ended_at is None or self._clock() - ended_at < _SETTLED_AFTER:
            return await mlflow.history(run_id, key)
        place = (run_id, key, ended_at)
        if place in self._curves:
            self._curves.move_to_end(place)
            return self._curves[place]
        points = await mlflow.history(run_id, key)
        if len(points) <= self._max_points and place not in self._curves:
            self._curves[place] = points
            self._num_points += len(points)
            while self._num_points > self._max_points:
                _, dropped = self._curves.popitem(last=False)
                self._num_points -= len(dropped)
        return points
