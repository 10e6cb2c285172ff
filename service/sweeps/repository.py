"""Queries for trials."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from service.sweeps.models import SteeringRow, TrialRow


class TrialRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_sweep(self, sweep_id: str, *, reports: bool = True) -> Sequence[TrialRow]:
        """All trials by number; without `reports` their learning curves are not read, and must not be looked at."""
        query = select(TrialRow).where(TrialRow.job_id == sweep_id).order_by(TrialRow.number)
        query = query if reports else query.options(defer(TrialRow.reports, raiseload=True))
        return (await self.session.scalars(query)).all()

    async def get(self, sweep_id: str, number: int) -> TrialRow | None:
        return await self.session.get(TrialRow, (sweep_id, number))

    async def remove_all(self, sweep_id: str) -> None:
        await self.session.execute(delete(TrialRow).where(TrialRow.job_id == sweep_id))

    async def steering_of(self, sweep_id: str) -> Sequence[SteeringRow]:
        query = select(SteeringRow).where(SteeringRow.job_id == sweep_id).order_by(SteeringRow.id)
        return (await self.session.scalars(query)).all()
