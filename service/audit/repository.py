"""Queries for the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.audit.models import AuditRow


class AuditRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(
        self,
        *,
        limit: int,
        before: int | None = None,
        principal: str | None = None,
        operation: str | None = None,
        target: str | None = None,
        refused: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[AuditRow]:
        """Entries newest first, from below the row `before`."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        query = query if before is None else query.where(AuditRow.id < before)
        query = query if principal is None else query.where(AuditRow.principal == principal)
        query = query if operation is None else query.where(AuditRow.operation == operation)
        query = query if not target else query.where(AuditRow.target.contains(target, autoescape=True))
        query = query if since is None else query.where(AuditRow.at >= since)
        query = query if until is None else query.where(AuditRow.at < until)
        if refused is not None:
            query = query.where(AuditRow.status >= 400 if refused else AuditRow.status < 400)
        return (await self.session.scalars(query)).all()
