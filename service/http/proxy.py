"""MLflow's own pages and API under /mlflow, so that one port serves everything."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from service.access.principal import EVERY_PROJECT, PrincipalDep, Role
from service.context import ContextDep
from service.errors import Unauthenticated, Unavailable
from service.http.problems import error_response

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# What MLflow's pages ask with POST and what changes nothing. All else that is not a plain GET counts as a change.
_READS = re.compile(
    r"/graphql|/(?:ajax-api|api)/[23]\.0/?mlflow/"
    r"(?:(?:runs|experiments|logged-models|traces|datasets)/search|experiments/search-datasets"
    r"|traces/batchGetInfos|registered-models/get-latest-versions)"
)
# Asks other servers in MLflow's name, or shows what MLflow keeps of them.
_NEVER_READS = re.compile(r"/(?:ajax-api|api)/[23]\.0/mlflow/(?:gateway|webhooks)")
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
# What proves to us who asks is none of MLflow's business.
_OURS = {"authorization", "cookie"}
_TIMEOUT = httpx.Timeout(60.0, connect=2.0)


async def lead_to_sign_in(request: Request, error: Exception) -> Response:
    """A browser that wants one of MLflow's pages is sent to sign in, and comes back; a program is told no."""
    assert isinstance(error, Unauthenticated)
    if not _wants_page(request):
        return error_response(request, error)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    # The browser keeps the fragment, in which MLflow's pages have their state.
    location = f"/signin?next={quote(wanted, safe='')}"
    return RedirectResponse(location, status_code=303, headers={"Cache-Control": "no-store"})


def _wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: a browser shows pages that it asks for without a token."""
    return (
        request.method in ("GET", "HEAD")
        and request.url.path.startswith("/mlflow")
        and "text/html" in request.headers.get("accept", "")
        and request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        and "authorization" not in request.headers
    )


@router.api_route("/mlflow", methods=["GET", "HEAD"], operation_id="openMlflow")
async def to_mlflow() -> Response:
    return RedirectResponse("/mlflow/")


@router.api_route("/mlflow/{path:path}", methods=_METHODS, operation_id="proxyMlflow")
async def proxy_mlflow(path: str, request: Request, context: ContextDep, principal: PrincipalDep) -> Response:
    """MLflow knows no projects of ours, so who may not see all of them sees none of it; who writes administers all."""
    client = context.mlflow_http
    raw_path = request.scope.get("raw_path", request.url.path.encode()).partition(b"?")[0].removeprefix(b"/mlflow")
    if only_reads(request.method, raw_path.decode("latin-1")):
        request.scope["state"]["audited"] = True  # a search that MLflow asks with POST is no change
    else:
        principal.check(Role.ADMIN, EVERY_PROJECT)
    target = raw_path + (b"?" + request.url.query.encode() if request.url.query else b"")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    outgoing = client.build_request(
        request.method,
        client.base_url.copy_with(raw_path=target),
        headers=[
            (name, value) for name, value in request.headers.raw if name.decode("latin-1") not in _OF_ONE_HOP | _OURS
        ],
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


def only_reads(method: str, raw_path: str) -> bool:
    """Whether MLflow changes nothing by a request; the path is as it was sent, still encoded."""
    if _NEVER_READS.match(raw_path):
        return False
    return method in ("GET", "HEAD", "OPTIONS") or (method == "POST" and _READS.fullmatch(raw_path) is not None)


async def _raw(incoming: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in incoming.aiter_raw():
        yield piece
