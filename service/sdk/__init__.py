"""Stillhouse from Python: `from service.sdk import Client`, or `AsyncClient` where there is an event loop."""

from service.access.schemas import CreatedToken, Me, Token, TokenPage
from service.checks.states import CheckState
from service.cluster.schemas import Cluster, Health
from service.datasets.schemas import Dataset, DatasetPage, DatasetSamples, DatasetSummary, NewDataset
from service.jobs.lifecycle import FINAL, JobState
from service.jobs.schemas import (
    AttemptView,
    Baseline,
    Baselines,
    BulkResult,
    CurvesOfJob,
    CurvesOfJobs,
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
from service.models.schemas import Model, ModelEventPage, ModelPage, ModelSummary, ModelVersion, NewModel
from service.presets.schemas import Recipe, Recipes
from service.problem import Problem
from service.projects.schemas import Project, ProjectLimits, Projects
from service.sdk._client import AsyncClient, Client
from service.sdk._datasets import DatasetFilters
from service.sdk._errors import (
    ApiError,
    ChangedError,
    ConflictError,
    ForbiddenError,
    ForeignServer,
    InvalidError,
    NotFoundError,
    ServerUnreachable,
    SignInError,
    StillhouseError,
    UnavailableError,
    WaitTimeout,
)
from service.sdk._files import Progress
from service.sdk._jobs import CountFilters, JobChanges, JobFilters
from service.sdk._models import ModelFilters
from service.sdk._projects import LimitsOfProject
from service.sdk._streams import JobUpdate
from service.sdk._sweeps import SweepFilters
from service.streams.schemas import JobChanged, JobProgressed, LogWritten, MetricsLogged
from service.sweeps.answer_schemas import Answers
from service.sweeps.schemas import Sweep, SweepPage, Trial, Trials
from service.webhooks.schemas import CreatedWebhook, Delivery, DeliveryPage, Webhook, WebhookPage
from workers.spec import JobSpec, SweepSpec

__all__ = [
    "FINAL",
    "Answers",
    "ApiError",
    "AsyncClient",
    "AttemptView",
    "Baseline",
    "Baselines",
    "BulkResult",
    "ChangedError",
    "CheckState",
    "Client",
    "Cluster",
    "ConflictError",
    "CountFilters",
    "CreatedToken",
    "CreatedWebhook",
    "CurvesOfJob",
    "CurvesOfJobs",
    "Dataset",
    "DatasetFilters",
    "DatasetPage",
    "DatasetSamples",
    "DatasetSummary",
    "Delivery",
    "DeliveryPage",
    "Event",
    "EventPage",
    "ForbiddenError",
    "ForeignServer",
    "Health",
    "InvalidError",
    "Job",
    "JobChanged",
    "JobChanges",
    "JobCounts",
    "JobFilters",
    "JobPage",
    "JobProgressed",
    "JobSpec",
    "JobState",
    "JobSummary",
    "JobUpdate",
    "LimitsOfProject",
    "LogChunk",
    "LogWritten",
    "Me",
    "MetricSeries",
    "Metrics",
    "MetricsLogged",
    "Model",
    "ModelEventPage",
    "ModelFilters",
    "ModelPage",
    "ModelSummary",
    "ModelVersion",
    "NewDataset",
    "NewModel",
    "NotFoundError",
    "Problem",
    "Progress",
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
    "Token",
    "TokenPage",
    "Trial",
    "Trials",
    "UnavailableError",
    "WaitTimeout",
    "Webhook",
    "WebhookPage",
]
