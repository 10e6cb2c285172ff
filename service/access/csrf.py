"""Requests that a browser sends with the session's cookie must come from our own pages.

The cookie is same-site and http-only already, but a page on another port of this machine is of the same site. So a
request that may change something needs two things more: a sign that it comes from our own origin (Sec-Fetch-Site,
or an Origin that equals the Host), and a header that no form can send and no other origin may send without asking.
MLflow's pages cannot be taught that header; for the proxy the first sign is enough.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from service.access.errors import CrossSite

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "X-Stillhouse"


def check_same_site(request: Request) -> None:
    """Raises CrossSite."""
    if request.method in SAFE_METHODS:
        return
    if not _is_ours(request):
        raise CrossSite("a signed-in browser may change things from our own pages only; this came from another site")
    if not request.url.path.startswith("/mlflow/") and HEADER.lower() not in request.headers:
        raise CrossSite(
            f"a signed-in browser must send the header {HEADER}: 1 with what changes things; or use a token"
        )


def _is_ours(request: Request) -> bool:
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
