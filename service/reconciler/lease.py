"""The lease that makes one reconciler active and lets the others stand by.

Machines' clocks differ. The row is written and judged by the database's clock, which all share; who waits also counts
by its own monotonic clock how long the row has stayed the same, and who holds it, how long it may believe that.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from service.db import Database
from service.db.clock import database_now
from service.reconciler.models import LeaseRow

NAME = "reconciler"


class Lease:
    """`clock` is monotonic seconds."""

    def __init__(
        self,
        database: Database,
        *,
        name: str = NAME,
        duration_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self.duration_s = duration_s
        self.holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._held_until = float("-inf")
        self._round_at: float | None = None
        self._seen: tuple[str, datetime] | None = None
        self._seen_at = 0.0

    @property
    def is_held(self) -> bool:
        """Whether this process may act: nobody else takes the lease before that is over."""
        return self._clock() < self._held_until

    def note_round(self) -> None:
        """A whole round has ended; told to others with the lease."""
        self._round_at = self._clock()

    def doubt(self) -> None:
        """Do not act any more until the lease is acquired again."""
        self._held_until = float("-inf")

    async def acquire(self) -> bool:
        """Take the lease, or prolong it; False while another process holds it."""
        began = self._clock()
        async with self._database.writing() as session:
            taken = await self._take(session, await database_now(session))
        self._held_until = began + self.duration_s if taken else float("-inf")
        return taken

    async def release(self) -> None:
        self.doubt()
        async with self._database.writing() as session:
            await session.execute(delete(LeaseRow).where(LeaseRow.name == self._name, LeaseRow.holder == self.holder))

    async def _take(self, session: AsyncSession, now: datetime) -> bool:
        row = await session.scalar(select(LeaseRow).where(LeaseRow.name == self._name).with_for_update())
        if row is None:
            try:
                async with session.begin_nested():
                    session.add(self._written(LeaseRow(name=self._name), now))
            except IntegrityError:  # another process was faster
                return False
            return True
        if row.holder != self.holder and row.expires_at >= now and not self._is_abandoned(row):
            return False
        self._written(row, now)
        return True

    def _written(self, row: LeaseRow, now: datetime) -> LeaseRow:
        row.holder = self.holder
        row.expires_at = now + timedelta(seconds=self.duration_s)
        if self._round_at is not None:
            row.round_at = now - timedelta(seconds=self._clock() - self._round_at)
        return row

    def _is_abandoned(self, row: LeaseRow) -> bool:
        """Whether nobody has prolonged it for too long by our own clock: that of the database may be set back."""
        seen = (row.holder, row.expires_at)
        if seen != self._seen:
            self._seen, self._seen_at = seen, self._clock()
        return self._clock() - self._seen_at > self.duration_s


async def is_held_now(session: AsyncSession, *, name: str = NAME) -> bool:
    """Whether some process holds the lease."""
    row = await session.get(LeaseRow, name)
    return row is not None and row.expires_at > await database_now(session)
