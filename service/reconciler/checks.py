"""Carries out the checks of data sets, models and nodes: submits them to Ray, reads reports, settles the versions.

The same discipline as for attempts: the row is written before the submission, its id is deterministic, an unclear
answer is looked up, a report in storage decides, and what is lost is tried again.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from service.checks.models import CheckRow
from service.checks.repository import CheckRepository
from service.checks.states import CheckState
from service.clients.ray import RayClient, RayRefused, RayUnreachable
from service.datasets.models import DatasetVersionRow
from service.datasets.repository import DatasetRepository
from service.db import Database
from service.db.base import utc_now
from service.db.trouble import trouble_of
from service.models.models import ModelVersionRow
from service.models.repository import ModelRepository
from service.observability.outages import Outages
from service.reconciler.checked import order_of, settle
from service.settings import Settings
from service.store import open_store
from workers.spec.checks import NODES, CheckFolder, CheckReport
from workers.storage.objects import StorageError

logger = logging.getLogger(__name__)

MAX_TRIES = 3
MAX_PARALLEL = 2
_MEMORY_BYTES = 256 * 2**20
# Between the end of a process in Ray's eyes and its report being seen in shared storage.
_GRACE_S = 5.0


@dataclass
class Checks:
    """One round after the other, beside the reconciler's own. `clock` is monotonic seconds."""

    settings: Settings
    database: Database
    ray: RayClient
    outages: Outages = field(default_factory=lambda: Outages(logger))
    clock: Callable[[], float] = time.monotonic
    _since: dict[str, float] = field(default_factory=dict)  # when each submission was first looked at

    async def run_once(self, may_act: Callable[[], bool] = lambda: True) -> None:
        """Look at every open check. `may_act` turns False when the lease is lost."""
        async with self.database.reading() as session:
            waiting = await CheckRepository(session).open()
        running = sum(check.submitted_at is not None for check in waiting)
        for check in waiting:
            if not may_act():
                return
            if check.submitted_at is None:
                if running >= MAX_PARALLEL:
                    continue
                running += 1
            await self._guarded(check, self._tend(check))

    async def _guarded(self, check: CheckRow, work: Awaitable[None]) -> None:
        """One broken check must not stop the others; a database that is away stops all of them."""
        try:
            await work
            self.outages.over("the storage, asked about checks,")
        except StorageError as error:
            self.outages.note("the storage, asked about checks,", error)
        except Exception as error:
            if trouble_of(error) is not None:
                raise
            logger.exception("the round of %s failed; it is tried again in the next one", check.submission_id)

    def __post_init__(self) -> None:
        self._store = open_store(self.settings)

    def _read_report(self, folder: CheckFolder) -> CheckReport | None:
        self._store.fetch(folder.report)
        return folder.read_report()

    async def _tend(self, check: CheckRow) -> None:
        folder = CheckFolder(self.settings.storage, check.target, check.number)
        try:
            report = await asyncio.to_thread(self._read_report, folder)
        except ValidationError as error:
            await self._end(check, lost=f"its report cannot be read: {error.error_count()} fields are wrong")
            return
        if report is not None:
            await self._end(check, report=report)
        elif check.submitted_at is None:
            await self._submit(check, folder)
        else:
            await self._watch(check)

    async def _submit(self, check: CheckRow, folder: CheckFolder) -> None:
        async with self.database.reading() as session:
            version = await _version(CheckRepository(session), check)
            order = order_of(version, check, data_root=self.settings.data)
        await asyncio.to_thread(folder.write_order, order)
        await asyncio.to_thread(self._store.put, folder.order)
        words = [self.settings.worker_python, "-m", "workers.checks"]
        words += [self.settings.storage_at, check.kind, check.target, str(check.number)]
        try:
            await self.ray.launch(
                check.submission_id, shlex.join(words), cpus=0, gpus=0, memory_bytes=_memory_of(check), env_vars={}
            )
            self.outages.over("Ray, sent checks,")
        except RayUnreachable as error:
            self.outages.note("Ray, sent checks,", error)
            await self._tell(check, "checking: Ray does not answer; it is asked again")
            return
        except RayRefused as error:
            await self._end(check, lost=str(error))
            return
        async with self.database.writing() as session:
            checks = CheckRepository(session)
            row = await checks.get(check.id)
            assert row is not None
            row.submitted_at = utc_now()
            if (version := await _version(checks, check)) is not None:
                version.reason = "checking: runs on the cluster"

    async def _watch(self, check: CheckRow) -> None:
        now = self.clock()
        age_s = now - self._since.setdefault(check.submission_id, now)
        try:
            found = await self.ray.job(check.submission_id)
            if age_s > self.settings.check_timeout_s:
                await self.ray.stop(check.submission_id)
            self.outages.over("Ray, asked about checks,")
        except RayUnreachable as error:
            self.outages.note("Ray, asked about checks,", error)
            return
        if found is None:
            if age_s > _GRACE_S:
                await self._end(check, lost="Ray no longer knows it, as after a restart of the cluster")
        elif found.status.ended:
            await self._end_silent(check, f"it ended without a report; Ray says {found.status}: {found.message}")
        elif age_s > self.settings.check_timeout_s:
            await self._end(check, lost=f"it took more than {self.settings.check_timeout_s:.0f} s")

    async def _end_silent(self, check: CheckRow, why: str) -> None:
        """A process has ended; its report may have been written since it was looked for."""
        folder = CheckFolder(self.settings.storage, check.target, check.number)
        await asyncio.sleep(0)
        report = await asyncio.to_thread(self._read_report, folder)
        if report is None:
            await self._end(check, lost=why)
        else:
            await self._end(check, report=report)

    async def _tell(self, check: CheckRow, reason: str) -> None:
        async with self.database.writing() as session:
            if (version := await _version(CheckRepository(session), check)) is not None:
                version.reason = reason

    async def _end(self, check: CheckRow, *, report: CheckReport | None = None, lost: str = "") -> None:
        self._since.pop(check.submission_id, None)
        async with self.database.writing() as session:
            checks = CheckRepository(session)
            row = await checks.get(check.id)
            version = await _version(checks, check)
            assert row is not None
            row.ended_at = utc_now()
            row.reason = lost or (report.refusal or "" if report else "")
            if version is None:
                return  # the cluster's nodes have no state: whoever asked reads the report
            if version.check_number != row.number:
                return  # asked for again since then: the newer one decides
            if report is not None:
                await settle(session, version, row, report)
                logger.info("%s is %s %s", row.target, version.state, version.reason)
            elif row.number - row.first + 1 < MAX_TRIES:
                logger.warning("the check %s was lost: %s", row.submission_id, lost)
                checks.begin(version, check.kind, first=row.first, reason=f"checking: tried again, {lost}")  # type: ignore[arg-type]
            else:
                version.state = CheckState.REFUSED.value
                version.reason = f"could not be checked, {MAX_TRIES} tries were lost; the last: {lost}. Ask for a check"


def _memory_of(check: CheckRow) -> int:
    """Nodes are looked at from the head, on which what asks for nothing runs: any other may be the one that is ill."""
    return 0 if check.kind == NODES else _MEMORY_BYTES


async def _version(checks: CheckRepository, check: CheckRow) -> DatasetVersionRow | ModelVersionRow | None:
    """What is checked; None of the cluster's nodes."""
    if check.kind == NODES:
        return None
    found: DatasetVersionRow | ModelVersionRow | None
    if check.kind == "dataset":
        found = await DatasetRepository(checks.session).by_id(check.target)
    else:
        found = await ModelRepository(checks.session).by_id(check.target)
    assert found is not None, f"{check.submission_id} checks a version that is not there"
    return found
