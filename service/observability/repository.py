"""What the database tells about the whole installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.db.clock import database_now
from service.jobs.lifecycle import JobState
from service.jobs.models import AttemptRow, JobRow
from service.reconciler.models import LeaseRow

_RECENT = 200


@dataclass(frozen=True)
class Numbers:
    jobs: Mapping[JobState, int]
    attempts: Mapping[str, int]
    oldest_queued_at: datetime | None
    wait_quantiles_s: Mapping[str, float]
    lease_expires_at: datetime | None
    round_at: datetime | None
    now: datetime  # by the same clock as the moments above


async def read_numbers(session: AsyncSession) -> Numbers:
    states = await session.execute(select(JobRow.state, func.count().label("number")).group_by(JobRow.state))
    outcomes = await session.execute(select(AttemptRow.state, func.count().label("number")).group_by(AttemptRow.state))
    oldest = select(JobRow.created_at).where(JobRow.state == JobState.QUEUED.value).order_by(JobRow.seq).limit(1)
    starts = (
        select(AttemptRow.created_at.label("started"), JobRow.created_at.label("submitted"))
        .join(JobRow, JobRow.id == AttemptRow.job_id)
        .where(AttemptRow.number == 1)
        .order_by(AttemptRow.id.desc())
        .limit(_RECENT)
    )
    waits = [(row.started - row.submitted).total_seconds() for row in await session.execute(starts)]
    lease = await session.get(LeaseRow, "reconciler")
    return Numbers(
        jobs={JobState(row.state): row.number for row in states},
        attempts={row.state: row.number for row in outcomes},
        oldest_queued_at=await session.scalar(oldest),
        wait_quantiles_s=_quantiles(waits),
        lease_expires_at=lease.expires_at if lease else None,
        round_at=lease.round_at if lease else None,
        now=await database_now(session),
    )


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    if len(values) < 2:
        return dict.fromkeys(("0.5", "0.9"), values[0]) if values else {}
    cuts = quantiles(values, n=10, method="inclusive")
    return {"0.5": cuts[4], "0.9": cuts[8]}
