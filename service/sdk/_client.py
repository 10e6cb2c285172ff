"""The two clients. What they can do is in the resources; they differ in how it is called."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Generic, Self

import httpx

from service.sdk._access import AuditLog, Tokens
from service.sdk._cluster import ClusterState, RecipeBook
from service.sdk._datasets import Datasets
from service.sdk._jobs import Jobs
from service.sdk._models import Models
from service.sdk._operation import Async, M, Sync
from service.sdk._projects import ProjectBook
from service.sdk._session import Session
from service.sdk._sweeps import Sweeps
from service.sdk._webhooks import Webhooks
from service.sdk._where import find_token, find_url
from service.sdk._wire import AsyncWire, SyncWire, Wire, finish

TIMEOUT_S = 15.0
TRIES = 3
BACKOFF_S = 0.25


class _Resources(Generic[M]):
    """What both clients have."""

    def __init__(self, wire: Wire, url: str, *, tries: int, backoff_s: float) -> None:
        session = Session(wire, url, tries=tries, backoff_s=backoff_s)
        self.url = url
        self._wire = wire
        self.jobs: Jobs[M] = Jobs(session)
        self.sweeps: Sweeps[M] = Sweeps(session)
        self.projects: ProjectBook[M] = ProjectBook(session)
        self.datasets: Datasets[M] = Datasets(session)
        self.models: Models[M] = Models(session)
        self.recipes: RecipeBook[M] = RecipeBook(session)
        self.cluster: ClusterState[M] = ClusterState(session)
        self.tokens: Tokens[M] = Tokens(session)
        self.audit: AuditLog[M] = AuditLog(session)
        self.webhooks: Webhooks[M] = Webhooks(session)


class Client(_Resources[Sync]):
    """Talks to a Stillhouse server. Close it, or use it as a context manager.

    `url` and `token` are found by themselves where they are left out: STILLHOUSE_URL and STILLHOUSE_TOKEN, else the
    embedded stack that runs here and its owner's token, which no other server is shown. A request that may be
    repeated is sent up to `tries` times, with growing pauses that start at `backoff_s`, while the server does not
    answer or says that it cannot now. `transport` replaces the network, as tests do; `http` replaces the whole HTTP
    client with its headers, and is then the caller's to close.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = TIMEOUT_S,
        tries: int = TRIES,
        backoff_s: float = BACKOFF_S,
        transport: httpx.BaseTransport | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        found = find_url(url)
        self._is_ours = http is None
        http = http or httpx.Client(transport=transport, **_settings(found, token, timeout_s))
        super().__init__(SyncWire(http), found, tries=tries, backoff_s=backoff_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._is_ours:
            finish(self._wire.close())


class AsyncClient(_Resources[Async]):
    """`Client` for programs with an event loop: the same methods, to be awaited or iterated with `async for`."""

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        timeout_s: float = TIMEOUT_S,
        tries: int = TRIES,
        backoff_s: float = BACKOFF_S,
        transport: httpx.AsyncBaseTransport | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        found = find_url(url)
        self._is_ours = http is None
        http = http or httpx.AsyncClient(transport=transport, **_settings(found, token, timeout_s))
        super().__init__(AsyncWire(http), found, tries=tries, backoff_s=backoff_s)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._is_ours:
            await self._wire.close()


def _settings(url: str, token: str | None, timeout_s: float) -> dict[str, Any]:
    found = find_token(token, url)
    is_encrypted = url.startswith("https:")  # else loading certificates would cost each command a tenth of a second
    return {
        "base_url": url,
        "headers": {"Authorization": f"Bearer {found}"} if found else {},
        "timeout": timeout_s,
        "trust_env": False,
        "verify": is_encrypted,
    }
