"""What the API says about sweeps beyond what it says about jobs."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from service.jobs.schemas import Job, JobPage, Reply
from workers.spec import TrialReport, TrialRole, TrialState

Sweep = Job
SweepPage = JobPage


class Trial(Reply):
    """One training inside a sweep."""

    number: int = Field(examples=[3])
    state: TrialState
    role: TrialRole = Field(description="Why the trial exists: the search, a fixed start, a control or a repeat.")
    seed: int = Field(description="Seed of the training.")
    repeats: int | None = Field(description="Number of the trial that this one repeats under another seed.")
    parameters: dict[str, JsonValue] = Field(
        description="Path below `training` to the sampled value.",
        examples=[{"distillation.losses.feature_imitation.weight": 287.4}],
    )
    metrics: dict[str, float] = Field(description="Latest value of each headline metric; AP is in percent.")
    objective: float | None = Field(description="The value that the sweep optimises.", examples=[43.5])
    further_objectives: list[float | None]
    reports: list[TrialReport] = Field(description="The objective at each evaluation: the learning curve.")
    seconds: float = Field(description="Time for which the trial held its resources.")
    step: int
    mlflow_run_id: str | None
    mlflow_url: str | None
    started_at: datetime
    ended_at: datetime | None
    reason: str


class Trials(Reply):
    """The trials of a sweep, by number."""

    items: list[Trial]
