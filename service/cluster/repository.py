"""What jobs hold of the cluster."""

from __future__ import annotations

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.jobs.lifecycle import ACTIVE
from service.jobs.models import AttemptRow, JobRow


class ClusterRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def holders(self, visible: frozenset[str] | None) -> list[tuple[JobRow, AttemptRow | None]]:
        """Active jobs of the projects `visible`, of all where it is None, with their newest attempts; largest first."""
        newest = and_(AttemptRow.job_id == JobRow.id, AttemptRow.number == JobRow.attempt)
        query = (
            select(JobRow, AttemptRow)
            .outerjoin(AttemptRow, newest)
            .where(JobRow.state.in_(sorted(ACTIVE)))
            .order_by(JobRow.gpus.desc(), JobRow.cpus.desc(), JobRow.seq)
        )
        query = query if visible is None else query.where(JobRow.project.in_(sorted(visible)))
        return [(job, attempt) for job, attempt in await self.session.execute(query)]
