"""The process of the reconciler: the lease, the rhythm, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import httpx
from sqlalchemy.exc import SQLAlchemyError

from service.clients.mlflow import MlflowClient
from service.clients.mlflow_registry import MlflowRegistry
from service.clients.ray import RayClient
from service.db import Database
from service.db.base import utc_now
from service.reconciler.checks import Checks
from service.reconciler.lease import Lease
from service.reconciler.loop import Reconciler
from service.reconciler.registry import Registry
from service.settings import Settings

logger = logging.getLogger(__name__)


class Part(Protocol):
    """Something that the active process does again and again."""

    async def run_once(self, may_act: Callable[[], bool]) -> None: ...


class Process:
    """Holds the lease in one task and runs the rounds of each part in another: what is slow holds up nothing else."""

    def __init__(
        self, settings: Settings, reconciler: Reconciler, lease: Lease, *, beside: Sequence[Part] = ()
    ) -> None:
        self.settings = settings
        self.reconciler = reconciler
        self.beside = beside
        self.lease = lease
        self.active = False
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        keeper = asyncio.create_task(self._keep_lease())
        workers = [asyncio.create_task(self._work(part)) for part in (self.reconciler, *self.beside)]
        await self.stopping.wait()
        for task in (*workers, keeper):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self.active:
            await self.lease.release()

    async def _keep_lease(self) -> None:
        while True:
            before = self.active
            try:
                self.active = await self.lease.acquire()
            except (SQLAlchemyError, OSError):
                self.active = False
                logger.exception("the lease could not be renewed")
            if self.active != before:
                logger.info("active as %s", self.lease.holder) if self.active else logger.warning("standing by")
            await asyncio.sleep(self.lease.duration_s / 4 if self.active else min(1.0, self.lease.duration_s / 4))

    async def _work(self, part: Part) -> None:
        while True:
            if self.active:
                try:
                    await part.run_once(lambda: self.active)
                    if part is self.reconciler:
                        self.lease.round_at = utc_now()
                except Exception:
                    # The outermost loop of the process: it goes on whatever happens in a round.
                    logger.exception("a round failed")
            await asyncio.sleep(self.settings.poll_s)


async def serve(settings: Settings) -> None:
    """Reconcile until SIGTERM or SIGINT."""
    database = Database(settings.database_url)
    async with (
        httpx.AsyncClient(base_url=settings.ray_url, trust_env=False) as ray_http,
        httpx.AsyncClient(base_url=settings.mlflow_url, trust_env=False) as mlflow_http,
    ):
        reconciler = Reconciler(settings, database, RayClient(ray_http), MlflowClient(mlflow_http))
        checks = Checks(settings, database, reconciler.ray)
        registry = Registry(settings, database, MlflowRegistry(mlflow_http))
        lease = Lease(database, duration_s=settings.lease_s)
        process = Process(settings, reconciler, lease, beside=(checks, registry))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, process.stopping.set)
        try:
            await process.run()
        finally:
            await database.close()
