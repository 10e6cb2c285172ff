"""Stillhouse from Python: `from service.sdk import Client`."""

from service.jobs.lifecycle import JobState
from service.jobs.schemas import (
    AttemptView,
    Event,
    EventPage,
    Job,
    JobPage,
    JobSummary,
    LogChunk,
    Metrics,
    MetricSeries,
)
from service.sdk.client import Client
from service.sdk.errors import (
    ApiError,
    ConflictError,
    InvalidError,
    NotFoundError,
    ServerUnreachable,
    StillhouseError,
    WaitTimeout,
)
from service.sweeps.schemas import Sweep, Trial, Trials
from workers.spec import JobSpec, SweepSpec

__all__ = [
    "ApiError",
    "AttemptView",
    "Client",
    "ConflictError",
    "Event",
    "EventPage",
    "InvalidError",
    "Job",
    "JobPage",
    "JobSpec",
    "JobState",
    "JobSummary",
    "LogChunk",
    "MetricSeries",
    "Metrics",
    "NotFoundError",
    "ServerUnreachable",
    "StillhouseError",
    "Sweep",
    "SweepSpec",
    "Trial",
    "Trials",
    "WaitTimeout",
]
