"""The log of a job as a stream: all attempts, complete and in order, from the files that they leave in storage."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from service.access.principal import Principal
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.logs import read_piece
from service.jobs.models import AttemptRow, JobRow
from service.jobs.repository import JobRepository
from service.streams.logic import KEEP_ALIVE_S, LONGEST_S, Streams, goodbye
from service.streams.positions import LogPosition
from service.streams.schemas import LogWritten, StreamEnded, StreamOpened
from service.streams.sse import KEEP_ALIVE, RETRY, frame
from workers.spec import JobFolder
from workers.storage.near import Store
from workers.storage.objects import StorageError

logger = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.5
_ASK_EVERY_S = 5.0
_PIECE_BYTES = 64 * 1024


@dataclass
class LogStream:
    """One listener of one log."""

    streams: Streams
    principal: Principal
    store: Store
    job_id: str
    position: LogPosition | None  # None: from the start of the first attempt

    async def run(self) -> AsyncIterator[bytes]:
        until = time.monotonic() + LONGEST_S
        with self.streams.feed.subscribe(lambda job_id, _: job_id == self.job_id, self.principal) as subscription:
            here = self.position or LogPosition(1, 0)
            opened = str(here)
            yield RETRY + frame(StreamOpened(last_event_id=opened), event_id=opened)
            job, attempts = await self._look()
            asked_at = sent_at = time.monotonic()
            while True:
                ended = self._has_ended(here.attempt, job, attempts)
                text, following, at_end = await self._read(here, ended=ended)
                if text:
                    piece = LogWritten(attempt=here.attempt, offset=here.offset, next_offset=following, text=text)
                    here = LogPosition(here.attempt, following)
                    sent_at = time.monotonic()
                    yield frame(piece, event_id=str(here))
                if last := goodbye(subscription, until):
                    yield last
                    return
                if text and not at_end:
                    continue
                if ended and at_end:
                    later = [attempt.number for attempt in attempts if attempt.number > here.attempt]
                    if later:
                        here = LogPosition(min(later), 0)
                        continue
                    if JobState(job.state) in FINAL:
                        yield frame(StreamEnded(state=JobState(job.state)), event_id=str(here))
                        return
                await subscription.wait(_LOOK_EVERY_S)
                changes, updates = subscription.take()
                if changes or updates or time.monotonic() - asked_at >= _ASK_EVERY_S:
                    job, attempts = await self._look()
                    asked_at = time.monotonic()
                if time.monotonic() - sent_at >= KEEP_ALIVE_S:
                    sent_at = time.monotonic()
                    yield KEEP_ALIVE

    async def _look(self) -> tuple[JobRow, list[AttemptRow]]:
        async with self.streams.database.reading() as session:
            jobs = JobRepository(session)
            job = await jobs.get(self.job_id)
            assert job is not None
            return job, list(await jobs.attempts(self.job_id))

    @staticmethod
    def _has_ended(number: int, job: JobRow, attempts: list[AttemptRow]) -> bool:
        """Nobody writes this attempt's log any more."""
        this = next((attempt for attempt in attempts if attempt.number == number), None)
        return JobState(job.state) in FINAL if this is None else this.ended_at is not None

    async def _read(self, here: LogPosition, *, ended: bool) -> tuple[str, int, bool]:
        folder = JobFolder(self.store.root, self.job_id)
        try:
            async with self.streams.log_turns:
                return await asyncio.to_thread(
                    read_piece, self.store, folder, here.attempt,
                    offset=here.offset, limit_bytes=_PIECE_BYTES, ended=ended,
                )  # fmt: skip
        except StorageError as error:
            logger.info("the log of %s waits: %s", self.job_id, error)
            return "", here.offset, False
