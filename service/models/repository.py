"""Queries for models, their versions, aliases and events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.checks.states import CheckState
from service.jobs.lifecycle import JobState
from service.jobs.models import JobRow
from service.models.models import ModelAliasRow, ModelEventRow, ModelRow, ModelVersionRow
from service.named.repository import NamedRepository
from service.sweeps.models import TrialRow


class ModelRepository(NamedRepository[ModelRow, ModelVersionRow]):
    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, ModelRow, ModelVersionRow)

    async def of_job(self, job_id: str) -> Sequence[ModelVersionRow]:
        """The versions that are a job's student, oldest first."""
        query = select(ModelVersionRow).where(ModelVersionRow.job_id == job_id).order_by(ModelVersionRow.seq)
        return (await self.session.scalars(query)).all()

    async def alias(self, name: str, alias: str) -> ModelAliasRow | None:
        """The row of an alias, also of one that was taken away and that MLflow has yet to forget."""
        return await self.session.get(ModelAliasRow, (name, alias))

    async def aliases(self, names: Collection[str]) -> Sequence[ModelAliasRow]:
        query = (
            select(ModelAliasRow)
            .where(ModelAliasRow.name.in_(names), ModelAliasRow.version.is_not(None))
            .order_by(ModelAliasRow.alias)
        )
        return (await self.session.scalars(query)).all()

    async def events(self, name: str, *, after: int, limit: int) -> Sequence[ModelEventRow]:
        query = (
            select(ModelEventRow)
            .where(ModelEventRow.name == name, ModelEventRow.id > after)
            .order_by(ModelEventRow.id)
            .limit(limit)
        )
        return (await self.session.scalars(query)).all()

    async def holder_before(self, name: str, alias: str, version: int | None) -> int | None:
        """The version that lost an alias when `version` got it."""
        query = (
            select(ModelEventRow.previous)
            .where(
                ModelEventRow.name == name,
                ModelEventRow.alias == alias,
                ModelEventRow.action == "promoted",
                ModelEventRow.version == version,
            )
            .order_by(ModelEventRow.id.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def jobs_without_version(
        self, since: datetime | None, *, skip: Collection[str], limit: int
    ) -> Sequence[JobRow]:
        """Jobs that have succeeded, since a moment if one is given, and whose students are no versions yet."""
        known = select(ModelVersionRow.id).where(ModelVersionRow.job_id == JobRow.id).exists()
        query = (
            select(JobRow)
            .where(JobRow.state == JobState.SUCCEEDED.value, JobRow.kind == "job", ~known)
            .order_by(JobRow.seq)
            .limit(limit)
        )
        if since is not None:
            query = query.where(JobRow.ended_at >= since)
        if skip:
            query = query.where(JobRow.id.not_in(sorted(skip)))
        return (await self.session.scalars(query)).all()

    async def pending_registrations(self, *, limit: int) -> Sequence[tuple[ModelVersionRow, str]]:
        """Versions that MLflow is to get, with the run that made each."""
        run_id = case((ModelVersionRow.trial > 0, TrialRow.mlflow_run_id), else_=JobRow.mlflow_run_id)
        query = (
            select(ModelVersionRow, run_id)
            .join(JobRow, JobRow.id == ModelVersionRow.job_id)
            .outerjoin(
                TrialRow, (TrialRow.job_id == ModelVersionRow.job_id) & (TrialRow.number == ModelVersionRow.trial)
            )
            .where(
                ModelVersionRow.registration == "pending",
                ModelVersionRow.state == CheckState.READY.value,
                run_id.is_not(None),
            )
            .order_by(ModelVersionRow.seq)
            .limit(limit)
        )
        return [(row[0], str(row[1])) for row in (await self.session.execute(query)).all()]

    async def unsynced_aliases(self) -> Sequence[ModelAliasRow]:
        query = select(ModelAliasRow).where(ModelAliasRow.synced.is_(False)).order_by(ModelAliasRow.set_at)
        return (await self.session.scalars(query)).all()
