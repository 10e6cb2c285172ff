"""What each stream sends, as generators of encoded events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from service.access.principal import Principal
from service.clients.mlflow import MlflowClient, MlflowUnreachable, Point
from service.context import Context
from service.db import Database
from service.jobs.curves import metric_point, read_journal
from service.jobs.folders import folder_of
from service.jobs.journals import Journals
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.models import JobRow
from service.jobs.schemas import MetricSeries
from service.jobs.views import summary
from service.streams.feed import Feed, Subscription, frame_of
from service.streams.positions import JobPosition
from service.streams.repository import ChangeRepository
from service.streams.schemas import JobProgressed, MetricsLogged, StreamCut, StreamEnded, StreamOpened
from service.streams.sse import KEEP_ALIVE, RETRY, frame, with_id
from service.streams.tails import Tails, after_step
from workers.storage.near import Store

KEEP_ALIVE_S = 15.0
METRICS_EVERY_S = 1.0
# A stream ends after so long and the reader comes back by itself, so that rights that were taken away take effect.
LONGEST_S = 900.0
_PAGE = 200
_POINTS = 1000
# However many read long logs: between two of their pieces everybody else gets a turn.
_LOG_PIECES_AT_ONCE = 2


class Streams:
    """What the streams of one process share."""

    def __init__(
        self, database: Database, mlflow: MlflowClient, *, store: Store, journals: Journals | None = None
    ) -> None:
        self.database = database
        self.feed = Feed(database)
        self.tails = Tails(mlflow)
        self.log_turns = asyncio.Semaphore(_LOG_PIECES_AT_ONCE)
        self._store = store
        self._journals = journals or Journals(store)

    @classmethod
    def of(cls, context: Context) -> Streams:
        return cls(context.database, context.mlflow, store=context.store, journals=context.journals)

    async def curves(
        self, job: JobRow, run_id: str, wanted: Mapping[str, int], *, fresh: bool = False
    ) -> AsyncIterator[list[Point]]:
        """Of each curve the points after its step, from the training's journal or, where there is none, from MLflow.

        Raises:
            MlflowUnreachable: there is no newer reading.
        """
        journal = folder_of(self._store.root, job).journal
        found = await read_journal(self._journals, journal, list(wanted), min(wanted.values()))
        for key, step in wanted.items():
            if found is None:
                yield await self.tails.since(run_id, key, step, fresh=fresh)
            else:
                yield after_step(found.get(key, []), step)

    async def history(
        self, after: int, until: int, *, job_id: str | None = None, visible: Collection[str] | None = None
    ) -> AsyncIterator[tuple[int, bytes]]:
        """State events of the past."""
        while after < until:
            async with self.database.reading() as session:
                found = await ChangeRepository(session).events(
                    after=after, until=until, limit=_PAGE, job_id=job_id, visible=visible
                )
            for event, job in found:
                yield event.id, frame_of(event, job)
            after = found[-1][0].id if len(found) == _PAGE else until

    async def known(self, event: int | None) -> int | None:
        """An id that the database has not reached yet is of another database: then the stream starts anew."""
        if event is None:
            return None
        async with self.database.reading() as session:
            return event if event <= await ChangeRepository(session).newest_event() else None


def goodbye(subscription: Subscription, until: float) -> bytes | None:
    """The last event of a stream that the server ends."""
    if subscription.refused:
        return frame(StreamCut(reason="your token or session has ended; sign in again"))
    if subscription.closing:
        return frame(StreamCut(reason="the server is going down"))
    if subscription.behind:
        return frame(StreamCut(reason="too much was waiting for you; connect again to read on"))
    if time.monotonic() >= until:
        return frame(StreamCut(reason="streams end from time to time; connect again to read on"))
    return None


async def stream_all(streams: Streams, principal: Principal, after: int | None) -> AsyncIterator[bytes]:
    """State and progress of every job that may be seen."""
    visible = principal.visible_projects()
    until = time.monotonic() + LONGEST_S
    after = await streams.known(after)
    wants = lambda _, project: visible is None or project in visible  # noqa: E731
    with streams.feed.subscribe(wants, principal) as subscription:
        start = subscription.since if after is None else after
        subscription.since = max(start, subscription.since)
        yield RETRY + frame(StreamOpened(last_event_id=str(start)), event_id=str(start))
        async for number, encoded in streams.history(start, subscription.since, visible=visible):
            yield with_id(encoded, str(number))
        yield b"".join(update.frame for update in streams.feed.active(subscription.wants))
        while True:
            changes, updates = subscription.take()
            pieces = [with_id(change.frame, str(change.id)) for change in changes]
            pieces += [update.frame for update in updates]
            if pieces:
                yield b"".join(pieces)
            if last := goodbye(subscription, until):
                yield last
                return
            await subscription.wait(KEEP_ALIVE_S)
            if subscription.is_empty:
                yield KEEP_ALIVE


@dataclass
class JobStream:
    """One listener of one job."""

    streams: Streams
    principal: Principal
    job: JobRow
    keys: Sequence[str]
    position: JobPosition
    since_step: int | None

    async def run(self, after: JobPosition | None) -> AsyncIterator[bytes]:
        until = time.monotonic() + LONGEST_S
        known = None if after is None else await self.streams.known(after.event)
        job_id = self.job.id
        with self.streams.feed.subscribe(lambda one, _: one == job_id, self.principal) as subscription:
            self.position = JobPosition(subscription.since) if after is None or known is None else after
            start = self.position.event
            subscription.since = max(start, subscription.since)
            await self._look_again()
            await self._follow_run(only_new=after is None and self.since_step is None)
            at = str(self.position)
            yield RETRY + frame(StreamOpened(last_event_id=at), event_id=at)
            async for number, encoded in self.streams.history(start, subscription.since, job_id=job_id):
                self.position = self.position.at_event(number)
                yield with_id(encoded, str(self.position))
            yield frame(JobProgressed(job=summary(self.job)))
            sent_at = time.monotonic()
            while True:
                pieces = self._news(subscription)
                over = JobState(self.job.state) in FINAL
                pieces += await self._points(fresh=over)
                if pieces:
                    sent_at = time.monotonic()
                    yield b"".join(pieces)
                if over and subscription.is_empty:
                    yield frame(StreamEnded(state=JobState(self.job.state)), event_id=str(self.position))
                    return
                if last := goodbye(subscription, until):
                    yield last
                    return
                await subscription.wait(METRICS_EVERY_S if self.keys else KEEP_ALIVE_S)
                if subscription.is_empty and time.monotonic() - sent_at >= KEEP_ALIVE_S:
                    sent_at = time.monotonic()
                    yield KEEP_ALIVE

    async def _look_again(self) -> None:
        """The row as it is after the subscription has begun, so that nothing falls between."""
        async with self.streams.database.reading() as session:
            found = await ChangeRepository(session).jobs([self.job.id])
        self.job = found[0] if found else self.job

    def _news(self, subscription: Subscription) -> list[bytes]:
        changes, updates = subscription.take()
        pieces: list[bytes] = []
        for change in changes:
            self.position = self.position.at_event(change.id)
            pieces.append(with_id(change.frame, str(self.position)))
        pieces += [update.frame for update in updates]
        for job in [*(change.job for change in changes), *(update.job for update in updates)]:
            if job.revision >= self.job.revision:
                self.job = job
        return pieces

    async def _follow_run(self, *, only_new: bool = False) -> None:
        """Start at the beginning of a new run, or with `only_new` at its end; stay where one is in a known run."""
        run_id = self.job.mlflow_run_id
        if run_id is None or not self.keys or run_id == self.position.run_id:
            return
        start = -1 if self.since_step is None else self.since_step
        steps = [start] * len(self.keys)
        if only_new:
            try:
                curves = [one async for one in self.streams.curves(self.job, run_id, dict.fromkeys(self.keys, -1))]
            except MlflowUnreachable:
                return
            steps = [curve[-1].step if curve else -1 for curve in curves]
        self.position = replace(self.position, run_id=run_id, steps=tuple(steps))

    async def _points(self, *, fresh: bool) -> list[bytes]:
        """New points of the curves; none while MLflow does not answer, they follow when it does."""
        await self._follow_run()
        run_id = self.position.run_id
        if run_id is None or not self.keys:
            return []
        pieces: list[bytes] = []
        steps = list(self.position.steps)
        wanted = dict(zip(self.keys, steps, strict=True))
        curves = self.streams.curves(self.job, run_id, wanted, fresh=fresh)
        for index, key in enumerate(self.keys):
            try:
                points = await anext(curves)
            except MlflowUnreachable:
                break
            for begin in range(0, len(points), _POINTS):
                some = points[begin : begin + _POINTS]
                steps[index] = some[-1].step
                self.position = replace(self.position, steps=tuple(steps))
                series = MetricSeries(key=key, points=[metric_point(point) for point in some])
                pieces.append(frame(MetricsLogged(series=[series]), event_id=str(self.position)))
            await asyncio.sleep(0)
        return pieces
