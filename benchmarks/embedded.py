"""What benchmarks on the embedded stack share."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from service.clients.ray import RayClient, RayUnreachable
from service.demo.data import finish_making_data, provide_teacher, start_making_data
from service.jobs.lifecycle import FINAL
from service.jobs.schemas import Job
from service.sdk import Client
from service.stack.interrupts import interrupts
from service.stack.stack import Stack
from workers.spec import SweepSpec

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


def run_sweep(stack: Stack, client: Client, document: Mapping[str, Any], *, within_s: float = 4 * 3600.0) -> Job:
    """Submit a sweep and wait for it; ends the benchmark with its reason where it does not succeed."""
    sweep = client.sweeps.submit(SweepSpec.model_validate(document))
    tend_until(stack, lambda: client.jobs.get(sweep.id).state in FINAL, every_s=2.0, within_s=within_s)
    ended = client.jobs.get(sweep.id)
    if ended.state != "succeeded":
        raise SystemExit(f"{ended.name} is {ended.state}: {ended.reason}")
    return ended


def tend_until(stack: Stack, done: Callable[[], bool], *, every_s: float = 0.05, within_s: float = 300.0) -> None:
    """Keep the stack's processes running until `done`."""
    deadline = time.monotonic() + within_s
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing after {within_s:.0f} s; the stack's logs: {stack.layout.state / 'logs'}")
        stack.tend()
        time.sleep(every_s)
