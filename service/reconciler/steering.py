"""Hands the requests to a running sweep over to its driver, as a file in storage."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from service.db import Database
from service.sweeps.repository import TrialRepository
from service.sweeps.requests import total
from workers.spec import JobFolder
from workers.spec.layout import write_whole
from workers.storage.near import Store


@dataclass
class Steerer:
    """Writes the sum of a sweep's requests whenever there are more of them; a new process writes each once more."""

    database: Database
    store: Store
    _written: dict[str, int] = field(default_factory=dict)

    async def hand_over(self, job_id: str, *, scratch_after: int) -> None:
        async with self.database.reading() as session:
            rows = await TrialRepository(session).steering_of(job_id)
        if len(rows) == self._written.get(job_id, 0):
            return
        path = JobFolder(self.store.root, job_id, scratch_after=scratch_after).steering
        await asyncio.to_thread(write_whole, path, total(rows))
        await asyncio.to_thread(self.store.put, path)
        self._written[job_id] = len(rows)
