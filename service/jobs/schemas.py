"""What the API says about jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.jobs.lifecycle import Action, JobState
from workers.spec import AnySpec, Cause, Label, Resources

JobKind = Literal["job", "sweep"]
Sort = Literal[
    "-created",
    "created",
    "-updated",
    "updated",
    "-priority",
    "priority",
    "name",
    "-name",
    "state",
    "-state",
    "-ap",
    "ap",
]


class Reply(BaseModel):
    """Base of everything that the API answers."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Progress(Reply):
    """How far a job is."""

    phase: str | None = Field(
        description="What the attempt does now; null before its first heartbeat.", examples=["training"]
    )
    step: int = Field(description="Training steps done; of a sweep, trials finished.", examples=[240])
    num_steps: int = Field(description="Training steps in all; of a sweep, trials in all.", examples=[800])
    eta_s: float | None = Field(
        description="Estimated seconds to the end; null while unknown and at the end.", examples=[92.5]
    )


class JobSummary(Reply):
    """A job or a sweep, as lists show it."""

    id: str = Field(examples=["job-k3v9x2m7qa"])
    kind: JobKind
    name: str = Field(examples=["digits, RM and PFI"])
    project: str = Field(examples=["default"])
    tags: list[str]
    priority: int
    state: JobState
    reason: str = Field(
        description="Why the job is in this state, for people; may be empty.",
        examples=["queued: needs 2 CPUs, 1 free, 3 jobs ahead"],
    )
    cause: Cause | None = Field(description="Whose fault a failure was.")
    resources: Resources
    teacher: str | None = Field(
        description="The registered model, weights file or detector of torchvision that teaches; null of a baseline.",
        examples=["teachers/digits.safetensors"],
    )
    student: str = Field(description="Detector and backbone.", examples=["retinanet resnet"])
    progress: Progress
    metrics: dict[str, float] = Field(
        description="Latest value of each headline metric; AP is in percent.", examples=[{"val/AP": 43.5}]
    )
    best_ap: float | None = Field(description="Highest val/AP until now, in percent.", examples=[44.1])
    attempt: int = Field(description="Number of the newest attempt; 0 before the first.")
    revision: int = Field(description="Counts the changes of the job; its ETag.", examples=[7])
    not_before: datetime | None = Field(
        default=None, description="A queued job waits at least until then, as after a loss."
    )
    cloned_from: str | None = Field(
        default=None, description="The job whose spec this one began with.", examples=["job-a2b3c4d5e6"]
    )
    mlflow_run_id: str | None
    mlflow_url: str | None = Field(
        description="Path of the run in MLflow's own pages.", examples=["/mlflow/#/experiments/1/runs/0af1"]
    )
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = Field(description="When the first attempt gave its first sign of life.")
    ended_at: datetime | None


class AttemptView(Reply):
    """One try of a job on the cluster."""

    number: int
    state: Literal["starting", "running", "succeeded", "failed", "cancelled", "stopped", "lost"]
    submission_id: str = Field(description="Id of the submission in Ray.", examples=["job-k3v9x2m7qa-1"])
    submitted_at: datetime | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    ended_at: datetime | None
    cause: Cause | None
    reason: str


class Job(JobSummary):
    """A job or a sweep with everything that is known of it."""

    spec: AnySpec
    attempts: list[AttemptView]


class Wish(BaseModel):
    """Base of what requests ask that is no spec."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class JobPatch(Wish):
    """What may change of a job; fields that are not given stay as they are."""

    # The default is never used; made by a function, it stays out of the schema.
    name: Label = Field(default_factory=str, examples=["digits, second try"])
    tags: list[Label] = Field(default_factory=list, max_length=20)
    priority: int = Field(default_factory=int, ge=-100, le=100, description="Higher goes first.", examples=[10])


class CloneRequest(Wish):
    """What shall be different from the job that is cloned."""

    edits: dict[str, JsonValue] = Field(
        default={},
        description="JSON merge patch (RFC 7396) over the spec: objects are merged, lists replaced, null removes a key "
        "and so brings its default back.",
        examples=[{"name": "digits, PFI 300", "training": {"num_steps": 1600}}],
    )


class BulkRequest(Wish):
    """One action on many jobs and sweeps."""

    action: Action
    ids: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(
        min_length=1, max_length=200, examples=[["job-k3v9x2m7qa", "sweep-a2b3c4d5e6"]]
    )
    from_scratch: bool = Field(default=False, description="For retries; see `retryJob`.")


class BulkProblem(Reply):
    """Why the action was refused for one job."""

    status: int = Field(description="What the same action on this job alone would have answered.", examples=[409])
    title: str
    detail: str = Field(examples=["job-k3v9x2m7qa has succeeded and cannot be cancelled"])


class BulkItem(Reply):
    """What became of one job: its state, or a problem."""

    id: str
    state: JobState | None = Field(description="The state after the action; null where there was a problem.")
    problem: BulkProblem | None


class BulkResult(Reply):
    """Answers by id, in the order in which they were asked for; an id that came twice is answered once."""

    items: list[BulkItem]


class JobPage(Reply):
    """A page of jobs, newest first unless asked otherwise."""

    items: list[JobSummary]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class JobCounts(Reply):
    """How many jobs there are."""

    total: int = Field(examples=[3])
    by_state: dict[JobState, int] = Field(
        description="Of every state, also where it is 0.", examples=[{"queued": 2, "running": 1}]
    )


class Event(Reply):
    """One change of a job."""

    id: int
    at: datetime
    from_state: JobState | None = Field(description="null for the event that made the job.")
    to_state: JobState
    cause: str = Field(description="What happened, in words.", examples=["attempt 1 gave its first sign of life"])
    actor: str = Field(
        description="Who asked for the change: the name of a principal, or `reconciler`.", examples=["owner"]
    )
    attempt: int | None


class EventPage(Reply):
    """Events of a job, oldest first."""

    items: list[Event]
    next_cursor: str | None = Field(description="Send it as `cursor` for what comes after; null at the end.")


class MetricPoint(Reply):
    step: int
    value: float | None = Field(description="null where the value was not a finite number.")
    at: datetime


class MetricSeries(Reply):
    key: str = Field(examples=["train/loss/total"])
    points: list[MetricPoint]


class Metrics(Reply):
    """Curves of one MLflow run."""

    series: list[MetricSeries]


class CurvesOfJob(Reply):
    """Curves of one job among several."""

    id: str = Field(examples=["job-k3v9x2m7qa"])
    series: list[MetricSeries]


class CurvesOfJobs(Reply):
    """Curves of several jobs, the oldest job first. Ids that name no job that may be seen are left out."""

    items: list[CurvesOfJob]


class Baseline(Reply):
    """The best training without a teacher that a distillation can be held against."""

    id: str = Field(examples=["job-a2b3c4d5e6"])
    name: str = Field(examples=["digits, baseline"])
    best_ap: float = Field(description="Its highest val/AP, in percent.", examples=[38.2])


class Baselines(Reply):
    """What the jobs that were asked for gain over."""

    by_job: dict[str, Baseline] = Field(
        description="By id of the job; jobs without a teacher, or without such a training, are left out.",
    )


class LogChunk(Reply):
    """A part of an attempt's log."""

    attempt: int = Field(description="0 while there is no attempt.")
    text: str
    next_offset: int = Field(description="Send it as `offset` to read on.")
    complete: bool = Field(description="True when the attempt has ended and this chunk reaches the end of its log.")


JobId = Annotated[str, Field(pattern=r"^(job|sweep)-[a-z2-7]{10}$")]
