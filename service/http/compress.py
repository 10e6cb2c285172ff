"""Compressed answers, except for files: those are compressed already, or asked for by ranges of their bytes."""

from __future__ import annotations

import re

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_FILES = re.compile(r"^/mlflow/|^/api/v1/.*/(artifacts/.+|weights|image)$")


class Compressed:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plain = scope["type"] != "http" or _FILES.search(scope["path"]) is not None
        await (self.app if plain else self.compressed)(scope, receive, send)
