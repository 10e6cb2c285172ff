"""The lease that makes one reconciler active and lets the others stand by."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError

from service.db import Database
from service.db.base import utc_now
from service.reconciler.models import LeaseRow


class Lease:
    def __init__(self, database: Database, *, name: str = "reconciler", duration_s: float = 10.0) -> None:
        self._database = database
        self._name = name
        self.duration_s = duration_s
        self.round_at: datetime | None = None  # when the last whole round ended; told with the lease
        self.holder = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"

    async def acquire(self) -> bool:
        """Take the lease, or prolong it; False while another process holds it."""
        now = utc_now()
        expires = now + timedelta(seconds=self.duration_s)
        async with self._database.writing() as session:
            taken = await session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == self._name, or_(LeaseRow.holder == self.holder, LeaseRow.expires_at < now))
                .values(holder=self.holder, expires_at=expires, round_at=self.round_at)
                .returning(LeaseRow.name)
                .execution_options(synchronize_session=False)
            )
            if taken.one_or_none() is not None:
                return True
            try:
                async with session.begin_nested():
                    session.add(
                        LeaseRow(name=self._name, holder=self.holder, expires_at=expires, round_at=self.round_at)
                    )
            except IntegrityError:
                return False
            return True

    async def release(self) -> None:
        async with self._database.writing() as session:
            await session.execute(delete(LeaseRow).where(LeaseRow.name == self._name, LeaseRow.holder == self.holder))
