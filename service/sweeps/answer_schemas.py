"""What the API says about what a sweep has found."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue

from service.jobs.schemas import Reply
from workers.spec import Objective, Stretch

Outcome = Literal["better", "worse", "unclear", "no_baseline", "too_early"]


class Arm(Reply):
    """The same training under several seeds."""

    trial: int | None = Field(description="Trial of the search whose parameters these are; null for the baseline.")
    parameters: dict[str, JsonValue] = Field(description="Under PBT those at the end; `schedule` has all.")
    schedule: list[Stretch] = Field(description="All parameters by step, where they changed on the way.")
    seeds: list[int]
    values: list[float] = Field(description="The objective under each of the seeds.")
    mean: float
    spread: float | None = Field(description="Standard deviation over the seeds; null for a single one.")


class Gain(Reply):
    """What the winner gains over the baseline, paired by seed."""

    mean: float = Field(description="In units of the objective (AP: percent), positive where the winner is better.")
    low: float | None = Field(description="Lower end of the confidence interval; null where there is one seed only.")
    high: float | None
    confidence: float = Field(examples=[0.95])
    seeds: list[int] = Field(description="Seeds that both were trained under.")


class Verdict(Reply):
    """The answer of a sweep, in words and in numbers."""

    outcome: Outcome
    text: str = Field(examples=["trial 7 gains 26.0 AP over the baseline (95% interval 11.9 to 40.1, 3 seeds)"])
    winner: Arm | None
    baseline: Arm | None
    gain: Gain | None
    teacher: float | None = Field(description="The teacher's value of the same metric: the ceiling.")
    gap_closed: float | None = Field(description="Share of the way from baseline to teacher that the winner goes.")
    finalists: list[Arm] = Field(description="The best trials with their repeats, best mean first.")


class Importance(Reply):
    """The share of one dimension."""

    path: str = Field(examples=["distillation.losses.feature_imitation.weight"])
    importance: float | None = Field(description="From 0 to 1, 1 in all; null where too few trials have the dimension.")
    num_trials: int = Field(description="Trials from which it was estimated.")


class BestSoFar(Reply):
    """A trial that was better than all that ended before it."""

    trial: int
    at: datetime
    value: float


class FrontPoint(Reply):
    """A trial that no other beats in every objective."""

    trial: int
    values: list[float] = Field(description="One for each objective, in the order of `objectives`.")


class Cost(Reply):
    """What the trials took, and what early stopping saved."""

    hours: float = Field(description="Hours for which trials held their GPUs, or their CPU cores where they had none.")
    of: str = Field(description="What is counted.", examples=["GPU", "CPU"])
    steps: int = Field(description="Training steps that were made.")
    full_steps: int = Field(description="Steps that the same trials would have made without early stopping.")
    saved: float = Field(description="Share of the full steps that early stopping saved.", examples=[0.3])


class Answers(Reply):
    """What a sweep has found so far."""

    verdict: Verdict
    objectives: list[Objective]
    importances: list[Importance] = Field(description="The most important dimension first.")
    history: list[BestSoFar]
    front: list[FrontPoint] = Field(description="Pareto front over all objectives, best in the first one first.")
    cost: Cost
