"""Brings students into the registry: ours when their jobs succeed, then MLflow's, with the aliases that people set.

A student becomes a version of the model that its job's name gives. MLflow hears of versions and aliases from our
rows, as soon as it answers; a version is found again by our own tag, so that it is registered there once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.clients.mlflow import MlflowUnreachable
from service.clients.mlflow_registry import MlflowRefused, MlflowRegistry
from service.db import Database
from service.db.base import utc_now
from service.db.trouble import trouble_of
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.models.models import ModelAliasRow, ModelVersionRow
from service.models.repository import ModelRepository
from service.models.students import adopt, default_name
from service.models.versions import claim_name, student_path
from service.observability.outages import Outages
from service.settings import Settings
from service.store import open_store
from workers.spec.weights import BadWeights

logger = logging.getLogger(__name__)

EVERY_S = 2.0
_RETRY_S = 10.0
_OVERLAP = timedelta(minutes=1)
_BATCH = 20
VERSION_TAG = "stillhouse.model_version"


@dataclass
class Registry:
    """One round after the other, beside the reconciler's own. `clock` is monotonic seconds."""

    settings: Settings
    database: Database
    mlflow: MlflowRegistry
    clock: Callable[[], float] = time.monotonic
    _next_round: float = 0.0
    _ask_mlflow_from: float = 0.0
    _seen_until: datetime | None = None
    _without_student: dict[str, datetime | None] = field(default_factory=dict)  # with when their jobs ended

    def __post_init__(self) -> None:
        self.outages = Outages(logger, self.clock)
        self.store = open_store(self.settings)

    async def run_once(self, may_act: Callable[[], bool] = lambda: True) -> None:
        """One round, at most every two seconds. `may_act` turns False when the lease is lost."""
        if self.clock() < self._next_round or not may_act():
            return
        self._next_round = self.clock() + EVERY_S
        await self._adopt_students()
        if may_act() and self.clock() >= self._ask_mlflow_from:
            try:
                await self._register_versions()
                await self._sync_aliases()
                self.outages.over("MLflow's registry")
            except MlflowUnreachable as error:
                self.outages.note("MLflow's registry", f"{error}; its registry is brought up to date later")
                self._ask_mlflow_from = self.clock() + _RETRY_S

    # Ours

    async def _adopt_students(self) -> None:
        started = utc_now()
        async with self.database.reading() as session:
            since = None if self._seen_until is None else self._seen_until - _OVERLAP
            jobs = await ModelRepository(session).jobs_without_version(since, skip=self._without_student, limit=_BATCH)
        for job in jobs:
            await self._adopt(job)
        if len(jobs) < _BATCH:
            self._seen_until = started
            self._forget_before(started - _OVERLAP)

    def _forget_before(self, since: datetime) -> None:
        """What is asked for from now on has ended after this moment."""
        kept = {job_id: ended for job_id, ended in self._without_student.items() if ended is None or ended >= since}
        self._without_student = kept

    async def _adopt(self, job: JobRow) -> None:
        path = student_path(self.settings, job)
        try:
            async with self.database.writing() as session:
                models = ModelRepository(session)
                row = await JobRepository(session).get(job.id)
                if row is None or await models.of_job(job.id):
                    return
                model = await claim_name(models, await default_name(models, row), row.project)
                version = await adopt(models, model, row, path, store=self.store, actor="reconciler")
                logger.info("the student of %s is %s@%d", job.id, version.name, version.version)
        except (OSError, BadWeights) as error:
            self._without_student[job.id] = job.ended_at
            logger.warning("the student of %s cannot be registered: %s", job.id, error)
        except Exception as error:
            if trouble_of(error) is not None:  # it is there again later
                raise
            self._without_student[job.id] = job.ended_at
            logger.exception("the student of %s cannot be registered; tried again by the next process", job.id)

    # MLflow's

    async def _register_versions(self) -> None:
        async with self.database.reading() as session:
            pending = await ModelRepository(session).pending_registrations(limit=_BATCH)
        for version, run_id in pending:
            try:
                number = await self._register(version, run_id)
            except MlflowRefused as error:
                logger.warning("%s@%d stays out of MLflow's registry: %s", version.name, version.version, error)
                await self._note(version, "failed", note=str(error))
            else:
                await self._note(version, "done", number=number)

    async def _register(self, version: ModelVersionRow, run_id: str) -> str:
        """Make sure that MLflow has the version; returns its number there."""
        tag = (VERSION_TAG, version.id)
        await self.mlflow.ensure_model(version.name)
        found = await self.mlflow.find_version(version.name, run_id, tag=tag)
        if found is not None:
            return found
        made = await self.mlflow.run_model(run_id)
        if made is None:
            raise MlflowRefused("runs/get", "RESOURCE_DOES_NOT_EXIST", f"there is no run {run_id}")
        tags = {VERSION_TAG: version.id, "stillhouse.job_id": version.job_id or "", "sha256": version.sha256 or ""}
        description = version.description or f"Student of {version.job_id}, version {version.version} in Stillhouse"
        return await self.mlflow.create_version(version.name, made, run_id, tags=tags, description=description)

    async def _note(self, version: ModelVersionRow, state: str, *, note: str = "", number: str | None = None) -> None:
        async with self.database.writing() as session:
            row = await ModelRepository(session).by_id(version.id)
            assert row is not None
            row.registration = state
            row.registration_note = note
            row.mlflow_version = number

    async def _sync_aliases(self) -> None:
        async with self.database.reading() as session:
            models = ModelRepository(session)
            waiting = await models.unsynced_aliases()
            versions = {
                (alias.name, alias.version): await models.version(alias.name, alias.version)
                for alias in waiting
                if alias.version is not None
            }
        for alias in waiting:
            version = None if alias.version is None else versions[alias.name, alias.version]
            if version is not None and version.registration == "pending":
                continue  # MLflow gets the version first
            try:
                if version is not None and version.mlflow_version is not None:
                    await self.mlflow.set_alias(alias.name, alias.alias, version.mlflow_version)
                else:  # taken away, or with a version that MLflow does not have
                    await self.mlflow.delete_alias(alias.name, alias.alias)
            except MlflowRefused as error:
                logger.warning("the alias %s of %s is not in MLflow's registry: %s", alias.alias, alias.name, error)
            await self._synced(alias)

    async def _synced(self, alias: ModelAliasRow) -> None:
        async with self.database.writing() as session:
            row = await ModelRepository(session).alias(alias.name, alias.alias)
            if row is not None and row.version == alias.version:  # else it was set anew meanwhile
                row.synced = True
