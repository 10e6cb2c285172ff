"""From events to messages: every event of a job becomes one delivery for each webhook that wants it.

Ids of events are given out when a transaction writes, and become visible when it commits, which on PostgreSQL may be
in another order. A cursor that only moves forward would jump over an event that commits late. So ids below the cursor
that were not there yet are remembered and looked for again, for an hour; most belong to transactions that were rolled
back. Messages and cursor are written in one transaction: after a crash nothing is lost, and nothing is told twice.
"""

from __future__ import annotations

import time

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.jobs.models import EventRow, JobRow
from service.webhooks.messages import new_delivery
from service.webhooks.models import DeliveryRow, EventCursorRow, WebhookRow
from service.webhooks.repository import WebhookRepository

READER = "webhooks"
_BATCH = 500
# A gap is wider than this only where somebody reset the counter.
_WIDEST_GAP = 1000
_PATIENCE_S = 3600.0


async def has_news(session: AsyncSession) -> bool:
    """Whether there is anything to hand on: asked often, so it takes no lock."""
    cursor = (await session.scalars(select(EventCursorRow).where(EventCursorRow.name == READER))).one()
    newest = (await session.scalars(select(func.max(EventRow.id)))).one()
    return bool(cursor.missing) or (newest or 0) > cursor.position


async def hand_on(session: AsyncSession, *, now_s: float | None = None) -> int:
    """Make the deliveries of events that came since the last call; returns how many events there were."""
    now_s = time.time() if now_s is None else now_s
    cursor = (
        await session.scalars(select(EventCursorRow).where(EventCursorRow.name == READER).with_for_update())
    ).one()
    missing = {int(number): since for number, since in cursor.missing.items() if now_s - since < _PATIENCE_S}
    query = (
        select(EventRow, JobRow)
        .join(JobRow, JobRow.id == EventRow.job_id)
        .where(or_(EventRow.id > cursor.position, EventRow.id.in_(sorted(missing))))
        .order_by(EventRow.id)
        .limit(_BATCH + len(missing))
    )
    found = [(event, job) for event, job in (await session.execute(query)).all()]
    webhooks = await WebhookRepository(session).enabled() if found else []
    position = cursor.position
    for event, job in found:
        missing.pop(event.id, None)
        if event.id > position:
            gap = range(max(position + 1, event.id - _WIDEST_GAP), event.id)
            missing.update(dict.fromkeys(gap, now_s))
            position = event.id
        session.add_all(_message(event, job, webhook) for webhook in webhooks if _wants(webhook, event, job))
    kept = {str(number): since for number, since in missing.items()}
    if position != cursor.position or kept != cursor.missing:
        cursor.position, cursor.missing = position, kept
    return len(found)


def _wants(webhook: WebhookRow, event: EventRow, job: JobRow) -> bool:
    """Nobody is told of what happened before their webhook was made."""
    if webhook.project not in ("*", job.project) or event.at < webhook.created_at:
        return False
    return not webhook.states or event.to_state in webhook.states


def _message(event: EventRow, job: JobRow, webhook: WebhookRow) -> DeliveryRow:
    data: dict[str, object] = {
        "event_id": event.id,
        "job_id": job.id,
        "kind": job.kind,
        "name": job.name,
        "project": job.project,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "cause": event.cause,
        "actor": event.actor,
        "attempt": event.attempt,
        "path": f"/{job.kind}s/{job.id}",
    }
    return new_delivery(webhook.id, f"{job.kind}.{event.to_state}", data, at=event.at, event_id=event.id)
