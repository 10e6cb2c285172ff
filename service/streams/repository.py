"""Queries of the live feed: events in the order of their ids, and jobs whose revision has moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from service.jobs.lifecycle import FINAL, JobState
from service.jobs.models import EventRow, JobRow

_PENDING = sorted(state.value for state in JobState if state not in FINAL)
_SNAPSHOT = text(
    "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint FROM pg_current_snapshot() AS now"
)


@dataclass(frozen=True)
class Snapshot:
    """Transactions of the database: all before `oldest` are over, none from `following` on has begun."""

    oldest: int
    following: int


class ChangeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def snapshot(self) -> Snapshot | None:
        """None where ids are given out in the order of commits, as in SQLite."""
        if self.session.get_bind().dialect.name != "postgresql":
            return None
        oldest, following = (await self.session.execute(_SNAPSHOT)).one()
        return Snapshot(oldest, following)

    async def newest_event(self) -> int:
        return await self.session.scalar(select(func.max(EventRow.id))) or 0

    async def events(
        self,
        *,
        after: int,
        limit: int,
        until: int | None = None,
        job_id: str | None = None,
        visible: Collection[str] | None = None,
    ) -> Sequence[tuple[EventRow, JobRow]]:
        query = select(EventRow, JobRow).join(JobRow, JobRow.id == EventRow.job_id).where(EventRow.id > after)
        if until is not None:
            query = query.where(EventRow.id <= until)
        if job_id is not None:
            query = query.where(EventRow.job_id == job_id)
        if visible is not None:
            query = query.where(JobRow.project.in_(sorted(visible)))
        query = query.order_by(EventRow.id).limit(limit).options(defer(JobRow.spec), defer(JobRow.search))
        return [(row.EventRow, row.JobRow) for row in await self.session.execute(query)]

    async def revisions(self) -> dict[str, int]:
        """The revision of every job that is not over."""
        query = select(JobRow.id, JobRow.revision).where(JobRow.state.in_(_PENDING))
        return {row.id: row.revision for row in await self.session.execute(query)}

    async def jobs(self, ids: Sequence[str]) -> Sequence[JobRow]:
        query = select(JobRow).where(JobRow.id.in_(ids)).options(defer(JobRow.spec), defer(JobRow.search))
        return (await self.session.scalars(query.execution_options(populate_existing=True))).all()
