"""HTTP route of the metrics."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from service.context import SessionDep
from service.http.problems import problems
from service.observability.prometheus import Meters, render
from service.observability.repository import read_numbers

router = APIRouter(tags=["health"])


class MetricsText(PlainTextResponse):
    media_type = CONTENT_TYPE_LATEST


async def get_meters(request: Request) -> Meters:
    return cast(Meters, request.app.state.meters)


_EXAMPLE = '# TYPE stillhouse_jobs gauge\nstillhouse_jobs{state="running"} 2.0\n'
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Text that Prometheus reads",
        "content": {"text/plain": {"schema": {"type": "string"}, "examples": {"jobs": {"value": _EXAMPLE}}}},
    }
}


@router.get("/metrics", operation_id="getMetrics", response_class=MetricsText, responses=_ANSWER | problems())
async def get_metrics(session: SessionDep, meters: Annotated[Meters, Depends(get_meters)]) -> MetricsText:
    """Queue, jobs, attempts, reconcile lag, streams and latency of the API, for Prometheus."""
    return MetricsText(render(meters, await read_numbers(session)))
