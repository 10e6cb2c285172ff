"""Curves that have come to their end, kept in memory: MLflow takes longest of all to answer for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from service.clients.mlflow import MlflowClient, Point
from service.db.base import utc_now
from service.kept import Kept

_MAX_POINTS = 300_000
# The last points of a training may come a little after its end.
_SETTLED_AFTER = timedelta(seconds=60)


class CurveCache:
    """Whole curves of one API process; those least recently asked for go first."""

    def __init__(self, *, max_points: int = _MAX_POINTS, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._curves = Kept[tuple[str, str, datetime], list[Point]](max_points)

    async def history(self, mlflow: MlflowClient, run_id: str, key: str, *, ended_at: datetime | None) -> list[Point]:
        """As `MlflowClient.history`; from memory where the training has ended at `ended_at` and it was asked before.

        A training that is taken up again and ends again has another end, and so is read anew.
        """
        if ended_at is None or self._clock() - ended_at < _SETTLED_AFTER:
            return await mlflow.history(run_id, key)
        return await self._curves.get((run_id, key, ended_at), lambda: mlflow.history(run_id, key))
