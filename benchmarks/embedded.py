"""What benchmarks on the embedded stack share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from service.clients.ray import RayClient
from service.stack.stack import Stack

T = TypeVar("T")


def ask_ray(stack: Stack, call: Callable[[RayClient], Awaitable[T]]) -> T:
    """Call the stack's Ray; blocks."""

    async def ask() -> T:
        async with httpx.AsyncClient(base_url=stack.layout.ray_url, trust_env=False) as http:
            return await call(RayClient(http))

    return asyncio.run(ask())


def tend_until(stack: Stack, done: Callable[[], bool], *, every_s: float = 0.05, within_s: float = 300.0) -> None:
    """Keep the stack's processes running until `done`."""
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing after {within_s:.0f} s; the stack's logs: {stack.layout.state / 'logs'}")
        stack.tend()
        time.sleep(every_s)
