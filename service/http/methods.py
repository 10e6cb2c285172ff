"""What may be done at a path: HEAD wherever GET is, OPTIONS, and a complete `Allow`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Describe = Callable[[], Mapping[str, Any]]


class MethodTable:
    """The methods of every described path. The paths of the API may share a prefix but no two of them a template."""

    def __init__(self, describe: Describe) -> None:
        self._describe = describe
        self._paths: list[tuple[re.Pattern[str], frozenset[str]]] | None = None

    def methods(self, path: str) -> frozenset[str] | None:
        """None where nothing is described at the path."""
        if self._paths is None:
            self._paths = [(_pattern(path), _methods(item)) for path, item in self._in_order()]
        return next((methods for pattern, methods in self._paths if pattern.fullmatch(path)), None)

    def _in_order(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Paths without parameters first, as the router finds them."""
        return sorted(self._describe()["paths"].items(), key=lambda item: item[0].count("{"))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _methods(item: Mapping[str, Any]) -> frozenset[str]:
    found = {method.upper() for method in item}
    streams = "text/event-stream" in item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    return frozenset(found | ({"HEAD"} if "GET" in found and not streams else set()))


class Methods:
    """Answers HEAD as GET without the body, OPTIONS by what a path allows; names all methods in a 405."""

    def __init__(self, app: ASGIApp, table: MethodTable) -> None:
        self.app = app
        self.table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = self.table.methods(scope["path"]) if scope["type"] == "http" else None
        if methods is None:
            await self.app(scope, receive, send)
            return
        allow = ", ".join(sorted(methods - {"HEAD"})).encode()
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", allow)]})
            await send({"type": "http.response.body", "body": b""})
            return
        is_head = scope["method"] == "HEAD" and "HEAD" in methods

        async def adapted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 405:
                headers = [(name, value) for name, value in message["headers"] if name != b"allow"]
                message = {**message, "headers": [*headers, (b"allow", allow)]}
            if is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if is_head:
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, adapted)
