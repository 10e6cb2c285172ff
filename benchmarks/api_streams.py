"""Many readers of the live stream in one process, each as light as it can be."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

_AT = re.compile(rb'^data: \{"event":\{"id":\d+,"at":"([^"]+)"', re.MULTILINE)


async def stream_lags(
    base: str, client: httpx.AsyncClient, token: str, *, subscribers: int, events: int, per_s: int, body: dict[str, Any]
) -> list[float]:
    """Milliseconds from an event's time in the database to its arrival, for every event at every reader."""
    lags: list[float] = []
    address = urlsplit(base)
    head = f"GET /api/v1/stream HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    opened = asyncio.Semaphore(0)

    async def read() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**20)
        writer.write(head)
        await reader.readuntil(b"event: open")
        opened.release()
        seen = 0
        try:
            while seen < events:
                line = await reader.readuntil(b"\n")
                if found := _AT.search(line):
                    at = datetime.fromisoformat(found[1].decode())
                    lags.append((datetime.now(UTC) - at).total_seconds() * 1000)
                    seen += 1
        finally:
            writer.close()

    readers = [asyncio.create_task(read()) for _ in range(subscribers)]
    for _ in readers:
        await opened.acquire()
    await asyncio.sleep(1.0)
    for _ in range(events):
        (await client.post("/jobs", json=body)).raise_for_status()
        await asyncio.sleep(1 / per_s)
    async with asyncio.timeout(60):
        await asyncio.gather(*readers)
    assert len(lags) == subscribers * events
    return lags
