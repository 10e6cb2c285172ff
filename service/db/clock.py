"""The one clock that all processes share, however their machines' clocks differ: that of the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.db.base import utc_now


async def database_now(session: AsyncSession) -> datetime:
    """Now, by the clock of the database's machine; with SQLite, which is on one machine with its users, our own."""
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        return utc_now()
    found: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return found
