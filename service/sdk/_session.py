"""One request and its answer: what is sent again, replies and problems."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from service.problem import Problem
from service.sdk._errors import ForeignServer, ServerUnreachable, api_error
from service.sdk._wire import Wire

R = TypeVar("R", bound=BaseModel)
# The server, or what stands before it, says that the same request may succeed a little later.
_PASSING = frozenset({429, 502, 503, 504})
_LONGEST_PAUSE_S = 30.0


FILE_TIMEOUT_S = 600.0
"""The answer to a file comes when the server has written and read it."""


@dataclass(frozen=True)
class Answer:
    """An answer that is read piece by piece. Its size is 0 where the server does not tell it."""

    size_bytes: int
    pieces: AsyncGenerator[bytes, None]


class FileBody(Protocol):
    """The body of a request that is read from a disk, anew for each try."""

    def headers(self) -> dict[str, bytes]: ...

    def pieces(self) -> Iterator[bytes]: ...


class Session:
    """What the resources of one client share."""

    def __init__(self, wire: Wire, url: str, *, tries: int, backoff_s: float) -> None:
        self.wire = wire
        self.url = url
        self._tries = max(1, tries)
        self._backoff_s = backoff_s

    async def ask(
        self,
        reply: type[R],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: BaseModel | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        once: bool = False,
        file: FileBody | None = None,
    ) -> R:
        """Send a request and read the reply. `once` is for what must not be repeated when the answer got lost.

        Raises:
            ServerUnreachable: no answer, or not one of Stillhouse.
            ApiError: the server said no.
        """
        response = await self._send(method, path, query=query, body=body, headers=headers, once=once, file=file)
        self._check(response)
        return self._read(response, reply)

    async def tell(self, method: str, path: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Send a request whose answer has no content."""
        self._check(await self._send(method, path, headers=headers))

    @asynccontextmanager
    async def open(
        self,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        read_timeout_s: float = 60.0,
    ) -> AsyncGenerator[Answer, None]:
        """Read an answer piece by piece, each within `read_timeout_s`. Raises as `ask` does, and httpx's errors."""
        patience = httpx.Timeout(15.0, read=read_timeout_s)
        response = await self._send("GET", path, query=query, headers=headers, stream=True, patience=patience)
        try:
            if not response.is_success:
                await self.wire.read(response)
            self._check(response)
            async with aclosing(self.wire.chunks(response)) as pieces:
                yield Answer(int(response.headers.get("Content-Length", 0)), pieces)
        finally:
            await self.wire.release(response)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: BaseModel | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        once: bool = False,
        stream: bool = False,
        patience: httpx.Timeout | None = None,
        file: FileBody | None = None,
    ) -> httpx.Response:
        parts: dict[str, Any] = {"params": _query(query or {}), "headers": _headers(headers or {})}
        if file is not None:
            parts["headers"] |= file.headers()
            patience = httpx.Timeout(60.0, read=FILE_TIMEOUT_S)
        if body is not None:
            parts["json"] = body.model_dump(mode="json") if isinstance(body, BaseModel) else dict(body)
        if patience is not None:
            parts["timeout"] = patience
        for number in range(1, self._tries + 1):
            is_last = number == self._tries
            if file is not None:
                parts["content"] = self.wire.content(file.pieces())
            try:
                response = await self.wire.send(self.wire.request(method, path, **parts), stream=stream)
            except httpx.HTTPError as error:
                was_sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
                if is_last or (once and was_sent):
                    raise self.unreachable(error) from error
                pause_s = self._pause_s(number)
            else:
                if is_last or once or response.status_code not in _PASSING:
                    return response
                pause_s = self._pause_s(number, response.headers.get("Retry-After", ""))
                await self.wire.release(response)
            await self.wire.sleep(pause_s)
        raise AssertionError("unreachable")

    def unreachable(self, error: Exception) -> ServerUnreachable:
        words = str(error) or type(error).__name__
        return ServerUnreachable(
            f"no answer from {self.url}: {words}. Is it running? `stillhouse up` starts it, "
            "--server or STILLHOUSE_URL point elsewhere"
        )

    def _pause_s(self, number: int, retry_after: str = "") -> float:
        """Twice as long each time, a little at random so that many clients do not come back at once."""
        if retry_after.isdecimal():
            return min(float(retry_after), _LONGEST_PAUSE_S)
        return self._backoff_s * 2.0 ** (number - 1) * random.uniform(0.75, 1.25)

    def _check(self, response: httpx.Response) -> None:
        if not response.is_success:
            raise api_error(self._read(response, Problem))

    def _read(self, response: httpx.Response, reply: type[R]) -> R:
        try:
            return reply.model_validate_json(response.content)
        except ValidationError as error:
            request = response.request
            raise self.foreign(f"{request.method} {request.url.path} gave {response.status_code}") from error

    def foreign(self, what: str) -> ForeignServer:
        return ForeignServer(f"what answers at {self.url} is not a Stillhouse server of this version ({what})")


def path_of(*parts: str | int) -> str:
    """A path below /api/v1. Each part stays one part: no id reaches another route."""
    return "/".join(["/api/v1", *(quote(str(part), safe="") or "-" for part in parts)])


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was not asked; lists become repeated parameters."""
    plain = {name: _plain(value) for name, value in query.items() if value is not None}
    return {name: value for name, value in plain.items() if value != []}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    return str(value)


def _headers(headers: Mapping[str, str]) -> dict[str, bytes]:
    """As UTF-8: the server says in words what a header may hold."""
    return {name: value.encode() for name, value in headers.items()}
