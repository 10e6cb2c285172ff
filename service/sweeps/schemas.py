"""What the API says about sweeps beyond what it says about jobs."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.jobs.schemas import Job, JobPage, Reply
from workers.spec import Exploit, Stretch, TrialReport, TrialRole, TrialState, Value
from workers.spec.jobs import Label

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
        description="Path below `training` to the sampled value; of a trial under PBT to the value that holds now.",
        examples=[{"distillation.losses.feature_imitation.weight": 287.4}],
    )
    schedule: list[Stretch] = Field(
        description="All parameters by step, where a trial under PBT has changed them: those under which its weights "
        "came about. Empty where `parameters` held from the start."
    )
    exploits: list[Exploit] = Field(description="What the trial took over from others under PBT, by step.")
    metrics: dict[str, float] = Field(description="Latest value of each headline metric; AP is in percent.")
    objective: float | None = Field(description="The value that the sweep optimises.", examples=[43.5])
    further_objectives: list[float | None]
    reports: list[TrialReport] = Field(description="The objective at each evaluation: the learning curve.")
    seconds: float = Field(description="Time for which the trial held its resources.")
    step: int
    mlflow_run_id: str | None = Field(description="Run of the training since the last exploit.")
    mlflow_url: str | None
    started_at: datetime
    ended_at: datetime | None
    reason: str


class Trials(Reply):
    """The trials of a sweep, by number."""

    items: list[Trial]


class Request(BaseModel):
    """Base of what is sent about sweeps: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SteerRequest(Request):
    """What a running sweep shall do besides."""

    added_trials: tuple[dict[str, Value], ...] = Field(
        default=(),
        max_length=100,
        description="Parameters of trials to run; what is left out is sampled.",
        examples=[[{"distillation.losses.feature_imitation.weight": 300.0}]],
    )
    more_trials: int = Field(default=0, ge=0, le=10_000, description="Trials of the search beyond `num_trials`.")
    more_wall_s: float = Field(default=0, ge=0, le=1e8, description="Seconds beyond the budget's, where it has any.")
    more_gpu_hours: float = Field(
        default=0, ge=0, le=1e6, description="Hours of GPUs, or of cores, beyond the budget's, where it has any."
    )
    end_search: bool = Field(default=False, description="Start no further trial of the search; repeats follow.")


class RetrainRequest(Request):
    """The winner of a sweep as a job of its own."""

    trial: int | None = Field(default=None, ge=1, le=1_000_000, description="The verdict's winner where none is given.")
    num_steps: int | None = Field(default=None, ge=1, le=10_000_000, description="As in the sweep where none is given.")
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    name: Label | None = Field(default=None, description="Named after sweep and trial where none is given.")
