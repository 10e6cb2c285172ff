"""Stillhouse from Python: `from service.sdk import Client`, or `AsyncClient` where there is an event loop."""

from service.cluster.schemas import Cluster, Health
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.schemas import (
    AttemptView,
    BulkResult,
    Event,
    EventPage,
    Job,
    JobCounts,
    JobPage,
    JobSummary,
    LogChunk,
    Metrics,
    MetricSeries,
    Sort,
)
from service.presets.schemas import Recipe, Recipes
from service.problem import Problem
from service.projects.schemas import Project, ProjectLimits, Projects
from service.sdk._client import AsyncClient, Client
from service.sdk._errors import (
    ApiError,
    ChangedError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ServerUnreachable,
    SignInError,
    StillhouseError,
    UnavailableError,
    WaitTimeout,
)
from service.sdk._jobs import CountFilters, JobChanges, JobFilters
from service.sdk._projects import LimitsOfProject
from service.sdk._sweeps import SweepFilters
from service.sweeps.answer_schemas import Answers
from service.sweeps.schemas import Sweep, SweepPage, Trial, Trials
from workers.spec import JobSpec, SweepSpec

__all__ = [
    "FINAL",
    "Answers",
    "ApiError",
    "AsyncClient",
    "AttemptView",
    "BulkResult",
    "ChangedError",
    "Client",
    "Cluster",
    "ConflictError",
    "CountFilters",
    "Event",
    "EventPage",
    "ForbiddenError",
    "Health",
    "InvalidError",
    "Job",
    "JobChanges",
    "JobCounts",
    "JobFilters",
    "JobPage",
    "JobSpec",
    "JobState",
    "JobSummary",
    "LimitsOfProject",
    "LogChunk",
    "MetricSeries",
    "Metrics",
    "NotFoundError",
    "Problem",
    "Project",
    "ProjectLimits",
    "Projects",
    "Recipe",
    "Recipes",
    "ServerUnreachable",
    "SignInError",
    "Sort",
    "StillhouseError",
    "Sweep",
    "SweepFilters",
    "SweepPage",
    "SweepSpec",
    "Trial",
    "Trials",
    "UnavailableError",
    "WaitTimeout",
]
