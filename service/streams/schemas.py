"""What the events of streams carry."""

from __future__ import annotations

from pydantic import BaseModel, Field

from service.jobs.lifecycle import JobState
from service.jobs.schemas import Event, JobSummary, MetricSeries, Reply


class StreamOpened(Reply):
    """First event of every stream. What is read by other requests after it misses nothing that the stream sends."""

    last_event_id: str = Field(description="Where the stream starts.", examples=["4711"])


class JobChanged(Reply):
    """Event `state`: a job changed its state. Each is sent exactly once, also over reconnects."""

    event: Event
    job: JobSummary = Field(description="The job as it is when this is sent, which may be later than the event.")


class JobProgressed(Reply):
    """Event `progress`: anything else of a job changed. Only the latest is sent."""

    job: JobSummary


class MetricsLogged(Reply):
    """Event `metrics`: new points of curves, not thinned out."""

    series: list[MetricSeries]


class LogWritten(Reply):
    """Event `log`: the next piece of an attempt's log."""

    attempt: int = Field(examples=[1])
    offset: int = Field(description="Byte of the attempt's log at which `text` starts.", examples=[0])
    next_offset: int = Field(examples=[27])
    text: str = Field(examples=["step 10/800 loss 1.93\n"])


class StreamEnded(Reply):
    """Event `end`: the job is over and everything was sent; do not connect again."""

    state: JobState


class StreamCut(Reply):
    """Event `cut`: the server ends the stream though there is more; connect again with `Last-Event-ID`."""

    reason: str = Field(examples=["the server is going down"])


EVENTS: dict[str, type[BaseModel]] = {
    "open": StreamOpened,
    "state": JobChanged,
    "progress": JobProgressed,
    "metrics": MetricsLogged,
    "log": LogWritten,
    "end": StreamEnded,
    "cut": StreamCut,
}
