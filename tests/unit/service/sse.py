"""Reading server-sent events in tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sent:
    event: str
    data: Any
    id: str | None


def parse(text: str) -> list[Sent]:
    """The events of a stream, without comments and the delay of reconnects."""
    found: list[Sent] = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith((":", "retry")))
        if "event" in fields:
            found.append(Sent(fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


class Reader:
    """Reads a stream event by event, with patience that ends."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream
        self._waiting: list[Sent] = []

    async def next(self, *events: str) -> Sent:
        """The next event of these kinds; of any where none is named."""
        async with asyncio.timeout(10):
            while True:
                while not self._waiting:
                    self._waiting = parse((await anext(self._stream)).decode())
                sent = self._waiting.pop(0)
                if not events or sent.event in events:
                    return sent

    async def rest(self) -> list[Sent]:
        """Everything until the stream ends."""
        async with asyncio.timeout(10):
            found, self._waiting = self._waiting, []
            async for piece in self._stream:
                found += parse(piece.decode())
            return found

    async def close(self) -> None:
        await self._stream.aclose()  # type: ignore[attr-defined]
