"""HTTP routes of live streams."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import StringConstraints

from service.access.principal import PrincipalDep
from service.context import ContextDep
from service.http.problems import problems
from service.jobs.endpoints import JobIdPath, JobsDep
from service.jobs.logic import find
from service.streams.logic import JobStream, Streams, stream_all
from service.streams.logs import LogStream
from service.streams.positions import JobPosition, LogPosition, event_position
from service.streams.sse import EventStream, stream_responses

router = APIRouter(tags=["streams"])
_ID = StringConstraints(max_length=600, pattern=r"^[0-9A-Za-z_~-]*$")
_HOW = "Where to read on: the id of the last event that was read. Browsers send it by themselves."
LastEventId = Annotated[Annotated[str, _ID] | None, Header(alias="Last-Event-ID", description=_HOW, examples=["4711"])]
LastEventIdQuery = Annotated[
    Annotated[str, _ID] | None,
    Query(alias="last_event_id", description="The same, for those who cannot set headers.", examples=["4711"]),
]
StreamKeys = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=250, pattern=r"^[^\x00-\x1f\x7f]*$")]] | None,
    Query(
        max_length=20,
        alias="key",
        description="Metrics whose new points are sent; may be given several times.",
        examples=[["val/AP"]],
    ),
]


async def get_streams(request: Request) -> Streams:
    return cast(Streams, request.app.state.streams)


async def resume_at(header: LastEventId = None, query: LastEventIdQuery = None) -> str | None:
    return header or query or None


StreamsDep = Annotated[Streams, Depends(get_streams)]
ResumeAt = Annotated[str | None, Depends(resume_at)]
_JOB = '{"id":"job-k3v9x2m7qa","state":"running", ...}'
_EVENT = '{"id":4712,"from_state":"starting","to_state":"running", ...}'
_STATE = f'id: 4712\nevent: state\ndata: {{"event":{_EVENT},"job":{_JOB}}}\n\n'
_OPEN = 'retry: 1000\n\nid: 4711\nevent: open\ndata: {"last_event_id":"4711"}\n\n'
_PROGRESS = f'event: progress\ndata: {{"job":{_JOB}}}\n\n'
_POINT = '{"step":200,"value":34.4,"at":"2026-01-01T12:00:00Z"}'
_METRICS = f'id: 4712~0af1~200\nevent: metrics\ndata: {{"series":[{{"key":"val/AP","points":[{_POINT}]}}]}}\n\n'
_END = 'event: end\ndata: {"state":"succeeded"}\n\n'
_LOG = 'id: 1~27\nevent: log\ndata: {"attempt":1,"offset":0,"next_offset":27,"text":"step 10/800 loss 1.93\\n"}\n\n'


@router.get(
    "/stream",
    operation_id="streamJobs",
    response_class=EventStream,
    responses=problems(422, 503)
    | stream_responses(
        "States and progress of all jobs that may be seen",
        "open",
        "state",
        "progress",
        "cut",
        example=_OPEN + _STATE + _PROGRESS,
    ),
)
async def stream_jobs(streams: StreamsDep, principal: PrincipalDep, after: ResumeAt) -> EventStream:
    """Every change of state, exactly once and in order, and the latest progress of what runs.

    With `Last-Event-ID` the changes since then come first. A reader that starts anew reads its list after `open`.
    """
    position = None if after is None else event_position(after)
    await streams.feed.ready()
    return EventStream(stream_all(streams, principal, position))


@router.get(
    "/jobs/{job_id}/stream",
    operation_id="streamJob",
    response_class=EventStream,
    responses=problems(404, 422, 503)
    | stream_responses(
        "State, progress and metrics of one job",
        "open",
        "state",
        "progress",
        "metrics",
        "end",
        "cut",
        example=_OPEN + _STATE + _METRICS + _END,
    ),
)
async def stream_job(
    job_id: JobIdPath,
    streams: StreamsDep,
    jobs: JobsDep,
    principal: PrincipalDep,
    after: ResumeAt,
    key: StreamKeys = None,
    since_step: Annotated[
        int | None,
        Query(ge=-1, le=2**53, description="Points after this step; only those still to come where it is not given."),
    ] = None,
) -> EventStream:
    """One job until it is over: `state`, `progress`, `metrics` of the keys asked for, and `end`."""
    keys = list(dict.fromkeys(key or []))
    position = None if after is None else JobPosition.read(after, num_keys=len(keys))
    await streams.feed.ready()  # first: who waits for it with a connection in hand keeps one from it
    row = await find(jobs, job_id)
    return EventStream(JobStream(streams, principal, row, keys, JobPosition(0), since_step).run(position))


@router.get(
    "/jobs/{job_id}/logs/stream",
    operation_id="streamJobLogs",
    response_class=EventStream,
    responses=problems(404, 422, 503)
    | stream_responses("The log of one job", "open", "log", "end", "cut", example=_LOG + _END),
)
async def stream_job_logs(
    job_id: JobIdPath,
    streams: StreamsDep,
    jobs: JobsDep,
    context: ContextDep,
    principal: PrincipalDep,
    after: ResumeAt,
    attempt: Annotated[int | None, Query(ge=1, le=1000, description="The first one where none is given.")] = None,
) -> EventStream:
    """The log of a job as it is written, attempt after attempt, until the job is over. Ids are bytes of the log."""
    position = None if after is None else LogPosition.read(after)
    if position is None and attempt is not None:
        position = LogPosition(attempt, 0)
    await streams.feed.ready()  # first: who waits for it with a connection in hand keeps one from it
    row = await find(jobs, job_id)
    return EventStream(LogStream(streams, principal, context.store, row.id, position).run())
