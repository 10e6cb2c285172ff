"""Where input and output happen: a synchronous and an asynchronous wire with the same methods.

The client is written once, as coroutines over a `Wire`. Those of `SyncWire` never wait for an event loop, so that
`finish` can run what is built on them to its end at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine, Generator, Iterator
from typing import Any, Protocol, TypeVar

import httpx

T = TypeVar("T")


class Wire(Protocol):
    """Sends requests and waits."""

    @property
    def is_async(self) -> bool: ...

    def request(self, method: str, path: str, **parts: Any) -> httpx.Request: ...

    def content(self, pieces: Iterator[bytes]) -> Any: ...

    async def send(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response: ...

    async def read(self, response: httpx.Response) -> None: ...

    def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]: ...

    async def release(self, response: httpx.Response) -> None: ...

    async def sleep(self, seconds: float) -> None: ...

    async def close(self) -> None: ...


class SyncWire:
    """Blocks where an `AsyncWire` would wait."""

    is_async = False

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def request(self, method: str, path: str, **parts: Any) -> httpx.Request:
        return self._http.build_request(method, path, **parts)

    def content(self, pieces: Iterator[bytes]) -> Any:
        """`pieces` as the body of a request."""
        return pieces

    async def send(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        return self._http.send(request, stream=stream)

    async def read(self, response: httpx.Response) -> None:
        response.read()

    async def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        for chunk in response.iter_bytes():
            yield chunk

    async def release(self, response: httpx.Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251  # no event loop is there to be held up

    async def close(self) -> None:
        self._http.close()


class AsyncWire:
    """Waits on the running event loop."""

    is_async = True

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    def request(self, method: str, path: str, **parts: Any) -> httpx.Request:
        return self._http.build_request(method, path, **parts)

    def content(self, pieces: Iterator[bytes]) -> Any:
        """`pieces` as the body of a request; each is taken by a thread, for it is read from a disk."""
        return _from_thread(pieces)

    async def send(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        return await self._http.send(request, stream=stream)

    async def read(self, response: httpx.Response) -> None:
        await response.aread()

    async def chunks(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        async for chunk in response.aiter_bytes():
            yield chunk

    async def release(self, response: httpx.Response) -> None:
        await response.aclose()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def close(self) -> None:
        await self._http.aclose()


async def _from_thread(pieces: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine over a `SyncWire` to its end."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise AssertionError("a coroutine over a synchronous wire waited for an event loop")


def iterate(items: AsyncGenerator[T, None]) -> Generator[T, None, None]:
    """The items of an asynchronous generator over a `SyncWire`. Leaving early closes it, and with it its connection."""
    try:
        while True:
            try:
                item = finish(items.__anext__())
            except StopAsyncIteration:
                return
            yield item
    finally:
        finish(items.aclose())
