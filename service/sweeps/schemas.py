"""What the API says about sweeps beyond what it says about jobs."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from service.jobs.schemas import Job, JobPage, Reply
from workers.spec import TrialState

Sweep = Job
SweepPage = JobPage


class Trial(Reply):
    """One training inside a sweep."""

    number: int = Field(examples=[3])
    state: TrialState
    parameters: dict[str, JsonValue] = Field(
        description="Path below `training` to the sampled value.",
        examples=[{"distillation.losses.feature_imitation.weight": 287.4}],
    )
    metrics: dict[str, float] = Field(description="Latest value of each headline metric; AP is in percent.")
    objective: float | None = Field(description="The value that the sweep optimises.", examples=[43.5])
    step: int
    mlflow_run_id: str | None
    mlflow_url: str | None
    started_at: datetime
    ended_at: datetime | None
    reason: str


class Trials(Reply):
    """The trials of a sweep, by number."""

    items: list[Trial]
