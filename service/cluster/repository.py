"""What jobs hold of the cluster."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.jobs.lifecycle import ACTIVE
from service.jobs.models import AttemptRow, JobRow


class ClusterRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def holders(self, visible: frozenset[str] | None) -> Sequence[Row[tuple[JobRow, AttemptRow | None]]]:
        """Active jobs of the projects `visible`, of all where it is None, with their newest attempts; largest first."""
        newest = and_(AttemptRow.job_id == JobRow.id, AttemptRow.number == JobRow.attempt)
        query = (
            select(JobRow, AttemptRow)
            .outerjoin(AttemptRow, newest)
            .where(JobRow.state.in_(sorted(ACTIVE)))
            .order_by(JobRow.gpus.desc(), JobRow.cpus.desc(), JobRow.seq)
        )
        query = query if visible is None else query.where(JobRow.project.in_(sorted(visible)))
        return (await self.session.execute(query)).all()
