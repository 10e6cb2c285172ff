"""MLflow's own pages and API under /mlflow, so that one port serves everything."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from service.context import ContextDep
from service.errors import Unavailable

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# Headers that belong to one connection (RFC 9110); Host goes too, since MLflow refuses names it does not know.
_OF_ONE_HOP = {
    "connection",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_TIMEOUT = httpx.Timeout(60.0, connect=2.0)


@router.get("/mlflow")
async def to_mlflow() -> Response:
    return RedirectResponse("/mlflow/")


@router.api_route("/mlflow/{path:path}", methods=_METHODS)
async def proxy_mlflow(path: str, request: Request, context: ContextDep) -> Response:
    client = context.mlflow_http
    raw_path = request.scope.get("raw_path", request.url.path.encode()).partition(b"?")[0]
    target = raw_path.removeprefix(b"/mlflow") + (b"?" + request.url.query.encode() if request.url.query else b"")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    outgoing = client.build_request(
        request.method,
        client.base_url.copy_with(raw_path=target),
        headers=[(name, value) for name, value in request.headers.raw if name.decode("latin-1") not in _OF_ONE_HOP],
        content=request.stream() if has_body else None,
        timeout=_TIMEOUT,
    )
    try:
        incoming = await client.send(outgoing, stream=True)
    except httpx.HTTPError as error:
        words = str(error) or type(error).__name__
        raise Unavailable(f"MLflow does not answer at {context.settings.mlflow_url}: {words}") from error
    reply = StreamingResponse(
        _raw(incoming), status_code=incoming.status_code, background=BackgroundTask(incoming.aclose)
    )
    kept = [(name, value) for name, value in incoming.headers.raw if name.decode().lower() not in _OF_ONE_HOP]
    reply.raw_headers = [(name.lower(), value) for name, value in kept]
    return reply


async def _raw(incoming: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in incoming.aiter_raw():
        yield piece
