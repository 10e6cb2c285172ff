"""The live feed of one API process: one reader of the database, however many listen.

State events go out in the order of their ids, each exactly once. A database may show a higher id before a lower one
whose transaction is still open: what is above such a gap waits until every transaction that may fill it is over.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from service.access.principal import Principal
from service.access.repository import AccessRepository
from service.db import Database
from service.errors import Unavailable
from service.jobs.lifecycle import ACTIVE, JobState
from service.jobs.models import EventRow, JobRow
from service.jobs.schemas import Event
from service.jobs.views import summary
from service.observability.outages import Outages
from service.streams.repository import ChangeRepository, Snapshot
from service.streams.rights import CHECK_EVERY_S, end_refused
from service.streams.schemas import JobChanged, JobProgressed
from service.streams.sse import frame

logger = logging.getLogger(__name__)
POLL_S = 0.25
_PROGRESS_EVERY = 2  # polls
_PAGE = 500
_MAX_WAITING = 1000
_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Change:
    """A state event, encoded once for all who listen."""

    id: int
    job_id: str
    project: str
    frame: bytes
    job: JobRow


@dataclass(frozen=True)
class Update:
    """The latest of a job, encoded once for all who listen."""

    job_id: str
    project: str
    frame: bytes
    job: JobRow


Wants = Callable[[str, str], bool]


@dataclass
class Subscription:
    """What waits for one listener: every change, and the latest update of each job."""

    wants: Wants
    since: int
    principal: Principal | None = None
    refused: bool = False
    closing: bool = False
    behind: bool = False
    _changes: deque[Change] = field(default_factory=deque)
    _updates: dict[str, Update] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, changes: Sequence[Change], updates: Sequence[Update]) -> None:
        if self.behind:
            return
        mine = [one for one in changes if one.id > self.since and self.wants(one.job_id, one.project)]
        latest = {one.job_id: one for one in updates if self.wants(one.job_id, one.project)}
        if not mine and not latest:
            return
        self._changes.extend(mine)
        self._updates |= latest
        if len(self._changes) > _MAX_WAITING:
            self.cut()
        self._wake.set()

    @property
    def is_empty(self) -> bool:
        return not self._changes and not self._updates

    def close(self) -> None:
        self.closing = True
        self._wake.set()

    def cut(self) -> None:
        """The listener has to come back and read on from where it was."""
        self.behind = True
        self._changes.clear()
        self._updates.clear()
        self._wake.set()

    def refuse(self) -> None:
        self.refused = True
        self._wake.set()

    async def wait(self, timeout_s: float) -> None:
        """Until there is something to take, or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()

    def take(self) -> tuple[list[Change], list[Update]]:
        self._wake.clear()
        if self.closing or self.behind or self.refused:
            self._wake.set()
        taken = list(self._changes), list(self._updates.values())
        self._changes.clear()
        self._updates.clear()
        return taken


@dataclass(frozen=True)
class Gap:
    """Ids up to `until` are settled when all transactions before `transaction` are over, or patience is."""

    until: int
    transaction: int
    seen_at: float

    def is_settled(self, now: Snapshot) -> bool:
        return now.oldest >= self.transaction or time.monotonic() - self.seen_at > _PATIENCE_S


