"""What of the checkpoints in storage goes, as a plan, and its carrying out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.db import Database
from service.db.base import utc_now
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.models import JobRow
from service.jobs.repository import JobRepository
from service.models.models import ModelAliasRow, ModelVersionRow
from service.retention.files import CheckpointFiles, Checkpoints
from service.retention.policy import Checkpoint, Decision, JobFacts, Policy, decide
from service.retention.references import References
from service.retention.remote import RemoteCheckpoints
from service.settings import Settings
from service.sweeps.models import TrialRow
from service.sweeps.repository import TrialRepository
from workers.spec import SEARCHED, SweepSpec
from workers.storage.objects import Objects


@dataclass(frozen=True)
class JobPlan:
    """The decisions for the checkpoints of one job. `unknown` is one that the database does not have."""

    job_id: str
    decisions: tuple[Decision, ...]
    unknown: bool = False

    @property
    def removed(self) -> tuple[Checkpoint, ...]:
        return tuple(one.checkpoint for one in self.decisions if not one.why)

    @property
    def removed_bytes(self) -> int:
        return sum(one.size_bytes for one in self.removed)

    @property
    def kept(self) -> tuple[Decision, ...]:
        return tuple(one for one in self.decisions if one.why)


@dataclass
class Pruning:
    """Plans and removes, job by job."""

    database: Database
    settings: Settings
    policy: Policy

    def __post_init__(self) -> None:
        self._files = checkpoints_of(self.settings)
        self._references = References(self.settings.data)

    async def plan(self) -> list[JobPlan]:
        """What would go now; a job without checkpoints is left out."""
        async with self.database.reading() as session:
            await self._references.read(session)
            job_ids = await asyncio.to_thread(self._files.job_ids)
            plans = [await self._plan_job(session, job_id) for job_id in job_ids]
        return [plan for plan in plans if plan.decisions]

    async def carry_out(self, planned: list[JobPlan], may_act: Callable[[], bool] = lambda: True) -> list[JobPlan]:
        """Remove what was planned and is still useless. Returns what was done.

        Every job is looked at again with its row locked, so that what has come to refer to it in between counts.
        """
        done = []
        for one in planned:
            if not one.removed:
                continue
            if not may_act():
                break
            async with self.database.writing() as session:
                await JobRepository(session).get(one.job_id, lock=True)
                await self._references.read(session)
                plan = await self._plan_job(session, one.job_id)
                await asyncio.to_thread(self._files.remove, one.job_id, plan.removed)
            done.append(plan)
        return done

    async def _plan_job(self, session: AsyncSession, job_id: str) -> JobPlan:
        checkpoints = await asyncio.to_thread(self._files.of_job, job_id)
        if not checkpoints:
            return JobPlan(job_id, ())
        job = await JobRepository(session).get(job_id)
        if job is None:
            return JobPlan(job_id, tuple(Decision(one, "no job has this folder") for one in checkpoints), unknown=True)
        folder, uri = self._files.named(job_id)
        names = [one.name for one in checkpoints]
        decisions = decide(
            await _facts(session, job),
            checkpoints,
            self.policy,
            referred=await asyncio.to_thread(self._references.below, folder, names, uri=uri),
            best_steps=await asyncio.to_thread(self._files.best_steps, job_id, checkpoints),
        )
        return JobPlan(job_id, tuple(decisions))


def checkpoints_of(settings: Settings) -> Checkpoints:
    """Raises StorageError where the URI of the storage is of no use here."""
    if settings.storage_uri:
        return RemoteCheckpoints(Objects(settings.storage_uri), settings.storage)
    return CheckpointFiles(settings.storage)


async def _facts(session: AsyncSession, job: JobRow) -> JobFacts:
    trials = await TrialRepository(session).of_sweep(job.id, reports=False) if job.kind == "sweep" else []
    ended_h = None if job.ended_at is None else (utc_now() - job.ended_at).total_seconds() / 3600
    return JobFacts(
        job_id=job.id,
        kind=job.kind,
        state=JobState(job.state),
        scratch_after=job.scratch_after,
        ended_h=ended_h if JobState(job.state) in FINAL else None,
        promoted=await _promoted(session, job.id),
        best_trial=_best_trial(job, trials),
        exploits={trial.number: len(trial.exploits) for trial in trials},
    )


async def _promoted(session: AsyncSession, job_id: str) -> Mapping[int, str]:
    """The trials (0: the job itself) whose students have an alias, with one of these."""
    version, alias = ModelVersionRow, ModelAliasRow
    query = (
        select(version.trial, alias.name, alias.alias)
        .join(alias, (alias.name == version.name) & (alias.version == version.version))
        .where(version.job_id == job_id)
        .order_by(alias.alias)
    )
    return {trial: f"{name}@{word}" for trial, name, word in (await session.execute(query)).all()}


def _best_trial(job: JobRow, trials: Sequence[TrialRow]) -> int | None:
    """The trial that won by the sweep's first objective, within its constraints."""
    if job.kind != "sweep":
        return None
    spec = SweepSpec.model_validate(job.spec)
    done = [
        (spec.objective.sign * trial.objective, -trial.number)
        for trial in trials
        if trial.role in SEARCHED and trial.counts(spec) and trial.objective is not None
    ]
    return -max(done)[1] if done else None
