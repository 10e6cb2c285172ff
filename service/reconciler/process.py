"""The process of the reconciler: the lease, the rhythm, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from service.clients.http import mlflow_http, ray_http
from service.clients.mlflow import MlflowClient
from service.clients.mlflow_registry import MlflowRegistry
from service.clients.ray import RayClient
from service.db import Database
from service.db.trouble import first_line, trouble_of
from service.jobs.repository import JobRepository
from service.observability.outages import Outages
from service.reconciler.alive import SHOWN_EVERY_S, show_life
from service.reconciler.checks import Checks
from service.reconciler.lease import Lease
from service.reconciler.loop import Reconciler
from service.reconciler.registry import Registry
from service.reconciler.retention import Retention
from service.settings import Settings
from service.webhooks.dispatcher import Dispatcher
from service.webhooks.guard import GuardedTransport

logger = logging.getLogger(__name__)
# How soon a new job or a person's wish is noticed; each look is one query of an index.
_LOOK_EVERY_S = 0.1
_END_WITHIN_S = 5.0


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
        self.stopping = asyncio.Event()
        self.outages = Outages(logger)

    @property
    def active(self) -> bool:
        return self.lease.is_held

    async def run(self) -> None:
        parts = (self.reconciler, *self.beside)
        work = [self._show_life(), self._keep_lease(), *(self._work(part) for part in parts)]
        tasks = [asyncio.create_task(each) for each in work]
        await self.stopping.wait()
        # A task that is cancelled in the middle of a transaction leaves the database locked: they end by themselves.
        _, left = await asyncio.wait(tasks, timeout=_END_WITHIN_S)
        for task in left:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self.active:
            await self.lease.release()

    async def _show_life(self) -> None:
        while not self.stopping.is_set():
            show_life(self.settings)
            await self._sleep(SHOWN_EVERY_S)

    async def _keep_lease(self) -> None:
        before = False
        while not self.stopping.is_set():
            try:
                await self.lease.acquire()
                self.outages.over("the database, asked for the lease,")
            except (SQLAlchemyError, OSError) as error:
                self.lease.doubt()
                self.outages.note("the database, asked for the lease,", f"no lease: {first_line(error)}")
            if self.active != before:
                logger.info("active as %s", self.lease.holder) if self.active else logger.warning("standing by")
            before = self.active
            await self._sleep(self.lease.duration_s / 4 if self.active else min(1.0, self.lease.duration_s / 4))

    async def _work(self, part: Part) -> None:
        name = type(part).__name__.lower()
        while not self.stopping.is_set():
            seen = await self._newest_event() if part is self.reconciler else None
            if self.active:
                try:
                    await part.run_once(lambda: self.active and not self.stopping.is_set())
                    for what in ("database", "storage"):
                        self.outages.over(f"the {what}, used by the {name},")
                    if part is self.reconciler:
                        self.lease.note_round()
                except Exception as error:  # noqa: BLE001  # the outermost loop: it goes on whatever happens in a round
                    self._tell(name, error)
            if part is self.reconciler:
                await self._pause(seen)
            else:
                await self._sleep(self.settings.poll_s)

    def _tell(self, name: str, error: Exception) -> None:
        """What a round of a part ended with."""
        trouble = trouble_of(error)
        if trouble is not None:
            self.outages.note(f"the database, used by the {name},", f"the database {trouble}: {first_line(error)}")
        elif isinstance(error, OSError):
            self.outages.note(f"the storage, used by the {name},", f"the storage cannot be used: {first_line(error)}")
        else:
            logger.error("a round of the %s failed", name, exc_info=error)

    async def _pause(self, seen: int | None) -> None:
        """Wait until the next round is due, or until a job has changed since the last one began."""
        poll_s = self.settings.poll_s
        for _ in range(max(1, round(poll_s / _LOOK_EVERY_S))):
            await self._sleep(min(_LOOK_EVERY_S, poll_s))
            if self.stopping.is_set() or await self._newest_event() != seen:
                return

    async def _sleep(self, seconds: float) -> None:
        """Sleep, or less where the process shall end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    async def _newest_event(self) -> int | None:
        """None while the database does not answer."""
        try:
            async with self.reconciler.database.reading() as session:
                newest = await JobRepository(session).newest_event_id()
        except (SQLAlchemyError, OSError) as error:
            self.outages.note("the database", f"the database does not answer: {first_line(error)}")
            return None
        self.outages.over("the database")
        return newest


def provide_folders(settings: Settings) -> None:
    """Storage and data root in a volume that is new. Where the volume is missing nothing is made: readiness tells."""
    for folder in (settings.storage, settings.data):
        if folder.parent.is_dir():
            folder.mkdir(exist_ok=True)


async def serve(settings: Settings) -> None:
    """Reconcile until SIGTERM or SIGINT."""
    provide_folders(settings)
    database = Database(settings.database_url)
    async with (
        ray_http(settings) as for_ray,
        mlflow_http(settings) as for_mlflow,
    ):
        reconciler = Reconciler(settings, database, RayClient(for_ray), MlflowClient(for_mlflow))
        checks = Checks(settings, database, reconciler.ray)
        registry = Registry(settings, database, MlflowRegistry(for_mlflow))
        webhooks = Dispatcher(database, GuardedTransport(settings.webhook_networks))
        retention = Retention(settings, database)
        lease = Lease(database, duration_s=settings.lease_s)
        process = Process(settings, reconciler, lease, beside=(checks, registry, webhooks, retention))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, process.stopping.set)
        try:
            await process.run()
        finally:
            await webhooks.close()
            await database.close()
