"""Queries for jobs, attempts and events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value

from service.jobs.lifecycle import JobState
from service.jobs.listing import JobFilter, Position, Sort, beyond, order_by
from service.jobs.models import AttemptRow, EventRow, JobRow


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

    async def project_of(self, job_id: str) -> str | None:
        return (await self.session.scalars(select(JobRow.project).where(JobRow.id == job_id))).one_or_none()

    async def by_key(self, owner: str, idempotency_key: str) -> JobRow | None:
        query = select(JobRow).where(JobRow.key_owner == owner, JobRow.idempotency_key == idempotency_key)
        return (await self.session.scalars(query)).one_or_none()

    async def add(self, job: JobRow) -> bool:
        """Insert a job; False where its idempotency key is already taken."""
        if job.idempotency_key is None:
            self.session.add(job)
            await self.session.flush()
            return True
        try:
            async with self.session.begin_nested():
                self.session.add(job)
        except IntegrityError:
            if job.idempotency_key is None or job.key_owner is None:
                raise
            if await self.by_key(job.key_owner, job.idempotency_key) is None:
                raise
            return False
        return True

    async def page(
        self, shown: JobFilter, *, sort: Sort = "-created", after: Position | None = None, limit: int
    ) -> Sequence[JobRow]:
        """Rows without their specs, which lists do not show."""
        query = select(JobRow.seq).where(*shown.conditions()).order_by(*order_by(sort)).limit(limit)
        if after is not None:
            query = query.where(beyond(after))
        rows = select(JobRow).where(JobRow.seq.in_(query.scalar_subquery())).order_by(*order_by(sort))
        return (await self.session.scalars(rows.options(defer(JobRow.spec), defer(JobRow.search)))).all()

    async def some(
        self, job_ids: Collection[str], *, visible: Collection[str] | None, with_specs: bool = False
    ) -> Sequence[JobRow]:
        """Those of the jobs that there are in projects that are `visible`, in the order in which they came."""
        query = select(JobRow).where(JobRow.id.in_(job_ids)).order_by(JobRow.seq).options(defer(JobRow.search))
        if visible is not None:
            query = query.where(JobRow.project.in_(sorted(visible)))
        return (await self.session.scalars(query if with_specs else query.options(defer(JobRow.spec)))).all()

    async def plain_trainings(self, groups: Collection[tuple[str, str, int]], *, limit: int) -> Sequence[JobRow]:
        """Trainings without a teacher that have succeeded, of these projects, students and numbers of steps.

        The best of all groups come first.
        """
        query = select(JobRow).where(
            JobRow.kind == "job",
            JobRow.state == JobState.SUCCEEDED.value,
            JobRow.teacher.is_(None),
            JobRow.best_ap.is_not(None),
            tuple_(JobRow.project, JobRow.student, JobRow.num_steps).in_(sorted(groups)),
        )
        query = query.order_by(JobRow.best_ap.desc(), JobRow.seq).limit(limit)
        return (await self.session.scalars(query.options(defer(JobRow.search)))).all()

    async def counts(self, counted: JobFilter) -> dict[JobState, int]:
        """How many jobs are in each state; states without jobs are left out."""
        query = select(JobRow.state, func.count()).where(*counted.conditions()).group_by(JobRow.state)
        return {JobState(state): count for state, count in (await self.session.execute(query)).all()}

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

    async def newest_attempts(self, job_ids: Sequence[str]) -> Sequence[AttemptRow]:
        """The present attempt of each of these jobs."""
        query = select(AttemptRow).join(JobRow, JobRow.id == AttemptRow.job_id)
        return (
            await self.session.scalars(query.where(AttemptRow.job_id.in_(job_ids), AttemptRow.number == JobRow.attempt))
        ).all()

    async def attempt(self, job_id: str, number: int) -> AttemptRow | None:
        query = select(AttemptRow).where(AttemptRow.job_id == job_id, AttemptRow.number == number)
        return (await self.session.scalars(query)).one_or_none()

    async def events(self, job_id: str, *, after: int, limit: int) -> Sequence[EventRow]:
        query = (
            select(EventRow).where(EventRow.job_id == job_id, EventRow.id > after).order_by(EventRow.id).limit(limit)
        )
        return (await self.session.scalars(query)).all()

    async def newest_event_id(self) -> int:
        """Grows with every change of a job's state; 0 where there was none."""
        return await self.session.scalar(select(func.max(EventRow.id))) or 0
