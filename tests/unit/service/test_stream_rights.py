"""Streams end with the token or the session that opened them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from service.access.models import TokenRow
from service.db import Database
from tests.unit.service.factories import bearer, job_spec
from tests.unit.service.sse import Sent, parse

PATHS = ["/api/v1/stream", "/api/v1/jobs/{job}/stream?key=val/AP", "/api/v1/jobs/{job}/logs/stream"]


@pytest.fixture
async def client(url: str, owner: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, headers=owner, timeout=10) as client:
        yield client


@asynccontextmanager
async def opened(url: str, path: str, **how: object) -> AsyncIterator[Callable[[], Awaitable[list[Sent]]]]:
    """An open stream; what it gives reads until it ends."""
    async with (
        httpx.AsyncClient(base_url=url, timeout=15) as reader,
        reader.stream("GET", path, **how) as response,  # type: ignore[arg-type]
    ):
        assert response.status_code == 200
        text = response.aiter_text()
        first = await anext(text)
        assert "event: open" in first

        async def rest() -> list[Sent]:
            return parse(first + "".join([piece async for piece in text]))

        yield rest


async def _make(client: httpx.AsyncClient, **fields: object) -> tuple[str, str]:
    wanted = {"name": "reader", "roles": {"default": "viewer"}, **fields}
    made = (await client.post("/api/v1/tokens", json=wanted)).raise_for_status().json()
    return made["id"], made["secret"]


async def _job(client: httpx.AsyncClient) -> str:
    return str((await client.post("/api/v1/jobs", json=job_spec())).raise_for_status().json()["id"])


@pytest.mark.parametrize("path", PATHS)
async def test_a_revoked_token_ends_its_streams_within_seconds_and_no_others(
    url: str, client: httpx.AsyncClient, owner: dict[str, str], path: str
) -> None:
    token_id, secret = await _make(client)
    path = path.format(job=await _job(client))
    async with opened(url, path, headers=bearer(secret)) as rest, opened(url, path, headers=owner) as others:
        (await client.delete(f"/api/v1/tokens/{token_id}")).raise_for_status()
        async with asyncio.timeout(6):
            last = (await rest())[-1]
        assert (last.event, last.data["reason"]) == ("cut", "your token or session has ended; sign in again")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await others()
    again = await client.get(path, headers=bearer(secret))
    assert again.status_code == 401


async def test_a_token_that_runs_out_ends_its_streams(url: str, client: httpx.AsyncClient, database: Database) -> None:
    token_id, secret = await _make(client)
    async with opened(url, "/api/v1/stream", headers=bearer(secret)) as rest:
        soon = datetime.now(UTC) + timedelta(seconds=0.5)
        async with database.writing() as session:
            await session.execute(update(TokenRow).where(TokenRow.id == token_id).values(expires_at=soon))
        async with asyncio.timeout(6):
            assert (await rest())[-1].event == "cut"


async def test_signing_out_ends_the_streams_of_that_browser_alone(url: str, client: httpx.AsyncClient) -> None:
    _, secret = await _make(client)
    cookies = []
    for _ in range(2):
        answer = await client.post("/api/v1/session", json={"token": secret}, headers={"Authorization": ""})
        cookies.append({"Cookie": answer.raise_for_status().headers["set-cookie"].partition(";")[0]})
    client.cookies.clear()
    async with (
        opened(url, "/api/v1/stream", headers=cookies[0]) as rest,
        opened(url, "/api/v1/stream", headers=cookies[1]) as others,
    ):
        done = await client.delete("/api/v1/session", headers={**cookies[0], "X-Stillhouse": "1"})
        assert done.status_code == 204
        async with asyncio.timeout(6):
            assert (await rest())[-1].event == "cut"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await others()
