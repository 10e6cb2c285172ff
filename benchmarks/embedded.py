"""What benchmarks on the embedded stack share."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from service.clients.ray import RayClient, RayUnreachable
from service.demo.data import finish_making_data, provide_teacher, start_making_data
from service.stack.interrupts import interrupts
from service.stack.stack import Stack

T = TypeVar("T")
RAY_WITHIN_S = 180.0


@contextmanager
def running_stack() -> Iterator[Stack]:
    """The embedded stack in a folder of its own, ready, with the digit scenes and their teacher."""
    with (
        tempfile.TemporaryDirectory(prefix="stillhouse-benchmark-") as folder,
        interrupts() as asked,
        Stack(Path(folder), tell=print) as stack,
    ):
        making = start_making_data(stack.layout.data)
        stack.wait_until_ready(asked.is_set)
        finish_making_data(making)
        provide_teacher(stack.layout.data)
        yield stack


def ask_ray(stack: Stack, call: Callable[[RayClient], Awaitable[T]]) -> T:
    """Call the stack's Ray; blocks. While it starts up it does not answer, and is asked again."""

    async def ask() -> T:
        async with httpx.AsyncClient(base_url=stack.layout.ray_url, trust_env=False) as http:
            return await call(RayClient(http))

    deadline = time.monotonic() + RAY_WITHIN_S
    while True:
        try:
            return asyncio.run(ask())
        except RayUnreachable:
            if time.monotonic() > deadline:
                raise
            stack.tend()
            time.sleep(0.2)


def tend_until(stack: Stack, done: Callable[[], bool], *, every_s: float = 0.05, within_s: float = 300.0) -> None:
    """Keep the stack's processes running until `done`."""
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing after {within_s:.0f} s; the stack's logs: {stack.layout.state / 'logs'}")
        stack.tend()
        time.sleep(every_s)
