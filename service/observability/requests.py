"""One ASGI layer around every request: its ids in the logs, its time in the histogram, its span in the trace."""

from __future__ import annotations

import logging
import re
import time
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.requests import request_id_of
from service.observability.logs import log_context
from service.observability.prometheus import Meters
from service.observability.tracing import Tracing

logger = logging.getLogger("service.requests")
_JOB = re.compile(r"^/api/v1/(?:jobs|sweeps)/((?:job|sweep)-[a-z2-7]{10})(?:/|$)")
_SLOW_S = 1.0
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class Observed:
    """Logs what changes something, fails or is slow; measures everything that the API answers."""

    def __init__(self, app: ASGIApp, meters: Meters, tracing: Tracing | None = None) -> None:
        self.app = app
        self.meters = meters
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        job = _JOB.match(scope["path"])
        with log_context(request_id=request_id_of(scope), job_id=job[1] if job else None):
            if self.tracing is None:
                await self._measured(scope, receive, send)
                return
            with self.tracing.request(scope) as span:
                status = await self._measured(scope, receive, send)
                span.finish(route_of(scope), status)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> int:
        status, is_stream, began = 500, False, time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = any(
                    name == b"content-type" and value.startswith(b"text/event-stream")
                    for name, value in message["headers"]
                )
                if is_stream:
                    self.meters.subscribers.inc()
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            if is_stream:
                self.meters.subscribers.dec()
            else:
                self._note(scope, status, time.perf_counter() - began)
        return status

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), scope["method"]
        known = method if method in _METHODS else "OTHER"
        self.meters.latency.labels(known, route, str(status)).observe(seconds)
        changes = method not in ("GET", "HEAD", "OPTIONS")
        failed = status >= HTTPStatus.BAD_REQUEST
        if (
            (changes or failed or seconds > _SLOW_S)
            and scope["path"] not in _PROBES
            and not route.startswith("/mlflow")
        ):
            milliseconds = round(seconds * 1000, 1)
            words = "%s %s answered %s after %s ms"
            extra = {"method": method, "route": route, "status": status, "duration_ms": milliseconds}
            logger.info(words, method, scope["path"], status, milliseconds, extra=extra)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(scope: Scope) -> str:
    """The template of the path that was asked for, so that ids do not become labels."""
    path = getattr(scope.get("route"), "path", None)
    if not isinstance(path, str) or "{path:" in path:
        return path if isinstance(path, str) else "(none)"
    # An included route knows its own part of the path alone; what is before it holds no ids.
    segments = scope["path"].split("/")
    return "/".join(segments[: len(segments) - path.count("/")]) + path
