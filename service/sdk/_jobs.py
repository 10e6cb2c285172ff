"""`client.jobs`: jobs, and sweeps where they are alike."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol, TypedDict, TypeVar, Unpack

from pydantic import BaseModel

from service.artifacts.schemas import Artifacts, Detections
from service.jobs.lifecycle import FINAL, Action, JobState
from service.jobs.schemas import (
    Baselines,
    BulkResult,
    CurvesOfJobs,
    Event,
    EventPage,
    Job,
    JobCounts,
    JobKind,
    JobPage,
    JobSummary,
    LogChunk,
    Metrics,
    Sort,
)
from service.lineage.schemas import Lineage
from service.sdk._errors import WaitTimeout
from service.sdk._files import Progress, fetch
from service.sdk._operation import M, Resource, operation, stream
from service.sdk._session import Session, path_of
from service.sdk._streams import JobUpdate, follow, updates
from service.streams.schemas import LogWritten, MetricsLogged
from workers.spec import JobSpec

T = TypeVar("T", covariant=True)
POLL_S = 1.0
_PAGE = 200
# The server says something at least every 15 s.
_LAST_STRETCH_S = 20.0


class CountFilters(TypedDict, total=False):
    """Which jobs are counted."""

    state: Iterable[JobState | str] | None
    kind: JobKind | None
    project: Iterable[str] | str | None
    tag: Iterable[str] | str | None
    teacher: str | None
    student: str | None
    text: str | None


class JobFilters(CountFilters, total=False):
    """What a list of jobs can be cut down to, and its order."""

    sort: Sort | None


class JobChanges(TypedDict, total=False):
    """What may change of a job."""

    name: str
    tags: Sequence[str]
    priority: int


class Page(Protocol[T]):
    """A part of a list, and where the next one starts."""

    @property
    def items(self) -> Iterable[T]: ...

    @property
    def next_cursor(self) -> str | None: ...


class Jobs(Resource[M]):
    """Submit, list, show, cancel, watch. Ids of sweeps are welcome too."""

    @operation("submitJob")
    async def submit(self, spec: JobSpec | Mapping[str, Any], *, idempotency_key: str | None = None) -> Job:
        """Queue a job. Sent again where no answer came; the key, made here if none is given, keeps it one job."""
        return await submit(self._session, path_of("jobs"), spec, idempotency_key)

    @operation("checkJob")
    async def check(self, spec: JobSpec | Mapping[str, Any]) -> JobSpec:
        """Ask what `submit` would say, without queueing; answers the spec with all defaults filled in."""
        return await self._session.ask(JobSpec, "POST", path_of("jobs", "check"), body=spec)

    @operation("listJobs")
    async def list(self, *, limit: int = 50, cursor: str | None = None, **filters: Unpack[JobFilters]) -> JobPage:
        """One page of jobs and sweeps; see `JobFilters` for what it can be cut down to."""
        return await self._page(cursor, limit, filters)

    @stream("listJobs")
    async def each(self, **filters: Unpack[JobFilters]) -> AsyncGenerator[JobSummary, None]:
        """All jobs and sweeps, page after page."""
        async for job in over_pages(lambda cursor: self._page(cursor, _PAGE, filters)):
            yield job

    @operation("countJobs")
    async def counts(self, **filters: Unpack[CountFilters]) -> JobCounts:
        """How many jobs and sweeps are in each state."""
        return await self._session.ask(JobCounts, "GET", path_of("jobs", "counts"), query=filters)

    @operation("getJob")
    async def get(self, job_id: str) -> Job:
        """One job or sweep with its spec and its attempts."""
        return await self._get(job_id)

    @operation("cancelJob")
    async def cancel(self, job_id: str) -> Job:
        """End a job or a sweep. Raises ConflictError where it ended by itself."""
        return await self._session.ask(Job, "POST", path_of("jobs", job_id, "cancel"))

    @operation("pauseJob")
    async def pause(self, job_id: str) -> Job:
        """Free what a job or a sweep holds and keep its checkpoint. Raises ConflictError where it has ended."""
        return await self._session.ask(Job, "POST", path_of("jobs", job_id, "pause"))

    @operation("resumeJob")
    async def resume(self, job_id: str) -> Job:
        """Queue a paused job or sweep again. Raises ConflictError where it has ended."""
        return await self._session.ask(Job, "POST", path_of("jobs", job_id, "resume"))

    @operation("retryJob")
    async def retry(self, job_id: str, *, from_scratch: bool = False) -> Job:
        """Queue a failed or cancelled job again, from its newest checkpoint or from scratch."""
        query = {"from_scratch": from_scratch}
        return await self._session.ask(Job, "POST", path_of("jobs", job_id, "retry"), query=query)

    @operation("changeJob")
    async def change(self, job_id: str, **changes: Unpack[JobChanges]) -> Job:
        """Change name, tags or priority of a job; what is not given stays as it is."""
        return await self._session.ask(Job, "PATCH", path_of("jobs", job_id), body=dict(changes))

    @operation("cloneJob")
    async def clone(
        self, job_id: str, edits: Mapping[str, Any] | None = None, *, idempotency_key: str | None = None
    ) -> Job:
        """Queue a new job with the spec of another one; `edits` is a merge patch (RFC 7396) over it."""
        headers = {"Idempotency-Key": idempotency_key or f"sdk-{uuid.uuid4()}"}
        body = {"edits": dict(edits or {})}
        return await self._session.ask(Job, "POST", path_of("jobs", job_id, "clone"), body=body, headers=headers)

    @operation("actOnJobs")
    async def act_on_many(
        self, action: Action | str, job_ids: Iterable[str], *, from_scratch: bool = False
    ) -> BulkResult:
        """Cancel, pause, resume or retry up to 200 jobs; each gets its own answer."""
        body = {"action": str(action), "ids": [*job_ids], "from_scratch": from_scratch}
        return await self._session.ask(BulkResult, "POST", path_of("jobs", "bulk"), body=body)

    @operation("getJobLineage")
    async def lineage(self, job_id: str) -> Lineage:
        """What a job was made from: data, code, and its teacher with what that was made from in turn."""
        return await self._session.ask(Lineage, "GET", path_of("jobs", job_id, "lineage"))

    @operation("listArtifacts")
    async def artifacts(self, job_id: str) -> Artifacts:
        """The files that a job left in MLflow, and where to download them."""
        return await self._session.ask(Artifacts, "GET", path_of("jobs", job_id, "artifacts"))

    @operation("getDetections")
    async def detections(self, job_id: str, *, step: int | None = None) -> Detections:
        """Teacher and student side by side on validation images, at the evaluation of `step` or at the newest one."""
        query = {} if step is None else {"step": step}
        return await self._session.ask(Detections, "GET", path_of("jobs", job_id, "detections"), query=query)

    @operation("downloadArtifact")
    async def download(self, job_id: str, path: str, to: str | Path, *, on_progress: Progress | None = None) -> Path:
        """Write one of a job's artifacts to the file `to`, whole or not at all."""
        address = path_of("jobs", job_id, "artifacts", *path.split("/"))
        return await fetch(self._session, address, Path(to), on_progress)

    @operation("listJobEvents")
    async def events(self, job_id: str, *, limit: int = 100, cursor: str | None = None) -> EventPage:
        """One page of the changes of a job's state, oldest first."""
        return await self._events(job_id, cursor, limit)

    @stream("listJobEvents")
    async def each_event(self, job_id: str) -> AsyncGenerator[Event, None]:
        """All changes of a job's state until now, oldest first."""
        async for event in over_pages(lambda cursor: self._events(job_id, cursor, _PAGE)):
            yield event

    @operation("getJobMetrics")
    async def metrics(
        self, job_id: str, *, keys: Iterable[str] = (), max_points: int = 500, since_step: int | None = None
    ) -> Metrics:
        """Curves of a job; all of them where no key is named."""
        query = {"key": keys, "max_points": max_points, "since_step": since_step}
        return await self._session.ask(Metrics, "GET", path_of("jobs", job_id, "metrics"), query=query)

    @operation("getMetricsOfJobs")
    async def metrics_of_many(
        self, job_ids: Iterable[str], *, keys: Iterable[str] = ("val/AP",), max_points: int = 40
    ) -> CurvesOfJobs:
        """A few curves of up to 200 jobs in one answer."""
        query = {"id": job_ids, "key": keys, "max_points": max_points}
        return await self._session.ask(CurvesOfJobs, "GET", path_of("jobs", "metrics"), query=query)

    @operation("getBaselines")
    async def baselines(self, job_ids: Iterable[str]) -> Baselines:
        """Of each of up to 200 distillations the best training that is the same, but has no teacher."""
        return await self._session.ask(Baselines, "GET", path_of("jobs", "baselines"), query={"id": job_ids})

    @operation("getJobLogs")
    async def logs(
        self, job_id: str, *, offset: int = 0, attempt: int | None = None, limit_bytes: int = 64 * 1024
    ) -> LogChunk:
        """A piece of the log of the newest attempt, or of the one named. Read on at `next_offset`."""
        return await self._logs(job_id, attempt, offset, limit_bytes)

    @stream("streamJobLogs")
    async def follow_logs(self, job_id: str, *, attempt: int | None = None) -> AsyncGenerator[LogWritten, None]:
        """The log as it is written, attempt after attempt from the first or the given one, until the job is over."""
        path = path_of("jobs", job_id, "logs", "stream")
        async with aclosing(follow(self._session, path, query={"attempt": attempt})) as events:
            async for event in events:
                if isinstance(event, LogWritten):
                    yield event

    @stream("streamJob")
    async def updates(
        self, job_id: str, *, keys: Iterable[str] = (), since_step: int | None = None
    ) -> AsyncGenerator[JobUpdate, None]:
        """Changes of state, progress, and new points of the curves `keys`, as they come, until the job is over."""
        query = {"key": keys, "since_step": since_step}
        async with aclosing(updates(self._session, path_of("jobs", job_id, "stream"), query=query)) as events:
            async for event in events:
                yield event

    @stream("streamJobs")
    async def all_updates(self) -> AsyncGenerator[JobUpdate, None]:
        """Changes of state and progress of all jobs, as they come, for ever."""
        async with aclosing(updates(self._session, path_of("stream"))) as events:
            async for event in events:
                yield event

    @stream("streamJob")
    async def watch(
        self, job_id: str, *, timeout_s: float | None = None, poll_s: float = POLL_S
    ) -> AsyncGenerator[JobSummary, None]:
        """The job as it is now and after each change, until it has ended. Raises WaitTimeout."""
        async with aclosing(self._watch(job_id, timeout_s, poll_s)) as states:
            async for job in states:
                yield job

    @operation("streamJob")
    async def wait(
        self,
        job_id: str,
        *,
        timeout_s: float | None = None,
        poll_s: float = POLL_S,
        on_update: Callable[[JobSummary], None] | None = None,
    ) -> Job:
        """Return the job when it has ended, well or not; `on_update` sees each change. Raises WaitTimeout."""
        async with aclosing(self._watch(job_id, timeout_s, poll_s)) as states:
            async for job in states:
                if on_update is not None:
                    on_update(job)
        return await self._get(job_id)

    async def _watch(self, job_id: str, timeout_s: float | None, poll_s: float) -> AsyncGenerator[JobSummary, None]:
        """By the stream; where time is short, by asking every `poll_s`, for a stream ends only when it speaks."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        until = None if deadline is None else deadline - _LAST_STRETCH_S
        last: JobSummary | None = None
        async with aclosing(updates(self._session, path_of("jobs", job_id, "stream"), until=until)) as events:
            async for event in events:
                if not isinstance(event, MetricsLogged) and event.job != last:
                    last = event.job
                    yield last
        while last is None or last.state not in FINAL:
            now = JobSummary.model_validate(await self._get(job_id))
            if now != last:
                yield now
            last = now
            if now.state in FINAL:
                return
            if deadline is not None and time.monotonic() + poll_s > deadline:
                raise WaitTimeout(f"{job_id} is still {now.state} after {timeout_s:g} s")
            await self._session.wire.sleep(poll_s)

    async def _get(self, job_id: str) -> Job:
        return await self._session.ask(Job, "GET", path_of("jobs", job_id))

    async def _page(self, cursor: str | None, limit: int, filters: JobFilters) -> JobPage:
        query = {**filters, "limit": limit, "cursor": cursor}
        return await self._session.ask(JobPage, "GET", path_of("jobs"), query=query)

    async def _events(self, job_id: str, cursor: str | None, limit: int) -> EventPage:
        query = {"limit": limit, "cursor": cursor}
        return await self._session.ask(EventPage, "GET", path_of("jobs", job_id, "events"), query=query)

    async def _logs(self, job_id: str, attempt: int | None, offset: int, limit_bytes: int) -> LogChunk:
        query = {"offset": offset, "attempt": attempt, "limit_bytes": limit_bytes}
        return await self._session.ask(LogChunk, "GET", path_of("jobs", job_id, "logs"), query=query)


async def submit(session: Session, path: str, spec: BaseModel | Mapping[str, Any], idempotency_key: str | None) -> Job:
    headers = {"Idempotency-Key": idempotency_key or f"sdk-{uuid.uuid4()}"}
    return await session.ask(Job, "POST", path, body=spec, headers=headers)


async def over_pages(fetch: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncGenerator[T, None]:
    """The items of all pages."""
    cursor: str | None = None
    while True:
        page = await fetch(cursor)
        for item in page.items:
            yield item
        cursor = page.next_cursor
        if cursor is None:
            return
