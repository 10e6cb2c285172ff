"""Queries for jobs, attempts and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from service.jobs.lifecycle import JobState
from service.jobs.models import AttemptRow, EventRow, JobRow

Order = Literal["newest", "oldest"]


class JobRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, job_id: str, *, kind: str | None = None, lock: bool = False) -> JobRow | None:
        """A job; with `lock` nobody else changes it until the transaction ends (SQLite locks all of it anyway)."""
        query = select(JobRow).where(JobRow.id == job_id)
        query = query.with_for_update() if lock else query
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        return (await self.session.scalars(query)).one_or_none()

    async def by_key(self, idempotency_key: str) -> JobRow | None:
        query = select(JobRow).where(JobRow.idempotency_key == idempotency_key)
        return (await self.session.scalars(query)).one_or_none()

    async def add(self, job: JobRow) -> bool:
        """Insert a job; False where its idempotency key is already taken."""
        try:
            async with self.session.begin_nested():
                self.session.add(job)
        except IntegrityError:
            if job.idempotency_key is None or await self.by_key(job.idempotency_key) is None:
                raise
            return False
        return True

    async def page(
        self,
        *,
        limit: int,
        after: int | None = None,
        order: Order = "newest",
        states: Sequence[JobState] = (),
        kind: str | None = None,
        project: str | None = None,
        text: str | None = None,
    ) -> Sequence[JobRow]:
        query = select(JobRow)
        if states:
            query = query.where(JobRow.state.in_([state.value for state in states]))
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        if project is not None:
            query = query.where(JobRow.project == project)
        if text:
            needle = text.lower()
            columns = (JobRow.name, JobRow.id, JobRow.project)
            query = query.where(or_(*(func.lower(column).contains(needle, autoescape=True) for column in columns)))
        if order == "newest":
            query = query.order_by(JobRow.seq.desc())
            query = query if after is None else query.where(JobRow.seq < after)
        else:
            query = query.order_by(JobRow.seq)
            query = query if after is None else query.where(JobRow.seq > after)
        return (await self.session.scalars(query.limit(limit))).all()

    async def in_states(self, states: Sequence[JobState], *, lock: bool = False) -> Sequence[JobRow]:
        """Jobs in these states, in the order in which they are served: priority, then age.

        With `lock`, those that somebody else is just changing are left out.
        """
        query = (
            select(JobRow)
            .where(JobRow.state.in_([state.value for state in states]))
            .order_by(JobRow.priority.desc(), JobRow.seq)
        )
        query = query.with_for_update(skip_locked=True) if lock else query
        return (await self.session.scalars(query)).all()

    async def change_state(self, job: JobRow, wanted: JobState, at: datetime) -> bool:
        """Write the new state unless another process changed the job since it was read."""
        changed = await self.session.execute(
            update(JobRow)
            .where(JobRow.id == job.id, JobRow.state == job.state)
            .values(state=wanted.value, updated_at=at)
            .execution_options(synchronize_session=False)
            .returning(JobRow.revision)
        )
        revision = changed.scalar_one_or_none()
        if revision is not None:
            set_committed_value(job, "revision", revision)
        return revision is not None

    async def attempts(self, job_id: str) -> Sequence[AttemptRow]:
        query = select(AttemptRow).where(AttemptRow.job_id == job_id).order_by(AttemptRow.number)
        return (await self.session.scalars(query)).all()

    async def attempt(self, job_id: str, number: int) -> AttemptRow | None:
        query = select(AttemptRow).where(AttemptRow.job_id == job_id, AttemptRow.number == number)
        return (await self.session.scalars(query)).one_or_none()

    async def events(self, job_id: str, *, after: int, limit: int) -> Sequence[EventRow]:
        query = (
            select(EventRow).where(EventRow.job_id == job_id, EventRow.id > after).order_by(EventRow.id).limit(limit)
        )
        return (await self.session.scalars(query)).all()