class Feed:
    """Reads the database every `poll_s` seconds while somebody listens."""

    def __init__(self, database: Database, *, poll_s: float = POLL_S) -> None:
        self._database = database
        self._poll_s = poll_s
        self._subscriptions: list[Subscription] = []
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._closing = False
        self._horizon = 0
        self._gap: Gap | None = None
        self._revisions: dict[str, int] = {}
        self._active: dict[str, Update] = {}
        self._outages = Outages(logger)
        self._checked_at = float("-inf")

    @property
    def listeners(self) -> int:
        return len(self._subscriptions)

    @contextmanager
    def subscribe(self, wants: Wants, principal: Principal | None = None) -> Iterator[Subscription]:
        """Call `ready` first. The subscription is refused as soon as the principal's token or session has ended."""
        subscription = Subscription(wants, since=self._horizon, principal=principal, closing=self._closing)
        self._subscriptions.append(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)

    async def ready(self) -> None:
        """Make sure that the reader runs and knows where it is. Raises Unavailable while there is no database."""
        if self._reader is None or self._reader.done():
            self._ready.clear()
            self._reader = asyncio.create_task(self._read())
            self._reader.add_done_callback(self._cut_after_a_crash)
        try:
            async with asyncio.timeout(2 * _PATIENCE_S):
                await self._ready.wait()
        except TimeoutError as error:
            raise Unavailable("live streams cannot read the database now") from error

    def active(self, wants: Wants) -> list[Update]:
        """The latest of each job that runs."""
        return [one for one in self._active.values() if wants(one.job_id, one.project)]

    def close(self) -> None:
        """Tell everybody who listens that this is the end."""
        self._closing = True
        for subscription in self._subscriptions:
            subscription.close()

    async def stop(self) -> None:
        self.close()
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    async def _read(self) -> None:
        """Ends when nobody has listened for a while."""
        rounds, heard = 0, time.monotonic()
        while not self._closing and (self._subscriptions or time.monotonic() - heard < _PATIENCE_S):
            try:
                if self._ready.is_set():
                    await self._round(with_progress=rounds % _PROGRESS_EVERY == 0)
                else:
                    await self._start()
                    self._ready.set()
                self._outages.over("the database")
            except (SQLAlchemyError, OSError) as error:
                self._outages.note("the database", f"live streams wait for the database: {error}")
                await asyncio.sleep(1.0)
            rounds += 1
            heard = time.monotonic() if self._subscriptions else heard
            await asyncio.sleep(self._poll_s)

    def _cut_after_a_crash(self, reader: asyncio.Task[None]) -> None:
        """Nobody may wait for a reader that is gone: who listens is cut, comes back, and so starts another one."""
        if not reader.cancelled() and (error := reader.exception()):
            logger.error("the reader of live streams ended", exc_info=error)
            for subscription in self._subscriptions:
                subscription.cut()

    async def _start(self) -> None:
        """Find an id below which nothing will appear any more, and what runs now."""
        async with self._database.reading() as session:
            changes = ChangeRepository(session)
            newest, snapshot = await changes.newest_event(), await changes.snapshot()
            patience = time.monotonic() + _PATIENCE_S
            while snapshot is not None and time.monotonic() < patience:
                now = await changes.snapshot()
                if now is None or now.oldest >= snapshot.following:
                    break
                await asyncio.sleep(self._poll_s / 5)
            self._horizon, self._gap = newest, None
            self._revisions = await changes.revisions()
            updates = await self._load(changes, list(self._revisions))
        self._active = {one.job_id: one for one in updates if JobState(one.job.state) in ACTIVE}

    async def _round(self, *, with_progress: bool) -> None:
        async with self._database.reading() as session:
            changes = ChangeRepository(session)
            while True:
                before = await changes.snapshot()
                rows = await changes.events(after=self._horizon, limit=_PAGE)
                settled = self._settled(rows, before)
                if len(settled) < len(rows) and self._gap is None and (after := await changes.snapshot()):
                    self._gap = Gap(rows[-1][0].id, after.following, time.monotonic())
                if settled:
                    self._announce([_change(event, job) for event, job in settled], [])
                if len(settled) < _PAGE:
                    break
            if with_progress:
                await self._progress(changes)
            if time.monotonic() - self._checked_at >= CHECK_EVERY_S:
                await end_refused(AccessRepository(session), self._subscriptions)
                self._checked_at = time.monotonic()

    def _settled(
        self, rows: Sequence[tuple[EventRow, JobRow]], now: Snapshot | None
    ) -> Sequence[tuple[EventRow, JobRow]]:
        """The rows before the first gap that may still be filled; moves the horizon behind them."""
        sure = self._horizon
        if self._gap is not None and now is not None and self._gap.is_settled(now):
            sure, self._gap = self._gap.until, None
        count = 0
        expected = self._horizon + 1
        for event, _ in rows:
            if now is not None and event.id != expected and event.id > sure:
                break
            expected = event.id + 1
            count += 1
        self._horizon = max(self._horizon, expected - 1, sure)
        return rows[:count]

    async def _progress(self, changes: ChangeRepository) -> None:
        revisions = await changes.revisions()
        moved = [job_id for job_id, revision in revisions.items() if self._revisions.get(job_id) != revision]
        self._revisions = revisions
        updates = await self._load(changes, moved)
        for job_id in [job_id for job_id in self._active if job_id not in revisions]:
            del self._active[job_id]
        for one in updates:
            if JobState(one.job.state) in ACTIVE:
                self._active[one.job_id] = one
            else:
                self._active.pop(one.job_id, None)
        if updates:
            self._announce([], updates)

    async def _load(self, changes: ChangeRepository, ids: Sequence[str]) -> list[Update]:
        found: list[Update] = []
        for begin in range(0, len(ids), _PAGE):
            found += [_update(job) for job in await changes.jobs(ids[begin : begin + _PAGE])]
        return found

    def _announce(self, changes: Sequence[Change], updates: Sequence[Update]) -> None:
        for change in changes:
            if change.job_id in self._revisions:
                self._revisions[change.job_id] = change.job.revision
        for subscription in self._subscriptions:
            subscription.offer(changes, updates)


def _change(event: EventRow, job: JobRow) -> Change:
    return Change(event.id, job.id, job.project, frame_of(event, job), job)


def frame_of(event: EventRow, job: JobRow) -> bytes:
    """A state event without its id, which differs between streams."""
    return frame(JobChanged(event=Event.model_validate(event), job=summary(job)))


def _update(job: JobRow) -> Update:
    return Update(job.id, job.project, frame(JobProgressed(job=summary(job))), job)
