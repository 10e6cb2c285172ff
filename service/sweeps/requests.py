"""The sum of what was asked of a running sweep. The reconciler needs it, so nothing of HTTP is imported here."""

from __future__ import annotations

from collections.abc import Iterable

from service.sweeps.models import SteeringRow
from workers.spec import Steering


def total(rows: Iterable[SteeringRow]) -> Steering:
    """The sum of all requests."""
    requests = [Steering.model_validate(row.request) for row in rows]
    return Steering(
        stop_trials=tuple(number for request in requests for number in request.stop_trials),
        added_trials=tuple(trial for request in requests for trial in request.added_trials),
        more_trials=sum(request.more_trials for request in requests),
        more_wall_s=sum(request.more_wall_s for request in requests),
        more_gpu_hours=sum(request.more_gpu_hours for request in requests),
        end_search=any(request.end_search for request in requests),
    )
