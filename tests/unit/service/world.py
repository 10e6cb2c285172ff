"""A reconciler on a fresh database with a fake Ray, and the means to move it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from sqlalchemy import select

from service.access.principal import OWNER
from service.clients.mlflow import MlflowClient
from service.clients.ray import RayClient
from service.db import Database
from service.jobs import logic
from service.jobs.actions import act
from service.jobs.lifecycle import Action
from service.jobs.models import AttemptRow, EventRow, JobRow
from service.jobs.repository import JobRepository
from service.jobs.schemas import Event, Job
from service.reconciler.loop import Reconciler
from service.settings import Settings
from tests.unit.service.factories import job_spec, sweep_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.fake_ray import FakeRay
from workers.spec import Heartbeat, JobFolder, JobSpec, SweepSpec, Terminal


@dataclass
class World:
    """A reconciler, what it sees, and a clock that the test moves."""

    settings: Settings
    database: Database
    ray: FakeRay
    mlflow: FakeMlflow
    now_s: float = 1000.0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new reconciler process that remembers nothing."""
        ray = RayClient(httpx.AsyncClient(base_url="http://ray", transport=self.ray))
        mlflow = MlflowClient(httpx.AsyncClient(base_url="http://mlflow", transport=self.mlflow))
        self.reconciler = Reconciler(
            self.settings, self.database, ray, mlflow, clock=lambda: self.now_s, ask_nodes_every_s=0
        )

    async def round(self, count: int = 1) -> None:
        for _ in range(count):
            await self.reconciler.run_once()

    async def submit(self, **fields: object) -> str:
        async with self.database.writing() as session:
            spec = JobSpec.model_validate(job_spec(**_impatient(fields)))
            jobs = JobRepository(session)
            return (await logic.submit(jobs, spec, OWNER, idempotency_key=None, settings=self.settings)).id

    async def submit_sweep(self, **fields: object) -> str:
        async with self.database.writing() as session:
            spec = SweepSpec.model_validate(sweep_spec(**_impatient(fields)))
            jobs = JobRepository(session)
            return (await logic.submit(jobs, spec, OWNER, idempotency_key=None, settings=self.settings)).id

    async def act(self, job_id: str, action: Action, **how: bool) -> Job:
        async with self.database.writing() as session:
            return await act(JobRepository(session), job_id, action, OWNER, **how)

    async def cancel(self, job_id: str) -> Job:
        return await self.act(job_id, Action.CANCEL)

    async def job(self, job_id: str) -> Job:
        async with self.database.reading() as session:
            return await logic.show(JobRepository(session), job_id)

    async def everything(self) -> tuple[list[JobRow], list[AttemptRow], list[EventRow]]:
        """All rows, each kind in the order in which they came."""
        async with self.database.reading() as session:
            jobs = list(await session.scalars(select(JobRow).order_by(JobRow.seq)))
            attempts = list(await session.scalars(select(AttemptRow).order_by(AttemptRow.id)))
            return jobs, attempts, list(await session.scalars(select(EventRow).order_by(EventRow.id)))

    async def events(self, job_id: str) -> list[Event]:
        async with self.database.reading() as session:
            return (await logic.event_page(JobRepository(session), job_id, limit=100, cursor=None)).items

    async def change_attempt(self, job_id: str, number: int, **fields: object) -> None:
        async with self.database.writing() as session:
            attempt = await JobRepository(session).attempt(job_id, number)
            for name, value in fields.items():
                setattr(attempt, name, value)

    async def put(self, job_id: str, **fields: object) -> None:
        """Set columns of a job."""
        async with self.database.writing() as session:
            job = await JobRepository(session).get(job_id)
            for name, value in fields.items():
                setattr(job, name, value)

    def folder(self, job_id: str) -> JobFolder:
        return JobFolder(self.settings.storage, job_id)

    def beat(self, job_id: str, attempt: int = 1, **fields: object) -> None:
        beat = {"at": datetime.now(UTC), "phase": "training", "step": 5, "num_steps": 100, **fields}
        self.folder(job_id).write_heartbeat(attempt, Heartbeat.model_validate(beat))

    def end(self, job_id: str, attempt: int = 1, outcome: str = "succeeded", **fields: object) -> None:
        end = {"at": datetime.now(UTC), "outcome": outcome, "reason": "", **fields}
        self.folder(job_id).write_terminal(attempt, Terminal.model_validate(end))

    async def running(self, **fields: object) -> str:
        """A job whose first attempt runs."""
        job_id = await self.submit(**fields)
        await self.round()
        self.beat(job_id)
        await self.round()
        assert (await self.job(job_id)).state == "running"
        return job_id


def _impatient(fields: dict[str, object]) -> dict[str, object]:
    """Retries without a pause, unless the test is about it."""
    retry = fields.get("retry") or {}
    assert isinstance(retry, dict)
    return {**fields, "retry": {"backoff_s": 0, **retry}}
