"""Queries for webhooks and deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.webhooks.models import DeliveryRow, WebhookRow


class WebhookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, webhook_id: str) -> WebhookRow | None:
        return (await self.session.scalars(select(WebhookRow).where(WebhookRow.id == webhook_id))).one_or_none()

    async def page(
        self, *, limit: int, before: int | None, project: str | None, visible: Collection[str] | None
    ) -> Sequence[WebhookRow]:
        """Webhooks newest first. `visible` are the projects that may be shown; None stands for all."""
        query = select(WebhookRow).order_by(WebhookRow.seq.desc()).limit(limit)
        query = query if before is None else query.where(WebhookRow.seq < before)
        query = query if project is None else query.where(WebhookRow.project == project)
        query = query if visible is None else query.where(WebhookRow.project.in_(sorted(visible)))
        return (await self.session.scalars(query)).all()

    async def remove(self, webhook_id: str) -> None:
        await self.session.execute(delete(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id))
        await self.session.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))

    async def enabled(self) -> Sequence[WebhookRow]:
        return (await self.session.scalars(select(WebhookRow).where(WebhookRow.enabled).order_by(WebhookRow.seq))).all()

    async def delivery(self, webhook_id: str, delivery_id: str) -> DeliveryRow | None:
        query = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id, DeliveryRow.id == delivery_id)
        return (await self.session.scalars(query)).one_or_none()

    async def deliveries(
        self, webhook_id: str, *, limit: int, before: int | None, state: str | None
    ) -> Sequence[DeliveryRow]:
        query = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
        query = query.order_by(DeliveryRow.seq.desc()).limit(limit)
        query = query if before is None else query.where(DeliveryRow.seq < before)
        query = query if state is None else query.where(DeliveryRow.state == state)
        return (await self.session.scalars(query)).all()

    async def due(self, now: datetime, *, per_webhook: int) -> Sequence[tuple[DeliveryRow, WebhookRow]]:
        """What is to be sent now, at most so many for each webhook: one that is slow holds up no other."""
        waiting = select(DeliveryRow.webhook_id).where(DeliveryRow.state == "pending", DeliveryRow.next_try_at <= now)
        found: list[tuple[DeliveryRow, WebhookRow]] = []
        for webhook_id in (await self.session.scalars(waiting.distinct())).all():
            query = (
                select(DeliveryRow, WebhookRow)
                .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
                .where(
                    DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == "pending", DeliveryRow.next_try_at <= now
                )
                .order_by(DeliveryRow.next_try_at, DeliveryRow.seq)
                .limit(per_webhook)
            )
            found += [(delivery, webhook) for delivery, webhook in (await self.session.execute(query)).all()]
        return found

    async def end_pending(self, webhook_id: str, now: datetime) -> None:
        """Give up on everything that waits to be sent to a webhook."""
        await self.session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == "pending")
            .values(state="failed", next_try_at=None, ended_at=now)
            .execution_options(synchronize_session=False)
        )

    async def forget(self, before: datetime) -> None:
        """Remove deliveries that ended before a moment."""
        await self.session.execute(delete(DeliveryRow).where(DeliveryRow.ended_at < before))
