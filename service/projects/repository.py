"""Queries for projects and for what is counted by project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.jobs.models import JobRow
from service.projects.limits import Limits
from service.projects.models import ProjectRow


class ProjectRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, name: str) -> ProjectRow | None:
        return await self.session.get(ProjectRow, name)

    async def all(self, visible: Collection[str] | None) -> list[ProjectRow]:
        query = select(ProjectRow).order_by(ProjectRow.name)
        query = query if visible is None else query.where(ProjectRow.name.in_(visible))
        return list((await self.session.scalars(query)).all())

    async def counts(self, names: Collection[str] | None = None) -> dict[str, dict[str, int]]:
        """By project, how many of its jobs are in which state."""
        query = select(JobRow.project, JobRow.state, func.count()).group_by(JobRow.project, JobRow.state)
        query = query if names is None else query.where(JobRow.project.in_(names))
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for project, state, count in (await self.session.execute(query)).all():
            found[project][state] = count
        return dict(found)

    async def limits(self) -> dict[str, Limits]:
        """The projects that have any."""
        columns = (ProjectRow.max_jobs, ProjectRow.max_cpus, ProjectRow.max_gpus)
        query = select(ProjectRow.name, *columns).where(or_(*(column.is_not(None) for column in columns)))
        found = (await self.session.execute(query)).all()
        return {name: Limits(max_jobs, max_cpus, max_gpus) for name, max_jobs, max_cpus, max_gpus in found}
