"""The built dashboard, with every path that is nobody else's answered by its index page."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.convertors import Convertor, register_url_convertor

from service.errors import NotFound
from service.http.security import REFERENCE_POLICY


class PageConvertor(Convertor[str]):
    """Paths that are no part of the API: those get the API's own 404 and 405."""

    regex = r"(?!api(?:/|$)|mlflow(?:/|$)|healthz$|readyz$|metrics$).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", PageConvertor())
router = APIRouter(include_in_schema=False)
DIST = Path(__file__).parents[1] / "web_dist"
# Names below assets/ carry a hash of their content.
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Stillhouse</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>Stillhouse is running</h1>
<p>The dashboard has not been built here. In a checkout, build it with</p><pre>make web</pre>
<p>and reload this page. The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>,
MLflow is at <a href="/mlflow/">/mlflow/</a>.</p>
</body></html>
"""


def _file_at(dist: Path, path: str) -> Path | None:
    """The file of the dashboard at `path`; None where there is none, or where no file could have such a name."""
    try:
        file = (dist / path).resolve()
        return file if file.is_relative_to(dist.resolve()) and file.is_file() else None
    except (OSError, ValueError):
        return None


@router.api_route("/api/docs", methods=["GET", "HEAD"], operation_id="serveApiDocs")
def serve_api_docs(request: Request) -> Response:
    """The reference of the API: a page of the dashboard's build that shows this server's own description."""
    page = _dist(request) / "api-docs.html"
    if not page.is_file():
        return HTMLResponse(_NOT_BUILT, headers=_ASK_AGAIN)
    return FileResponse(page, headers={**_ASK_AGAIN, "Content-Security-Policy": REFERENCE_POLICY})


def _dist(request: Request) -> Path:
    dist: Path = getattr(request.app.state, "web_dist", DIST)
    return dist


@router.api_route("/{path:page}", methods=["GET", "HEAD"], operation_id="serveDashboard")
def serve_dashboard(path: str, request: Request) -> Response:
    dist = _dist(request)
    index = dist / "index.html"
    if not index.is_file():
        if path:
            raise NotFound(f"there is nothing at /{path}, and the dashboard has not been built")
        return HTMLResponse(_NOT_BUILT, headers=_ASK_AGAIN)
    file = _file_at(dist, path)
    if file is not None:
        return FileResponse(file, headers=_FOR_EVER if path.startswith("assets/") else _ASK_AGAIN)
    if path.startswith("assets/") or "." in path.rpartition("/")[2]:
        raise NotFound(f"the dashboard has no file {path!r}")
    return FileResponse(index, headers=_ASK_AGAIN)
